//! Unified diffs as harnesses keep them: read, counted as `git apply --numstat` counts, compared.
//! Nothing of a patch's claims is trusted: a torn patch gives what can be read of it.

mod binary; // the bytes of a binary file
mod count; // a patch in numbers
mod file; // one file of a patch: its status, its paths, its hunks
mod language; // what a file is, by its path
mod lines; // every line of a patch with its kind
mod overlap; // how much two patches share
mod path; // paths as diffs write them

pub use count::{PatchCounts, count, counts};
pub use file::{FilePatch, FileStatus, Hunk};
pub use language::{is_test, language};
pub use lines::{Line, LineKind, Lines, lines};
pub use overlap::{Overlap, overlap};

use file::Builder;

/// A patch that was read. It borrows the text; every range counts bytes of [`text`](Self::text).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch<'a> {
    /// The patch as it was given.
    pub text: &'a str,
    /// The files it touches, in order. Their ranges follow each other without a gap up to the end of the text;
    /// what stands before the first one belongs to none.
    pub files: Vec<FilePatch<'a>>,
    /// Whether a part could not be read: a hunk with fewer lines than its header says, a hunk without a file, a
    /// file without any change.
    pub torn: bool,
}

/// Reads a patch. Takes time linear in its length and never fails.
///
/// A hunk is read by the counts of its header, so that `--- ` and `+++ ` within are content. The final newline,
/// which harnesses trim, is not missed. With or without `diff --git`, with `\n` or `\r\n`.
pub fn parse(text: &str) -> Patch<'_> {
    let mut files = Vec::new();
    let mut open: Option<Builder> = None;
    let mut lines = lines(text);
    for line in lines.by_ref() {
        if line.kind == LineKind::File {
            files.extend(open.take().map(|file| file.close(line.start)));
            open = Some(Builder::new(&line));
        } else if let Some(file) = &mut open {
            file.add(&line);
        }
    }
    files.extend(open.map(|file| file.close(text.len())));
    let torn = lines.torn() || files.iter().any(FilePatch::changes_nothing);
    Patch { text, files, torn }
}
