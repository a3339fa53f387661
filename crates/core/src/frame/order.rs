//! Sorting by any comparison, with one copy of the sorting code for all of them.
//! The standard library's sort is compiled anew for each type and comparison: a dozen of them were a twentieth of the page.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Column, Frame};
use crate::trace::Outcome;

/// Sorts positions; equal ones keep their order.
pub fn sort(positions: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    positions.sort_by(|&a, &b| compare(a, b));
}

/// The items sorted; equal ones keep their order. There are at most `u32::MAX` of them.
pub fn sorted<T>(items: Vec<T>, compare: &dyn Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut order: Vec<u32> = (0..).take(items.len()).collect();
    let item = |at: u32| items.get(at as usize);
    sort(&mut order, &|a, b| match (item(a), item(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let taken = order
        .iter()
        .filter_map(|&at| items.get_mut(at as usize)?.take());
    taken.collect()
}

/// Which end of an order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The least.
    Ascending,
    /// The greatest.
    Descending,
}

impl Direction {
    /// A comparison in this direction.
    pub fn of(self, ordering: Ordering) -> Ordering {
        match self {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        }
    }
}

impl Frame {
    /// Sorts positions by a column. What is not known goes last in either direction; equal ones keep their order.
    pub fn sort(&self, positions: &mut [u32], column: Column, direction: Direction) {
        match column {
            Column::Row => {
                let row = |at: u32| self.rows().get(at as usize);
                sort_known(positions, direction, &|at| row(at).is_some(), &|a, b| {
                    row(a).cmp(&row(b))
                });
            }
            Column::Outcome => {
                let outcome = |at: u32| self.outcomes().get(at as usize);
                let is_known = |at| outcome(at).is_some_and(|of| *of != Outcome::Unknown);
                sort_known(positions, direction, &is_known, &|a, b| {
                    outcome(a).cmp(&outcome(b))
                });
            }
            Column::Label(label) => {
                let label = |at: u32| self.label(label).get(at as usize);
                sort_known(positions, direction, &|at| label(at).is_some(), &|a, b| {
                    label(a).cmp(&label(b))
                });
            }
            Column::Number(number) => {
                let column = self.number(number);
                let value = |at: u32| column.get(at as usize).copied().unwrap_or(f64::NAN);
                sort_known(positions, direction, &|at| !value(at).is_nan(), &|a, b| {
                    value(a).total_cmp(&value(b))
                });
            }
            Column::Sign(sign) => {
                let column = self.sign(sign);
                let value = |at: u32| column.get(at as usize).copied().unwrap_or(f32::NAN);
                sort_known(positions, direction, &|at| !value(at).is_nan(), &|a, b| {
                    value(a).total_cmp(&value(b))
                });
            }
        }
    }
}

fn sort_known(
    positions: &mut [u32],
    direction: Direction,
    is_known: &dyn Fn(u32) -> bool,
    compare: &dyn Fn(u32, u32) -> Ordering,
) {
    sort(positions, &|a, b| match (is_known(a), is_known(b)) {
        (true, true) => direction.of(compare(a, b)),
        (a_is_known, b_is_known) => b_is_known.cmp(&a_is_known),
    });
}
