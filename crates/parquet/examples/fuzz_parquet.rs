//! Parquet files, mutated: `cargo run --release -p tracesift-parquet --example fuzz_parquet -- --seconds 60 --seed 1`.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the tests' files and their reader"
)]

#[path = "../tests/parquet/drive.rs"]
mod drive;
#[path = "../tests/parquet/forge.rs"]
mod forge;

use std::process::ExitCode;

use forge::{Forged, PLAIN, REQUIRED, data, page, plain};
use tracesift_testing::fuzz::{self, Reader};

fn main() -> ExitCode {
    let file = |texts: &[&[u8]], pages: i64| {
        let body: Vec<u8> = texts.iter().flat_map(|text| plain(text)).collect();
        let count = texts.len() as i64;
        let pages_of = page(0, data(count, PLAIN), body.len(), &body).repeat(pages as usize);
        Forged::texts(REQUIRED, count * pages, pages_of).bytes()
    };
    fuzz::main(vec![Reader {
        name: "parquet",
        seeds: vec![
            file(&[b"a", b"bc"], 1),
            file(&[b"", b"x", b"\xff"], 5),
            file(&[b"abc".as_slice(); 40], 3),
        ],
        pieces: &["PAR1", "\0\0\0\0", "\u{1}", "\u{7f}"],
        check: |input| {
            let _ = drive::Served::new(input.to_vec()).all(3);
            Ok(())
        },
    }])
}
