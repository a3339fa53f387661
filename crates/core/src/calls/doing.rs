//! What a call is for, in one word: to read, to search, to edit, to test, to run, to hand in. So that runs of one task can be
//! laid side by side, whatever their harness calls its tools. By the tool's name and verb, and by what a shell command runs.

use serde::{Deserialize, Serialize};

use super::shell::{file_name, is_shell, simple_commands};
use super::{CountedBy, ResolvedCall, test_run};
use crate::trace::Call;

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Doing {
    /// It looks at a file.
    Read,
    /// It looks for something.
    Search,
    /// It changes files.
    Edit,
    /// It runs tests.
    Test,
    /// It runs something else.
    Run,
    /// It thinks or plans, and changes nothing.
    Think,
    /// It hands in the work.
    Submit,
    /// None of these.
    Other,
}

impl Doing {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Search => "search",
            Self::Edit => "edit",
            Self::Test => "test",
            Self::Run => "run",
            Self::Think => "think",
            Self::Submit => "submit",
            Self::Other => "other",
        }
    }

    /// What a call is for whose arguments are not read yet.
    pub fn of(call: &Call) -> Self {
        let arguments = super::arguments::read(&call.arguments);
        let command = arguments.as_ref().ok();
        let command = command.and_then(|arguments| arguments.command.as_deref());
        if hands_in(&call.name, command) {
            return Self::Submit;
        }
        match command {
            Some(command) if is_shell(&call.name) => Self::of_script(command),
            _ => Self::of_tool(&CountedBy::call(&call.name, &arguments).tool_name()),
        }
    }

    /// By the words of a tool's name and its verb.
    fn of_tool(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        // The verb says more than the tool: `str_replace_editor:view` edits nothing.
        let said = name.rsplit(':').next().unwrap_or(&name);
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        match () {
            () if has(&["think", "plan", "todo"]) => Self::Think,
            () if has(&["search", "grep", "glob", "find", "list", "ls"]) => Self::Search,
            () if has(&[
                "edit", "write", "create", "replace", "insert", "patch", "undo", "delete",
            ]) =>
            {
                Self::Edit
            }
            () if has(&["view", "read", "open", "cat", "scroll", "goto", "fetch"]) => Self::Read,
            () if has(&["test"]) => Self::Test,
            () if is_shell(said) || has(&["run", "exec", "bash", "shell", "python", "cmd"]) => {
                Self::Run
            }
            () => Self::Other,
        }
    }

    /// By what a script does that matters most: an edit more than a test, a test more than a look.
    fn of_script(script: &str) -> Self {
        if test_run::runs_tests(script) {
            return Self::Test;
        }
        let commands = simple_commands(script);
        let kinds = commands
            .iter()
            .filter_map(|words| of_command(words, script));
        let rank = |doing: &Self| match doing {
            Self::Edit => 3,
            Self::Run => 2,
            Self::Search => 1,
            _ => 0,
        };
        kinds.max_by_key(rank).unwrap_or(Self::Run)
    }
}

/// What a simple command is for; none for one that only prepares the next.
fn of_command(words: &[String], script: &str) -> Option<Doing> {
    let (program, arguments) = words.split_first()?;
    let has = |option: &str| arguments.iter().any(|word| word.starts_with(option));
    let first = arguments.iter().find(|word| !word.starts_with('-'));
    Some(match file_name(program) {
        "cd" | "export" | "source" | "." | "set" | "echo" | "pwd" | "true" | "sleep" | "which" => {
            return None;
        }
        "sed" if has("-i") => Doing::Edit,
        "cat" if script.contains('>') && script.contains("<<") => Doing::Edit,
        "cat" | "head" | "tail" | "sed" | "less" | "more" | "nl" | "awk" => Doing::Read,
        "grep" | "rg" | "find" | "ls" | "tree" | "wc" | "ag" | "fd" | "sort" => Doing::Search,
        "git" => match first.map(String::as_str) {
            Some("apply" | "checkout" | "restore" | "stash" | "revert" | "reset") => Doing::Edit,
            Some("diff" | "show") => Doing::Read,
            _ => Doing::Search,
        },
        "tee" | "patch" | "mv" | "rm" | "cp" | "mkdir" | "touch" | "apply_patch" | "chmod" => {
            Doing::Edit
        }
        _ => Doing::Run,
    })
}

/// Tools by which a run hands in its work.
const SUBMITS: [&str; 9] = [
    "finish",
    "submit",
    "complete",
    "complete_task",
    "task_complete",
    "attempt_completion",
    "final_answer",
    "submit_answer",
    "exit",
];

/// mini-swe-agent's last command says one of these.
const SUBMIT_WORDS: [&str; 2] = [
    "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT",
    "MINI_SWE_AGENT_FINAL_OUTPUT",
];

/// Whether a call hands in the work.
pub(crate) fn is_submit(call: &ResolvedCall) -> bool {
    let command = call.arguments.as_ref().ok();
    let command = command.and_then(|arguments| arguments.command.as_deref());
    hands_in(&call.call.name, command)
}

fn hands_in(tool: &str, command: Option<&str>) -> bool {
    if SUBMITS.contains(&tool) {
        return true;
    }
    command.is_some_and(|command| {
        command.trim() == "submit"
            || command == "exit"
            || SUBMIT_WORDS.iter().any(|word| command.contains(word))
            || (command.contains("submit")
                && simple_commands(command)
                    .last()
                    .is_some_and(|words| words == &["submit"]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_for_what_matters_most_in_it() {
        for (script, doing) in [
            ("cat src/a.py", Doing::Read),
            ("cd /testbed && sed -n 1,20p a.py", Doing::Read),
            ("cd a; grep -rn parse . | head", Doing::Search),
            ("sed -i s/a/b/ a.py && cat a.py", Doing::Edit),
            ("cat > a.py <<'EOF'\nx = 1\nEOF", Doing::Edit),
            ("cd a && python -m pytest -x", Doing::Test),
            ("pip install x", Doing::Run),
            ("git diff", Doing::Read),
            ("git log --oneline", Doing::Search),
            ("git checkout a.py", Doing::Edit),
            ("", Doing::Run),
        ] {
            assert_eq!(Doing::of_script(script), doing, "{script}");
        }
    }

    #[test]
    fn a_tool_is_told_by_its_verb_before_its_name() {
        for (name, doing) in [
            ("str_replace_editor:view", Doing::Read),
            ("str_replace_editor:create", Doing::Edit),
            ("Read", Doing::Read),
            ("search_files", Doing::Search),
            ("Grep", Doing::Search),
            ("edit_file", Doing::Edit),
            ("think", Doing::Think),
            ("execute_bash", Doing::Run),
            ("weather", Doing::Other),
        ] {
            assert_eq!(Doing::of_tool(name), doing, "{name}");
        }
    }
}
