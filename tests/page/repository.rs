//! Datasets of which the Hub has no table: their files are listed, fetched, and opened as files of the user's are.
//! A file that can't be had is named with the reason, and the others are read.

use std::io::Write;
use std::time::Duration;

use serde_json::Value;

use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, REVISION, Split};
use super::standin::fault::{CDN, Effect, Fault, Framing};
use super::steps;
use super::steps::DOWNLOAD;

const RETRIES: Duration = Duration::from_secs(90);

fn zipped(name: &str, text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(name, options).expect("an entry");
    zip.write_all(text.as_bytes()).expect("bytes");
    zip.finish().expect("an archive").into_inner()
}

/// Six files of sessions and an archive, each with five rows, one more file that is gone when it is asked for, and what no
/// one can open.
fn raw(name: &str) -> DataSet {
    let texts = rows::small(40).texts;
    let parts: Vec<String> = texts.chunks(5).map(|part| part.join("\n")).collect();
    let set = parts.iter().take(6).enumerate().fold(
        DataSet::new(name)
            .with_raw(".gitattributes", "*.zip filter=lfs")
            .with_raw("README.md", "# Sessions")
            .with_raw("pictures/1.png", "\x7fPNG"),
        |set, (at, part)| set.with_raw(&format!("sessions #1/{at}.jsonl"), part.as_str()),
    );
    set.with_raw("sessions #1/gone.jsonl", parts[6].as_str())
        .with_raw("old/all.zip", zipped("7.jsonl", &parts[7]))
}

fn no_table(standin: &StandIn, name: &str) {
    let error = "Cannot load the dataset split in streaming mode.";
    let effect = Effect::error(500, "DatasetGenerationError", error);
    standin.fail(Fault::on("/splits", effect).of(name));
}

fn gone(standin: &StandIn, name: &str) {
    let path = format!("/datasets/{name}/resolve/{REVISION}/sessions%20%231/gone.jsonl");
    let effect = Effect::hub_error(404, "EntryNotFound", "Entry not found");
    standin.fail(Fault::on(&path, effect));
}

fn is_done(browser: &Browser) {
    let state = browser.wait_for_state(&["done", "failed"], RETRIES);
    assert_eq!(state, "done", "{}", browser.report());
}

/// The names of the lines' files, each with its rows.
fn files_of(lines: &[Value]) -> Vec<(String, usize)> {
    let mut files: Vec<(String, usize)> = Vec::new();
    for line in lines {
        let name = line["metadata"]["dataset"].as_str().expect("a name");
        match files.last_mut().filter(|(last, _)| last == name) {
            Some((_, rows)) => *rows += 1,
            None => files.push((name.to_owned(), 1)),
        }
    }
    files
}

fn expected_files(name: &str) -> Vec<(String, usize)> {
    let archive = std::iter::once(format!("{name}/old/all.zip/7.jsonl"));
    let sessions = (0..6).map(|at| format!("{name}/sessions #1/{at}.jsonl"));
    archive.chain(sessions).map(|file| (file, 5)).collect()
}

#[test]
fn a_dataset_of_raw_files_is_analyzed_by_its_name() {
    let standin = StandIn::start(vec![raw("a/raw")]);
    no_table(&standin, "a/raw");
    gone(&standin, "a/raw");
    // A file that comes in part is asked for again.
    let stored = Effect::CutShort(Framing::Length);
    standin.fail(Fault::on(CDN, stored).times(1));
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(&standin, "a/raw", "", "", 500));
    is_done(&browser);
    let found = browser.text_of("#opened");
    assert!(
        found.contains("8 files: 7 files of rows (35 rows), 1 skipped"),
        "{found}"
    );
    let listed = browser.content_of("#opened");
    assert!(
        listed.contains("a/raw/sessions #1/gone.jsonl: not fetched: The dataset has no such file"),
        "{listed}"
    );
    let progress = browser.text_of(".progress");
    assert!(
        progress.contains("no table") && progress.contains("8 files ("),
        "{progress}"
    );
    assert!(progress.contains(&REVISION[..10]), "{progress}");
    browser.screenshot("repository");
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(files_of(&lines), expected_files("a/raw"));
    assert_eq!(lines[0]["metadata"]["revision"], REVISION);

    let manifest = browser.download("Download manifest");
    let manifest: Value = serde_json::from_str(manifest.text()).expect("a manifest");
    assert_eq!(manifest["dataset"], "a/raw");
    assert_eq!(manifest["revision"], REVISION);
    let link = manifest["recipe"].as_str().expect("a link");
    assert!(link.contains("via=files"), "{link}");

    // Only what can be opened was fetched, and nothing twice.
    let log = standin.log();
    steps::check_manners(&log);
    let fetched = log.resolver_requests();
    let of = |name: &str| {
        fetched
            .iter()
            .filter(|asked| asked.path.contains(name))
            .count()
    };
    assert_eq!(fetched.len(), 9, "eight files, one of them twice");
    assert_eq!(
        (of("README"), of("png"), of("git"), of("all.zip")),
        (0, 0, 0, 2)
    );
    // Other rows of the same files need none again.
    standin.forget();
    browser.fill("Rows", "7\t");
    browser.press("Analyze");
    browser.wait_until("fewer rows", |b| {
        b.state() == "done" && b.text_of("#headline").contains('7')
    });
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(lines.len(), 7);
    assert_eq!(standin.log().cdn_requests().len(), 0);
    let again = standin.log();
    let again = again.resolver_requests();
    assert!(
        again.iter().all(|asked| asked.path.contains("gone")),
        "{again:?}"
    );

    // The manifest's link leads to the same rows, whatever the server has by now.
    standin.mend();
    gone(&standin, "a/raw");
    let (_, query) = link.split_once('?').expect("a query");
    browser.open(query);
    is_done(&browser);
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(files_of(&lines), expected_files("a/raw"));
}

#[test]
fn what_a_dataset_without_a_table_holds_is_said_before_it_is_read() {
    let standin = StandIn::start(vec![raw("a/raw")]);
    no_table(&standin, "a/raw");
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&format!("dataset=a/raw&{}", steps::servers(&standin)));
    browser.wait_until("what there is", |b| {
        let said = b.text_of("#raw-files");
        said.contains("no table") && said.contains("8 files (") && said.contains("Analyze")
    });
    assert_eq!(standin.log().resolver_requests().len(), 0);
    browser.screenshot("repository-before");
    browser.press("Analyze");
    is_done(&browser);
    assert_eq!(steps::table(&browser.download("Download table")).len(), 40);
    // There are no columns that could be surveyed.
    assert!(
        browser
            .find_button("Quick scan of the whole split")
            .is_none()
    );
    let survey = steps::run_of(&standin, "a/raw", "", "", 500) + "&read=survey";
    browser.open(&survey);
    browser.wait_for_state(&["failed"], RETRIES);
    browser.notice_with(&["no table", "Analyze"]);
}

#[test]
fn fetching_that_is_cancelled_goes_on_with_what_is_missing() {
    let standin = StandIn::start(vec![raw("a/raw")]);
    no_table(&standin, "a/raw");
    standin.fail(Fault::on(CDN, Effect::Slow(Duration::from_secs(3_600))).times(1));
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(&standin, "a/raw", "", "", 500));
    browser.wait_until("all but the archive", |b| {
        b.text_of(".progress")
            .contains("Fetching the files: 7 of 8")
    });
    browser.press("Cancel");
    browser.wait_for_state(&["idle"], RETRIES);
    browser.wait_until("the request's end", |_| {
        let log = standin.log();
        log.cdn_requests().iter().all(|asked| asked.ended.is_some())
    });
    standin.forget();
    browser.press("Analyze");
    is_done(&browser);
    assert_eq!(steps::table(&browser.download("Download table")).len(), 40);
    let log = standin.log();
    let resolved = log.resolver_requests();
    let paths: Vec<&str> = resolved.iter().map(|asked| &*asked.path).collect();
    assert_eq!(paths.len(), 1, "{paths:?}");
    assert!(paths[0].ends_with("old/all.zip"), "{paths:?}");
}

#[test]
fn a_dataset_without_a_table_stands_beside_one_with_rows() {
    let mut rows_set = DataSet::new("a/rows");
    rows_set = rows_set.with(Split::of("c", "s", &rows::small(10).texts));
    rows_set.revision = "1".repeat(40);
    let standin = StandIn::start(vec![raw("a/raw"), rows_set]);
    no_table(&standin, "a/raw");
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(&standin, "a/raw,a/rows", "", "", 500));
    is_done(&browser);
    let lines = steps::lines(&browser.download(DOWNLOAD));
    let mut expected = expected_files("a/raw");
    expected.push(("a/raw/sessions #1/gone.jsonl".to_owned(), 5));
    expected.push(("a/rows".to_owned(), 10));
    assert_eq!(files_of(&lines), expected);
    let manifest = browser.download("Download manifest");
    let manifest: Value = serde_json::from_str(manifest.text()).expect("a manifest");
    let sources = manifest["sources"].as_array().expect("sources");
    let of = |key: &str| {
        sources
            .iter()
            .map(|source| source[key].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("dataset"), ["a/raw", "a/rows"]);
    assert_eq!(of("revision"), [REVISION, &*"1".repeat(40)]);
    assert_eq!(of("first_row"), [0, 40]);
}

#[test]
fn a_gated_dataset_whose_rows_can_not_be_made_is_read_from_its_files() {
    let set = raw("a/b").with(Split::of("default", "train", &rows::small(3).texts));
    let standin = StandIn::start(vec![set.gated()]);
    let error = "Cannot load the dataset split.";
    let effect = Effect::error(500, "StreamingRowsError", error);
    standin.fail(Fault::on("/rows", effect));
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&format!("dataset=a/b&{}", steps::servers(&standin)));
    browser.press("Private or gated");
    browser.fill("Access token", "hf_good\t");
    browser.press("Analyze");
    is_done(&browser);
    assert_eq!(steps::table(&browser.download("Download table")).len(), 40);
    steps::check_manners(&standin.log());
    let log = standin.log();
    let resolved = log.resolver_requests();
    assert!(
        resolved
            .iter()
            .all(|asked| asked.token.as_deref() == Some("hf_good")),
        "{resolved:?}"
    );
}

#[test]
fn where_there_is_nothing_to_read_it_is_said_what_there_is() {
    let none = DataSet::new("a/none")
        .with_raw("README.md", "# Nothing")
        .with_raw("pictures/1.png", "\x7fPNG");
    let tables = DataSet::new("a/tables").with_raw("data/train.parquet", "PAR1");
    let standin = StandIn::start(vec![none, tables]);
    for (name, words) in [
        ("a/none", ["2 files, but none of a kind", "Choose another"]),
        ("a/tables", ["1 Parquet file", "Open files"]),
    ] {
        let error = "The dataset is empty.";
        let effect = Effect::error(500, "EmptyDatasetError", error);
        standin.fail(Fault::on("/splits", effect).of(name));
        let browser = Browser::start();
        browser.allow_failed_requests();
        browser.open(&steps::run_of(&standin, name, "", "", 500));
        browser.wait_for_state(&["failed"], RETRIES);
        browser.notice_with(&["no data files"]);
        browser.notice_with(&words);
    }
}
