//! The table that is downloaded: its columns in a fixed order, its forms, and the frame as CSV, empty where not known.
//! Made to be read back: pandas, R and DuckDB get every number as the frame has it, and texts as they are asked for.

use std::borrow::Cow;

use super::cells::{Cell, Records};
use super::options::CsvTexts;
use crate::frame::{Column, Frame, Label, Number};
use crate::sign::Sign;

/// The form of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TableForm {
    /// Lines of text, which every program reads and each guesses the types of.
    #[default]
    Csv,
    /// Columns with their types, texts as they are.
    Parquet,
}

impl TableForm {
    /// Every form with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("csv", Self::Csv), ("parquet", Self::Parquet)];

    /// The ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Every column, in the order of the table: new numbers and signs are in it by themselves.
pub fn columns() -> impl Iterator<Item = Column> {
    let numbers = Number::ALL.into_iter();
    let numbers = numbers.filter(|number| number.is_in_table());
    [Column::Row]
        .into_iter()
        .chain(Label::ALL.map(Column::Label))
        .chain([Column::Outcome])
        .chain(numbers.map(Column::Number))
        .chain(Sign::ALL.map(Column::Sign))
}

/// A column's name.
pub fn name(column: Column) -> Cow<'static, str> {
    match column {
        Column::Row => "row".into(),
        Column::Label(label) => label.name().into(),
        Column::Outcome => "outcome".into(),
        Column::Number(number) => number.name().into(),
        Column::Sign(sign) => sign.column().into(),
    }
}

/// The rows at these positions of the frame, in this order, below a line of column names. A position without a row
/// is passed over.
///
/// A text that a spreadsheet would run as a formula has a `'` before it, unless `texts` asks for exact ones: programs that
/// read the table back find the dataset's own values then.
pub fn write(frame: &Frame, positions: &[u32], texts: CsvTexts) -> Vec<u8> {
    let mut records = Records::new(texts);
    records.add(columns().map(|column| Cell::Text(name(column))));
    add(&mut records, frame, positions);
    records.into_bytes()
}

/// More rows of a table that was begun by [`write`]: no line of column names. A long table is written piece by piece.
pub fn write_more(frame: &Frame, positions: &[u32], texts: CsvTexts) -> Vec<u8> {
    let mut records = Records::new(texts);
    add(&mut records, frame, positions);
    records.into_bytes()
}

fn add(records: &mut Records, frame: &Frame, positions: &[u32]) {
    let positions = positions.iter().filter_map(|&p| usize::try_from(p).ok());
    for position in positions.filter(|&position| position < frame.rows().len()) {
        records.add(columns().map(|column| cell(frame, column, position)));
    }
}

/// One cell; empty where the value is not known.
fn cell(frame: &Frame, column: Column, position: usize) -> Cell<'_> {
    let text = |text| Cell::Text(Cow::Borrowed(text));
    let cell = match column {
        Column::Row => frame
            .rows()
            .get(position)
            .map(|row| Cell::Number(row.to_string())),
        Column::Label(label) => frame.label(label).get(position).map(text),
        Column::Outcome => frame
            .outcomes()
            .get(position)
            .map(|outcome| text(outcome.name())),
        Column::Number(number) => {
            let number = frame.number(number).get(position);
            number.and_then(|&number| digits(number)).map(Cell::Number)
        }
        // As many digits as its 32 bits have.
        Column::Sign(sign) => {
            let number = frame.sign(sign).get(position);
            let number = number.filter(|number| !number.is_nan());
            number.map(|number| Cell::Number(number.to_string()))
        }
    };
    cell.unwrap_or(Cell::Unknown)
}

/// A number with as many digits as it takes to read the same number back: `3`, not `3.0`.
fn digits(number: f64) -> Option<String> {
    (!number.is_nan()).then(|| number.to_string())
}
