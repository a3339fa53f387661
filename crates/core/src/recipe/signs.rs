//! Which rows carry which sign, by the thresholds and the benchmarks that a person chose: the one place where the
//! frame's numbers become a yes or a no.

use std::cell::OnceCell;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::frame::group::Tally;
use crate::frame::{Frame, Label, TextColumn};
use crate::sign::{Compare, Sign, Thresholds};

/// When a row carries a sign; not a filter by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SignRules {
    /// From which number on.
    pub thresholds: Thresholds,
    /// Repositories and tasks that count as a benchmark's beside the known ones.
    pub bench: Vec<String>,
}

/// The signs of a frame's rows.
#[derive(Debug)]
pub struct Carried<'f> {
    frame: &'f Frame,
    bench: &'f [String],
    /// By sign.
    limits: [Limit<'f>; Sign::COUNT],
    /// Which repositories, and which tasks, the user lists: by the label's code.
    listed: [OnceCell<Vec<bool>>; 2],
}

/// From which number on rows carry a sign.
#[derive(Debug)]
struct Limit<'f> {
    frame: &'f Frame,
    sign: Sign,
    /// Looked up once, not once per row; and only where more than one row is asked for, since the frame makes a column
    /// when it is first read.
    numbers: OnceCell<&'f [f32]>,
    threshold: f32,
    compare: Compare,
}

impl<'f> Limit<'f> {
    fn is_reached(&self, position: usize) -> bool {
        let number = self.numbers().get(position);
        number.is_some_and(|number| self.compare.carries(*number, self.threshold))
    }

    /// As [`Self::is_reached`], for one row alone.
    fn is_reached_by(&self, position: usize) -> bool {
        let number = self.frame.sign_at(position, self.sign);
        self.compare.carries(number, self.threshold)
    }

    /// The sign's numbers; nothing is compared of a sign of which nothing is known.
    fn numbers(&self) -> &'f [f32] {
        self.numbers
            .get_or_init(|| match self.frame.knows(self.sign) {
                true => self.frame.sign(self.sign),
                false => &[],
            })
    }
}

impl<'f> Carried<'f> {
    /// The signs by these rules.
    pub fn new(frame: &'f Frame, rules: &'f SignRules) -> Self {
        Self {
            frame,
            bench: &rules.bench,
            limits: Sign::ALL.map(|sign| Limit {
                frame,
                sign,
                numbers: OnceCell::new(),
                threshold: rules.thresholds.of(sign),
                compare: sign.compare(),
            }),
            listed: Default::default(),
        }
    }

    /// The frame whose rows they are.
    pub fn frame(&self) -> &'f Frame {
        self.frame
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.frame.len()
    }

    /// Whether a row carries a sign; not where its number is not known.
    pub fn has(&self, position: usize, sign: Sign) -> bool {
        self.is_reached(position, sign) || self.is_listed(position, sign)
    }

    /// Whether it is known of a row whether it carries a sign.
    pub fn is_known(&self, position: usize, sign: Sign) -> bool {
        let limit = self.limits.get(sign as usize);
        let number = limit.and_then(|limit| limit.numbers().get(position));
        number.is_some_and(|number| !number.is_nan()) || self.is_listed(position, sign)
    }

    /// Whether a row carries any sign.
    pub fn any(&self, position: usize) -> bool {
        Sign::ALL.into_iter().any(|sign| self.has(position, sign))
    }

    /// How many signs a row carries.
    pub fn count(&self, position: usize) -> u64 {
        let carried = Sign::ALL
            .into_iter()
            .filter(|&sign| self.has(position, sign));
        carried.count() as u64
    }

    /// The signs of one row, in the order of the page.
    pub fn of(&self, position: usize) -> Vec<Sign> {
        let is_listed = |label: Label| {
            let text = self.frame.label(label).get(position);
            text.is_some_and(|text| {
                self.bench
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(text))
            })
        };
        let is_reached = |sign: Sign| {
            let limit = self.limits.get(sign as usize);
            limit.is_some_and(|limit| limit.is_reached_by(position))
        };
        let mut signs = Sign::ALL.to_vec();
        signs.retain(|sign| is_reached(*sign) || label(*sign).is_some_and(is_listed));
        signs
    }

    /// Of each row whether it carries a sign; `None` where that is not known.
    pub fn of_rows(&self, sign: Sign) -> impl Iterator<Item = Option<bool>> {
        let limit = self.limits.get(sign as usize);
        let numbers = limit.map_or_else(Default::default, Limit::numbers);
        let may_be_listed = label(sign).is_some() && !self.bench.is_empty();
        (0..self.rows()).map(move |position| {
            let number = numbers.get(position).copied().unwrap_or(f32::NAN);
            let is_reached = limit.is_some_and(|l| l.compare.carries(number, l.threshold));
            let has = is_reached || (may_be_listed && self.is_listed(position, sign));
            (has || !number.is_nan()).then_some(has)
        })
    }

    /// The rows with a sign and those without it, by outcome; rows of which it is not known are neither.
    pub fn tallies(&self, sign: Sign) -> (Tally, Tally) {
        let (mut with, mut without) = (Tally::default(), Tally::default());
        if !self.may_occur(sign) {
            return (with, without);
        }
        for (has, &outcome) in self.of_rows(sign).zip(self.frame.outcomes()) {
            match has {
                Some(true) => with.add(outcome, 1),
                Some(false) => without.add(outcome, 1),
                None => {}
            }
        }
        (with, without)
    }

    /// Whether anything is known of a sign: in a survey most are not.
    pub fn may_occur(&self, sign: Sign) -> bool {
        self.frame.knows(sign) || (label(sign).is_some() && !self.bench.is_empty())
    }

    fn is_reached(&self, position: usize, sign: Sign) -> bool {
        let limit = self.limits.get(sign as usize);
        limit.is_some_and(|limit| limit.is_reached(position))
    }

    /// Whether the user lists the row's repository, or its task, as a benchmark's.
    fn is_listed(&self, position: usize, sign: Sign) -> bool {
        let Some(label) = label(sign).filter(|_| !self.bench.is_empty()) else {
            return false;
        };
        let [repos, tasks] = &self.listed;
        let listed = if label == Label::Repo { repos } else { tasks };
        let column = self.frame.label(label);
        let listed = listed.get_or_init(|| among(column, self.bench));
        let code = column.codes.get(position).copied();
        code.and_then(|code| listed.get(code as usize).copied())
            .unwrap_or_default()
    }
}

/// The label by which a row is found on a list of benchmarks.
fn label(sign: Sign) -> Option<Label> {
    match sign {
        Sign::BenchmarkRepo => Some(Label::Repo),
        Sign::BenchmarkTask => Some(Label::InstanceId),
        _ => None,
    }
}

/// By code: whether a value is among some names, in small or capital letters.
fn among(column: &TextColumn, names: &[String]) -> Vec<bool> {
    let names: HashSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let values = column.values.iter();
    values
        .map(|value| names.contains(&value.to_ascii_lowercase()))
        .collect()
}
