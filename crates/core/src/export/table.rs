//! The frame as CSV: one line a row, the columns in a fixed order, empty where not known.
//! Made to be read back: pandas, R and DuckDB get every value as the frame has it.

use crate::frame::{Frame, Label, Number};
use crate::sign::Sign;

/// A column of the table.
#[derive(Debug, Clone, Copy)]
enum Column {
    Row,
    Label(Label),
    Outcome,
    Number(Number),
    Sign(Sign),
}

/// Every column by its name, in the order of the table; the numbers of the signs follow.
const COLUMNS: [(&str, Column); 41] = [
    ("row", Column::Row),
    ("trajectory_id", Column::Label(Label::TrajectoryId)),
    ("instance_id", Column::Label(Label::InstanceId)),
    ("repo", Column::Label(Label::Repo)),
    ("license", Column::Label(Label::License)),
    ("language", Column::Label(Label::Language)),
    ("harness", Column::Label(Label::Harness)),
    ("teacher", Column::Label(Label::Teacher)),
    ("category", Column::Label(Label::Category)),
    ("outcome", Column::Outcome),
    ("messages", Column::Number(Number::Messages)),
    ("turns", Column::Number(Number::Turns)),
    ("calls", Column::Number(Number::Calls)),
    ("errors", Column::Number(Number::Errors)),
    ("nonzero_exits", Column::Number(Number::NonzeroExits)),
    ("unanswered", Column::Number(Number::Unanswered)),
    ("orphans", Column::Number(Number::Orphans)),
    ("bad_arguments", Column::Number(Number::BadArguments)),
    ("distinct_tools", Column::Number(Number::DistinctTools)),
    ("patch_files", Column::Number(Number::PatchFiles)),
    ("patch_added", Column::Number(Number::PatchAdded)),
    ("patch_deleted", Column::Number(Number::PatchDeleted)),
    ("patch_modified", Column::Number(Number::PatchModified)),
    ("patch_hunks", Column::Number(Number::PatchHunks)),
    ("patch_test_files", Column::Number(Number::PatchTestFiles)),
    ("reference_files", Column::Number(Number::ReferenceFiles)),
    ("reference_added", Column::Number(Number::ReferenceAdded)),
    (
        "reference_deleted",
        Column::Number(Number::ReferenceDeleted),
    ),
    ("overlap_files", Column::Number(Number::OverlapFiles)),
    ("overlap_lines", Column::Number(Number::OverlapLines)),
    ("tokens", Column::Number(Number::Tokens)),
    ("tokens_system", Column::Number(Number::TokensSystem)),
    ("tokens_user", Column::Number(Number::TokensUser)),
    ("tokens_assistant", Column::Number(Number::TokensAssistant)),
    ("tokens_reasoning", Column::Number(Number::TokensReasoning)),
    ("tokens_calls", Column::Number(Number::TokensCalls)),
    (
        "tokens_observations",
        Column::Number(Number::TokensObservations),
    ),
    ("tokens_tools", Column::Number(Number::TokensTools)),
    ("tokens_template", Column::Number(Number::TokensTemplate)),
    ("bytes", Column::Number(Number::Bytes)),
    ("repairs", Column::Number(Number::Repairs)),
];

/// The columns of the signs' numbers.
fn signs() -> impl Iterator<Item = Column> {
    Sign::ALL.into_iter().map(Column::Sign)
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
    let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned());
    table.write_record(names.chain(Sign::ALL.map(Sign::column)))?;
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
            let columns = COLUMNS.iter().map(|(_, column)| *column).chain(signs());
            table.write_record(columns.map(|column| cell(frame, column, position)))?;
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
