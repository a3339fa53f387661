//! Which parts of a row a survey reads: names, kinds and verdicts, who speaks, which tools are called, but no text.
//! Judged by the names that the rest of this stage knows rows by.

use super::{FieldMap, cell, row};

/// Texts among the known columns: patches, and tasks that are whole issues.
const HEAVY: [&str; 9] = [
    "task",
    "model_patch",
    "generated_patch",
    "patch",
    "submission",
    "test_result",
    "git_patch",
    "reference_patch",
    "gold_patch",
];

/// Whether the leaf at this path, from the row's column down, says something without being text.
pub fn is_light(path: &[&str]) -> bool {
    match path {
        [column] => is_light_column(column),
        ["metadata", column] => is_light_column(column),
        ["metadata", "teacher_model", "name"] | ["teacher_model", "name"] => true,
        // What the data set itself states of its patches.
        ["metadata", patch, stated] | [patch, stated] if HEAVY.contains(patch) => {
            cell::is_stated(stated)
        }
        [column, inside @ ..] if row::is_conversation(column) => is_light_in_message(inside),
        _ => false,
    }
}

/// Whether the leaf at this path is a patch's text.
pub fn is_patch_text(path: &[&str]) -> bool {
    match path {
        ["metadata", patch] | [patch] => *patch != "task" && HEAVY.contains(patch),
        ["metadata", patch, text] | [patch, text] if *patch != "task" && HEAVY.contains(patch) => {
            matches!(*text, "patch" | "git_patch")
        }
        _ => false,
    }
}

fn is_light_column(column: &str) -> bool {
    cell::is_known(column, &FieldMap::default()) && !HEAVY.contains(&column)
}

fn is_light_in_message(path: &[&str]) -> bool {
    matches!(
        path,
        ["role" | "from"]
            | ["tool_calls" | "toolCalls", "function", "name"]
            | ["tool_calls" | "toolCalls", "name"]
            | ["function_call", "name"]
    )
}
