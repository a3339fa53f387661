//! What the benches in the browser add up of measured rows: both sides must come to the same.

use std::collections::BTreeMap;

use tracesift_core::measure::Measurements;
use tracesift_core::patch::PatchCounts;

/// Adds a row's numbers, under the names that the plain side uses.
pub fn add(sums: &mut BTreeMap<&'static str, u64>, row: &Measurements) {
    let mut add = |name, value| *sums.entry(name).or_default() += value;
    add("rows", 1);
    for (name, value) in [
        ("messages", row.messages),
        ("turns", row.turns),
        ("calls", row.calls),
        ("errors", row.errors),
        ("nonzeroExits", row.nonzero_exits),
        ("unanswered", row.unanswered),
        ("orphans", row.orphans),
        ("badArguments", row.bad_arguments),
    ] {
        add(name, u64::from(value));
    }
    for (patch, names) in [(&row.patch, PATCH), (&row.reference, REFERENCE)] {
        let PatchCounts {
            files,
            added,
            deleted,
            modified,
            hunks,
            test_files,
            ..
        } = patch.clone().unwrap_or_default();
        for (name, value) in names
            .into_iter()
            .zip([files, added, deleted, modified, hunks, test_files])
        {
            add(name, u64::from(value));
        }
    }
    if let Some(tokens) = &row.tokens {
        add("tokens", tokens.total());
    }
}

const PATCH: [&str; 6] = [
    "patchFiles",
    "patchAdded",
    "patchDeleted",
    "patchModified",
    "patchHunks",
    "patchTestFiles",
];
const REFERENCE: [&str; 6] = [
    "referenceFiles",
    "referenceAdded",
    "referenceDeleted",
    "referenceModified",
    "referenceHunks",
    "referenceTestFiles",
];
