//! No file makes the reader panic, run without end, or take much memory: the worst that it gets is an error.

mod bomb; // few bytes that stand for many
mod footer; // what the footer says is a lie
mod page; // what a page says is a lie

use std::time::Instant;

use tracesift_parquet::ParquetError;

use super::drive::Served;
use super::forge::{Forged, PLAIN, REQUIRED, data, page, plain, signed, unsigned};

const MB: u64 = 1024 * 1024;

/// Reads all of a file; what it gave and the most memory that it took, the file itself put aside.
fn read(file: Vec<u8>) -> (Result<Vec<String>, ParquetError>, u64) {
    let mut served = Served::new(file);
    let mut rows = Ok(Vec::new());
    let begun = Instant::now();
    let taken = allocation_counter::measure(|| rows = served.all(3));
    assert!(begun.elapsed().as_secs() < 60, "it took too long");
    (rows, taken.bytes_max)
}

/// The file is refused, at the cost of no more than so much memory.
#[track_caller]
fn refused(file: Vec<u8>, most: u64) -> ParquetError {
    let (rows, taken) = read(file);
    assert!(taken <= most, "{taken} bytes for {rows:?}");
    rows.expect_err("the file is refused")
}

#[track_caller]
fn is_damaged(file: Vec<u8>) {
    let error = refused(file, MB);
    assert!(matches!(error, ParquetError::Corrupt(_)), "{error:?}");
}

/// One page of texts.
fn texts(count: i64, body: &[u8]) -> Vec<u8> {
    page(0, data(count, PLAIN), body.len(), body)
}

fn two_texts() -> Forged {
    let body = [plain(b"a"), plain(b"bc")].concat();
    Forged::texts(REQUIRED, 2, texts(2, &body))
}

#[test]
fn a_forged_file_that_tells_the_truth_is_read() {
    let (rows, taken) = read(two_texts().bytes());
    assert_eq!(rows.unwrap(), [r#"{"t":"a"}"#, r#"{"t":"bc"}"#]);
    assert!(taken < MB / 10, "{taken}");
}

/// The head of differences: numbers of a block, its parts, all, and the first.
fn deltas(block: u64, parts: u64, total: u64, first: i64) -> Vec<u8> {
    [
        unsigned(block),
        unsigned(parts),
        unsigned(total),
        signed(first),
    ]
    .concat()
}
