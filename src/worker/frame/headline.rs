//! The main numbers in words: what someone who does not program wants to know first.
//! They are made where the rows are, so that only sentences travel.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::frame::group::rate;
use tracesift_core::frame::quantile::Summary;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::words;
use tracesift_core::manifest::TokenTotals;
use tracesift_core::recipe::Selection;
use tracesift_core::trace::Outcome;

/// The main numbers of the selection; `None` before there are rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadlineOf {
    /// What tokens are counted with, in words.
    pub method: String,
}

/// The main numbers, a sentence each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many rows are selected.
    pub selected: String,
    /// How many of them succeeded.
    pub outcome: String,
    /// Their tokens.
    pub tokens: String,
    /// Their turns.
    pub turns: String,
    /// Their tool calls.
    pub calls: String,
    /// How many end with a patch.
    pub patches: String,
}

impl Ask for HeadlineOf {
    type Answer = Option<Numbers>;

    fn answer(self, held: &mut Held) -> Option<Numbers> {
        let (frame, selection) = held.now();
        Numbers::of(&frame, &selection, &self.method)
    }
}

impl Numbers {
    fn of(frame: &Frame, selection: &Selection, method: &str) -> Option<Self> {
        if frame.is_empty() {
            return None;
        }
        let kept = |number: Number| {
            let column = frame.number(number);
            let values = selection
                .kept
                .iter()
                .filter_map(|&at| column.get(at as usize).copied());
            Summary::of(values)
        };
        let (tokens, turns) = (kept(Number::Tokens), kept(Number::Turns));
        let added = |number: Number| {
            let column = frame.number(number);
            let values = selection
                .kept
                .iter()
                .filter_map(|&at| column.get(at as usize));
            let mut known = values.filter(|value| !value.is_nan()).peekable();
            known.peek().is_some().then(|| known.sum::<f64>())
        };
        let calls = added(Number::Calls).unwrap_or_default();
        let selected = if selection.kept.len() == frame.len() {
            format!("{}.", words::plural(frame.len() as u64, "run", "runs"))
        } else {
            let (kept, all) = (selection.kept.len() as u64, frame.len() as u64);
            format!(
                "{} of {} pass the filters.",
                words::count(kept),
                words::plural(all, "run", "runs")
            )
        };
        Some(Self {
            selected,
            outcome: outcome(frame, selection),
            tokens: if tokens.known == 0 {
                "Tokens are not known because no text was read.".to_owned()
            } else {
                format!(
                    "Half of them have up to {} tokens; together {} ({method}).",
                    words::short(tokens.median),
                    words::short(sum(&tokens))
                )
            },
            turns: format!(
                "Half take up to {} turns, nine of ten up to {}.",
                words::short(turns.median),
                words::short(turns.p90)
            ),
            calls: match added(Number::Errors) {
                None => format!(
                    "{} tool calls; how many failed is not known.",
                    words::short(calls)
                ),
                Some(errors) => format!(
                    "{} tool calls, {} of which ended in an error.",
                    words::short(calls),
                    words::share(errors as u64, calls as u64)
                ),
            },
            patches: patches(frame, selection),
        })
    }
}

/// What the known values add up to.
fn sum(summary: &Summary) -> f64 {
    if summary.known == 0 {
        0.0
    } else {
        summary.mean * summary.known as f64
    }
}

fn outcome(frame: &Frame, selection: &Selection) -> String {
    let outcomes = frame.outcomes();
    let of = |wanted: Outcome| {
        let is_wanted = |at: &&u32| outcomes.get(**at as usize) == Some(&wanted);
        selection.kept.iter().filter(is_wanted).count() as u64
    };
    let (known, all) = (
        selection.kept.len() as u64 - of(Outcome::Unknown),
        selection.kept.len() as u64,
    );
    let begin = format!(
        "{} of {} runs have a verdict",
        words::count(known),
        words::count(all)
    );
    match rate(of(Outcome::Success) as u32, known as u32) {
        Some(rate) => format!(
            "{begin}; {} of those succeeded ({}).",
            words::percent(rate.share),
            words::interval(rate.low, rate.high)
        ),
        None => format!("{begin}."),
    }
}

fn patches(frame: &Frame, selection: &Selection) -> String {
    let files = frame.number(Number::PatchFiles);
    if frame.is_survey() && files.iter().all(|files| files.is_nan()) {
        return "Patches are not known because no text was read.".to_owned();
    }
    let is_present = |at: &&u32| files.get(**at as usize).is_some_and(|files| *files > 0.0);
    let present = selection.kept.iter().filter(is_present).count() as u64;
    format!(
        "{} end with a patch.",
        words::share(present, selection.kept.len() as u64)
    )
}

/// How much there is to learn from in the selection, in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned;

impl Ask for Learned {
    type Answer = String;

    fn answer(self, held: &mut Held) -> String {
        let (frame, selection) = held.now();
        let totals = TokenTotals::of(&frame, &selection.kept);
        format!(
            "{} with {} tokens; {} of them are the assistant's, from which a model learns.",
            words::plural(selection.kept.len() as u64, "run", "runs"),
            words::short(totals.total as f64),
            words::short(totals.trainable as f64)
        )
    }
}
