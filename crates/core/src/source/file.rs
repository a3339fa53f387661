//! A local file as pages of rows: found in one pass over its bytes, then each read alone, as pages of the Hub are.
//! JSON lines, one JSON array, or JSON objects one after another, pretty-printed or not.

use std::borrow::Cow;

use super::scanner::{RowSpan, Scanner};
use crate::ground::{MAX_PAGE_ROWS, PageRange, SourceRow, TARGET_PAGE_BYTES};

/// Finds the pages of a file that is handed over in pieces of any size.
///
/// A page holds at most [`MAX_PAGE_ROWS`] rows and about [`TARGET_PAGE_BYTES`]; a row that is larger is a page of its
/// own. Blank lines and what stands between the elements of an array are not rows; everything else is part of one,
/// so that what is broken shows up as a bad row.
#[derive(Debug, Clone, Default)]
pub struct Splitter {
    scanner: Scanner,
    pages: Vec<PageRange>,
    open: OpenPage,
}

impl Splitter {
    /// A splitter at the beginning of a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// A splitter at the beginning of a file whose lines are rows, whatever they begin with.
    pub(super) fn of_lines() -> Self {
        Self {
            scanner: Scanner::of_lines(),
            ..Self::default()
        }
    }

    /// Reads on.
    pub fn push(&mut self, bytes: &[u8]) {
        self.push_each(bytes, |_| {});
    }

    /// Reads on, and calls `each` with every row that ends in these bytes.
    pub(super) fn push_each(&mut self, bytes: &[u8], mut each: impl FnMut(RowSpan)) {
        let Self {
            scanner,
            pages,
            open,
        } = self;
        scanner.push(bytes, |row| {
            pages.extend(open.add(&row));
            each(row);
        });
    }

    /// The pages, at the end of the file.
    pub fn finish(mut self) -> Vec<PageRange> {
        self.end();
        self.pages.extend(self.open.close());
        self.pages
    }

    /// Ends the last row, which it gives, at the end of the file.
    pub(super) fn end(&mut self) -> Option<RowSpan> {
        let row = self.scanner.finish()?;
        self.pages.extend(self.open.add(&row));
        Some(row)
    }
}

/// The texts of all rows of a file, each with the number of byte sequences that had to be replaced in it.
pub(super) fn rows_of(file: &[u8]) -> Vec<(Cow<'_, str>, u32)> {
    let mut rows = Vec::new();
    let mut scanner = Scanner::default();
    let mut give = |row: RowSpan| rows.push(text_of(row.of(file)));
    scanner.push(file, &mut give);
    if let Some(row) = scanner.finish() {
        give(row);
    }
    rows
}

/// Bytes as text; sequences that are not UTF-8 are replaced by U+FFFD and counted.
pub(super) fn text_of(bytes: &[u8]) -> (Cow<'_, str>, u32) {
    let text = String::from_utf8_lossy(bytes);
    let replaced = match &text {
        Cow::Borrowed(_) => 0,
        Cow::Owned(_) => {
            let chunks = bytes
                .utf8_chunks()
                .filter(|chunk| !chunk.invalid().is_empty());
            u32::try_from(chunks.count()).unwrap_or(u32::MAX)
        }
    };
    (text, replaced)
}

/// Calls `each` with every row of a page; `bytes` are those that [`PageRange::bytes`] names.
///
/// Bytes that are not UTF-8 are replaced in their row alone, which says so.
pub fn each_row(bytes: &[u8], range: &PageRange, each: impl FnMut(&SourceRow)) {
    let is_first = range.bytes.is_none_or(|(start, _)| start == 0);
    let scanner = match bytes.first() {
        Some(first) if !is_first => Scanner::within(*first),
        _ => Scanner::default(),
    };
    each_found(bytes, range, scanner, each);
}

/// The same of a file whose lines are rows, whatever they begin with.
pub(super) fn each_line(bytes: &[u8], range: &PageRange, each: impl FnMut(&SourceRow)) {
    each_found(bytes, range, Scanner::of_lines(), each);
}

fn each_found(
    bytes: &[u8],
    range: &PageRange,
    mut scanner: Scanner,
    mut each: impl FnMut(&SourceRow),
) {
    let mut index = range.start;
    let mut give = |row: RowSpan| {
        let (text, replaced) = text_of(row.of(bytes));
        each(&SourceRow {
            index,
            json: &text,
            truncated: Vec::new(),
            replaced,
        });
        index = index.saturating_add(1);
    };
    scanner.push(bytes, &mut give);
    if let Some(row) = scanner.finish() {
        give(row);
    }
}

/// The page that rows are being added to.
#[derive(Debug, Clone, Default)]
struct OpenPage {
    first_row: u64,
    rows: u32,
    start: u64,
    end: u64,
}

impl OpenPage {
    /// Adds a row; gives the page before it, where the row does not fit in.
    fn add(&mut self, row: &RowSpan) -> Option<PageRange> {
        let is_full = self.rows >= MAX_PAGE_ROWS;
        let is_too_long = row.end.saturating_sub(self.start) > TARGET_PAGE_BYTES;
        let before = if is_full || is_too_long {
            self.close()
        } else {
            None
        };
        if before.is_some() {
            self.start = row.parted_at;
        }
        self.rows += 1;
        self.end = row.end;
        before
    }

    fn close(&mut self) -> Option<PageRange> {
        let page = PageRange {
            start: self.first_row,
            len: self.rows,
            bytes: Some((self.start, self.end.saturating_sub(self.start))),
        };
        self.first_row = page.end();
        self.rows = 0;
        (page.len > 0).then_some(page)
    }
}
