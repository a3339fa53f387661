//! What an observation says of its call. Only the harness's own words count, where the harness puts them: at the
//! observation's start or in the bracketed lines at its end. What a program printed is never read. The words
//! themselves stand in each harness's dialect.

use super::shell::is_shell;
use crate::trace::{EndMark, Message, Reported, result_words};

/// What an observation says of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing bad.
    Ok,
    /// The command ran to its end and its exit code is not 0.
    Exit,
    /// The call failed.
    Error,
}

/// Reads an observation of a call of the tool `tool`. What the source reports of a failure decides, then an exit code in the
/// text; without one the words do, unless the source reports that all went well: then a tool that reads a file may have
/// read those words.
pub(super) fn verdict(tool: &str, observation: &Message) -> Verdict {
    match observation.reported {
        Some(Reported::Error) => return Verdict::Error,
        Some(Reported::Exit(code)) => return of_exit_code(code),
        Some(Reported::Ok) | None => {}
    }
    let said = without_prefix(&observation.text);
    let exit_code = result_words().find_map(|words| words.exit_code.and_then(|read| read(said)));
    let decided = exit_code.map(of_exit_code).or_else(|| marks_at_end(said));
    decided.unwrap_or_else(|| {
        let is_well = observation.reported == Some(Reported::Ok);
        match !is_well && says_it_failed(said, tool) {
            true => Verdict::Error,
            false => Verdict::Ok,
        }
    })
}

/// The observation without the words that only say that it is one.
fn without_prefix(observation: &str) -> &str {
    let text = observation.trim_start();
    let mut labels = result_words().flat_map(|words| words.labels);
    let text = labels
        .find_map(|label| text.strip_prefix(label))
        .map_or(text, str::trim_start);
    let headers = result_words().filter_map(|words| words.without_header);
    headers.fold(text, |text, without_header| without_header(text))
}

/// Whether the words at its start are a harness's for a call that failed.
fn says_it_failed(said: &str, tool: &str) -> bool {
    // Most differ in their first letter: that is seen at once, the rest by a call.
    let first = said.bytes().next();
    let starts_with = |start: &str| start.bytes().next() == first && said.starts_with(start);
    let starts = |words: &[&str]| words.iter().any(|start| starts_with(start));
    result_words().any(|words| {
        let mut quoting = words.failed_quoting.iter();
        starts(words.failed)
            || (starts(words.failed_beside_shell) && !is_shell(tool))
            || quoting.any(|(start, then)| starts_with(start) && said.contains(then))
    })
}

/// What the bracketed lines at the end say: the exit code, time-outs.
fn marks_at_end(said: &str) -> Option<Verdict> {
    let said = said.trim_end();
    if !said.ends_with(']') {
        return None;
    }
    // There are at most five; a program that prints such lines without end is not followed.
    let marks = said.rsplit('\n').map(str::trim).take(8);
    let read =
        |mark: &str| result_words().find_map(|words| words.end_mark.and_then(|read| read(mark)));
    marks
        .take_while(|line| line.starts_with('[') && line.ends_with(']'))
        .find_map(read)
        .map(|mark| match mark {
            EndMark::ExitCode(code) => of_exit_code(code),
            EndMark::Failed => Verdict::Error,
        })
}

fn of_exit_code(code: i64) -> Verdict {
    match code {
        0 => Verdict::Ok,
        // Below 0: still running or killed. 126 and 127 are the shell's own: nothing was run.
        ..0 | 126 | 127 => Verdict::Error,
        _ => Verdict::Exit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_taken_from_the_harnesss_words_only() {
        for (tool, observation, verdict) in [
            ("bash", "", Verdict::Ok),
            ("bash", "error: everything failed\nERROR: no", Verdict::Ok),
            (
                "bash",
                "Traceback (most recent call last):\n  File",
                Verdict::Ok,
            ),
            (
                "str_replace_editor",
                "OBSERVATION:\nTraceback (most recent call last):\n",
                Verdict::Error,
            ),
            (
                "str_replace_editor",
                "OBSERVATION:\nERROR:\nThe path",
                Verdict::Error,
            ),
            ("x", "EXECUTION RESULT of [x]:\nERROR: no", Verdict::Error),
            (
                "bash",
                "[Command finished with exit code 2]\nmore",
                Verdict::Ok,
            ),
            (
                "bash",
                "more\n[Command finished with exit code 2]",
                Verdict::Exit,
            ),
            (
                "bash",
                "x\r\n[The command completed with exit code 0.]\n[Current working directory: /a]\n\
                      [Python interpreter: /b]\n[Command finished with exit code 0]",
                Verdict::Ok,
            ),
            (
                "bash",
                "x\n[The command completed with exit code 1.]\n[Current working directory: /a]\n",
                Verdict::Exit,
            ),
            (
                "bash",
                "x\n[Command finished with exit code -1]",
                Verdict::Error,
            ),
            (
                "bash",
                "x\n[Command finished with exit code 127]",
                Verdict::Error,
            ),
            (
                "bash",
                "ERROR: pip's resolver\n[The command completed with exit code 0.]",
                Verdict::Ok,
            ),
            ("bash", "ERROR: no such session", Verdict::Error),
            ("bash", "Invalid `x`", Verdict::Ok),
            ("bash", "x\n[exit code 1]", Verdict::Ok),
            (
                "bash",
                "x\n[The command has no new output after 30 seconds. You may wait longer …]\n[Current working directory: /]",
                Verdict::Error,
            ),
            (
                "bash",
                "it timed out\n[The command completed with exit code 0.]",
                Verdict::Ok,
            ),
            (
                "bash",
                "{\"returncode\": 1, \"output\": \"x\"}",
                Verdict::Exit,
            ),
            (
                "bash",
                "{\"output\": \"\\ud800\", \"returncode\": 0}",
                Verdict::Ok,
            ),
            ("bash", "{\"returncode\": 1", Verdict::Ok),
            ("bash", "{\"code\": 1}", Verdict::Ok),
            (
                "bash",
                "<returncode>0</returncode>\n<output>\nERROR: x</output>",
                Verdict::Ok,
            ),
            (
                "bash",
                "OBSERVATION:\n<returncode>3</returncode>",
                Verdict::Exit,
            ),
            (
                "bash",
                "Exit code: 1\nExecution output of [execute_bash]:\nx",
                Verdict::Exit,
            ),
            ("bash", "Exit code: 1\nx", Verdict::Ok),
            (
                "bash",
                "The last command <command>a\nb</command> timed out and has been killed.\n",
                Verdict::Error,
            ),
            (
                "bash",
                "The command 'sleep 9' was cancelled because it took more than 5 seconds. …",
                Verdict::Error,
            ),
            (
                "str_replace_editor",
                "OBSERVATION:\nNo replacement was performed, old_str …",
                Verdict::Error,
            ),
            (
                "str_replace_editor",
                "Invalid `view_range` parameter: [0, 1]. …",
                Verdict::Error,
            ),
            (
                "str_replace_editor",
                "Here's the result of running `cat -n` on a:\n 1\tERROR: x",
                Verdict::Ok,
            ),
        ] {
            let said = Message {
                text: observation.into(),
                ..Message::default()
            };
            assert_eq!(
                super::verdict(tool, &said),
                verdict,
                "{tool}: {observation}"
            );
        }
    }

    #[test]
    fn what_the_source_reports_comes_before_the_words() {
        let verdict = |text: &'static str, reported| {
            let said = Message {
                text: text.into(),
                reported: Some(reported),
                ..Message::default()
            };
            super::verdict("read", &said)
        };
        assert_eq!(verdict("done", Reported::Error), Verdict::Error);
        assert_eq!(verdict("done", Reported::Exit(2)), Verdict::Exit);
        assert_eq!(
            verdict("Error: is the file's first word", Reported::Ok),
            Verdict::Ok
        );
        assert_eq!(
            verdict("<returncode>1</returncode>", Reported::Ok),
            Verdict::Exit
        );
    }
}
