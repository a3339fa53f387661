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
#[path = "../tests/parquet/written.rs"]
mod written;

use std::io::Write;
use std::process::ExitCode;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use forge::{Forged, PLAIN, REQUIRED, data, page, plain};
use parquet::basic::Compression;
use parquet::file::properties::WriterVersion;
use tracesift_testing::fuzz::{self, Reader};

fn main() -> ExitCode {
    let encoded = |version| written::encoded(version, Compression::UNCOMPRESSED).file;
    let mut seeds = vec![
        file(PACKED[0], &[b"a", b"bc"], 1),
        file(PACKED[0], &[b"", b"x", b"\xff"], 5),
        encoded(WriterVersion::PARQUET_1_0),
        encoded(WriterVersion::PARQUET_2_0),
    ];
    seeds.extend(PACKED.map(|packed| file(packed, &[b"abc".as_slice(); 40], 3)));
    seeds.extend(written::nested());
    for seed in &seeds {
        let read = drive::Served::new(seed.clone()).all(3);
        assert!(read.is_ok(), "a seed is not read: {read:?}");
    }
    fuzz::main(vec![Reader {
        name: "parquet",
        seeds,
        pieces: &["PAR1", "\0\0\0\0", "\u{1}", "\u{7f}"],
        check: |input| {
            let _ = drive::Served::new(input.to_vec()).all(3);
            Ok(())
        },
    }])
}

/// A codec by its number in the format, and how it packs.
type Packed = (i64, fn(&[u8]) -> Vec<u8>);

const PACKED: [Packed; 6] = [
    (0, <[u8]>::to_vec),
    (1, |page| {
        snap::raw::Encoder::new().compress_vec(page).unwrap()
    }),
    (2, gzip),
    (4, brotli),
    (6, zstd),
    (7, lz4_flex::block::compress),
];

fn gzip(page: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Level::fast());
    out.write_all(page).unwrap();
    out.finish().unwrap()
}

fn brotli(page: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*page, &mut out, &Default::default()).unwrap();
    out
}

fn zstd(page: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(page, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A file of one leaf: the texts, in so many pages that are packed.
fn file((codec, pack): Packed, texts: &[&[u8]], pages: i64) -> Vec<u8> {
    let body: Vec<u8> = texts.iter().flat_map(|text| plain(text)).collect();
    let count = texts.len() as i64;
    let one = page(0, data(count, PLAIN), body.len(), &pack(&body));
    let mut forged = Forged::texts(REQUIRED, count * pages, one.repeat(pages as usize));
    forged.codec = codec;
    forged.bytes()
}
