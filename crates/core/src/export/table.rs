//! The frame as CSV: one line per row, the columns in a fixed order, empty where not known.
//! Made to be read back: pandas, R and DuckDB get every number as the frame has it, and texts as they are asked for.

use std::borrow::Cow;

use super::cells::{Cell, Records};
use super::options::CsvTexts;
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

/// Every column by its name, in the order of the table; the signs' numbers follow.
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
/// A text that a spreadsheet would run as a formula has a `'` before it, unless `texts` asks for exact ones: programs that
/// read the table back find the data set's own values then.
pub fn write(frame: &Frame, positions: &[u32], texts: CsvTexts) -> Vec<u8> {
    let mut records = Records::new(texts);
    let names = COLUMNS.iter().map(|(name, _)| (*name).into());
    let signs = Sign::ALL.into_iter().map(|sign| sign.column().into());
    records.add(names.chain(signs).map(Cell::Text));
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
        let columns = COLUMNS.iter().map(|(_, column)| *column).chain(signs());
        records.add(columns.map(|column| cell(frame, column, position)));
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
