//! Parquet files of JSON rows, written by PyArrow in the layouts that the Hub has, and what PyArrow reads in files.
//! The same rows with the same options are written once: their files are kept under the hash of both.

use std::fs;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::python::{self, script};

/// How rows are stored; by default as the Hub's converter does.
#[derive(Debug, Clone, Serialize)]
pub struct Options {
    /// `snappy`, `zstd`, `gzip`, `lz4`, `brotli` or `none`.
    pub codec: &'static str,
    /// The most rows of a row group.
    pub row_group_rows: usize,
    /// `1.0` or `2.0`.
    pub data_page_version: &'static str,
    /// Whether a column and an offset index say where pages begin.
    pub page_index: bool,
    /// Bytes after which a page ends; PyArrow's megabyte if none is given.
    pub data_page_size: Option<usize>,
    /// Whether values that come again are stored once.
    pub dictionary: bool,
    /// Into how many files the rows are split.
    pub files: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            codec: "snappy",
            row_group_rows: 1000,
            data_page_version: "1.0",
            page_index: true,
            data_page_size: None,
            dictionary: true,
            files: 1,
        }
    }
}

/// Writes rows, one JSON object each, as Parquet files; their order is that of the rows.
pub fn write_parquet(rows: &[String], options: &Options) -> Vec<PathBuf> {
    let script = script("write_parquet.py");
    let options = serde_json::to_string(options).expect("options are JSON");
    let lines = rows.join("\n");
    let whole = kept().join(key(&[
        python::version().as_bytes(),
        &fs::read(&script).expect("the script"),
        options.as_bytes(),
        lines.as_bytes(),
    ]));
    if !whole.is_dir() {
        let work = tempfile::tempdir_in(kept()).expect("a folder");
        let (jsonl, files) = (work.path().join("rows.jsonl"), work.path().join("files"));
        fs::write(&jsonl, lines).expect("the rows are written");
        fs::create_dir(&files).expect("a folder");
        python::run(
            &script,
            &[jsonl.as_os_str(), files.as_ref(), options.as_ref()],
        );
        let moved = fs::rename(&files, &whole);
        // Another test may have written the same files meanwhile.
        assert!(moved.is_ok() || whole.is_dir(), "{moved:?}");
    }
    let entries = fs::read_dir(&whole).expect("the files");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths
}

/// What PyArrow sees in Parquet files: `rows` in order, and of each of the `files` how its `groups` are stored.
pub fn read_parquet(files: &[PathBuf]) -> Value {
    python::tell(&script("read_parquet.py"), files)
}

/// The folder of all files that were made.
fn kept() -> PathBuf {
    let folder = python::kept().join("parquet");
    fs::create_dir_all(&folder).expect("a folder for Parquet files");
    folder
}

fn key(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    digest[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
