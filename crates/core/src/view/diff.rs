//! A patch line by line: the first lines at once, the others when they are asked for.
//! Lines that replace each other carry the words that differ, and all carry the colours of their file's language.

use serde::{Deserialize, Serialize};

use super::code::{COLOURED_BYTES, Language, Span, colours_of_lines};
use super::emphasis::Emphasis;
use super::name;
use crate::ground::text::head;
use crate::patch::{self, FilePatch, FileStatus, Line, LineKind, Patch};

/// Lines of a patch that are shown at once.
pub const LINES: usize = 2000;

/// Files of a patch that are listed.
const FILES: usize = 1000;

/// Bytes that are shown of a line.
const LINE_BYTES: usize = 2000;

/// A patch, ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffView {
    /// Its files, in order; of very many the first.
    pub files: Vec<DiffFile>,
    /// How many files there are.
    pub total_files: usize,
    /// Its first [`LINES`]; [`diff_more`] gives the others.
    pub lines: Vec<DiffLine>,
    /// How many lines there are.
    pub total_lines: usize,
    /// Whether a part of it could not be read.
    pub torn: bool,
}

/// A file of a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffFile {
    /// Its path; the new one where it is renamed.
    pub path: String,
    /// Its path before, where it is another.
    pub old_path: Option<String>,
    /// What becomes of it.
    pub status: FileStatus,
    /// Whether it is binary.
    pub binary: bool,
    /// Lines added.
    pub added: usize,
    /// Lines deleted.
    pub deleted: usize,
    /// The index of its first line in the patch.
    pub line: usize,
}

/// A line of a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// What it is.
    pub kind: LineKind,
    /// Its text without its marker; of a very long line the beginning.
    pub text: String,
    /// How many bytes are left out at its end.
    pub cut: usize,
    /// Ranges of bytes of `text` that differ in the line that it replaces, or that replaces it.
    pub emphasis: Vec<(usize, usize)>,
    /// The colours of `text`, where the file's language is known.
    pub colours: Vec<Span>,
}

impl DiffView {
    pub(super) fn new(text: &str) -> Self {
        let patch = patch::parse(text);
        let mut files = patch.files.iter().take(FILES);
        let mut listed = Vec::new();
        let mut total_lines = 0;
        for line in patch::lines(text) {
            if line.kind == LineKind::File {
                let file = files
                    .next()
                    .map(|file| diff_file(&patch, file, total_lines));
                listed.extend(file);
            }
            total_lines += 1;
        }
        Self {
            files: listed,
            total_files: patch.files.len(),
            lines: diff_more(text, 0),
            total_lines,
            torn: patch.torn,
        }
    }
}

fn diff_file(patch: &Patch, file: &FilePatch, line: usize) -> DiffFile {
    let (mut added, mut deleted) = (0, 0);
    for (kind, _) in file.hunks.iter().flat_map(|hunk| hunk.lines(patch.text)) {
        added += usize::from(kind == LineKind::Added);
        deleted += usize::from(kind == LineKind::Deleted);
    }
    let old = file.old.as_deref().filter(|old| *old != file.path());
    DiffFile {
        path: name(file.path()),
        old_path: old.map(name),
        status: file.status,
        binary: file.binary,
        added,
        deleted,
        line,
    }
}

/// The [`LINES`] of a patch from the one with the index `from_line` on; fewer at its end.
pub fn diff_more(patch: &str, from_line: usize) -> Vec<DiffLine> {
    let mut page = Page {
        from: from_line,
        lines: Vec::new(),
        run: Run::default(),
        emphasis: Emphasis::default(),
        language: None,
        hunk: Hunk::default(),
    };
    for (index, line) in patch::lines(patch).enumerate() {
        page.follow_run(index, &line);
        page.follow_hunk(index, &line);
        let is_full = index >= from_line.saturating_add(LINES);
        if is_full && page.run.is_empty() {
            break;
        }
        if index >= from_line && !is_full {
            page.lines.push(diff_line(&line));
        }
    }
    page.end_run();
    page.end_hunk();
    page.lines
}

/// The lines of one page while they are gathered.
struct Page<'a> {
    from: usize,
    lines: Vec<DiffLine>,
    run: Run<'a>,
    emphasis: Emphasis,
    /// Of the file that the lines are of.
    language: Option<&'static Language>,
    hunk: Hunk<'a>,
}

/// The lines of a hunk: those of the old file, and those of the new one, which are code one below the other.
#[derive(Default)]
struct Hunk<'a> {
    old: Vec<(usize, &'a str)>,
    new: Vec<(usize, &'a str)>,
    /// Whether each begins with the file.
    are_starts: (bool, bool),
    bytes: usize,
}

/// Deleted lines and the added ones directly behind them; the first replaces the first and so on. A run may begin
/// before the page or end behind it.
#[derive(Default)]
struct Run<'a> {
    deleted: Vec<(usize, &'a str)>,
    added: Vec<(usize, &'a str)>,
}

impl Run<'_> {
    fn is_empty(&self) -> bool {
        self.deleted.is_empty()
    }
}

impl<'a> Page<'a> {
    fn follow_run(&mut self, index: usize, line: &Line<'a>) {
        match line.kind {
            LineKind::Deleted => {
                if !self.run.added.is_empty() {
                    self.end_run();
                }
                self.run.deleted.push((index, line.content()));
            }
            LineKind::Added if !self.run.is_empty() => self.run.added.push((index, line.content())),
            // "\ No newline at end of file" stands between two lines of a run.
            LineKind::Note if line.text.starts_with('\\') => {}
            _ => self.end_run(),
        }
    }

    fn end_run(&mut self) {
        let Run { deleted, added } = std::mem::take(&mut self.run);
        for ((old_at, old), (new_at, new)) in deleted.into_iter().zip(added) {
            if !self.shows(old_at) && !self.shows(new_at) {
                continue;
            }
            let (in_old, in_new) = self.emphasis.between(old, new);
            self.emphasize(old_at, in_old);
            self.emphasize(new_at, in_new);
        }
    }

    fn follow_hunk(&mut self, index: usize, line: &Line<'a>) {
        match line.kind {
            LineKind::File => {
                self.end_hunk();
                self.language = Language::by_path(line.text.trim_end());
            }
            LineKind::Header => {
                let path = line.text.strip_prefix("+++ ").unwrap_or_default();
                let path = path.split('\t').next().unwrap_or_default();
                let named = Language::by_path(path.trim_end_matches(['\r', '"']));
                self.language = named.or(self.language);
            }
            LineKind::Hunk => {
                self.end_hunk();
                let begins = |marker| line.text.contains(marker);
                self.hunk.are_starts = (begins("@@ -1,"), begins(" +1,") || begins(" +1 "));
            }
            LineKind::Context | LineKind::Added | LineKind::Deleted => {
                self.hunk.bytes += line.text.len() + 1;
                if self.language.is_none() || self.hunk.bytes > COLOURED_BYTES {
                    return;
                }
                let content = (index, line.content());
                if line.kind != LineKind::Added {
                    self.hunk.old.push(content);
                }
                if line.kind != LineKind::Deleted {
                    self.hunk.new.push(content);
                }
            }
            LineKind::Note => {}
        }
    }

    fn end_hunk(&mut self) {
        let Hunk {
            old,
            new,
            are_starts,
            ..
        } = std::mem::take(&mut self.hunk);
        let Some(language) = self.language else {
            return;
        };
        for (side, is_start) in [(old, are_starts.0), (new, are_starts.1)] {
            if !side.iter().any(|(index, _)| self.shows(*index)) {
                continue;
            }
            let lines: Vec<&str> = side.iter().map(|(_, line)| *line).collect();
            let coloured = colours_of_lines(&lines, language, is_start);
            for ((index, _), spans) in side.into_iter().zip(coloured) {
                let at = index.checked_sub(self.from);
                if let Some(line) = at.and_then(|at| self.lines.get_mut(at)) {
                    let shown = line.text.len();
                    let spans = spans.into_iter().filter_map(|span| span.within(shown));
                    line.colours = spans.collect();
                }
            }
        }
    }

    fn shows(&self, index: usize) -> bool {
        index >= self.from && index - self.from < self.lines.len()
    }

    fn emphasize(&mut self, index: usize, ranges: Vec<(usize, usize)>) {
        let at = index.checked_sub(self.from);
        if let Some(line) = at.and_then(|at| self.lines.get_mut(at)) {
            line.emphasis = ranges;
        }
    }
}

fn diff_line(line: &Line) -> DiffLine {
    let text = line.content();
    let shown = head(text, LINE_BYTES);
    DiffLine {
        kind: line.kind,
        text: shown.to_owned(),
        cut: text.len() - shown.len(),
        emphasis: Vec::new(),
        colours: Vec::new(),
    }
}
