//! OpenHands, the harness: its tools, how it heads an observation, and by which words it says that a call failed.
//! Where an API has no tools it writes calls as `function_tags` says.

use std::borrow::Cow;

use super::{Column, Dialect, EndMark, ResultWords};
use crate::trace::Tool;
use crate::trace::cell::Columns;
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::turns::Turns;

pub(super) const DIALECT: Dialect = Dialect {
    observation_starts: &[RESULT_OF],
    is_harness: Some(|run| run.has_tool("execute_bash")),
    results: ResultWords {
        without_header: Some(without_header),
        end_mark: Some(end_mark),
        failed: &["ERROR:"],
        // The editor is Anthropic's `str_replace_editor`; SWE-agent's is the same.
        failed_beside_shell: &[
            "No replacement was performed",
            "Invalid `", // … parameter: …
            "The path ", // … does not exist; … is not an absolute path; … is a directory and only the `view` command …
            "File already exists at:",
            "Parameter `", // … is required for command: …
            "Unrecognized command",
            "The `view_range` parameter is not allowed",
            "No edit history found",
            "Multiple occurrences of old_str",
        ],
        ..ResultWords::NONE
    },
    ..Dialect::new("openhands")
};

/// The events of a run, whichever version wrote them; what is no object is none.
pub(super) fn events<'a>(values: &[&'a str]) -> impl Iterator<Item = Object<'a>> {
    values.iter().filter_map(|value| Object::read(value))
}

/// The row of a run that was put together of its events.
pub(super) fn row<'a>(turns: Turns<'a>, tools: Vec<Tool<'a>>, model: Cow<'a, str>) -> Row<'a> {
    let mut columns = Columns::default();
    columns.put_text(Column::Harness, Cow::Borrowed("openhands"));
    columns.put_text(Column::Teacher, model);
    Row {
        messages: turns.into_messages(),
        tools,
        columns,
        ..Row::default()
    }
}

/// How an observation begins that is a user's message: the tool's name and `]:` follow.
const RESULT_OF: &str = "EXECUTION RESULT of [";

/// The observation without `EXECUTION RESULT of [name]:` and without the line that shells put before their output.
fn without_header(observation: &str) -> &str {
    let named = observation.strip_prefix(RESULT_OF);
    let text = match named.and_then(|rest| rest.split_once("]:")) {
        Some((name, rest)) if !name.contains('\n') => rest.trim_start(),
        _ => observation,
    };
    text.strip_prefix("[Below is the output of the previous command.]")
        .map_or(text, str::trim_start)
}

/// The exit code in a mark, or that the command did not end.
fn end_mark(mark: &str) -> Option<EndMark> {
    let failed = is_unfinished(mark).then_some(EndMark::Failed);
    exit_code(mark).map(EndMark::ExitCode).or(failed)
}

/// `[Command finished with exit code 1]`, `[The command completed with exit code 1.]`, `[Python exited with exit
/// code 1]`.
fn exit_code(mark: &str) -> Option<i64> {
    let (before, after) = mark.split_once("exit code ")?;
    if !["[Command ", "[The command ", "[Python "]
        .iter()
        .any(|start| before.starts_with(start))
    {
        return None;
    }
    after.trim_end_matches(['.', ']']).parse().ok()
}

/// `[The command timed out after …]`, `[The command has no new output after …]`, `[Your command … is NOT executed. …]`,
/// `[Error occurred in processing last action]`.
fn is_unfinished(mark: &str) -> bool {
    let of_command = mark.starts_with("[The command ") || mark.starts_with("[Command ");
    (of_command && (mark.contains(" timed out") || mark.contains(" has no new output after ")))
        || (mark.starts_with("[Your command ") && mark.contains(" is NOT executed."))
        || mark == "[Error occurred in processing last action]"
}
