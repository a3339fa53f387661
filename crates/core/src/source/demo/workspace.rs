//! The project's files as the agent sees them: shown, searched, changed and compared with what they were.
//! Paths are relative to the project's root.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use super::task::Patch;

/// A project's files.
#[derive(Debug, Clone, Default)]
pub(super) struct Workspace {
    files: BTreeMap<String, File>,
}

#[derive(Debug, Clone, Default)]
struct File {
    /// What it was; `None` for a new file.
    was: Option<String>,
    /// What it is; `None` for a removed file.
    is: Option<String>,
}

impl Workspace {
    /// Adds a file that the project has from the beginning.
    pub fn add(&mut self, path: String, text: String) {
        let file = File {
            was: Some(text.clone()),
            is: Some(text),
        };
        self.files.insert(path, file);
    }

    /// Writes a new file, or another text into an old one.
    pub fn write(&mut self, path: &str, text: String) {
        self.files.entry(path.to_owned()).or_default().is = Some(text);
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        if let Some(file) = self.files.get_mut(path) {
            file.is = None;
        }
    }

    /// Takes every change back.
    pub fn restore(&mut self) {
        self.files.retain(|_, file| file.was.is_some());
        for file in self.files.values_mut() {
            file.is.clone_from(&file.was);
        }
    }

    /// Every path, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files
            .iter()
            .filter(|(_, file)| file.is.is_some())
            .map(|(path, _)| path.as_str())
    }

    /// A file's text; empty where there is none.
    pub fn text(&self, path: &str) -> &str {
        self.files
            .get(path)
            .and_then(|file| file.is.as_deref())
            .unwrap_or_default()
    }

    /// The line (from 1) at which a text begins in a file.
    pub fn line_of(&self, path: &str, text: &str) -> Option<usize> {
        let whole = self.text(path);
        let at = whole.find(text)?;
        Some(whole.get(..at)?.matches('\n').count() + 1)
    }

    /// Replaces a text that stands in a file exactly once; says at which line it stood.
    pub fn replace(&mut self, path: &str, old: &str, new: &str) -> Option<usize> {
        let whole = self.text(path);
        if old.is_empty() || whole.matches(old).nth(1).is_some() {
            return None;
        }
        let line = self.line_of(path, old)?;
        let changed = whole.replacen(old, new, 1);
        self.write(path, changed);
        Some(line)
    }

    /// Puts a text after a line (from 1) of a file.
    pub fn insert(&mut self, path: &str, line: usize, text: &str) {
        let whole = self.text(path);
        let at = whole.split_inclusive('\n').take(line).map(str::len).sum();
        let (head, tail) = whole.split_at_checked(at).unwrap_or((whole, ""));
        let changed = format!("{head}{text}{tail}");
        self.write(path, changed);
    }

    /// Lines `first..=last` of a file as `cat -n` shows them.
    pub fn numbered(&self, path: &str, first: usize, last: usize) -> String {
        let mut out = String::new();
        let lines = self.text(path).lines().enumerate();
        for (at, line) in lines.skip(first.saturating_sub(1)) {
            if at >= last {
                break;
            }
            // Writing to a text never fails.
            let _ = writeln!(out, "{:6}\t{line}", at + 1);
        }
        out
    }

    /// Files and folders up to two levels deep, each below `root`.
    pub fn listing(&self, root: &str) -> String {
        let mut seen = BTreeSet::new();
        for path in self.paths() {
            let mut parts = path.splitn(3, '/');
            let (first, second) = (parts.next().unwrap_or_default(), parts.next());
            seen.insert(first.to_owned());
            if let Some(second) = second {
                seen.insert(format!("{first}/{second}"));
            }
        }
        let mut out = format!("{root}\n");
        for path in seen {
            let _ = writeln!(out, "{root}/{path}");
        }
        out
    }

    /// Lines that hold a text, as `grep -rn` shows them; at most `limit`.
    pub fn grep(&self, text: &str, limit: usize) -> String {
        self.paths()
            .flat_map(|path| {
                self.text(path)
                    .lines()
                    .enumerate()
                    .filter(|(_, line)| line.contains(text))
                    .map(move |(at, line)| format!("{path}:{}:{line}\n", at + 1))
            })
            .take(limit)
            .collect()
    }

    /// Every change as one unified diff.
    pub fn patch(&self) -> Patch {
        let mut patch = Patch::default();
        for (path, file) in &self.files {
            if file.was != file.is {
                patch.files += 1;
                let (was, is) = (file.was.as_deref(), file.is.as_deref());
                patch.lines += changed_lines(was.unwrap_or_default(), is.unwrap_or_default());
                patch.text.push_str(&file_diff(path, was, is));
            }
        }
        patch
    }
}

fn changed_lines(was: &str, is: &str) -> u32 {
    let diff = TextDiff::from_lines(was, is);
    let changed = diff
        .iter_all_changes()
        .filter(|change| change.tag() != ChangeTag::Equal)
        .count();
    u32::try_from(changed).unwrap_or(u32::MAX)
}

/// One file's part of a diff, as git writes it.
fn file_diff(path: &str, was: Option<&str>, is: Option<&str>) -> String {
    let (old, new) = (was.unwrap_or_default(), is.unwrap_or_default());
    let mut out = format!("diff --git a/{path} b/{path}\n");
    let index = format!("index {}..{}", blob(was), blob(is));
    out.push_str(&match (was, is) {
        (None, _) => format!("new file mode 100644\n{index}\n"),
        (_, None) => format!("deleted file mode 100644\n{index}\n"),
        _ => format!("{index} 100644\n"),
    });
    let from = was.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
    let to = is.map_or_else(|| "/dev/null".to_owned(), |_| format!("b/{path}"));
    let diff = TextDiff::from_lines(old, new);
    out.push_str(&diff.unified_diff().header(&from, &to).to_string());
    out
}

/// Seven digits in the place of a blob's name (FNV-1a; nobody looks them up).
fn blob(text: Option<&str>) -> String {
    let Some(text) = text else {
        return "0000000".to_owned();
    };
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}").chars().take(7).collect()
}
