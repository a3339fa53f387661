//! The audit of a choice: what the rows are made of before and after it, and which rule moved the shares most.
//! One pass over the rows per facet; whoever shows several does one at a time.
//!
//! A row that is lost counts toward the first rule of the funnel that it fails, which is the only one where it fails one
//! alone. So each rule takes its turn in the funnel's order, and the shift of a share is the sum of what each rule adds to
//! it at its turn. The rule that adds most in the direction of the shift is named as its chief cause.

use serde::{Deserialize, Serialize};

use crate::frame::facet::{Facet, Parts};
use crate::frame::{Frame, Number, order};
use crate::ground::words::{cut, percent};
use crate::recipe::Selection;

/// What became of each row: kept, lost to a rule, or not among those that are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fates {
    /// By position: the rule that a row is lost to; [`KEPT`] or [`ABSENT`].
    by_position: Vec<u8>,
    /// The rules in words, in their order.
    rules: Vec<String>,
}

/// A shift smaller than this is not worth a sentence.
const WORTH_SAYING: f64 = 0.02;

const KEPT: u8 = u8::MAX;
const ABSENT: u8 = u8::MAX - 1;

impl Fates {
    /// What the rules of a selection did to the rows of the frame.
    pub fn of(selection: &Selection) -> Self {
        let fate = |position| match selection.failures.first(position) {
            None => KEPT,
            Some(rule) => u8::try_from(rule).unwrap_or(ABSENT),
        };
        Self {
            by_position: (0..selection.mask.len()).map(fate).collect(),
            rules: selection.steps.iter().map(|s| s.words.clone()).collect(),
        }
    }

    /// What a token limit would do to the selected rows. Those whose tokens are not known are left out of both sides.
    pub fn of_limit(frame: &Frame, mask: &[bool], limit: u64, words: String) -> Self {
        let tokens = frame.number(Number::Tokens).iter();
        let fate = |(&tokens, &is_on): (&f64, &bool)| match is_on && !tokens.is_nan() {
            false => ABSENT,
            true if tokens <= limit as f64 => KEPT,
            true => 0,
        };
        Self {
            by_position: tokens.zip(mask).map(fate).collect(),
            rules: vec![words],
        }
    }
}

/// The parts of a facet before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mix {
    /// What rows are told apart by.
    pub facet: Facet,
    /// Rows before.
    pub source: u32,
    /// Rows after.
    pub selected: u32,
    /// Every part with rows before: the one whose share moved most first, equal ones by name.
    pub parts: Vec<Part>,
}

/// One part before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its name, as a list of the address has it.
    pub name: String,
    /// Its rows before.
    pub source: u32,
    /// Its rows after.
    pub selected: u32,
    /// Its share of all rows before, 0 to 1.
    pub before: f64,
    /// Its share of all rows after; 0 where there are none.
    pub after: f64,
    /// The rule that moved the share most in the direction of its shift, in words; `None` where it did not move.
    pub cause: Option<Cause>,
}

/// The rule that moved a share most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The rule in words.
    pub rule: String,
    /// What it alone added to the share at its turn: say −0.05 of −0.06 in all.
    pub shift: f64,
    /// Rows of the part that it takes away.
    pub lost: u32,
}

impl Mix {
    /// Counts the parts before and after.
    pub fn of(frame: &Frame, facet: Facet, fates: &Fates) -> Self {
        let parts = facet.parts(frame);
        let table = Table::of(&parts, fates);
        let totals = table.totals();
        let mut found: Vec<Part> = Vec::new();
        for (at, counts) in table.parts() {
            if counts.iter().any(|&rows| rows > 0) {
                found.push(part(parts.name(at), counts, &totals, &fates.rules));
            }
        }
        Self {
            facet,
            source: totals.iter().sum(),
            selected: totals.last().copied().unwrap_or_default(),
            parts: order::sorted(found, &|a, b| {
                let most_first = b.shift().abs().total_cmp(&a.shift().abs());
                most_first.then_with(|| a.name.cmp(&b.name))
            }),
        }
    }

    /// The parts whose share moved by two hundredths or more, in words, at most so many. Nothing if no row is left: then
    /// no share says anything.
    pub fn words(&self, most: usize) -> Vec<String> {
        if self.selected == 0 {
            return Vec::new();
        }
        let moved = self
            .parts
            .iter()
            .filter(|part| part.shift().abs() >= WORTH_SAYING);
        moved
            .take(most)
            .map(|part| part.words(self.facet))
            .collect()
    }
}

impl Part {
    /// How far its share moved: −0.06 is six hundredths of the rows less.
    pub fn shift(&self) -> f64 {
        self.after - self.before
    }

    /// `Rust fell from 8 % to 2 %, mainly due to “tokens at most 32,768”`.
    pub fn words(&self, facet: Facet) -> String {
        let name = match self.name == Parts::NONE {
            true => format!("No {}", facet.title().to_lowercase()),
            false => cut(&facet.shown(&self.name), 60),
        };
        let verb = if self.shift() < 0.0 { "fell" } else { "rose" };
        let (before, after) = (percent(self.before), percent(self.after));
        let cause = self.cause.as_ref();
        let cause = cause.map(|cause| format!(", mainly due to “{}”", cause.rule));
        format!(
            "{name} {verb} from {before} to {after}{}",
            cause.unwrap_or_default()
        )
    }
}

/// Rows by part (a row of the table) and by what became of them: one column per rule, and the last for those kept.
struct Table {
    width: usize,
    counts: Vec<u32>,
}

impl Table {
    fn of(parts: &Parts, fates: &Fates) -> Self {
        let width = fates.rules.len() + 1;
        let mut counts = vec![0_u32; parts.len() * width];
        for (part, &fate) in parts.by_position().zip(&fates.by_position) {
            let column = match fate {
                ABSENT => continue,
                fate => usize::from(fate).min(width - 1),
            };
            if let Some(count) = counts.get_mut(part * width + column) {
                *count += 1;
            }
        }
        Self { width, counts }
    }

    fn parts(&self) -> impl Iterator<Item = (usize, &[u32])> {
        self.counts.chunks(self.width).enumerate()
    }

    fn totals(&self) -> Vec<u32> {
        let mut totals = vec![0; self.width];
        for (_, counts) in self.parts() {
            totals.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        totals
    }
}

/// One part of the table: its share as each rule has its turn.
fn part(name: &str, counts: &[u32], totals: &[u32], rules: &[String]) -> Part {
    let source: u32 = counts.iter().sum();
    let (mut left, mut all): (u32, u32) = (source, totals.iter().sum());
    let before = share(left, all);
    let mut turns: Vec<f64> = Vec::with_capacity(rules.len());
    let mut now = before;
    for (lost, lost_of_all) in counts.iter().zip(totals).take(rules.len()) {
        left -= lost;
        all -= lost_of_all;
        let then = share(left, all);
        turns.push(then - now);
        now = then;
    }
    let shift = now - before;
    let steps = rules.iter().zip(turns).zip(counts);
    let with_it = steps.filter(|((_, turn), _)| turn * shift > 0.0);
    let chief = with_it.max_by(|a, b| a.0.1.abs().total_cmp(&b.0.1.abs()));
    Part {
        name: name.to_owned(),
        source,
        selected: left,
        before,
        after: now,
        cause: chief.map(|((rule, shift), &lost)| Cause {
            rule: rule.clone(),
            shift,
            lost,
        }),
    }
}

fn share(part: u32, whole: u32) -> f64 {
    match whole {
        0 => 0.0,
        whole => f64::from(part) / f64::from(whole),
    }
}
