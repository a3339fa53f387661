//! Numbers of the calls and their results.
//! A survey, which reads no text, knows which calls there are, but not what became of them.

use super::NumberRecord;

/// Tool calls.
pub(super) const CALLS: NumberRecord = NumberRecord {
    name: "calls",
    title: "Tool calls",
    unit: "calls",
    definition: "Tool calls, in a field of their own or written in the text (XML, fenced).",
    of: |row| Some(row.calls.into()),
    needs_texts: false,
    ..NumberRecord::DEFAULT
};

/// Calls that ended in an error.
pub(super) const ERRORS: NumberRecord = NumberRecord {
    name: "errors",
    title: "Failed calls",
    unit: "calls",
    definition: "Calls that failed, according to the harness: an error, a traceback of the tool itself, a time-out. A \
                 failing test run is a non-zero exit and is not among them.",
    of: |row| Some(row.errors.into()),
    ..NumberRecord::DEFAULT
};

/// The turn of the first call that ended in an error.
pub(super) const FIRST_ERROR: NumberRecord = NumberRecord {
    name: "first_error",
    title: "First failed call",
    unit: "turns",
    definition: "The turn in which a call failed for the first time, counted from 1. Unknown where none failed.",
    of: |row| row.first_error.map(f64::from),
    ..NumberRecord::DEFAULT
};

/// Test runs with a non-zero exit code.
pub(super) const NONZERO_EXITS: NumberRecord = NumberRecord {
    name: "nonzero_exits",
    title: "Non-zero exits",
    unit: "calls",
    definition: "Test runs that ended with an exit code other than 0. They are counted separately from failed calls.",
    of: |row| Some(row.nonzero_exits.into()),
    ..NumberRecord::DEFAULT
};

/// Calls without an observation.
pub(super) const UNANSWERED: NumberRecord = NumberRecord {
    name: "unanswered",
    title: "Unanswered calls",
    unit: "calls",
    definition: "Calls without an observation. The last call of a run usually has none.",
    of: |row| Some(row.unanswered.into()),
    ..NumberRecord::DEFAULT
};

/// Observations without a call.
pub(super) const ORPHANS: NumberRecord = NumberRecord {
    name: "orphans",
    title: "Orphaned observations",
    unit: "observations",
    definition: "Observations that answer no call.",
    of: |row| Some(row.orphans.into()),
    ..NumberRecord::DEFAULT
};

/// Calls whose arguments are not a JSON object.
pub(super) const BAD_ARGUMENTS: NumberRecord = NumberRecord {
    name: "bad_arguments",
    title: "Bad arguments",
    unit: "calls",
    definition: "Calls whose arguments are not a JSON object.",
    of: |row| Some(row.bad_arguments.into()),
    ..NumberRecord::DEFAULT
};

/// Different tools used.
pub(super) const DISTINCT_TOOLS: NumberRecord = NumberRecord {
    name: "distinct_tools",
    title: "Different tools",
    unit: "tools",
    definition: "Distinct tools that were called. A tool with verbs counts once per verb (str_replace_editor:view, \
                 str_replace_editor:create).",
    of: |row| Some(row.tools.len() as f64),
    needs_texts: false,
    ..NumberRecord::DEFAULT
};
