//! What an observation says of its call. Only the harness's own words count, where the harness puts them: at the
//! observation's start or in the bracketed lines at its end. What a program printed is never read.

use serde::Deserialize;

use super::shell::is_shell;

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

/// Words at an observation's start by which a harness says that a call failed, whatever the tool.
const STARTS: [&str; 7] = [
    "ERROR:",                                             // OpenHands
    "EXECUTION TIMED OUT",                                // SWE-agent 0.x
    "COMMAND TIMED OUT",                                  // SWE-agent 0.x
    "Command timed out",                                  // R2E-Gym
    "Your proposed edit has introduced new syntax error", // SWE-agent 0.x, `edit`
    "Your command contained syntax errors",               // SWE-agent 0.x, checked with `bash -n`
    "Your bash command contained syntax errors",          // SWE-agent 1.x, the same
];

/// Words at the start by which a tool that is no shell says so. In a shell a program may have printed them.
const STARTS_BESIDE_SHELL: [&str; 12] = [
    "Traceback (most recent call last)",
    "Error:",
    "Error executing",
    "No replacement was performed",
    "Invalid `", // … parameter: …
    "The path ", // … does not exist; … is not an absolute path; … is a directory and only the `view` command …
    "File already exists at:",
    "Parameter `", // … is required for command: …
    "Unrecognized command",
    "The `view_range` parameter is not allowed",
    "No edit history found",
    "Multiple occurrences of old_str",
];

/// Reads an observation of a call of the tool `tool`. An exit code decides; without one the words do.
pub(super) fn verdict(tool: &str, observation: &str) -> Verdict {
    let said = without_prefix(observation);
    if let Some(verdict) = exit_code_first(said).or_else(|| marks_at_end(said)) {
        return verdict;
    }
    let starts_with = |start: &&str| said.starts_with(*start);
    let failed = STARTS.iter().any(starts_with)
        || (!is_shell(tool) && STARTS_BESIDE_SHELL.iter().any(starts_with))
        || was_refused(said);
    if failed { Verdict::Error } else { Verdict::Ok }
}

/// The observation without the words that only say that it is one.
fn without_prefix(observation: &str) -> &str {
    let text = observation.trim_start();
    let text = ["OBSERVATION:", "Observation:"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    let text = text.trim_start();
    let named = text.strip_prefix("EXECUTION RESULT of [");
    let after_name = named.and_then(|rest| rest.split_once("]:"));
    let text = match after_name {
        Some((name, rest)) if !name.contains('\n') => rest.trim_start(),
        _ => text,
    };
    text.strip_prefix("[Below is the output of the previous command.]")
        .map_or(text, str::trim_start)
}

/// The exit code where a harness puts it first: mini-swe-agent as JSON or as a tag, R2E-Gym as a line.
fn exit_code_first(said: &str) -> Option<Verdict> {
    if said.starts_with('{') {
        let answer: Answer = serde_json::from_str(said).ok()?;
        return answer.returncode.map(of_exit_code);
    }
    if let Some(rest) = said.strip_prefix("<returncode>") {
        let (code, _) = rest.split_once("</returncode>")?;
        return code.trim().parse().ok().map(of_exit_code);
    }
    let rest = said.strip_prefix("Exit code: ")?;
    let (code, output) = rest.split_once('\n')?;
    let code = code.trim().parse().ok()?;
    output
        .starts_with("Execution output of [")
        .then(|| of_exit_code(code))
}

#[derive(Deserialize)]
struct Answer {
    returncode: Option<i64>,
}

/// SWE-agent's and mini-swe-agent's words for a command that took too long or isn't allowed; they quote the command.
fn was_refused(said: &str) -> bool {
    [
        (
            "The command '",
            "' was cancelled because it took more than ",
        ),
        (
            "The last command <command>",
            "</command> timed out and has been killed.",
        ),
        ("Operation '", "' is not supported by this environment"),
    ]
    .iter()
    .any(|(start, then)| said.starts_with(start) && said.contains(then))
}

/// OpenHands' bracketed lines at the end: the exit code, the folder, the interpreter, time-outs.
fn marks_at_end(said: &str) -> Option<Verdict> {
    // There are at most five; a program that prints such lines without end is not followed.
    let marks = said.trim_end().rsplit('\n').map(str::trim).take(8);
    marks
        .take_while(|line| line.starts_with('[') && line.ends_with(']'))
        .find_map(|mark| match exit_code(mark) {
            Some(code) => Some(of_exit_code(code)),
            None => is_unfinished(mark).then_some(Verdict::Error),
        })
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
            assert_eq!(
                super::verdict(tool, observation),
                verdict,
                "{tool}: {observation}"
            );
        }
    }
}
