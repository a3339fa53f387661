//! Rows out of a Parquet file in Chromium, beside hyparquet, both until every row is measured: ratios from one run.
//! `cargo bench --bench parquet` fails where a floor is missed; it needs Chromium, chromedriver, npm and Python.
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
#[path = "../browser/folder.rs"]
mod folder; // what the browser gets: the compiled program, packages of npm
#[path = "../rows/mod.rs"]
mod rows; // what is measured
use tracesift_testing as support; // makes Parquet files with PyArrow

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use tracesift_cli::build;

use browser::{Browser, Site};
use support::parquet::{Options, write_parquet};

/// What is compared with, as a page would use it.
const PACKAGES: [&str; 2] = ["hyparquet@1.33.0", "hyparquet-compressors@1.1.2"];
const ROWS: u64 = 400;
const ROWS_OF_A_GROUP: usize = 100;

/// Surveys: rows, workers that share them, seconds and bytes that they may take.
const SURVEYS: [(u64, u64, f64, f64); 2] = [(200_000, 1, 8.0, 300e6), (500_000, 2, 12.0, 600e6)];

/// What one worker has to be faster than hyparquet with whole rows, and what two have to be.
const FLOORS: [f64; 2] = [2.2, 4.0];

/// Both sides of one job: best milliseconds and sums, `library` and `hyparquet`.
#[derive(Deserialize)]
struct Sides {
    best: BTreeMap<String, f64>,
    results: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Surveyed {
    milliseconds: f64,
    frame: f64,
    memory: f64,
}

fn main() -> ExitCode {
    let rows = rows::jsonl(ROWS);
    let size = rows.len() as f64;
    let rows: Vec<String> = rows.lines().map(str::to_owned).collect();
    let site: &Site = Box::leak(Box::new(Site::serve(lay_out(&rows))));
    let browser = Browser::at(site);
    browser.open("");
    println!(
        "{} rows, {:.1} MB as JSON, {}, Chromium, best of several rounds",
        rows.len(),
        size / 1e6,
        rows::origin()
    );
    let mut held = true;
    for codec in ["snappy", "zstd"] {
        let names = ["wholeRows", "wholeRowsDecoded", "metadataColumns"];
        let jobs: BTreeMap<String, Sides> = ask(
            &browser,
            "bench.run(...args)",
            vec![
                format!("{codec}.parquet").into(),
                size.into(),
                names.as_slice().into(),
            ],
        );
        let [whole, decoded, light] = names.map(|name| &jobs[name]);
        held &= side_by_side(
            &format!("{codec}, whole rows, measured"),
            size,
            whole,
            Some(FLOORS[0]),
        );
        held &= two_workers(&browser, codec, size, whole.best["hyparquet"]);
        side_by_side(
            &format!("{codec}, whole rows, only decoded"),
            size,
            decoded,
            None,
        );
        side_by_side(
            &format!("{codec}, metadata columns, measured"),
            size,
            light,
            None,
        );
        steps(&browser, codec, size);
    }
    for survey in SURVEYS {
        held &= self::survey(&browser, size, survey);
    }
    ExitCode::from(u8::from(!held))
}

/// Runs an expression of the bench's script, with `args`, in the page.
fn ask<T: DeserializeOwned>(browser: &Browser, what: &str, args: Vec<Value>) -> T {
    let start = format!(
        "window.report = window.failure = null;
        const args = [...arguments];
        args[0] = new URL(args[0], location).href;
        import('./bench.js')
            .then(bench => {what})
            .then(report => window.report = report, error => window.failure = String(error.stack ?? error));"
    );
    browser.script::<Value>(&start, args);
    browser.wait_for("the bench ends", Duration::from_secs(900), |browser| {
        let failure: Option<String> = browser.script("return window.failure", vec![]);
        assert!(
            failure.is_none(),
            "the bench fails in the browser: {failure:?}"
        );
        browser.script("return window.report", vec![])
    })
}

fn side_by_side(job: &str, size: f64, sides: &Sides, floor: Option<f64>) -> bool {
    assert_same(job, &sides.results);
    let speed = |side: &str| size / 1e3 / sides.best[side];
    let (library, hyparquet) = (speed("library"), speed("hyparquet"));
    says(
        &format!("{job}: {library:.1} MB/s, hyparquet {hyparquet:.1} MB/s"),
        library / hyparquet,
        floor,
    )
}

/// Both sides must come to the same sums, or to none.
fn assert_same(job: &str, results: &BTreeMap<String, Value>) {
    let sums = |side: &str| results.get(side).cloned().unwrap_or_default();
    assert_eq!(sums("library"), sums("hyparquet"), "{job}");
}

/// Whole rows in two workers, a half each, beside hyparquet in its one.
fn two_workers(browser: &Browser, codec: &str, size: f64, hyparquet: f64) -> bool {
    let [first, second] = [0, 1].map(|half| format!("{codec}-{half}.parquet"));
    let args = vec![first.into(), vec![second].into(), (size / 2.0).into()];
    let two: f64 = ask(browser, "bench.together(...args)", args);
    says(
        &format!(
            "{codec}, whole rows, measured by two workers: {:.1} MB/s",
            size / 1e3 / two
        ),
        hyparquet / two,
        Some(FLOORS[1]),
    )
}

/// Where the time of whole rows goes.
fn steps(browser: &Browser, codec: &str, size: f64) {
    let args = vec![format!("{codec}.parquet").into(), size.into()];
    let steps: Vec<f64> = ask(browser, "bench.steps(...args)", args);
    let all: f64 = steps.iter().sum();
    println!("{codec}, whole rows, step by step:");
    for (name, step) in ["bytes brought", "decoded", "read", "measured"]
        .iter()
        .zip(&steps)
    {
        println!(
            "    {name:<14} {step:>7.0} ms {:>4.0} %",
            step / all * 100.0
        );
    }
}

/// Prints a ratio and whether it holds its floor, if it has one.
fn says(what: &str, ratio: f64, floor: Option<f64>) -> bool {
    let held = floor.is_none_or(|floor| ratio >= floor);
    let verdict = match floor {
        None => String::new(),
        Some(floor) if held => format!(" (floor {floor})"),
        Some(floor) => format!(" (floor {floor}, MISSED)"),
    };
    println!("{what}: {ratio:.2} times{verdict}");
    held
}

/// A survey's time and memory: that of the programs that read and of the frames that are filled, in the same workers here.
fn survey(
    browser: &Browser,
    size: f64,
    (rows, workers, most, most_bytes): (u64, u64, f64, f64),
) -> bool {
    let Surveyed {
        milliseconds,
        frame,
        memory,
    } = ask(
        browser,
        "bench.survey(...args)",
        vec![
            "snappy.parquet".into(),
            size.into(),
            rows.into(),
            workers.into(),
        ],
    );
    let seconds = milliseconds / 1e3;
    println!(
        "survey of {rows} rows by {workers} worker(s): {seconds:.1} s, {:.0} bytes per row in the frame, {:.0} MB of memory",
        frame / rows as f64,
        memory / 1e6
    );
    let is_quick = says(&format!("    of {most} s"), most / seconds, Some(1.0));
    let is_small = says(
        &format!("    of {:.0} MB", most_bytes / 1e6),
        most_bytes / memory,
        Some(1.0),
    );
    is_quick && is_small
}

/// The folder that the browser gets: the scripts, the library's program, hyparquet, the files.
fn lay_out(rows: &[String]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parquet-bench");
    folder::begin(
        &folder,
        &[
            "parquet/bench.js",
            "parquet/job.js",
            "browser/plain.js",
            "browser/results.js",
        ],
    );
    for codec in ["snappy", "zstd"] {
        let written = |files| {
            let options = Options {
                codec,
                row_group_rows: ROWS_OF_A_GROUP,
                files,
                ..Options::default()
            };
            write_parquet(rows, &options)
        };
        let [whole] = <[PathBuf; 1]>::try_from(written(1)).unwrap();
        fs::copy(whole, folder.join(format!("{codec}.parquet"))).unwrap();
        for (half, file) in written(2).into_iter().enumerate() {
            fs::copy(file, folder.join(format!("{codec}-{half}.parquet"))).unwrap();
        }
    }
    folder::install(&folder, &PACKAGES);
    name_modules(&folder.join("node_modules"));
    folder::write_library("parquet_bench", "release", &folder.join("release"));
    folder
}

/// A worker has no import map: the packages that hyparquet-compressors imports are named by their files.
fn name_modules(packages: &Path) {
    // The site serves no `.mjs`.
    fs::copy(
        packages.join("fzstd/esm/index.mjs"),
        packages.join("fzstd/esm/index.js"),
    )
    .unwrap();
    let compressors = packages.join("hyparquet-compressors/src/compressors.js");
    let script = fs::read_to_string(&compressors).unwrap();
    let script = script
        .replace("'fzstd'", "'../../fzstd/esm/index.js'")
        .replace("'hysnappy'", "'../../hysnappy/js/index.js'");
    fs::write(&compressors, script).unwrap();
}
