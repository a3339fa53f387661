//! How hard an instance is, by the share of its runs that succeed among all rows that were read.
//! Rows without a verdict say nothing of it; an instance without any verdict is of unknown difficulty.

use crate::frame::{Frame, Label};
use crate::trace::Outcome;

/// How often an instance's runs succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difficulty {
    /// No run with a verdict does.
    Never,
    /// Some do and some don't.
    Sometimes,
    /// Every run with a verdict does.
    Always,
    /// No run has a verdict, or the row's instance is not known.
    Unknown,
}

impl Difficulty {
    /// Every difficulty, hardest first.
    pub const ALL: [Difficulty; 4] = [
        Difficulty::Never,
        Difficulty::Sometimes,
        Difficulty::Always,
        Difficulty::Unknown,
    ];

    /// What it is, for tooltips.
    pub const DEFINITION: &'static str = "How often the task was solved, by all runs of it that were read and have a \
        verdict: never, sometimes or always. A partial success does not count as solved. Filters make no difference to it.";

    /// The word of the address.
    pub const fn name(self) -> &'static str {
        match self {
            Difficulty::Never => "never",
            Difficulty::Sometimes => "sometimes",
            Difficulty::Always => "always",
            Difficulty::Unknown => "unknown",
        }
    }

    fn of(successes: u32, known: u32) -> Self {
        match (successes, known) {
            (_, 0) => Difficulty::Unknown,
            (0, _) => Difficulty::Never,
            (successes, known) if successes == known => Difficulty::Always,
            _ => Difficulty::Sometimes,
        }
    }
}

/// The difficulty of each row's instance, by position.
pub fn difficulties(frame: &Frame) -> Vec<Difficulty> {
    let column = frame.label(Label::InstanceId);
    let mut counts = vec![(0_u32, 0_u32); column.values.len()];
    for (&code, &outcome) in column.codes.iter().zip(frame.outcomes()) {
        if let Some((successes, known)) = counts.get_mut(code as usize) {
            *successes += u32::from(outcome == Outcome::Success);
            *known += u32::from(outcome != Outcome::Unknown);
        }
    }
    let of_instance: Vec<Difficulty> = counts
        .into_iter()
        .map(|(successes, known)| Difficulty::of(successes, known))
        .collect();
    let of_row = |&code: &u32| of_instance.get(code as usize).copied();
    column
        .codes
        .iter()
        .map(|code| of_row(code).unwrap_or(Difficulty::Unknown))
        .collect()
}
