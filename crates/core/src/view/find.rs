//! Where a run's texts hold what someone looks for: the whole texts, not only what is shown of them.
//! ASCII letters match in either case; that way a match has as many bytes as what is looked for.

use serde::{Deserialize, Serialize};

use super::{Part, arguments};
use crate::trace::Trajectory;

/// Places that are listed; all are counted.
pub const LISTED: usize = 5000;

/// A place in a run's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The message.
    pub message: usize,
    /// The text of it.
    pub part: Part,
    /// The byte of that text at which the match begins.
    pub at: usize,
}

/// What was found, in the order in which the reader shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The first [`LISTED`] places.
    pub hits: Vec<Hit>,
    /// How many there are.
    pub total: usize,
}

/// The bytes at which matches begin in a text; none where nothing is looked for.
pub fn matches(text: &str, wanted: &str) -> Vec<usize> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let (text, wanted) = (text.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    let found = text.match_indices(&*wanted);
    found.map(|(at, _)| at).collect()
}

/// Looks through all texts of a run.
pub fn find(trajectory: &Trajectory, wanted: &str) -> Found {
    let mut found = Found::default();
    for (message, of) in trajectory.messages.iter().enumerate() {
        found.add(message, Part::Reasoning, &of.reasoning, wanted);
        found.add(message, Part::Text, &of.text, wanted);
        for (call, of) in of.calls.iter().enumerate() {
            for (argument, (_, text)) in arguments::lay_out(&of.arguments).enumerate() {
                let part = Part::Argument { call, argument };
                found.add(message, part, &text, wanted);
            }
        }
    }
    found
}

impl Found {
    fn add(&mut self, message: usize, part: Part, text: &str, wanted: &str) {
        let places = matches(text, wanted);
        self.total += places.len();
        let room = LISTED.saturating_sub(self.hits.len());
        let hit = |at| Hit { message, part, at };
        self.hits.extend(places.into_iter().take(room).map(hit));
    }
}
