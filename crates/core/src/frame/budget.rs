//! What a token budget keeps: rows that fit into it as they are, and the tokens in them.
//! One pass over the rows: each goes to the least budget that holds it, and the counts are added up.

use serde::{Deserialize, Serialize};

use super::group::on;
use super::{Frame, Number};

/// What one budget keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The budget: tokens a row may have at most.
    pub budget: u64,
    /// Of all rows.
    pub all: Fit,
    /// Of the selected rows.
    pub selected: Fit,
}

/// Rows that fit into a budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// How many rows.
    pub rows: u32,
    /// How many tokens they have together.
    pub tokens: u64,
}

impl Fit {
    fn join(&mut self, other: Fit) {
        self.rows += other.rows;
        self.tokens += other.tokens;
    }
}

/// Steps a doubling of the budget, so that every power of two is among the budgets.
const STEPS: f64 = 8.0;

/// The curve of rows and tokens kept as a function of the budget: from one that keeps the shortest row at most to
/// one that keeps all. The budgets come from the whole frame. Rows whose tokens are not known are in no budget;
/// where none is known the curve is empty.
///
/// Whoever draws the curve for one selection after the other keeps [`Budgets`] instead.
pub fn kept_by_budget(frame: &Frame, mask: &[bool]) -> Vec<Kept> {
    Budgets::of(frame).curve(frame, mask)
}

/// The budgets of a curve, and for each row the least one that holds it, looked up once.
/// It holds for the frame that it was made from; a frame that grew, or was counted anew, needs a new one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Budgets {
    budgets: Vec<f64>,
    places: Vec<u16>,
}

impl Budgets {
    /// Chooses the budgets and finds each row's place among them.
    pub fn of(frame: &Frame) -> Self {
        let tokens = frame.number(Number::Tokens);
        let budgets = budgets(tokens);
        let place = |&count: &f64| match count.is_nan() {
            true => u16::MAX,
            false => {
                let place = budgets.partition_point(|&budget| budget < count);
                u16::try_from(place).unwrap_or(u16::MAX)
            }
        };
        let places = tokens.iter().map(place).collect();
        Self { budgets, places }
    }

    /// The curve for a selection.
    pub fn curve(&self, frame: &Frame, mask: &[bool]) -> Vec<Kept> {
        let kept = |&budget: &f64| Kept {
            budget: budget as u64,
            ..Kept::default()
        };
        let mut curve: Vec<Kept> = self.budgets.iter().map(kept).collect();
        let tokens = frame.number(Number::Tokens);
        for (position, (&place, &count)) in self.places.iter().zip(tokens).enumerate() {
            if let Some(kept) = curve.get_mut(usize::from(place)) {
                kept.add(count, on(mask, position));
            }
        }
        let mut sum = Kept::default();
        for kept in &mut curve {
            sum.all.join(kept.all);
            sum.selected.join(kept.selected);
            (kept.all, kept.selected) = (sum.all, sum.selected);
        }
        curve
    }
}

/// What one budget keeps.
pub fn kept_at(frame: &Frame, mask: &[bool], budget: u64) -> Kept {
    let mut kept = Kept {
        budget,
        ..Kept::default()
    };
    for (position, &count) in frame.number(Number::Tokens).iter().enumerate() {
        if count <= budget as f64 {
            kept.add(count, on(mask, position));
        }
    }
    kept
}

impl Kept {
    /// Adds one row of so many tokens; `on` is 1 for a selected row.
    fn add(&mut self, count: f64, on: u32) {
        let tokens = count as u64;
        self.all.join(Fit { rows: 1, tokens });
        self.selected.join(Fit {
            rows: on,
            tokens: tokens * u64::from(on),
        });
    }
}

/// Budgets from at most the least count to at least the greatest, rounded to whole tokens, ascending.
fn budgets(tokens: &[f64]) -> Vec<f64> {
    let known = || tokens.iter().copied().filter(|count| count.is_finite());
    let least = known().fold(f64::INFINITY, f64::min).max(1.0);
    let greatest = known().fold(f64::NEG_INFINITY, f64::max);
    if greatest < 0.0 {
        return Vec::new();
    }
    let first = (least.log2() * STEPS).floor() as i32;
    let last = (greatest.max(least).log2() * STEPS).ceil() as i32;
    let mut budgets: Vec<f64> = (first..=last)
        .map(|step| (f64::from(step) / STEPS).exp2().round())
        .collect();
    // A rounded budget may lie below the count that it was made for.
    if let Some(top) = budgets.last_mut() {
        *top = top.max(greatest);
    }
    budgets.dedup();
    budgets
}
