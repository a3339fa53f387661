//! A page's text → what was asked of its rows: measurements, a view, export lines.
//! Pure, so that it is tested natively and measured by the benches; workers only fetch the text.

use serde::{Deserialize, Serialize};

use tracesift_core::trace::BadRow;

use super::{Measured, PageAt, Preview, WorkerError};
use tracesift_core::export::Origin;
use tracesift_core::export::check::Rejected;
use tracesift_core::export::preference::{PairFault, PairSide, PairWriter};
use tracesift_core::export::tally::Tally;
use tracesift_core::export::writer::{Line, Writer};
use tracesift_core::ground::SourceRow;
use tracesift_core::ground::words::thousands;
use tracesift_core::measure::measure;
use tracesift_core::packed::Rows;
use tracesift_core::search::Search;
use tracesift_core::source::{demo, item};
use tracesift_core::tokens::Counter;
use tracesift_core::trace::{self, Repairs, RowError, RowText, Thread, Trajectory};
use tracesift_hub::answer::rows_page;

/// The text of a page and how its rows are cut out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageText {
    /// An answer of `/rows`.
    Answer(String),
    /// Rows of Parquet files.
    Packed(Rows),
    /// A piece of the opened files.
    Piece(Vec<u8>),
    /// Rows that were made: one JSON text each.
    Made(Vec<String>),
}

impl Default for PageText {
    fn default() -> Self {
        Self::Made(Vec::new())
    }
}

impl PageText {
    /// The demo's rows of a page.
    pub fn demo(seed: u64, at: &PageAt) -> Self {
        let end = at.range.end().min(demo::ROWS);
        Self::Made(
            (at.range.start..end)
                .map(|row| demo::row(seed, row))
                .collect(),
        )
    }

    /// A page that was kept, as [`to_keep`](Self::to_keep) gave it; `None` where the bytes are no page.
    pub fn kept(bytes: Vec<u8>) -> Option<Self> {
        match bytes.split_first() {
            Some((&PACKED, rows)) => postcard::from_bytes(rows).ok().map(Self::Packed),
            _ => String::from_utf8(bytes).ok().map(Self::Answer),
        }
    }

    /// The bytes by which a page that came over the network is kept; `None` for one that did not.
    pub fn to_keep(&self) -> Option<Vec<u8>> {
        match self {
            Self::Answer(text) => Some(text.clone().into_bytes()),
            Self::Packed(rows) => postcard::to_extend(rows, vec![PACKED]).ok(),
            Self::Piece(_) | Self::Made(_) => None,
        }
    }

    /// Bytes of the text.
    pub fn bytes(&self) -> u64 {
        let bytes = match self {
            Self::Answer(text) => text.len(),
            Self::Packed(rows) => rows.bytes(),
            Self::Piece(bytes) => bytes.len(),
            Self::Made(rows) => rows.iter().map(String::len).sum(),
        };
        bytes as u64
    }
}

/// The byte before packed rows that are kept; an answer of `/rows` begins with a brace.
const PACKED: u8 = 1;

/// What a page holds besides its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// Rows of the whole split.
    pub total: Option<u64>,
    /// Whether the server holds only a part of it.
    pub partial: bool,
}

/// A row of a page, and what is known of it beside its text.
#[derive(Debug)]
pub struct PageRow<'a> {
    /// Its number in the run.
    pub index: u64,
    /// Its text.
    pub text: RowText<'a>,
    /// Columns that the server shortened; such a row can't be read.
    truncated: &'a [String],
    /// The name of its file, where several were opened.
    name: &'a str,
    thread: Thread,
    /// What was mended in its text already.
    repairs: Repairs,
}

impl<'a> PageRow<'a> {
    fn of(source: &'a SourceRow<'a>, at: &PageAt) -> Self {
        Self {
            truncated: &source.truncated,
            ..Self::with_text(source.index, source.json, at)
        }
    }

    fn with_text(index: u64, text: impl Into<RowText<'a>>, at: &PageAt) -> Self {
        Self {
            index: index.saturating_add(at.offset),
            text: text.into(),
            truncated: &[],
            name: "",
            thread: Thread::default(),
            repairs: Repairs::default(),
        }
    }
}

/// Calls `each` with every row of the page, in order, by its number in the run.
///
/// # Errors
/// [`WorkerError::Hub`] where the text is not an answer of `/rows`, or is cut short.
pub fn each_row(
    text: &PageText,
    at: &PageAt,
    mut each: impl FnMut(&PageRow),
) -> Result<PageFacts, WorkerError> {
    match text {
        PageText::Answer(body) => {
            let page = rows_page(body)
                .map_err(WorkerError::Hub)?
                .placed_in(&at.range);
            page.rows.iter().for_each(|row| each(&PageRow::of(row, at)));
            Ok(PageFacts {
                total: page.total,
                partial: page.partial,
            })
        }
        PageText::Packed(rows) => {
            rows.iter()
                .for_each(|row| each(&PageRow::with_text(row.index, row, at)));
            Ok(PageFacts::default())
        }
        PageText::Piece(bytes) => {
            item::each_row(bytes, &at.range, &at.items, |row| {
                each(&PageRow {
                    name: row.name,
                    thread: row.thread,
                    repairs: row.repairs.clone(),
                    ..PageRow::of(&row.row, at)
                });
            });
            Ok(PageFacts::default())
        }
        PageText::Made(rows) => {
            for (index, json) in (at.range.start..).zip(rows) {
                each(&PageRow::with_text(index, json.as_str(), at));
            }
            Ok(PageFacts {
                total: Some(demo::ROWS),
                partial: false,
            })
        }
    }
}

/// Measures the rows of a page, or only those of `only`, which rise; tokens are counted where a `counter` is given.
///
/// # Errors
/// As [`each_row`]; a bad row is not an error but one of [`Measured::bad`].
pub fn measure_page(
    text: &PageText,
    at: &PageAt,
    only: Option<&[u64]>,
    counter: Option<&Counter>,
) -> Result<Measured, WorkerError> {
    let mut measured = Measured::default();
    let facts = each_row(text, at, |row| {
        measured.received = measured.received.saturating_add(1);
        let index = row.index;
        if only.is_some_and(|only| only.binary_search(&index).is_err()) {
            return;
        }
        let bytes = row.text.json_bytes();
        match read_row(row, at, |t| measure(index, bytes, t, counter)) {
            Ok(row) => measured.rows.push(row),
            Err(error) => measured.bad.push(BadRow { row: index, error }),
        }
    })?;
    measured.total = facts.total;
    measured.partial = facts.partial;
    Ok(measured)
}

/// Rows in whose texts something was looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// Rows that were looked at.
    pub rows: Vec<u64>,
    /// Those among them that hold it.
    pub found: Vec<u64>,
}

/// Looks through the texts of a page's rows. A row that can't be read was no row of the run.
///
/// # Errors
/// As [`each_row`].
pub fn search_page(text: &PageText, at: &PageAt, search: &Search) -> Result<Searched, WorkerError> {
    let mut searched = Searched::default();
    each_row(text, at, |row| {
        if let Ok(is_found) = read_row(row, at, |run| search.is_in(run)) {
            searched.rows.push(row.index);
            if is_found {
                searched.found.push(row.index);
            }
        }
    })?;
    Ok(searched)
}

/// Gives one row of a page to `with`.
///
/// # Errors
/// As [`each_row`]; [`WorkerError::NoRow`] and [`WorkerError::BadRow`] for the row itself.
pub fn with_row<T>(
    text: &PageText,
    at: &PageAt,
    row: u64,
    with: impl FnOnce(&Trajectory) -> T,
) -> Result<T, WorkerError> {
    let mut with = Some(with);
    let mut result = Err(WorkerError::NoRow(row));
    each_row(text, at, |page_row| {
        if page_row.index != row {
            return;
        }
        let Some(with) = with.take() else { return };
        let read = read_row(page_row, at, with);
        result = read.map_err(|error| WorkerError::BadRow { row, error });
    })?;
    result
}

/// Export lines of a page's rows. They travel from the worker that encoded them to the one that keeps the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// The lines, in the order of the rows.
    pub lines: Vec<Line>,
    /// Rows, or parts of rows, that the format refuses.
    pub rejected: Vec<Rejected>,
    /// Rows that were wanted and could not be read again.
    pub bad: Vec<BadRow>,
}

impl Lines {
    /// Counts of the lines and of what was rejected.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.lines.iter().for_each(|line| tally.add_line(line));
        let rejected = self.rejected.iter();
        rejected.for_each(|rejected| tally.add_rejected(rejected));
        tally
    }
}

/// Encodes the wanted rows of a page, in the page's order.
///
/// # Errors
/// As [`each_row`].
pub fn encode_page(
    text: &PageText,
    at: &PageAt,
    wanted: &[Origin],
    writer: Writer,
) -> Result<Lines, WorkerError> {
    let mut lines = Lines::default();
    each_row(text, at, |row| {
        let index = row.index;
        let Some(origin) = wanted.iter().find(|origin| origin.row == index) else {
            return;
        };
        let in_place = in_place(origin, at);
        match read_row(row, at, |trajectory| writer.write(trajectory, &in_place)) {
            Ok(written) => {
                for line in written {
                    match line {
                        Ok(line) => lines.lines.push(line),
                        Err(rejected) => lines.rejected.push(Rejected {
                            row: index,
                            ..rejected
                        }),
                    }
                }
            }
            Err(error) => lines.bad.push(BadRow { row: index, error }),
        }
    })?;
    Ok(lines)
}

/// One row as it is written, a line or several.
///
/// # Errors
/// As [`with_row`].
pub fn preview_row(
    text: &PageText,
    at: &PageAt,
    origin: &Origin,
    writer: Writer,
) -> Result<Vec<Preview>, WorkerError> {
    let in_place = in_place(origin, at);
    with_row(text, at, origin.row, |trajectory| {
        let lines = writer.write(trajectory, &in_place).into_iter();
        lines.map(preview_line).collect()
    })
}

/// One row of a pair, or why it can be in none.
///
/// # Errors
/// As [`with_row`].
pub fn pair_side(
    text: &PageText,
    at: &PageAt,
    origin: &Origin,
    writer: PairWriter,
) -> Result<Result<PairSide, PairFault>, WorkerError> {
    let in_place = in_place(origin, at);
    with_row(text, at, origin.row, |trajectory| {
        match writer.side(trajectory, &in_place) {
            Ok(side) => Ok(side.numbered(origin.row)),
            Err(PairFault::Row { reason, .. }) => Err(PairFault::Row {
                row: origin.row,
                reason,
            }),
            Err(fault) => Err(fault),
        }
    })
}

fn preview_line(line: Result<Line, Rejected>) -> Preview {
    /// A longer line is cut: a page of text has some three thousand characters.
    const MOST: usize = 300_000;
    match line {
        Ok(line) => {
            let value = serde_json::from_str::<serde_json::Value>(&line.text);
            let pretty = value.and_then(|value| serde_json::to_string_pretty(&value));
            let pretty = pretty.unwrap_or_else(|_| line.text.clone());
            let mut json: String = pretty.chars().take(MOST).collect();
            if json.len() < pretty.len() {
                json.push_str("\n… cut here; the file has all of it");
            }
            let tokens = |tokens: Option<u64>| thousands(tokens.unwrap_or_default() as f64);
            let words = format!(
                "Written for {}: {} tokens, of which a model learns from {}.",
                line.split.name(),
                tokens(line.tokens),
                tokens(line.trainable)
            );
            Preview { words, json }
        }
        Err(rejected) => {
            let reasons: Vec<String> = rejected.reasons.iter().map(ToString::to_string).collect();
            Preview {
                words: format!("Not written: {}.", reasons.join("; ")),
                json: String::new(),
            }
        }
    }
}

/// The origin with the row's number in its own split or file.
fn in_place(origin: &Origin, at: &PageAt) -> Origin {
    let of_source = origin.row.saturating_sub(at.offset);
    let is_of = |item: &&item::Item| (item.first..item.end()).contains(&of_source);
    let item = at.items.iter().find(is_of);
    let first = item.map_or(at.first, |item| at.offset.saturating_add(item.first));
    Origin {
        row: origin.row.saturating_sub(first),
        ..origin.clone()
    }
}

fn read_row<T>(
    row: &PageRow,
    at: &PageAt,
    with: impl FnOnce(&Trajectory) -> T,
) -> Result<T, RowError> {
    if !row.truncated.is_empty() {
        return Err(RowError::Truncated(row.truncated.join(", ")));
    }
    if row.name.is_empty() && row.thread == at.place.thread {
        return trace::with(row.text, &at.place, &row.repairs, with);
    }
    let mut place = at.place.clone();
    place.thread = row.thread;
    if !row.name.is_empty() {
        row.name.clone_into(&mut place.source);
    }
    trace::with(row.text, &place, &row.repairs, with)
}
