//! What was not written, as CSV: one line per row and reason. Nothing is skipped in silence.

use super::cells::{Cell, Records};
use super::check::Rejected;
use super::options::CsvTexts;
use crate::trace::BadRow;

/// The names of the columns.
pub const HEAD: &str = "row,part,reason\n";

/// Lines of the report: rows, or parts of rows, that the format refuses, and rows that could not be read again. Reasons
/// quote the dataset.
pub fn lines(rejected: &[Rejected], bad: &[BadRow], texts: CsvTexts) -> String {
    let mut records = Records::new(texts);
    let mut add = |row: u64, part: Option<u32>, reason: String| {
        let part = part.map_or(Cell::Unknown, |part| Cell::Number(part.to_string()));
        records.add([
            Cell::Number(row.to_string()),
            part,
            Cell::Text(reason.into()),
        ]);
    };
    for rejected in rejected {
        for reason in &rejected.reasons {
            add(rejected.row, Some(rejected.part), reason.to_string());
        }
    }
    for bad in bad {
        add(bad.row, None, bad.error.to_string());
    }
    String::from_utf8(records.into_bytes()).unwrap_or_default()
}
