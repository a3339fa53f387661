//! SWE-agent, the harness: calls in its tools' fields, or as the last fenced block of a text (0.x, and 1.x without
//! tools); observations after `OBSERVATION:`. Its trajectory files hold the conversation in `history`.

use super::minisweagent::answers_with_return_code;
use super::{Column, Dialect, Field, ResultWords};
use crate::trace::fenced::Fences;
use crate::trace::harness::Evidence;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("history", Column::History),
        ("submission", Column::ModelPatchElse),
        ("exit_status", Column::Exit),
    ],
    fields: &[("thought", Field::Thought)],
    fences: Fences {
        prompt_words: &["bash-$", "DISCUSSION", "triple backticks"],
        commands: &[
            "open",
            "goto",
            "scroll_down",
            "scroll_up",
            "create",
            "edit",
            "insert",
            "search_dir",
            "search_file",
            "find_file",
            "submit",
            "exit_cost",
            "exit_context",
            "exit_error",
            "exit_format",
            "exit_forfeit",
            "skip",
            "filemap",
            "str_replace_editor",
            "view_image",
        ],
        languages: &["bash", "sh", "shell", "console"],
        ..Fences::NONE
    },
    observation_starts: &["OBSERVATION:"],
    is_harness: Some(is_harness),
    results: ResultWords {
        labels: &["OBSERVATION:", "Observation:"],
        failed: &[
            "EXECUTION TIMED OUT",                                // 0.x
            "COMMAND TIMED OUT",                                  // 0.x
            "Your proposed edit has introduced new syntax error", // 0.x, `edit`
            "Your command contained syntax errors",               // 0.x, checked with `bash -n`
            "Your bash command contained syntax errors",          // 1.x, the same
        ],
        failed_quoting: &[
            (
                "The command '",
                "' was cancelled because it took more than ",
            ),
            ("Operation '", "' is not supported by this environment"),
        ],
        ..ResultWords::NONE
    },
    ..Dialect::new("sweagent")
};

/// It has `bash` beside its own tools, or writes calls in fences that are not answered as mini-swe-agent does.
fn is_harness(run: &Evidence) -> bool {
    let has_own = || run.has_tool("submit") || run.has_tool("str_replace_editor");
    (run.has_tool("bash") && has_own())
        || (run.has_fenced_calls() && !answers_with_return_code(run))
}
