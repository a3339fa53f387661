//! Texts, with a limit to the size of a row: one hostile value could fill the memory else.
//! A text that is JSON itself is written as the value that it is.

use tracesift_core::packed::Writer;

/// Bytes of one row at most.
const MOST_ROW_BYTES: u64 = 128 * 1024 * 1024;
/// Bytes at most of a text that is not UTF-8.
const MOST_MENDED: usize = 16 * 1024 * 1024;

/// The row is as large as a row may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Whether so many bytes more are too many.
pub fn check_room(out: &Writer, more: usize) -> Result<(), Full> {
    match out.row_bytes().saturating_add(more as u64) > MOST_ROW_BYTES {
        true => Err(Full),
        false => Ok(()),
    }
}

/// Writes a text.
pub fn of(out: &mut Writer, bytes: &[u8]) -> Result<(), Full> {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => out.text(text),
        Err(_) if bytes.len() > MOST_MENDED => return Err(Full),
        Err(_) => out.text(&String::from_utf8_lossy(bytes)),
    }
    check_room(out, 0)
}

/// JSON that a text holds stands in the row as what it is; any other text, as a text.
pub fn embedded(out: &mut Writer, bytes: &[u8]) -> Result<(), Full> {
    match out.json(bytes) {
        true => check_room(out, 0),
        false => of(out, bytes),
    }
}
