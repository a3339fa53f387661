//! One file of a patch: its status, its paths, its hunks, all as ranges into the patch's text.
//! Built line by line; whatever a head doesn't say is taken from what it does say.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::lines::{Line, LineKind, hunk_ranges, is_binary};
use super::path::{self, Names};

/// What a patch does to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch<'a> {
    /// What becomes of the file.
    pub status: FileStatus,
    /// Whether the patch holds no lines of it but bytes, or only that they differ.
    pub binary: bool,
    /// Its path before; `None` for a new file.
    pub old: Option<Cow<'a, str>>,
    /// Its path after; `None` for a file that is deleted.
    pub new: Option<Cow<'a, str>>,
    /// Its hunks, in order.
    pub hunks: Vec<Hunk>,
    /// Where it stands in the patch, from its first line to the first line of the next file.
    pub range: Range<usize>,
    /// Whether its mode changes.
    mode: bool,
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    /// It is new (or a copy of another).
    Added,
    /// It is removed.
    Deleted,
    /// Its lines or its mode change.
    #[default]
    Modified,
    /// It gets another path; its lines may change, too.
    Renamed,
}

/// One hunk. The numbers are what its header claims; its lines are what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// First line in the old file, from 1.
    pub old_start: u64,
    /// Lines of the old file, as the header says.
    pub old_lines: u64,
    /// First line in the new file, from 1.
    pub new_start: u64,
    /// Lines of the new file, as the header says.
    pub new_lines: u64,
    /// Where it stands in the patch, with its header.
    pub range: Range<usize>,
    /// Where its lines stand, without its header.
    pub body: Range<usize>,
}

impl<'a> FilePatch<'a> {
    /// Its path: the new one where there is one.
    pub fn path(&self) -> &str {
        let path = self.new.as_ref().or(self.old.as_ref());
        path.map_or("", |path| path.as_ref())
    }

    /// A head without anything that follows from it: the patch was cut, or someone wrote it by hand.
    pub(super) fn changes_nothing(&self) -> bool {
        self.hunks.is_empty() && !self.binary && !self.mode && self.status == FileStatus::Modified
    }
}

impl Hunk {
    /// Its lines without their markers: context, added and deleted ones. `patch` is the text it was read from.
    pub fn lines<'t>(&self, patch: &'t str) -> impl Iterator<Item = (LineKind, &'t str)> + use<'t> {
        let body = patch.get(self.body.clone()).unwrap_or_default();
        let body = body.strip_suffix('\n').unwrap_or(body);
        let no_lines = self.body.is_empty();
        body.split('\n')
            .filter(move |_| !no_lines)
            .filter_map(|line| {
                let kind = match line.bytes().next() {
                    Some(b'+') => LineKind::Added,
                    Some(b'-') => LineKind::Deleted,
                    Some(b'\\') => return None,
                    Some(b' ') => LineKind::Context,
                    _ => return Some((LineKind::Context, line)),
                };
                Some((kind, line.get(1..).unwrap_or_default()))
            })
    }
}

/// A file while its lines are read.
pub(super) struct Builder<'a> {
    start: usize,
    /// The two names of `diff --git`.
    first_line: Names<'a>,
    /// The names of `---` and `+++`.
    marked: Names<'a>,
    /// The names of `rename from`, `rename to`, `copy from`, `copy to`: without prefix.
    moved: Names<'a>,
    status: FileStatus,
    binary: bool,
    mode: bool,
    hunks: Vec<Hunk>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(first: &Line<'a>) -> Self {
        let mut file = Self {
            start: first.start,
            first_line: Names::default(),
            marked: Names::default(),
            moved: Names::default(),
            status: FileStatus::default(),
            binary: false,
            mode: false,
            hunks: Vec::new(),
        };
        match first.text.strip_prefix("diff --git ") {
            Some(names) => file.first_line = path::two_names(names),
            None => file.head(first.text),
        }
        file
    }

    /// Takes a line that isn't the file's first.
    pub(super) fn add(&mut self, line: &Line<'a>) {
        match line.kind {
            LineKind::Header => self.head(line.text),
            LineKind::Hunk => self.hunks.extend(hunk(line)),
            LineKind::Context | LineKind::Added | LineKind::Deleted => self.extend(line),
            LineKind::Note if line.text.starts_with('\\') => self.extend(line),
            LineKind::Note | LineKind::File => {}
        }
    }

    fn extend(&mut self, line: &Line) {
        if let Some(hunk) = self
            .hunks
            .last_mut()
            .filter(|hunk| hunk.range.end == line.start)
        {
            hunk.range.end = line.end;
            hunk.body.end = line.end;
        }
    }

    fn head(&mut self, line: &'a str) {
        let line = line.trim_end_matches('\r');
        let is = |start| line.strip_prefix(start);
        if let Some(name) = is("--- ") {
            self.marked.old = Some(path::one_name(name));
        } else if let Some(name) = is("+++ ") {
            self.marked.new = Some(path::one_name(name));
        } else if let Some(name) = is("rename from ")
            .or(is("rename old "))
            .or(is("copy from "))
        {
            self.moved.old = Some(path::one_name(name));
            self.status = if line.starts_with("copy") {
                FileStatus::Added
            } else {
                FileStatus::Renamed
            };
        } else if let Some(name) = is("rename to ").or(is("rename new ")).or(is("copy to ")) {
            self.moved.new = Some(path::one_name(name));
        } else if is("new file mode ").is_some() {
            self.status = FileStatus::Added;
        } else if is("deleted file mode ").is_some() {
            self.status = FileStatus::Deleted;
        } else if is("old mode ").or(is("new mode ")).is_some() {
            self.mode = true;
        } else if is_binary(line) {
            self.binary = true;
        }
    }

    pub(super) fn close(self, end: usize) -> FilePatch<'a> {
        let is_null = |name: &Option<Cow<str>>| name.as_deref() == Some("/dev/null");
        let status = match self.status {
            FileStatus::Modified if is_null(&self.marked.old) => FileStatus::Added,
            FileStatus::Modified if is_null(&self.marked.new) => FileStatus::Deleted,
            status => status,
        };
        let plain = path::without_prefixes(self.marked.or(self.first_line));
        let names = self.moved.or(plain);
        FilePatch {
            status,
            binary: self.binary,
            old: names.old.filter(|_| status != FileStatus::Added),
            new: names.new.filter(|_| status != FileStatus::Deleted),
            hunks: self.hunks,
            range: self.start..end,
            mode: self.mode,
        }
    }
}

fn hunk(line: &Line) -> Option<Hunk> {
    let [old_start, old_lines, new_start, new_lines] = hunk_ranges(line.text)?;
    Some(Hunk {
        old_start,
        old_lines,
        new_start,
        new_lines,
        range: line.start..line.end,
        body: line.end..line.end,
    })
}
