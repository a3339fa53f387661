//! Numbers of the two patches: the model's and the reference.
//! A survey may have read the patches after all, where a rule needed them.

use super::NumberRecord;
use crate::patch::PatchCounts;

/// Files the model's patch touches.
pub(super) const FILES: NumberRecord = NumberRecord {
    name: "patch_files",
    title: "Files touched",
    unit: "files",
    definition: "Files that the model's patch touches.",
    of: |row| {
        files(
            row.patch.as_ref(),
            row.declared.and_then(|declared| declared.model.files),
        )
    },
    ..PATCH
};

/// Lines it adds.
pub(super) const ADDED: NumberRecord = NumberRecord {
    name: "patch_added",
    title: "Lines added",
    unit: "lines",
    definition: "Lines that the model's patch adds, as git apply --numstat counts them.",
    of: |row| Some(row.patch.as_ref()?.added.into()),
    ..PATCH
};

/// Lines it deletes.
pub(super) const DELETED: NumberRecord = NumberRecord {
    name: "patch_deleted",
    title: "Lines deleted",
    unit: "lines",
    definition: "Lines that the model's patch deletes, as git apply --numstat counts them.",
    of: |row| Some(row.patch.as_ref()?.deleted.into()),
    ..PATCH
};

/// Lines it changes in place.
pub(super) const MODIFIED: NumberRecord = NumberRecord {
    name: "patch_modified",
    title: "Lines modified",
    unit: "lines",
    definition: "Lines changed in place: where k deleted lines are directly followed by m added ones, the smaller of \
                 the two.",
    of: |row| Some(row.patch.as_ref()?.modified.into()),
    ..PATCH
};

/// Its hunks.
pub(super) const HUNKS: NumberRecord = NumberRecord {
    name: "patch_hunks",
    title: "Hunks",
    unit: "hunks",
    definition: "Places that the model's patch changes (its @@ sections).",
    of: |row| Some(row.patch.as_ref()?.hunks.into()),
    ..PATCH
};

/// Test files among its files.
pub(super) const TEST_FILES: NumberRecord = NumberRecord {
    name: "patch_test_files",
    title: "Test files touched",
    unit: "files",
    definition: "Files of the model's patch that are tests by their path (test, tests, __tests__, spec, _test., \
                 .test., …).",
    of: |row| Some(row.patch.as_ref()?.test_files.into()),
    ..PATCH
};

/// Hunks times files.
pub(super) const COMPLEXITY: NumberRecord = NumberRecord {
    name: "patch_complexity",
    title: "Patch complexity",
    unit: "hunks × files",
    definition: "Hunks of the model's patch times the files it touches: how far the change is spread.",
    of: |row| {
        let patch = row.patch.as_ref()?;
        Some(f64::from(patch.hunks) * f64::from(patch.files))
    },
    in_table: false,
    ..PATCH
};

/// Deepest indentation among its added lines.
pub(super) const DEEPEST_INDENT: NumberRecord = NumberRecord {
    name: "patch_deepest_indent",
    title: "Deepest indentation",
    unit: "columns",
    definition: "The deepest indentation among the lines that the model's patch adds, in columns; a tab is four.",
    of: |row| Some(row.patch.as_ref()?.deepest_indent.into()),
    in_table: false,
    ..PATCH
};

/// Control-flow keywords among its added lines.
pub(super) const CONTROL_KEYWORDS: NumberRecord = NumberRecord {
    name: "patch_control_keywords",
    title: "Control-flow keywords",
    unit: "keywords",
    definition: "Control-flow keywords (if, for, while, match, switch, try, …) among the lines that the model's patch \
                 adds.",
    of: |row| Some(row.patch.as_ref()?.control_keywords.into()),
    in_table: false,
    ..PATCH
};

/// Files the reference patch touches.
pub(super) const REFERENCE_FILES: NumberRecord = NumberRecord {
    name: "reference_files",
    title: "Files of the reference",
    unit: "files",
    definition: "Files that the reference patch touches: the one that solved the task upstream.",
    of: |row| {
        files(
            row.reference.as_ref(),
            row.declared.and_then(|declared| declared.reference.files),
        )
    },
    ..PATCH
};

/// Lines it adds.
pub(super) const REFERENCE_ADDED: NumberRecord = NumberRecord {
    name: "reference_added",
    title: "Lines the reference adds",
    unit: "lines",
    definition: "Lines that the reference patch adds, as git apply --numstat counts them.",
    of: |row| Some(row.reference.as_ref()?.added.into()),
    ..PATCH
};

/// Lines it deletes.
pub(super) const REFERENCE_DELETED: NumberRecord = NumberRecord {
    name: "reference_deleted",
    title: "Lines the reference deletes",
    unit: "lines",
    definition: "Lines that the reference patch deletes, as git apply --numstat counts them.",
    of: |row| Some(row.reference.as_ref()?.deleted.into()),
    ..PATCH
};

/// Jaccard index of the two patches' files.
pub(super) const OVERLAP_FILES: NumberRecord = NumberRecord {
    name: "overlap_files",
    title: "Overlap of files",
    unit: "share",
    definition: "Files touched by both the model's patch and the reference patch, as a share of the files that either \
                 touches (Jaccard index, 0 to 1).",
    of: |row| row.overlap.map(|overlap| overlap.files),
    ..PATCH
};

/// Share of the reference's lines that are among the model's.
pub(super) const OVERLAP_LINES: NumberRecord = NumberRecord {
    name: "overlap_lines",
    title: "Overlap of lines",
    unit: "share",
    definition: "The share of the reference's added and deleted lines that are among the model's (0 to 1).",
    of: |row| row.overlap.map(|overlap| overlap.lines),
    ..PATCH
};

/// Changed lines as the dataset declares them, of rows whose texts were not read.
pub(super) const DECLARED_LINES: NumberRecord = NumberRecord {
    name: "stated_lines",
    title: "Changed lines (stated)",
    unit: "lines",
    definition: "Lines that the model's patch changes, as the dataset declares them; known only while the patch \
                 itself has not been read.",
    of: |row| Some(row.declared?.model.lines? as f64),
    in_table: false,
    ..PATCH
};

/// What all of them have: a patch is known where it was read, whatever else was.
const PATCH: NumberRecord = NumberRecord {
    needs_texts: false,
    ..NumberRecord::DEFAULT
};

/// Files of a patch; where it was not read, as many as the row declares.
fn files(patch: Option<&PatchCounts>, declared: Option<u64>) -> Option<f64> {
    match patch {
        Some(patch) => Some(patch.files.into()),
        None => declared.map(|files| files as f64),
    }
}
