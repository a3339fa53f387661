//! A patch in numbers: what it adds and deletes as `git apply --numstat` counts, its files by kind, its complexity.
//! Every number is defined beside its field.

use serde::{Deserialize, Serialize};

use super::language::{is_test, language};
use super::{FilePatch, FileStatus, LineKind, Patch, parse};
use crate::ground::text::each_word;

/// What a patch does, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchCounts {
    /// Files touched.
    pub files: u32,
    /// Of these: new ones.
    pub files_added: u32,
    /// Of these: removed ones.
    pub files_deleted: u32,
    /// Of these: renamed ones.
    pub files_renamed: u32,
    /// Of these: binary ones (which may be new, removed or renamed, too).
    pub files_binary: u32,
    /// Of these: test files, by their path.
    pub test_files: u32,
    /// Hunks.
    pub hunks: u32,
    /// Lines added, as `git apply --numstat` counts.
    pub added: u32,
    /// Lines deleted, as `git apply --numstat` counts.
    pub deleted: u32,
    /// Lines changed in place: in each run of k deleted lines directly followed by m added ones, min(k, m).
    pub modified: u32,
    /// The deepest indentation among added lines that aren't blank, in columns (a tab is four).
    pub deepest_indent: u32,
    /// Control-flow keywords among added lines (`if`, `for`, `while`, `match`, `switch`, `case`, `try`, `catch`, …),
    /// comments and texts included.
    pub control_keywords: u32,
    /// Files by programming language, by file name; most files first, then by name.
    pub languages: Vec<(String, u32)>,
}

/// Reads a patch and counts it.
pub fn counts(text: &str) -> PatchCounts {
    count(&parse(text))
}

/// Counts a patch.
pub fn count(patch: &Patch) -> PatchCounts {
    let mut counts = PatchCounts::default();
    for file in &patch.files {
        counts.add_file(file);
        for hunk in &file.hunks {
            counts.add_lines(hunk.lines(patch.text));
        }
    }
    counts
        .languages
        .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

impl PatchCounts {
    fn add_file(&mut self, file: &FilePatch) {
        add(&mut self.files, 1);
        add(
            &mut self.hunks,
            u32::try_from(file.hunks.len()).unwrap_or(u32::MAX),
        );
        add(
            &mut self.files_added,
            u32::from(file.status == FileStatus::Added),
        );
        add(
            &mut self.files_deleted,
            u32::from(file.status == FileStatus::Deleted),
        );
        add(
            &mut self.files_renamed,
            u32::from(file.status == FileStatus::Renamed),
        );
        add(&mut self.files_binary, u32::from(file.binary));
        add(&mut self.test_files, u32::from(is_test(file.path())));
        if let Some(language) = language(file.path()) {
            match self.languages.iter_mut().find(|(name, _)| name == language) {
                Some((_, files)) => add(files, 1),
                None => self.languages.push((language.to_owned(), 1)),
            }
        }
    }

    /// Adds one hunk's lines.
    fn add_lines<'t>(&mut self, lines: impl Iterator<Item = (LineKind, &'t str)>) {
        // Deleted lines of the run that no added line has been paired with; whether the run is at its added lines.
        let (mut unpaired, mut adding) = (0_u32, false);
        for (kind, line) in lines {
            if kind != LineKind::Added && (kind != LineKind::Deleted || adding) {
                (unpaired, adding) = (0, false);
            }
            match kind {
                LineKind::Deleted => {
                    add(&mut unpaired, 1);
                    add(&mut self.deleted, 1);
                }
                LineKind::Added => {
                    adding = true;
                    add(&mut self.modified, unpaired.min(1));
                    unpaired = unpaired.saturating_sub(1);
                    add(&mut self.added, 1);
                    self.add_complexity(line);
                }
                _ => {}
            }
        }
    }

    fn add_complexity(&mut self, line: &str) {
        if let Some(indent) = indent(line) {
            self.deepest_indent = self.deepest_indent.max(indent);
        }
        each_word(line, |word| {
            add(&mut self.control_keywords, u32::from(is_control(word)));
        });
    }
}

/// Whether a word steers the flow in one of the datasets' languages.
fn is_control(word: &[u8]) -> bool {
    matches!(
        word,
        b"if"
            | b"elif"
            | b"else"
            | b"for"
            | b"foreach"
            | b"while"
            | b"loop"
            | b"match"
            | b"switch"
            | b"case"
            | b"select"
            | b"try"
            | b"except"
            | b"catch"
            | b"finally"
            | b"rescue"
    )
}

/// The columns of a line's indentation; `None` for a blank line.
fn indent(line: &str) -> Option<u32> {
    let mut columns = 0_u32;
    for byte in line.bytes() {
        match byte {
            b' ' => columns = columns.saturating_add(1),
            b'\t' => columns = columns.saturating_add(4),
            b'\r' => {}
            _ => return Some(columns),
        }
    }
    None
}

fn add(sum: &mut u32, more: u32) {
    *sum = sum.saturating_add(more);
}
