//! No file makes the reader panic, run without end, or take much memory: the worst that it gets is an error.

mod bomb; // few bytes that stand for many
mod footer; // what the footer says is a lie
mod page; // what a page says is a lie

use tracesift_parquet::ParquetError;
use tracesift_testing::growth::assert_linear;

use super::drive::Served;
use super::forge::{Forged, PLAIN, REQUIRED, data, page, plain, signed, unsigned};

const MB: u64 = 1024 * 1024;

/// Reads all of a file; what it gave and the most memory that it took, the file itself put aside.
fn read(file: Vec<u8>) -> (Result<Vec<String>, ParquetError>, u64) {
    let mut served = Served::new(file);
    let mut rows = Ok(Vec::new());
    let taken = allocation_counter::measure(|| rows = served.all(3));
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

#[test]
fn work_grows_as_the_file_does() {
    let all = |file: &Vec<u8>| read(file.clone()).0.unwrap().len();
    let values = |count: usize| plain(b"ab").repeat(count);
    let long_pages = |count: usize| {
        let pages = texts(count as i64, &values(count));
        Forged::texts(REQUIRED, count as i64, pages).bytes()
    };
    assert_linear(20_000, long_pages, all);
    let many_pages = |count: usize| {
        let pages = texts(1, &values(1)).repeat(count);
        Forged::texts(REQUIRED, count as i64, pages).bytes()
    };
    assert_linear(5_000, many_pages, all);
    // What is refused at its end was read until there.
    let broken = |count: usize| {
        let mut pages = texts(1, &values(1)).repeat(count);
        pages.extend(texts(1, b"\xff\xff\xff\xff"));
        Forged::texts(REQUIRED, count as i64 + 1, pages).bytes()
    };
    assert_linear(5_000, broken, |file| read(file.clone()).0.unwrap_err());
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
