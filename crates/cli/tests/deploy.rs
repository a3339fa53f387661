//! The page as it is deployed: optimized, which takes minutes. `cargo test --test deploy` builds it, or checks the
//! folder that `TRACESIFT_DIST` names; `cargo test` alone checks the folder of a quick build.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod folder; // what every folder that `dist` writes holds

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

#[test]
fn every_file_that_dist_refers_to_exists_and_is_named_without_a_root() {
    folder::check_references(dist());
}

#[test]
fn a_hashed_name_holds_the_hash_of_the_file() {
    folder::check_hashes(dist());
}

#[test]
fn a_visitor_fetches_at_most_350_kb_before_a_worker_starts() {
    // What is split off is fetched while the first rows are read.
    let shell = folder::files(dist()).into_iter().filter(|name| {
        let later = ["worker", "hub", "frame", "split_"]
            .iter()
            .any(|program| name.starts_with(program));
        !later
            && [".html", ".js", ".css", ".wasm"]
                .iter()
                .any(|end| name.ends_with(end))
    });
    let sizes: Vec<(String, usize)> = shell
        .map(|name| {
            (
                name.clone(),
                brotli_size(&fs::read(dist().join(&name)).unwrap()),
            )
        })
        .collect();
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    assert!(total <= 350_000, "{total} bytes: {sizes:?}");
}

/// The folder: the one that is named, or one that is built once for all tests here.
fn dist() -> &'static Path {
    static DIST: OnceLock<PathBuf> = OnceLock::new();
    DIST.get_or_init(|| {
        if let Some(folder) = std::env::var_os("TRACESIFT_DIST") {
            return PathBuf::from(folder);
        }
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deployed");
        let built = Command::new(env!("CARGO_BIN_EXE_tracesift"))
            .arg("dist")
            .arg("--out")
            .arg(&out)
            .status();
        assert!(built.unwrap().success(), "dist fails");
        out
    })
}

fn brotli_size(bytes: &[u8]) -> usize {
    let mut packed = Vec::new();
    let mut input = bytes;
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut input, &mut packed, &params).unwrap();
    packed.len()
}
