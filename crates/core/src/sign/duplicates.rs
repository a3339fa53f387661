//! Rows that are like another: the same patch or the same calls twice within a task, nearly the same task and patch in two.
//! Rows have to be compared for these: the frame's `DuplicateSearch` finds the numbers by what [`super::Signs`] keeps.

use super::record::{SHARE, SignRecord};
use super::{Family, Points};

/// Another row of the task has the same patch.
pub(super) const SAME_PATCH: SignRecord = SignRecord {
    name: "same-patch",
    title: "Same patch twice",
    definition: "Other rows of the same task whose model patch is the same, byte for byte.",
    ..DUPLICATE
};

/// Another row of the task makes the same calls.
pub(super) const SAME_CALLS: SignRecord = SignRecord {
    name: "same-calls",
    title: "Same calls twice",
    definition: "Other rows of the same task that make the same calls in the same order.",
    ..DUPLICATE
};

/// A row of another task has nearly the same task and patch.
pub(super) const NEAR_DUPLICATE: SignRecord = SignRecord {
    name: "near-duplicate",
    title: "Near-duplicate",
    definition: "How alike the row's task and patch are to those of the most similar row of another task: words in \
                 groups of five that both have, as a share of those that either has (Jaccard, estimated by MinHash).",
    source: "Broder 1997 (MinHash)",
    unit: SHARE,
    threshold: 0.8,
    ..DUPLICATE
};

/// What all of them have.
const DUPLICATE: SignRecord = SignRecord {
    family: Family::OtherRows,
    unit: "rows",
    points: Points::Row,
    ..SignRecord::DEFAULT
};
