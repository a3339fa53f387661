//! Random edits of random files with odd names and odd lines.

use std::path::Path;

use proptest::prelude::*;

use crate::patch::git::git;

#[derive(Debug, Clone)]
pub enum Edit {
    Keep,
    Change(Vec<(usize, Option<&'static str>)>),
    Replace(File),
    Delete,
    Move(Vec<(usize, Option<&'static str>)>),
    Create,
    FlipMode,
    FlipFinalNewline,
}

#[derive(Debug, Clone)]
pub struct File {
    pub lines: Vec<&'static str>,
    pub final_newline: bool,
    pub executable: bool,
}

pub const LINES: [&str; 22] = [
    "",
    " ",
    "-- ",
    "--- a/x",
    "+++ b/x",
    "-",
    "+",
    "@@ -1 +1 @@",
    "@@ -0,0 +1,3 @@",
    "diff --git a/x b/x",
    "\\ No newline at end of file",
    "GIT binary patch",
    "rename from x",
    "\tif x:",
    "    for y in z:",
    "text with a return\r",
    "ä 日本 🙂 \u{202e}abc",
    "nul \0 makes it binary",
    "\u{1b}[31mred",
    "a",
    "b",
    "\u{85}\u{2028}\u{c}",
];

pub const NAMES: [&str; 14] = [
    "plain.py",
    "with space.py",
    "dir with space/ä.go",
    "tab\there.rs",
    "new\nline.txt",
    "quo\"te.js",
    "back\\slash.c",
    "日本/🙂.java",
    "b/b/x b/x.ts",
    "a/a",
    "tests/deep/er/test_a.py",
    "-dash",
    " lead",
    "trail ",
];

pub fn some_lines() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(&LINES[..]), 0..40)
}

pub fn a_file() -> impl Strategy<Value = File> {
    (some_lines(), any::<bool>(), any::<bool>()).prop_map(|(lines, final_newline, executable)| {
        File {
            lines,
            final_newline,
            executable,
        }
    })
}

pub fn an_edit() -> impl Strategy<Value = Edit> {
    let line = proptest::option::of(proptest::sample::select(&LINES[..]));
    let changes = || proptest::collection::vec((0..40_usize, line.clone()), 1..6);
    prop_oneof![
        Just(Edit::Keep),
        changes().prop_map(Edit::Change),
        a_file().prop_map(Edit::Replace),
        Just(Edit::Delete),
        changes().prop_map(Edit::Move),
        Just(Edit::Create),
        Just(Edit::FlipMode),
        Just(Edit::FlipFinalNewline),
    ]
}

pub fn write(folder: &Path, name: &str, file: &File) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let newline = if file.final_newline { "\n" } else { "" };
    std::fs::write(&path, file.lines.join("\n") + newline).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if file.executable { 0o755 } else { 0o644 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// What a file becomes: its new name and content.
pub fn edited(name: &str, file: &File, edit: &Edit) -> Option<(String, File)> {
    let change = |changes: &[(usize, Option<&'static str>)]| {
        let mut file = file.clone();
        for (at, line) in changes {
            let at = at % (file.lines.len() + 1);
            match line {
                Some(line) => file.lines.insert(at, line),
                None if at < file.lines.len() => drop(file.lines.remove(at)),
                None => {}
            }
        }
        file
    };
    let mut same = file.clone();
    Some(match edit {
        Edit::Keep | Edit::Create => (name.into(), same),
        Edit::Change(changes) => (name.into(), change(changes)),
        Edit::Replace(file) => (name.into(), file.clone()),
        Edit::Delete => return None,
        Edit::Move(changes) => (format!("moved/{name}"), change(changes)),
        Edit::FlipMode => {
            same.executable = !same.executable;
            (name.into(), same)
        }
        Edit::FlipFinalNewline => {
            same.final_newline = !same.final_newline;
            (name.into(), same)
        }
    })
}

/// A repository with the tree before and the tree after, by their names.
pub fn two_trees(folder: &Path, files: &[(File, Edit)]) -> (String, String) {
    git(folder, &["init", "-q"], "").unwrap();
    let tree = || {
        git(folder, &["add", "-A", "--force"], "").unwrap();
        git(folder, &["write-tree"], "").unwrap().trim().to_owned()
    };
    let named = || NAMES.iter().zip(files);
    for (name, (file, edit)) in named() {
        if !matches!(edit, Edit::Create) {
            write(folder, name, file);
        }
    }
    let before = tree();
    for (name, (file, edit)) in named() {
        let _ = std::fs::remove_file(folder.join(name));
        if let Some((name, file)) = edited(name, file, edit) {
            write(folder, &name, &file);
        }
    }
    (before, tree())
}
