//! Answers of the Hub, mutated: `cargo run --release -p tracesift-hub --example fuzz_hub -- --seconds 60 --seed 1`.

use std::process::ExitCode;

use tracesift_hub::answer;
use tracesift_testing::fuzz::{self, Reader};

const ANSWERS: [&str; 6] = [
    r#"{"features": [], "rows": [{"row_idx": 0, "row": {"messages": [{"role": "user", "content": "a"}]}, "truncated_cells": []}], "num_rows_total": 9, "num_rows_per_page": 100, "partial": false}"#,
    r#"{"parquet_files": [{"dataset": "a/b", "config": "c", "split": "s", "url": "https://x/0.parquet", "filename": "0.parquet", "size": 123}], "pending": [], "failed": [], "partial": false}"#,
    r#"{"size": {"dataset": {"num_rows": 3}, "splits": [{"dataset": "a/b", "config": "c", "split": "s", "num_rows": 3, "num_bytes_parquet_files": 9}]}, "pending": [], "failed": [], "partial": false}"#,
    r#"{"preview": true, "viewer": true, "search": true, "filter": true, "statistics": false}"#,
    r#"{"cardData": {"license": ["mit"]}, "sha": "0123456789abcdef0123456789abcdef01234567"}"#,
    r#"[{"id": "a/b", "downloads": 3, "likes": 1}]"#,
];

fn main() -> ExitCode {
    fuzz::main(vec![Reader {
        name: "answer",
        seeds: ANSWERS
            .iter()
            .map(|answer| answer.as_bytes().to_vec())
            .collect(),
        pieces: &[
            "null",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\ud800",
            "1e999",
            "-1",
            "18446744073709551616",
            "\"error\": \"x\",",
        ],
        check: read,
    }])
}

fn read(input: &[u8]) -> Result<(), String> {
    let body = String::from_utf8_lossy(input);
    let _ = answer::rows_page(&body);
    let _ = answer::parquet(&body);
    let _ = answer::license(&body);
    let _ = answer::suggestions(&body);
    let _ = answer::validity(&body);
    answer::is_settled(&body);
    Ok(())
}
