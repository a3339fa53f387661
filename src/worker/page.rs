//! A page's text → what was asked of its rows: measurements, a view, export lines.
//! Pure, so that it is tested natively and measured by the benches; workers only fetch the text.

use tracesift_core::trace::BadRow;

use super::{Measured, PageAt, Preview, WorkerError};
use tracesift_core::export::Origin;
use tracesift_core::export::check::Rejected;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::writer::{Line, Writer};
use tracesift_core::ground::SourceRow;
use tracesift_core::ground::words::thousands;
use tracesift_core::measure::measure;
use tracesift_core::source::{demo, file};
use tracesift_core::tokens::Counter;
use tracesift_core::trace::{self, RowError, Trajectory};
use tracesift_hub::answer::rows_page;

/// The text of a page and how its rows are cut out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageText {
    /// An answer of `/rows`.
    Answer(String),
    /// A piece of a local file.
    Piece(Vec<u8>),
    /// Rows that were made: one JSON text each.
    Made(Vec<String>),
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

    /// Bytes of the text.
    pub fn bytes(&self) -> u64 {
        let bytes = match self {
            Self::Answer(text) => text.len(),
            Self::Piece(bytes) => bytes.len(),
            Self::Made(rows) => rows.iter().map(String::len).sum(),
        };
        bytes as u64
    }
}

/// What a page holds besides its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// Rows of the whole split.
    pub total: Option<u64>,
    /// Whether the server holds only a part of it.
    pub partial: bool,
}

/// Calls `each` with every row of the page, in order.
///
/// # Errors
/// [`WorkerError::Hub`] where the text is not an answer of `/rows`, or is cut short.
pub fn each_row(
    text: &PageText,
    at: &PageAt,
    mut each: impl FnMut(&SourceRow),
) -> Result<PageFacts, WorkerError> {
    match text {
        PageText::Answer(body) => {
            let page = rows_page(body)
                .map_err(WorkerError::Hub)?
                .placed_in(&at.range);
            page.rows.iter().for_each(&mut each);
            Ok(PageFacts {
                total: page.total,
                partial: page.partial,
            })
        }
        PageText::Piece(bytes) => {
            file::each_row(bytes, &at.range, each);
            Ok(PageFacts::default())
        }
        PageText::Made(rows) => {
            for (index, json) in (at.range.start..).zip(rows) {
                each(&SourceRow {
                    index,
                    json,
                    truncated: Vec::new(),
                });
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
    let mut measured = Measured {
        bytes: text.bytes(),
        ..Measured::default()
    };
    let facts = each_row(text, at, |row| {
        measured.received = measured.received.saturating_add(1);
        if only.is_some_and(|only| only.binary_search(&row.index).is_err()) {
            return;
        }
        match read_row(row, at) {
            Ok(trajectory) => {
                let bytes = row.json.len() as u64;
                measured
                    .rows
                    .push(measure(row.index, bytes, &trajectory, counter));
            }
            Err(error) => measured.bad.push(BadRow {
                row: row.index,
                error,
            }),
        }
    })?;
    measured.total = facts.total;
    measured.partial = facts.partial;
    Ok(measured)
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
    each_row(text, at, |source_row| {
        if source_row.index != row {
            return;
        }
        let Some(with) = with.take() else { return };
        result = read_row(source_row, at)
            .map(|trajectory| with(&trajectory))
            .map_err(|error| WorkerError::BadRow { row, error });
    })?;
    result
}

/// Export lines of a page's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
        let Some(origin) = wanted.iter().find(|origin| origin.row == row.index) else {
            return;
        };
        match read_row(row, at) {
            Ok(trajectory) => {
                let in_split = Origin {
                    row: origin.row.saturating_sub(at.first),
                    ..origin.clone()
                };
                for line in writer.write(&trajectory, &in_split) {
                    match line {
                        Ok(line) => lines.lines.push(line),
                        Err(rejected) => lines.rejected.push(Rejected {
                            row: row.index,
                            ..rejected
                        }),
                    }
                }
            }
            Err(error) => lines.bad.push(BadRow {
                row: row.index,
                error,
            }),
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
    let in_split = Origin {
        row: origin.row.saturating_sub(at.first),
        ..origin.clone()
    };
    with_row(text, at, origin.row, |trajectory| {
        let lines = writer.write(trajectory, &in_split).into_iter();
        lines.map(preview_line).collect()
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

fn read_row<'a>(row: &SourceRow<'a>, at: &PageAt) -> Result<Trajectory<'a>, RowError> {
    if !row.truncated.is_empty() {
        return Err(RowError::Truncated(row.truncated.join(", ")));
    }
    trace::read(row.json, &at.place)
}
