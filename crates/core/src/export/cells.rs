//! CSV in memory, for the table and for the report. A spreadsheet runs a cell that begins like a formula, and the
//! text of a dataset is a stranger's: such a cell is made harmless, unless the exact text is asked for.

use std::borrow::Cow;

use super::options::CsvTexts;

/// One cell of a record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    /// The value is not known: the cell is empty.
    Unknown,
    /// A number, in digits: it stays a number, whatever its sign.
    Number(String),
    /// A text, which may be a dataset's.
    Text(Cow<'a, str>),
}

/// Records as CSV.
pub(super) struct Records {
    texts: CsvTexts,
    csv: csv::Writer<Vec<u8>>,
}

impl Records {
    /// No record yet.
    pub fn new(texts: CsvTexts) -> Self {
        // Of any number of cells: what is written is never an error.
        let mut builder = csv::WriterBuilder::new();
        Self {
            texts,
            csv: builder.flexible(true).from_writer(Vec::new()),
        }
    }

    /// Adds a record.
    pub fn add<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) {
        let cells = cells.into_iter().map(|cell| match (cell, self.texts) {
            (Cell::Unknown, _) => Cow::Borrowed(""),
            (Cell::Number(digits), _) => Cow::Owned(digits),
            (Cell::Text(text), CsvTexts::Exact) => text,
            (Cell::Text(text), CsvTexts::Safe) => harmless(text),
        });
        let cells: Vec<Cow<str>> = cells.collect();
        // Writing to memory does not fail.
        let _ = self
            .csv
            .write_record(cells.iter().map(|cell| cell.as_bytes()));
    }

    /// All of it.
    pub fn into_bytes(self) -> Vec<u8> {
        self.csv.into_inner().unwrap_or_default()
    }
}

/// A text that no spreadsheet takes for a formula: where it begins like one, a `'` stands before it.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn harmless(text: Cow<str>) -> Cow<str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = || text.parse().is_ok_and(f64::is_finite);
    match is_formula && !is_number() {
        true => Cow::Owned(format!("'{text}")),
        false => text,
    }
}
