//! The tools as one harness has them: a call, and what it gives back on the files as they stand.
//! Paths that come in are relative to the project; those of calls and observations are absolute.

use serde_json::{Value, json};

use super::harness::Harness;
use super::workspace::Workspace;

/// The tool that shows and edits files.
pub(super) const EDITOR: &str = "str_replace_editor";

/// A call and what it gives back.
pub(super) struct Action {
    pub tool: &'static str,
    pub arguments: Value,
    pub observation: String,
}

/// A harness's tools in one project.
pub(super) struct Toolbox {
    pub harness: Harness,
    /// Where the project lies.
    pub root: String,
}

impl Toolbox {
    pub fn absolute(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    fn editor(&self, arguments: Value, said: String) -> Action {
        Action {
            tool: EDITOR,
            arguments,
            observation: self.harness.said(said),
        }
    }

    /// A command, what it prints and its exit code.
    pub fn shell(&self, command: &str, output: &str, exit: i32) -> Action {
        Action {
            tool: self.harness.shell(),
            arguments: json!({"command": command}),
            observation: self.harness.printed(output, exit, &self.root),
        }
    }

    /// The same, from the project's root.
    pub fn run(&self, command: &str, output: &str, exit: i32) -> Action {
        self.shell(&format!("cd {} && {command}", self.root), output, exit)
    }

    pub fn list(&self, files: &Workspace) -> Action {
        let listing = files.listing(&self.root);
        let said = format!(
            "Here's the files and directories up to 2 levels deep in {}, excluding hidden items:\n{listing}",
            self.root
        );
        self.editor(json!({"command": "view", "path": self.root}), said)
    }

    /// Some lines of a file, or all.
    pub fn view(&self, files: &Workspace, path: &str, range: Option<(usize, usize)>) -> Action {
        let absolute = self.absolute(path);
        let (first, last) = range.unwrap_or((1, usize::MAX));
        let text = files.numbered(path, first, last);
        let said = format!("Here's the result of running `cat -n` on {absolute}:\n{text}");
        let arguments = match range {
            Some((first, last)) => {
                json!({"command": "view", "path": absolute, "view_range": [first, last]})
            }
            None => json!({"command": "view", "path": absolute}),
        };
        self.editor(arguments, said)
    }

    /// A look at a file that is not there.
    pub fn missing(&self, path: &str) -> Action {
        let absolute = self.absolute(path);
        let said = format!(
            "ERROR:\nInvalid `path` parameter: {absolute}. The path {absolute} does not exist. Please provide a valid path."
        );
        self.editor(json!({"command": "view", "path": absolute}), said)
    }

    pub fn created(&self, path: &str, text: &str) -> Action {
        let absolute = self.absolute(path);
        let said = format!("File created successfully at: {absolute}");
        self.editor(
            json!({"command": "create", "path": absolute, "file_text": text}),
            said,
        )
    }

    /// A replacement that was made in `files` at this line.
    pub fn replaced(
        &self,
        files: &Workspace,
        path: &str,
        line: usize,
        old: &str,
        new: &str,
    ) -> Action {
        let absolute = self.absolute(path);
        let said = self.snippet(files, path, line, new);
        self.editor(
            json!({"command": "str_replace", "path": absolute, "old_str": old, "new_str": new}),
            said,
        )
    }

    /// A text that was put into `files` after this line.
    pub fn inserted(&self, files: &Workspace, path: &str, line: usize, text: &str) -> Action {
        let absolute = self.absolute(path);
        let said = self.snippet(files, path, line, text);
        self.editor(
            json!({"command": "insert", "path": absolute, "insert_line": line, "new_str": text}),
            said,
        )
    }

    fn snippet(&self, files: &Workspace, path: &str, line: usize, text: &str) -> String {
        let absolute = self.absolute(path);
        let snippet = files.numbered(
            path,
            line.saturating_sub(4).max(1),
            line + text.lines().count() + 4,
        );
        format!(
            "The file {absolute} has been edited. Here's the result of running `cat -n` on a snippet of {absolute}:\n{snippet}Review the changes and make sure they are as expected (correct indentation, no duplicate lines, etc). Edit the file again if necessary."
        )
    }

    /// A replacement of a text that the file does not have.
    pub fn not_replaced(&self, path: &str, old: &str, new: &str) -> Action {
        let absolute = self.absolute(path);
        let said = format!(
            "ERROR:\nNo replacement was performed, old_str `{old}` did not appear verbatim in {absolute}."
        );
        self.editor(
            json!({"command": "str_replace", "path": absolute, "old_str": old, "new_str": new}),
            said,
        )
    }
}
