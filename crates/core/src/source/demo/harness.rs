//! The two harnesses: what they tell the agent, which tools they give it, in which form they show what a call gave.
//! The forms are those of the real harnesses; the prompts say the same in other words.

use serde_json::{Value, json};

use super::task::Task;

/// The program that runs the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Harness {
    OpenHands,
    SweAgent,
}

impl Harness {
    /// Rows take turns.
    pub fn of_row(index: u64) -> Self {
        if index.is_multiple_of(2) {
            Harness::OpenHands
        } else {
            Harness::SweAgent
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Harness::OpenHands => "openhands",
            Harness::SweAgent => "sweagent",
        }
    }

    /// The name of the tool that runs commands.
    pub fn shell(self) -> &'static str {
        match self {
            Harness::OpenHands => "execute_bash",
            Harness::SweAgent => "bash",
        }
    }

    /// The name of the tool that ends the run.
    pub fn end(self) -> &'static str {
        match self {
            Harness::OpenHands => "finish",
            Harness::SweAgent => "submit",
        }
    }

    /// Where the project lies.
    pub fn root(self, task: &Task) -> String {
        match self {
            Harness::OpenHands => format!("/workspace/{}__{}__1.0", task.owner, task.nouns.project),
            Harness::SweAgent => "/testbed".to_owned(),
        }
    }

    pub fn system(self) -> &'static str {
        match self {
            Harness::OpenHands => OPENHANDS_SYSTEM,
            Harness::SweAgent => {
                "You are a software engineer who works in a terminal. You solve the task that you are given by calling \
                 tools, one step at a time, and you call `submit` once the task is done."
            }
        }
    }

    /// The task as the harness puts it.
    pub fn task(self, task: &Task) -> String {
        let (root, language, issue) = (self.root(task), task.language.name, &task.issue);
        match self {
            Harness::OpenHands => format!(
                "<uploaded_files>\n{root}\n</uploaded_files>\n\nI've uploaded a {language} code repository in the directory {root}. Consider the following issue description:\n\n<issue_description>\n{issue}\n</issue_description>\n\nCan you help me implement the necessary changes to the repository so that the requirements of the <issue_description> are met?\nThe tests that check the change are written already, so you don't have to change the existing tests.\nThe environment is set up: all dependencies are installed.\n\nFollow these steps:\n1. Read the issue and put it in your own words.\n2. Find the code that is concerned.\n3. Write a small script or test that shows the problem, and run it.\n4. Change the code with as few lines as it takes.\n5. Run your script again, then the tests of the files that you changed.\n6. Compare the result with the issue and with the base commit {}.\n7. Finish with a summary of what you changed.\n",
                task.commit
            ),
            Harness::SweAgent => format!(
                "<uploaded_files>\n{root}\n</uploaded_files>\nI've uploaded a {language} code repository in the directory {root}. Consider the following PR description:\n\n<pr_description>\n{issue}\n</pr_description>\n\nCan you help me implement the necessary changes to the repository so that the requirements specified in the <pr_description> are met?\nI've already taken care of all changes to any of the test files described in the <pr_description>.\nYour task is to make the minimal changes to the source files in {root}. It is best to reproduce the error first, then to edit the source code, then to run the reproduction again, and to think about edge cases.\n",
            ),
        }
    }

    /// The schemas of its tools, each as one JSON text.
    pub fn tools(self) -> Vec<String> {
        let tools = match self {
            Harness::OpenHands => vec![
                tool(
                    "execute_bash",
                    OPENHANDS_SHELL,
                    json!({
                        "command": {"type": "string", "description": "The command to run. Empty to read more of the output of a command that still runs; `C-c` to interrupt it."},
                        "is_input": {"type": "string", "description": "Whether the command is input to the running process.", "enum": ["true", "false"]},
                        "timeout": {"type": "number", "description": "Seconds after which the command is stopped."},
                    }),
                    &["command"],
                ),
                editor(),
                tool(
                    "think",
                    "Writes a thought to the log. It changes nothing and gives nothing new; use it to weigh several ways.",
                    json!({"thought": {"type": "string", "description": "The thought."}}),
                    &["thought"],
                ),
                tool(
                    "finish",
                    "Ends the interaction when the task is done or can't be done.",
                    json!({
                        "message": {"type": "string", "description": "A summary for the user."},
                        "task_completed": {"type": "string", "enum": ["true", "false", "partial"], "description": "Whether the task is done."},
                    }),
                    &["message", "task_completed"],
                ),
            ],
            Harness::SweAgent => vec![
                tool(
                    "bash",
                    "Runs a command in a bash shell and returns what it prints.",
                    json!({"command": {"type": "string", "description": "The command to run."}}),
                    &["command"],
                ),
                editor(),
                tool(
                    "submit",
                    "Submits the changes as they stand and ends the run.",
                    json!({}),
                    &[],
                ),
            ],
        };
        tools.iter().map(Value::to_string).collect()
    }

    /// What a command printed, as the harness shows it.
    pub fn printed(self, output: &str, exit: i32, root: &str) -> String {
        let output = output.trim_end_matches('\n');
        match self {
            Harness::OpenHands => format!(
                "{output}\n[The command completed with exit code {exit}.]\n[Current working directory: {root}]\n[Command finished with exit code {exit}]"
            ),
            Harness::SweAgent if output.is_empty() => {
                "OBSERVATION:\nYour command ran successfully and did not produce any output."
                    .to_owned()
            }
            Harness::SweAgent => format!("OBSERVATION:\n{output}"),
        }
    }

    /// What another tool said, as the harness shows it.
    pub fn said(self, text: String) -> String {
        match self {
            Harness::OpenHands => text,
            Harness::SweAgent => format!("OBSERVATION:\n{text}"),
        }
    }
}

fn tool(name: &str, description: &str, properties: Value, required: &[&str]) -> Value {
    json!({"type": "function", "function": {
        "name": name,
        "description": description,
        "parameters": {"type": "object", "properties": properties, "required": required},
    }})
}

fn editor() -> Value {
    tool(
        "str_replace_editor",
        EDITOR,
        json!({
            "command": {"type": "string", "description": "What to do.", "enum": ["view", "create", "str_replace", "insert", "undo_edit"]},
            "path": {"type": "string", "description": "Absolute path of a file or a directory."},
            "file_text": {"type": "string", "description": "For `create`: the new file's text."},
            "old_str": {"type": "string", "description": "For `str_replace`: the text to be replaced; it must stand in the file exactly once."},
            "new_str": {"type": "string", "description": "For `str_replace` and `insert`: the new text."},
            "insert_line": {"type": "integer", "description": "For `insert`: the line after which the text is put."},
            "view_range": {"type": "array", "items": {"type": "integer"}, "description": "For `view` of a file: first and last line, from 1; -1 is the end."},
        }),
        &["command", "path"],
    )
}

const EDITOR: &str = "Views, creates and edits files.\n* `view` shows a file as `cat -n` does, or the files of a directory up to two levels deep\n* `create` fails where the file exists already\n* `str_replace` replaces a text that stands in the file exactly once; include enough context to make it unique\n* `undo_edit` takes the last edit of a file back\n* long output is cut and marked with `<response clipped>`";

const OPENHANDS_SHELL: &str = "Runs a bash command in a terminal that stays open between the calls.\n* One command at a time; chain several with `&&` or `;`\n* A command that runs for ever belongs in the background, with its output in a file\n* A command that runs longer than its timeout is stopped";

const OPENHANDS_SYSTEM: &str = "You are OpenHands agent, a helpful AI assistant that can interact with a computer to solve tasks.\n\n<ROLE>\nYour task is to run commands, change code and solve problems with care. Quality comes before speed.\n* When the user asks why something happens, answer the question and change nothing.\n</ROLE>\n\n<EFFICIENCY>\n* Every step costs something. Combine commands where that makes sense, for example `grep` with several files.\n* Use `find`, `grep` and version control with filters that keep the output short.\n</EFFICIENCY>\n\n<FILE_SYSTEM_GUIDELINES>\n* A path that the user gives need not be relative to the current directory: look for the file first.\n* Edit the file that you are asked to edit. Do not write a second version with another name.\n* Remove files that you made for your own tests once you are done.\n</FILE_SYSTEM_GUIDELINES>\n\n<CODE_QUALITY>\n* Write clean code with few comments; do not repeat in a comment what the code says.\n* Make the smallest change that solves the problem, and follow the style of the file.\n* Understand the code before you change it.\n</CODE_QUALITY>\n\n<VERSION_CONTROL>\n* Do not commit, push or rewrite history unless you are asked to.\n* Do not add files that belong in `.gitignore`.\n</VERSION_CONTROL>\n\n<PROBLEM_SOLVING_WORKFLOW>\n1. EXPLORATION: read the files that are concerned.\n2. ANALYSIS: consider several approaches.\n3. TESTING: show the problem with a test before you change anything.\n4. IMPLEMENTATION: make the change.\n5. VERIFICATION: run the tests, also for edge cases.\n</PROBLEM_SOLVING_WORKFLOW>\n\n<TROUBLESHOOTING>\n* When the same attempt fails again and again, step back, list five to seven possible causes, and begin with the most likely one.\n* When a package is missing, look for the project's list of dependencies and install from it.\n</TROUBLESHOOTING>";
