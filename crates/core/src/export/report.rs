//! What was not written, as CSV: one line a row and reason. Nothing is skipped in silence.

use super::check::Rejected;
use crate::trace::BadRow;

/// The names of the columns.
pub const HEAD: &str = "row,part,reason\n";

/// Lines of the report: rows, or parts of rows, that the format refuses, and rows that could not be read again.
pub fn lines(rejected: &[Rejected], bad: &[BadRow]) -> String {
    let refused = rejected.iter().flat_map(|rejected| {
        let reasons = rejected.reasons.iter();
        reasons.map(|reason| (rejected.row, rejected.part.to_string(), reason.to_string()))
    });
    let unread = bad
        .iter()
        .map(|bad| (bad.row, String::new(), bad.error.to_string()));
    let mut table = csv::Writer::from_writer(Vec::new());
    for (row, part, reason) in refused.chain(unread) {
        // Writing to memory does not fail.
        let _ = table.write_record([row.to_string(), part, reason]);
    }
    String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default()
}
