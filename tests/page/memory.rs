//! What the tab holds: it does not grow with the bytes that are read.
//! Memory is that of the tab's process, workers and WebAssembly with it.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::browser::Browser;
use super::files::{MANY, many_rows};
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps;
use super::steps::DOWNLOAD;

const MEGABYTE: u64 = 1_000_000;

/// What the tab may hold: so much with one worker that reads, and so much more for each other one, of which there are as many
/// as the machine has cores less one, and at least two. It does not grow with the rows' bytes.
fn most_held(browser: &Browser) -> u64 {
    const ONE: u64 = 300 * MEGABYTE;
    const ANOTHER: u64 = 90 * MEGABYTE;
    let cores: u64 = browser.script("return navigator.hardwareConcurrency", vec![]);
    ONE + cores.saturating_sub(2).max(1) * ANOTHER
}

/// A row of some 100 KB whose texts are its own.
fn heavy(index: u64) -> String {
    let mut row: Value = serde_json::from_str(&rows::made(index, "g3", 6).0).expect("a row");
    for (at, message) in row["messages"]
        .as_array_mut()
        .expect("messages")
        .iter_mut()
        .enumerate()
    {
        if message["role"] == "tool" {
            let line = format!("{index:06} {at:03} the quick brown fox jumps over the lazy dog\n");
            message["content"] = json!(line.repeat(250));
        }
    }
    row.to_string()
}

/// The most that the tab held in a run over so many rows, and what the page's own heap holds at its end.
fn run(standin: &StandIn, rows: u64) -> (u64, u64) {
    // A browser of its own for each: Chromium keeps the pages before, with their workers, for the way back.
    let browser = Browser::alone();
    browser.open(&steps::run_of(standin, "a/b", "c", "s", rows));
    let mut most = 0;
    let state = browser.wait_for("the end", Duration::from_secs(240), |b| {
        most = most.max(b.tab_memory());
        let state = b.state();
        (state == "done" || state == "failed").then_some(state)
    });
    assert_eq!(state, "done", "{}", browser.report());
    assert_eq!(
        steps::table(&browser.download("Download table")).len() as u64,
        rows
    );
    (most, browser.heap())
}

#[test]
fn two_thousand_rows_leave_the_tab_small() {
    let each = heavy(1).len() as u64;
    let split = Split::made("c", "s", 2000, heavy);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    let (few, _) = run(&standin, 100);
    let (many, heap) = run(&standin, 2000);
    let read = 1900 * each;
    assert!(read > 150 * MEGABYTE, "{read} bytes more");
    let megabytes = |bytes: u64| bytes / MEGABYTE;
    assert!(
        many < few + 150 * MEGABYTE,
        "{} MB with 100 rows, {} MB with 2,000",
        megabytes(few),
        megabytes(many)
    );
    assert!(heap < 20 * MEGABYTE, "{heap} bytes of JavaScript");
    steps::check_manners(&standin.log());
}

/// A row of some 250 KB, as many are in datasets of agents.
fn usual(index: u64) -> String {
    let mut row: Value = serde_json::from_str(&rows::made(index, "g3", 4).0).expect("a row");
    let line = format!("{index:06} the quick brown fox jumps over the lazy dog\n");
    for message in row["messages"].as_array_mut().expect("messages") {
        if message["role"] == "tool" {
            message["content"] = json!(line.repeat(840));
        }
    }
    row.to_string()
}

#[test]
fn a_gigabyte_is_unpacked_while_the_tab_stays_small() {
    const ROWS: u64 = 4_200;
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("runs.jsonl.gz");
    let file = std::fs::File::create(&path).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut bytes = 0;
    for index in 0..ROWS {
        let line = usual(index) + "\n";
        bytes += line.len() as u64;
        packed
            .write_all(line.as_bytes())
            .expect("bytes are written");
    }
    packed.finish().expect("a file");
    assert!(bytes > 1000 * MEGABYTE, "{bytes} bytes");
    let browser = Browser::alone();
    browser.open("dataset=file&rows=20&sample=spread");
    browser.give_file(&path);
    let mut most = 0;
    let mut said = String::new();
    browser.wait_for("the rows", Duration::from_secs(300), |b| {
        most = most.max(b.tab_memory());
        let progress = b.text_of(".progress [role=status]");
        if progress.starts_with("Opening runs.jsonl.gz") {
            said = progress;
        }
        assert_ne!(b.state(), "failed", "{}", b.report());
        (b.state() == "done").then_some(())
    });
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(table.len(), 20, "as many rows as were wanted");
    println!(
        "{} MB unpacked, {} MB held at most",
        bytes / MEGABYTE,
        most / MEGABYTE
    );
    assert!(most < 300 * MEGABYTE, "the tab held {} MB", most / MEGABYTE);
    assert!(
        said.contains(" in 1 file"),
        "how far it is was said: {said}"
    );
    assert!(
        browser.text().contains("4,200 rows in all"),
        "{}",
        browser.report()
    );
}

#[test]
fn a_gigabyte_is_written_while_the_tab_stays_small() {
    const ROWS: u64 = 4_200;
    // The folder that a person would choose is the origin's own.
    let choose =
        "window.showDirectoryPicker = () => navigator.storage.getDirectory(); return true;";
    let sizes = "
        const folder = await navigator.storage.getDirectory(), files = [];
        for await (const [name, handle] of folder.entries()) files.push([name, (await handle.getFile()).size]);
        return files;";
    let split = Split::made("c", "s", ROWS, usual);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    let browser = Browser::alone();
    let query = steps::run_of(&standin, "a/b", "c", "s", ROWS);
    browser.open(&format!("{query}&shard=400"));
    let state = browser.wait_for_state(&["done", "failed"], Duration::from_secs(300));
    assert_eq!(state, "done", "{}", browser.report());
    browser.script::<bool>(choose, vec![]);
    browser.press(DOWNLOAD);
    let mut most = 0;
    browser.wait_for("the files", Duration::from_secs(300), |b| {
        most = most.max(b.tab_memory());
        let said = b.text_of(".downloads [role=status]");
        assert!(!said.contains("Nothing was written"), "{said}");
        said.contains("4,200 runs written in 3 files").then_some(())
    });
    let files: Vec<(String, u64)> = browser.script(sizes, vec![]);
    let lines = files.iter().filter(|(name, _)| name.ends_with(".jsonl"));
    let bytes: u64 = lines.map(|(_, size)| size).sum();
    println!(
        "{} MB written, {} MB held at most",
        bytes / MEGABYTE,
        most / MEGABYTE
    );
    assert!(bytes > 1000 * MEGABYTE, "{bytes} bytes in {files:?}");
    assert!(
        most < most_held(&browser),
        "the tab held {} MB",
        most / MEGABYTE
    );
}

#[test]
fn a_survey_of_two_hundred_thousand_rows_leaves_the_tab_small() {
    const TIMES: u64 = 10;
    let rows = TIMES * MANY;
    let files = many_rows();
    let all: Vec<_> = (0..TIMES).flat_map(|_| files.clone()).collect();
    let split = Split::made("c", "s", rows, |index| rows::made(index, "g3", 4).0);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split.with_files(all))]);
    let browser = Browser::alone();
    browser.open("");
    let before = browser.tab_memory();
    browser.open(&format!(
        "{}&read=survey",
        steps::run_of(&standin, "a/b", "c", "s", 10)
    ));
    let mut most = 0;
    let state = browser.wait_for("the end", Duration::from_secs(240), |b| {
        most = most.max(b.tab_memory());
        let state = b.state();
        (state == "done" || state == "failed").then_some(state)
    });
    assert_eq!(state, "done", "{}", browser.report());
    let headline = browser.text_of("#headline");
    assert!(headline.contains("200,000"), "{headline}");
    println!(
        "{} MB before, {} MB at most",
        before / MEGABYTE,
        most / MEGABYTE
    );
    assert!(
        most < most_held(&browser),
        "the tab held {} MB, {} before",
        most / MEGABYTE,
        before / MEGABYTE
    );
}
