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

/// The JavaScript tokenizer, as a page would use it.
const TOKENIZER: &str = "gpt-tokenizer@4.0.0";
const TOKENIZER_MODULE: &str = "node_modules/gpt-tokenizer/esm/encoding/o200k_base.js";
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
    workers: BTreeMap<String, f64>,
    frame: Frame,
}

/// Both sides of one job: best milliseconds and sums, `library` and `plain`.
#[derive(Deserialize)]
struct Sides {
    best: BTreeMap<String, f64>,
    sums: BTreeMap<String, BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
struct Frame {
    filled: f64,
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
    let floors = [
        side_by_side("read and measure", &report, &report.without_tokens, 2.0),
        side_by_side(
            "read, measure and count tokens",
            &report,
            &report.with_tokens,
            3.0,
        ),
        two_workers(&report),
        frame(&report.frame),
    ];
    ExitCode::from(u8::from(floors.contains(&false)))
}

/// Runs the bench's script in the page.
fn measured(browser: &Browser) -> Report {
    browser.open("");
    let start = "window.report = window.failure = null;
        import('./bench.js')
            .then(bench => bench.run(new URL('rows.jsonl', location).href, new URL(arguments[0], location).href, arguments[1]))
            .then(report => window.report = report, error => window.failure = String(error.stack ?? error));";
    browser.script::<Value>(
        start,
        vec![format!("./{TOKENIZER_MODULE}").into(), RULES.into()],
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

fn side_by_side(job: &str, report: &Report, sides: &Sides, floor: f64) -> bool {
    let speed = |side: &str| report.size / 1e3 / sides.best[side];
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
            "    the library counts, plain JavaScript counts: {}",
            differing.join("; ")
        ),
    }
    held
}

fn two_workers(report: &Report) -> bool {
    let (one, two) = (report.workers["1"], report.workers["2"]);
    says(
        &format!("two workers {two:.0} ms, one {one:.0} ms"),
        one / two,
        1.6,
    )
}

fn frame(frame: &Frame) -> bool {
    let Frame {
        filled,
        selection,
        figures,
        left,
    } = frame;
    println!("frame of 100,000 rows: filled in {filled:.0} ms, {left} rows left by six rules");
    let words =
        format!("selection {selection:.1} ms and all figures {figures:.1} ms (medians) of 16 ms");
    says(&words, 16.0 / (selection + figures), 1.0)
}

/// Prints a ratio and whether it holds its floor.
fn says(what: &str, ratio: f64, floor: f64) -> bool {
    let held = ratio >= floor;
    let verdict = if held { "" } else { ", MISSED" };
    println!("{what}: {ratio:.2} times (floor {floor}{verdict})");
    held
}

/// The folder that the browser gets: the scripts, the library's program, the rows, the tokenizer.
fn lay_out() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser-bench");
    folder::begin(
        &folder,
        &["browser/bench.js", "browser/job.js", "browser/plain.js"],
    );
    fs::write(folder.join("rows.jsonl"), rows::jsonl(ROWS)).unwrap();
    folder::install(&folder, &[TOKENIZER]);
    // The worker's part as the worker is compiled, the page's part as the page is.
    for profile in ["release", "page"] {
        folder::write_library("browser_bench", profile, &folder.join(profile));
    }
    folder
}
