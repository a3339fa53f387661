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

/// Rows that are surveyed for the sake of memory, and what they may take.
const SURVEYED: u64 = 200_000;
const SURVEY_BYTES: f64 = 300e6;

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
    for (codec, floor) in [("snappy", 5.0), ("zstd", 5.0)] {
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
            Some(floor),
        );
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
    }
    held &= survey(&browser, size);
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
    let sums = |side: &str| {
        let mut sums = results.get(side).cloned().unwrap_or_default();
        if let Some(sums) = sums.as_object_mut() {
            // Plain JavaScript knows fewer of the words by which a harness says how a call ended.
            sums.retain(|name, _| name != "errors" && name != "nonzeroExits");
        }
        sums
    };
    assert_eq!(sums("library"), sums("hyparquet"), "{job}");
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

/// A survey's memory: that of the program that reads and of the frame that is filled, in one worker here.
fn survey(browser: &Browser, size: f64) -> bool {
    let Surveyed {
        milliseconds,
        frame,
        memory,
    } = ask(
        browser,
        "bench.survey(...args)",
        vec!["snappy.parquet".into(), size.into(), SURVEYED.into()],
    );
    let rows = SURVEYED as f64;
    let words = format!(
        "survey of {SURVEYED} rows: {:.1} s, {:.0} bytes per row in the frame, {:.0} MB of memory in all of {:.0}",
        milliseconds / 1e3,
        frame / rows,
        memory / 1e6,
        SURVEY_BYTES / 1e6
    );
    says(&words, SURVEY_BYTES / memory, Some(1.0))
}

/// The folder that the browser gets: the scripts, the library's program, hyparquet, the files.
fn lay_out(rows: &[String]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parquet-bench");
    folder::begin(
        &folder,
        &["parquet/bench.js", "parquet/job.js", "browser/plain.js"],
    );
    for codec in ["snappy", "zstd"] {
        let options = Options {
            codec,
            row_group_rows: ROWS_OF_A_GROUP,
            ..Options::default()
        };
        let [file] = <[PathBuf; 1]>::try_from(write_parquet(rows, &options)).unwrap();
        fs::copy(file, folder.join(format!("{codec}.parquet"))).unwrap();
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
