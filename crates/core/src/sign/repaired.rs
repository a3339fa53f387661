//! Rows of which something had to be guessed when they were read.
//! `trace` counts guesses apart from other spellings of what a row does say.

use super::Points;
use super::record::SignRecord;

/// Something of the row had to be guessed.
pub(super) const REPAIRED: SignRecord = SignRecord {
    name: "repaired",
    title: "Repaired by a guess",
    definition: "How often something in the row had to be guessed: who speaks, which of several open calls a tool's \
                 answer belongs to, what a message of an unusual shape is. Variant spellings of what the row does say \
                 are normalized and do not count.",
    unit: "guesses",
    points: Points::Row,
    count: Some(|counts| counts.guesses.map(f64::from)),
    ..SignRecord::DEFAULT
};
