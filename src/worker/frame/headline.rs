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

/// The main numbers of the selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many rows are selected, in a sentence.
    pub selected: String,
    /// How many of them succeeded.
    pub outcome: Main,
    /// Their tokens.
    pub tokens: Main,
    /// Their turns.
    pub turns: Main,
    /// Their tool calls.
    pub calls: Main,
    /// How many end with a patch.
    pub patches: Main,
}

/// A number in large type: what it is, its name, and a sentence that says it exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Main {
    /// The number, `—` where it is not known.
    pub value: String,
    /// What it counts: `solved`.
    pub name: String,
    /// How sure it is and what it is of.
    pub words: String,
}

impl Main {
    fn new(value: String, name: &str, words: String) -> Self {
        let name = name.to_owned();
        Self { value, name, words }
    }

    fn unknown(name: &str, words: String) -> Self {
        Self::new("—".to_owned(), name, words)
    }
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
            tokens: of_tokens(&tokens, method),
            turns: of_turns(&turns),
            calls: of_calls(calls, added(Number::Errors)),
            patches: patches(frame, selection),
        })
    }
}

fn of_tokens(tokens: &Summary, method: &str) -> Main {
    const NAME: &str = "tokens in the middle run";
    if tokens.known == 0 {
        return Main::unknown(
            NAME,
            "Tokens are not known because no text was read.".to_owned(),
        );
    }
    let (median, all) = (words::short(tokens.median), words::short(sum(tokens)));
    let words = format!("Half of them have up to {median} tokens; together {all} ({method}).");
    Main::new(median, NAME, words)
}

fn of_turns(turns: &Summary) -> Main {
    const NAME: &str = "turns in the middle run";
    if turns.known == 0 {
        return Main::unknown(NAME, "Turns are not known.".to_owned());
    }
    let (median, p90) = (words::short(turns.median), words::short(turns.p90));
    let words = format!("Half take up to {median} turns, nine of ten up to {p90}.");
    Main::new(median, NAME, words)
}

fn of_calls(calls: f64, errors: Option<f64>) -> Main {
    const NAME: &str = "of tool calls failed";
    let all = words::short(calls);
    let Some(errors) = errors.filter(|_| calls > 0.0) else {
        let words = format!("{all} tool calls; how many failed is not known.");
        return match calls > 0.0 {
            true => Main::unknown(NAME, words),
            false => Main::new(
                "0".to_owned(),
                "tool calls",
                "No tool was called.".to_owned(),
            ),
        };
    };
    let share = words::share(errors as u64, calls as u64);
    let words = format!("{all} tool calls, {share} of which ended in an error.");
    Main::new(words::percent(errors / calls), NAME, words)
}

/// What the known values add up to.
fn sum(summary: &Summary) -> f64 {
    if summary.known == 0 {
        0.0
    } else {
        summary.mean * summary.known as f64
    }
}

fn outcome(frame: &Frame, selection: &Selection) -> Main {
    const NAME: &str = "solved";
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
        Some(rate) => {
            let share = words::percent(rate.share);
            let interval = words::interval(rate.low, rate.high);
            let words = format!("{begin}; {share} of those succeeded ({interval}).");
            Main::new(share, NAME, words)
        }
        None => Main::unknown(NAME, format!("{begin}.")),
    }
}

fn patches(frame: &Frame, selection: &Selection) -> Main {
    const NAME: &str = "with a patch";
    let files = frame.number(Number::PatchFiles);
    if frame.is_survey() && files.iter().all(|files| files.is_nan()) {
        return Main::unknown(
            NAME,
            "Patches are not known because no text was read.".to_owned(),
        );
    }
    let is_present = |at: &&u32| files.get(**at as usize).is_some_and(|files| *files > 0.0);
    let present = selection.kept.iter().filter(is_present).count() as u64;
    let all = selection.kept.len() as u64;
    let words = format!("{} end with a patch.", words::share(present, all));
    match all {
        0 => Main::unknown(NAME, words),
        all => Main::new(words::percent(present as f64 / all as f64), NAME, words),
    }
}

/// The selection in few words, for the bar that stays in sight: `494k tokens`; nothing where they are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensTogether;

impl Ask for TokensTogether {
    type Answer = String;

    fn answer(self, held: &mut Held) -> String {
        let (frame, selection) = held.now();
        let totals = TokenTotals::of(&frame, &selection.kept);
        match totals.total {
            0 => String::new(),
            total => format!("{} tokens", words::short(total as f64)),
        }
    }
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
