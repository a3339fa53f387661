//! Every line of a patch with its kind: the one place that knows where hunks begin and end.
//! Both the parser and the reader's diff stand on it, so that they can't disagree.

use memchr::memchr;
use serde::{Deserialize, Serialize};

use super::binary::{Binary, Step};

/// What a line of a patch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// The first line of a file: `diff --git …`, or `--- …` where there is none.
    File,
    /// The rest of a file's head: modes, renames, `---` and `+++`, the mark of a binary file.
    Header,
    /// `@@ -1,2 +3,4 @@ …`.
    Hunk,
    /// A line of both files.
    Context,
    /// A line of the new file only.
    Added,
    /// A line of the old file only.
    Deleted,
    /// All else: `\ No newline at end of file`, text around the patch, a binary file's data.
    Note,
}

/// One line of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// What it is.
    pub kind: LineKind,
    /// The line with its marker, without its `\n`.
    pub text: &'a str,
    /// Where it begins in the patch, in bytes.
    pub start: usize,
    /// Where the next one begins.
    pub end: usize,
}

impl<'a> Line<'a> {
    /// The text without its marker and without the `\r` at its end.
    pub fn content(&self) -> &'a str {
        let text = self.text.strip_suffix('\r').unwrap_or(self.text);
        text.get(self.marker()..).unwrap_or_default()
    }

    /// Bytes of its marker: an empty line of context may have none.
    pub fn marker(&self) -> usize {
        let is_of_file = matches!(
            self.kind,
            LineKind::Added | LineKind::Deleted | LineKind::Context
        );
        usize::from(is_of_file && self.text.starts_with(['+', '-', ' ']))
    }
}

/// The lines of a patch, in order; none is left out.
pub fn lines(text: &str) -> Lines<'_> {
    Lines {
        text,
        at: 0,
        place: Place::Outside,
        any_file: false,
        torn: false,
    }
}

/// See [`lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
    place: Place,
    any_file: bool,
    torn: bool,
}

/// The line before a binary file's bytes.
const BYTES_FOLLOW: &str = "GIT binary patch";

/// Where in a patch a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Around files.
    Outside,
    /// In the head of a file; `named`: it began with its names.
    Head { named: bool },
    /// In the bytes of a binary file.
    Bytes(Binary),
    /// In a hunk that still wants this many lines of the old and of the new file; `changes`: some line was added or
    /// deleted.
    Hunk { old: u64, new: u64, changes: bool },
}

/// What a file's head consists of (git's `Documentation/diff-generate-patch`).
const HEADERS: [&str; 15] = [
    "index ",
    "--- ",
    "+++ ",
    "old mode ",
    "new mode ",
    "deleted file mode ",
    "new file mode ",
    "copy from ",
    "copy to ",
    "rename from ",
    "rename to ",
    "rename old ",
    "rename new ",
    "similarity index ",
    "dissimilarity index ",
];

impl<'a> Lines<'a> {
    /// Whether a hunk so far had other lines than its header says, changed nothing, or had no file, as git sees it. At
    /// the end of the lines: whether the last one did, too.
    pub fn torn(&self) -> bool {
        self.torn || (self.at >= self.text.len() && self.place.is_torn_hunk())
    }

    fn kind(&mut self, text: &'a str, end: usize) -> LineKind {
        // Only here does git expect a hunk; elsewhere it takes what looks like one for text, or for one without a file.
        let mut expects_hunk = matches!(self.place, Place::Head { .. });
        if let Place::Hunk { old, new, changes } = self.place {
            if let Some(kind) = self.kind_in_hunk(text, old, new, changes) {
                return kind;
            }
            self.torn |= self.place.is_torn_hunk();
            self.place = Place::Outside;
            expects_hunk = true;
        }
        if let Place::Bytes(binary) = self.place {
            let step = binary.step(text);
            self.torn |= matches!(step, Step::Damaged);
            self.place = Place::Outside;
            if let Step::Inside(next) = step {
                self.place = next.map_or(Place::Outside, Place::Bytes);
                return LineKind::Note;
            }
        }
        if self.starts_file(text, end) {
            let named = !text.starts_with("diff ");
            self.place = Place::Head { named };
            self.any_file = true;
            return LineKind::File;
        }
        if text.starts_with("@@ -") {
            return self.hunk(text, expects_hunk);
        }
        if matches!(self.place, Place::Head { .. }) {
            if is_binary(text) {
                // Nothing of the head follows.
                let follow = text.trim_end_matches('\r') == BYTES_FOLLOW;
                self.place = match follow {
                    true => Place::Bytes(Binary::First),
                    false => Place::Outside,
                };
                return LineKind::Header;
            }
            if is_header(text) {
                return LineKind::Header;
            }
            self.place = Place::Outside;
        }
        LineKind::Note
    }

    /// The kind of a line within a hunk; none where the hunk has ended, orderly or not.
    fn kind_in_hunk(&mut self, text: &str, old: u64, new: u64, changes: bool) -> Option<LineKind> {
        let (kind, takes_old, takes_new) = match text.bytes().next() {
            Some(b'\\') => {
                // `\ No newline at end of file`, in any language.
                self.torn |= (old > 0 || new > 0) && !(text.starts_with("\\ ") && text.len() > 10);
                return Some(LineKind::Note);
            }
            _ if old == 0 && new == 0 => return None,
            // git takes an empty line as an empty line of context: some mailers trim the blank. Where lines end with `\r\n`
            // it refuses that; such patches are read nevertheless.
            Some(b' ' | b'\r') | None => (LineKind::Context, 1, 1),
            Some(b'-') => (LineKind::Deleted, 1, 0),
            Some(b'+') => (LineKind::Added, 0, 1),
            Some(_) => return None,
        };
        self.torn |= old < takes_old || new < takes_new;
        self.place = Place::Hunk {
            old: old.saturating_sub(takes_old),
            new: new.saturating_sub(takes_new),
            changes: changes || kind != LineKind::Context,
        };
        Some(kind)
    }

    fn hunk(&mut self, text: &str, is_expected: bool) -> LineKind {
        let ranges = hunk_ranges(text);
        self.torn |= is_expected != ranges.is_some();
        match ranges {
            Some([_, old, _, new]) if self.any_file => {
                let changes = false;
                self.place = Place::Hunk { old, new, changes };
                LineKind::Hunk
            }
            _ => {
                self.place = Place::Outside;
                LineKind::Note
            }
        }
    }

    /// Whether this line, outside of hunks, begins a file. As in git, something of a head or a hunk must follow `diff
    /// --git`; without that line it takes all three of `---`, `+++` and a hunk; in a head that begins with that line the first
    /// two are its names, however often they come.
    fn starts_file(&self, text: &str, end: usize) -> bool {
        let mut after = self.text.get(end..).unwrap_or_default().split('\n');
        if text.starts_with("diff --git ") {
            return after
                .next()
                .is_some_and(|line| is_header(line) || hunk_ranges(line).is_some());
        }
        if !text.starts_with("--- ") || self.place == (Place::Head { named: false }) {
            return false;
        }
        let mut next_starts_with = |start| after.next().is_some_and(|line| line.starts_with(start));
        next_starts_with("+++ ") && next_starts_with("@@ -")
    }
}

impl Place {
    /// Whether this is a hunk that lacks lines or changes none.
    fn is_torn_hunk(self) -> bool {
        matches!(self, Self::Hunk { old, new, changes } if old > 0 || new > 0 || !changes)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let (text, length) = match memchr(b'\n', rest.as_bytes()) {
            Some(end) => (rest.get(..end)?, end + 1),
            None => (rest, rest.len()),
        };
        let end = start + length;
        let kind = self.kind(text, end);
        self.at = end;
        Some(Line {
            kind,
            text,
            start,
            end,
        })
    }
}

fn is_header(text: &str) -> bool {
    HEADERS.iter().any(|header| text.starts_with(header))
}

/// Whether a line of a file's head says that the file is binary.
pub(super) fn is_binary(text: &str) -> bool {
    let text = text.trim_end_matches('\r');
    text == BYTES_FOLLOW
        || (text.ends_with(" differ")
            && (text.starts_with("Binary files ") || text.starts_with("Files ")))
}

/// `@@ -a,b +c,d @@` as `[a, b, c, d]`; b and d are 1 where they are left out. Numbers are digits; as in git, one that is
/// too large is the largest that there is.
pub(super) fn hunk_ranges(text: &str) -> Option<[u64; 4]> {
    let (old, rest) = text.strip_prefix("@@ -")?.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |range: &str| {
        let (start, length) = range.split_once(',').unwrap_or((range, "1"));
        Some((number(start)?, number(length)?))
    };
    let ((a, b), (c, d)) = (range(old)?, range(new)?);
    Some([a, b, c, d])
}

fn number(digits: &str) -> Option<u64> {
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}
