//! The frame as CSV: one line per row, the columns in a fixed order, empty where not known.
//! Made to be read back: pandas, R and DuckDB get every value as the frame has it.

use std::borrow::Cow;

use crate::frame::{Column, Frame, Label, Number};
use crate::sign::Sign;

/// Every column, in the order of the table: new numbers and signs are in it by themselves.
fn columns() -> impl Iterator<Item = Column> {
    let numbers = Number::ALL.into_iter();
    let numbers = numbers.filter(|number| number.is_in_table());
    [Column::Row]
        .into_iter()
        .chain(Label::ALL.map(Column::Label))
        .chain([Column::Outcome])
        .chain(numbers.map(Column::Number))
        .chain(Sign::ALL.map(Column::Sign))
}

/// A column's name in the first line.
fn name(column: Column) -> Cow<'static, str> {
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
/// A text that starts with `=`, `+`, `-` or `@` stays as it is: programs that read the table back must find the value
/// that the data set has. Whoever opens the table in a spreadsheet should import these columns as text.
///
/// # Errors
/// None that a table in memory can have; the `csv` crate's are passed on.
pub fn write(frame: &Frame, positions: &[u32]) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::new();
    let mut table = csv::Writer::from_writer(&mut bytes);
    table.write_record(columns().map(|column| name(column).into_owned()))?;
    table.flush()?;
    drop(table);
    bytes.extend(write_more(frame, positions)?);
    Ok(bytes)
}

/// More rows of a table that was begun by [`write`]: no line of column names. A long table is written piece by piece.
///
/// # Errors
/// As [`write`].
pub fn write_more(frame: &Frame, positions: &[u32]) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::new();
    let mut table = csv::Writer::from_writer(&mut bytes);
    for position in positions.iter().filter_map(|&p| usize::try_from(p).ok()) {
        if position < frame.rows().len() {
            table.write_record(columns().map(|column| cell(frame, column, position)))?;
        }
    }
    table.flush()?;
    drop(table);
    Ok(bytes)
}

/// One cell; empty where the value is not known.
fn cell(frame: &Frame, column: Column, position: usize) -> String {
    match column {
        Column::Row => frame.rows().get(position).map(u64::to_string),
        Column::Label(label) => frame.label(label).get(position).map(str::to_owned),
        Column::Outcome => frame
            .outcomes()
            .get(position)
            .map(|outcome| outcome.name().to_owned()),
        Column::Number(number) => frame.number(number).get(position).and_then(|&n| digits(n)),
        // As many digits as its 32 bits have.
        Column::Sign(sign) => frame
            .sign(sign)
            .get(position)
            .filter(|number| !number.is_nan())
            .map(f32::to_string),
    }
    .unwrap_or_default()
}

/// A number with as many digits as it takes to read the same number back: `3`, not `3.0`.
fn digits(number: f64) -> Option<String> {
    (!number.is_nan()).then(|| number.to_string())
}
