//! What a sign reads of a row's measures.
//! Signs are measured before the row is and know no [`Measurements`]; here the two meet.

use crate::measure::Measurements;
use crate::sign::{CallCounts, Counts, Sign};

impl Sign {
    /// The number of one row; NaN where it is not known.
    pub fn of(self, row: &Measurements) -> f32 {
        self.number(&Counts::from(row), &row.signs.numbers)
    }
}

impl From<&Measurements> for Counts {
    fn from(row: &Measurements) -> Self {
        let patch = row.patch.as_ref();
        let Some(declared) = &row.declared else {
            // A row that has no patch has an empty one.
            return Self {
                calls: Some(CallCounts {
                    all: row.calls,
                    errors: row.errors,
                    bad_arguments: row.bad_arguments,
                    unanswered: row.unanswered,
                    orphans: row.orphans,
                }),
                observation_tokens: row.tokens.map(|tokens| tokens.observations),
                patch_files: Some(patch.map_or(0, |patch| patch.files.into())),
                patch_test_files: Some(patch.map_or(0, |patch| patch.test_files)),
                patch_lines: Some(
                    patch.map_or(0, |patch| patch.added.saturating_add(patch.deleted)),
                ),
                guesses: Some(row.repairs.guesses()),
            };
        };
        // Without the row's texts nothing is known but what the row declares, and a patch that was read after all.
        Self {
            patch_files: patch.map_or(declared.model.files, |patch| Some(patch.files.into())),
            patch_test_files: patch.map(|patch| patch.test_files),
            patch_lines: patch.map(|patch| patch.added.saturating_add(patch.deleted)),
            ..Self::default()
        }
    }
}
