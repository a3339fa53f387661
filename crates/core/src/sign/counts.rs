//! What other measures tell of a row that signs read. Signs are measured before the row is; whoever holds a row's
//! measures gives them in this form.

use super::{Numbers, Sign};

/// Counts of one row; `None` where not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of its calls.
    pub calls: Option<CallCounts>,
    /// Tokens of all its observations.
    pub observation_tokens: Option<u32>,
    /// Files that the model's patch touches; 0 where the row has none.
    pub patch_files: Option<u64>,
    /// Test files among them.
    pub patch_test_files: Option<u32>,
    /// Lines that it adds or deletes.
    pub patch_lines: Option<u32>,
    /// How often something of the row had to be guessed.
    pub guesses: Option<u32>,
}

/// Counts of one row's calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// All.
    pub all: u32,
    /// Those that failed.
    pub errors: u32,
    /// Those whose arguments are not a JSON object.
    pub bad_arguments: u32,
    /// Those without an observation.
    pub unanswered: u32,
    /// Observations without a call.
    pub orphans: u32,
}

impl Sign {
    /// The sign's number of one row, by the row's counts and by what was found in it; NaN where it is not known.
    pub fn number(self, counts: &Counts, found: &Numbers) -> f32 {
        match self.count() {
            Some(count) => count(counts).map_or(f32::NAN, |number| number as f32),
            None => found.get(self),
        }
    }
}

/// A part of a whole; nothing where there is no whole.
pub(super) fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}
