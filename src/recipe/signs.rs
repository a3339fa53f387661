//! Which rows carry which sign, by the thresholds and the benchmarks that a person chose: the one place where the
//! frame's numbers become a yes or a no.

use std::collections::HashSet;

use super::Filters;
use crate::frame::group::Tally;
use crate::frame::{Frame, Label, TextColumn};
use crate::sign::{Sign, Thresholds};

/// The signs of a frame's rows.
#[derive(Debug)]
pub struct Carried<'f> {
    frame: &'f Frame,
    thresholds: &'f Thresholds,
    /// By position: whether the row's repository, or its task, is one that the user lists.
    listed: Option<[Vec<bool>; 2]>,
}

impl<'f> Carried<'f> {
    /// The signs by these rules.
    pub fn new(frame: &'f Frame, filters: &'f Filters) -> Self {
        let listed = (!filters.bench.is_empty()).then(|| listed(frame, &filters.bench));
        Self {
            frame,
            thresholds: &filters.signs,
            listed,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.frame.len()
    }

    /// Whether a row carries a sign; not where its number is not known.
    pub fn has(&self, position: usize, sign: Sign) -> bool {
        self.frame.carries(position, sign, self.thresholds) || self.is_listed(position, sign)
    }

    /// Whether it is known of a row whether it carries a sign.
    pub fn is_known(&self, position: usize, sign: Sign) -> bool {
        let number = self.frame.sign(sign).get(position);
        number.is_some_and(|number| !number.is_nan()) || self.is_listed(position, sign)
    }

    /// Whether a row carries any sign.
    pub fn any(&self, position: usize) -> bool {
        Sign::ALL.into_iter().any(|sign| self.has(position, sign))
    }

    /// The signs of a row, in the order of the page.
    pub fn of(&self, position: usize) -> Vec<Sign> {
        let mut signs = Sign::ALL.to_vec();
        signs.retain(|sign| self.has(position, *sign));
        signs
    }

    /// The rows with a sign and those without it, by outcome; rows of which it is not known are neither.
    pub fn tallies(&self, sign: Sign) -> (Tally, Tally) {
        let (mut with, mut without) = (Tally::default(), Tally::default());
        for (position, &outcome) in self.frame.outcomes().iter().enumerate() {
            if self.has(position, sign) {
                with.add(outcome, 1);
            } else if self.is_known(position, sign) {
                without.add(outcome, 1);
            }
        }
        (with, without)
    }

    fn is_listed(&self, position: usize, sign: Sign) -> bool {
        let Some([repos, tasks]) = &self.listed else {
            return false;
        };
        let listed = match sign {
            Sign::BenchmarkRepo => repos,
            Sign::BenchmarkTask => tasks,
            _ => return false,
        };
        listed.get(position).copied().unwrap_or_default()
    }
}

/// By position: whether the repository, and whether the task, is among some names, in small or capital letters.
fn listed(frame: &Frame, names: &[String]) -> [Vec<bool>; 2] {
    let names: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let among = |column: &TextColumn| -> Vec<bool> {
        let values = column.values.iter();
        let is_listed: Vec<bool> = values.map(|v| names.contains(&v.to_lowercase())).collect();
        let codes = column.codes.iter();
        codes
            .map(|code| is_listed.get(*code as usize).copied().unwrap_or_default())
            .collect()
    };
    [
        among(frame.label(Label::Repo)),
        among(frame.label(Label::InstanceId)),
    ]
}
