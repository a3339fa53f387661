//! The Parquet route: surveys of whole splits, rows out of files, and what happens when it goes wrong on the way.
//! Row i is the same row by either route, and gives the same table and the same file byte for byte.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::browser::{Browser, Download};
use super::rows::{self, Rows};
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::standin::fault::{CDN, Effect, Fault, Framing, RESOLVER};
use super::steps;
use super::steps::DOWNLOAD;
use super::support::parquet::{Options, write_parquet};
use super::support::python;

const RETRIES: Duration = Duration::from_secs(90);

/// Rows in row groups of 20, two files, with small pages.
fn options() -> Options {
    Options {
        row_group_rows: 20,
        data_page_size: Some(16 * 1024),
        files: 2,
        ..Options::default()
    }
}

fn split(made: &Rows, options: &Options) -> Split {
    Split::of("openhands", "minimax_m25", &made.texts)
        .with_files(write_parquet(&made.texts, options))
}

/// Rows in the files of [`many_rows`].
pub const MANY: u64 = 20_000;

/// 20,000 rows in 8 files of 320 MB together, made once.
pub fn many_rows() -> Vec<PathBuf> {
    let folder = python::kept().join("many_rows-20000-8-16000");
    if !folder.is_dir() {
        let script = python::script("many_rows.py");
        let work = tempfile::tempdir_in(python::kept()).expect("a folder");
        let made = work.path().join("files");
        let arguments = [
            made.display().to_string(),
            MANY.to_string(),
            "8".into(),
            "16000".into(),
        ];
        python::run(&script, &arguments);
        std::fs::rename(&made, &folder).expect("the files are kept");
    }
    (0..8)
        .map(|file| folder.join(format!("{file:04}.parquet")))
        .collect()
}

fn run_of(standin: &StandIn, rows: u64) -> String {
    steps::run_of(standin, "a/b", "openhands", "minimax_m25", rows)
}

fn serve(split: Split) -> StandIn {
    StandIn::start(vec![DataSet::new("a/b").with(split)])
}

/// The table and the lines of a run in a browser of its own, which has nothing in its cache. No test holds two
/// browsers at a time: only so many run at once.
fn run(query: &str) -> (Download, Download) {
    let browser = Browser::start();
    browser.open(query);
    outcome_of(&browser)
}

/// The table and the lines of a run that is done.
fn outcome_of(browser: &Browser) -> (Download, Download) {
    let state = browser.wait_for_state(&["done", "failed"], RETRIES);
    assert_eq!(state, "done", "{}", browser.report());
    (
        browser.download("Download table"),
        browser.download(DOWNLOAD),
    )
}

#[test]
fn a_row_is_the_same_row_by_either_route() {
    for (generation, codec) in [("g1", "snappy"), ("g3", "zstd")] {
        let made = rows::open_swe(90, generation, "openhands", "minimax_m25");
        let options = Options { codec, ..options() };
        let standin = serve(split(&made, &options));
        for sample in ["sample=head", "sample=random&seed=5"] {
            standin.forget();
            let query = format!("{}&{sample}", run_of(&standin, 70));
            let by_rows = run(&format!("{query}&via=rows"));
            assert_eq!(standin.log().cdn_requests().len(), 0);
            standin.forget();
            let by_files = run(&format!("{query}&via=parquet"));
            assert!(
                standin.log().row_ranges().is_empty(),
                "no page was asked of /rows"
            );
            assert!(standin.log().cdn_bytes() > 0);
            steps::check_manners(&standin.log());
            assert_eq!(
                by_rows.0.text(),
                by_files.0.text(),
                "{generation} {sample}: the tables"
            );
            assert_eq!(
                by_rows.1.bytes, by_files.1.bytes,
                "{generation} {sample}: the lines"
            );
        }
    }
}

#[test]
fn a_split_too_big_for_the_row_service_is_read_from_its_files() {
    let made = rows::small(50);
    let standin = serve(split(&made, &options()).too_big());
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&run_of(&standin, 50));
    let (table, lines) = outcome_of(&browser);
    assert_eq!(steps::table(&table).len(), 50);
    assert_eq!(
        steps::row_numbers(&steps::lines(&lines)),
        (0..50).collect::<Vec<_>>()
    );
    assert!(
        browser
            .text()
            .contains("read from the Parquet files instead"),
        "{}",
        browser.text()
    );
    // Who wants only the row service is told why it can't be.
    drop(browser);
    let other = Browser::start();
    other.allow_failed_requests();
    other.open(&format!("{}&via=rows", run_of(&standin, 50)));
    other.wait_for_state(&["failed"], RETRIES);
    other.notice_with(&["Parquet"]);
}

#[test]
fn a_survey_of_a_split_reads_half_a_percent_of_its_bytes_at_most() {
    const ROWS: u64 = MANY;
    let files = many_rows();
    let all: u64 = files
        .iter()
        .map(|file| file.metadata().expect("a file").len())
        .sum();
    let split = Split::made("openhands", "minimax_m25", ROWS, |index| {
        rows::made(index, "g3", 4).0
    });
    let standin = serve(split.with_files(files));
    let browser = Browser::start();
    browser.open(&format!("{}&read=survey", run_of(&standin, 10)));
    let state = browser.wait_for_state(&["done", "failed"], RETRIES);
    assert_eq!(state, "done", "{}", browser.report());
    let read = standin.log().cdn_bytes();
    assert!(read * 200 <= all, "{read} bytes of {all}");
    assert!(standin.log().row_ranges().is_empty());
    steps::check_manners(&standin.log());
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(table.len() as u64, ROWS);
    for (index, row) in table.iter().enumerate() {
        let outcome = ["success", "failure", "unknown"][index % 3];
        assert_eq!(row["outcome"], outcome, "row {index}");
        assert_eq!(row["trajectory_id"], format!("run-{index}"));
        assert_eq!(
            (row["messages"].as_str(), row["turns"].as_str()),
            ("10", "4")
        );
        assert_eq!(
            (row["calls"].as_str(), row["distinct_tools"].as_str()),
            ("4", "2")
        );
        assert_eq!(row["patch_files"], "1");
        assert_eq!(
            (row["tokens"].as_str(), row["errors"].as_str()),
            ("", ""),
            "no text was read"
        );
    }
    assert!(
        browser.text_of("#headline").contains("13,3"),
        "{}",
        browser.text_of("#headline")
    );
    // A reload costs no byte of a file.
    standin.forget();
    browser.reload();
    browser.wait_until_done();
    assert_eq!(standin.log().cdn_bytes(), 0);
}

#[test]
fn from_a_survey_to_a_selection_to_a_file() {
    let made = rows::open_swe(120, "g3", "openhands", "minimax_m25");
    let standin = serve(split(&made, &options()));
    let rules = "outcome=success,failure&added=1..&tokens=1..";
    let by_rows = run(&format!("{}&{rules}&via=rows", run_of(&standin, 120)));

    standin.forget();
    let browser = Browser::start();
    browser.open(&format!("{}&{rules}&read=survey", run_of(&standin, 120)));
    browser.wait_until_done();
    let funnel = browser.text_of("#funnel");
    assert!(
        funnel.contains("waits until the rows are measured"),
        "{funnel}"
    );
    let surveyed = standin.log().cdn_bytes();
    browser.press("Load full text");
    browser.wait_until("the selection is measured", |b| {
        b.state() == "done" && !b.text().contains("This is a survey")
    });
    assert_eq!(browser.key("read").as_deref(), Some("selection"));
    assert!(standin.log().cdn_bytes() > surveyed);
    assert!(standin.log().row_ranges().is_empty());
    steps::check_manners(&standin.log());
    let lines = browser.download(DOWNLOAD);
    assert_eq!(lines.bytes, by_rows.1.bytes, "the same rows, byte for byte");
    let of = |table: &Download| -> BTreeMap<String, BTreeMap<String, String>> {
        let rows = steps::table(table).into_iter();
        // What other rows a row is like depends on which rows were read.
        let of_others = ["sign_same_patch", "sign_same_calls", "sign_near_duplicate"];
        rows.map(|mut row| {
            row.retain(|column, _| !of_others.contains(&column.as_str()));
            (row["row"].clone(), row)
        })
        .collect()
    };
    let (all, selected) = (of(&browser.download("Download table")), of(&by_rows.0));
    for (row, cells) in &selected {
        assert_eq!(all.get(row), Some(cells), "row {row}");
    }
    // The link does all of it again.
    let link = browser.query();
    drop(browser);
    let again = Browser::start();
    again.open(&link);
    again.wait_until("the selection is measured", |b| {
        b.state() == "done" && !b.text().contains("This is a survey")
    });
    assert_eq!(again.download(DOWNLOAD).bytes, lines.bytes);
}

#[test]
fn what_a_survey_reads_is_said_before_it_starts() {
    let made = rows::small(60);
    let standin = serve(split(&made, &options()));
    let browser = Browser::start();
    browser.open(&format!(
        "dataset=a/b&config=openhands&split=minimax_m25&{}",
        steps::servers(&standin)
    ));
    browser.wait_until("the cost", |b| {
        b.text_of("#survey-cost").contains("A survey reads about")
    });
    browser.screenshot("survey-cost");
    browser.press("Quick scan of the whole split");
    browser.wait_until_done();
    for (name, width, height, dark) in [
        ("survey", 1440, 900, false),
        ("survey-dark", 1440, 900, true),
        ("survey-phone", 390, 844, false),
    ] {
        browser.prefer_dark(dark);
        browser.resize(width, height);
        browser.wait_until("charts", |b| b.count("main svg, main canvas") > 0);
        browser.screenshot(name);
    }
    browser.prefer_dark(false);
    browser.resize(1440, 900);
    assert_eq!(browser.key("read").as_deref(), Some("survey"));
    assert_eq!(steps::table(&browser.download("Download table")).len(), 60);
    // A row that was surveyed only can be read all the same.
    browser.open(&format!("{}&read=survey&row=7", run_of(&standin, 60)));
    browser.wait_until("the reader", |b| b.content_of("#reader").len() > 200);
}

#[test]
fn all_splits_are_surveyed_and_selected_together() {
    let kinds = [
        ("openhands", "minimax_m25"),
        ("openhands", "qwen35_122b"),
        ("sweagent", "minimax_m25"),
    ];
    let mut set = DataSet::new("a/b");
    for (at, (config, split)) in kinds.iter().enumerate() {
        let made = rows::open_swe(40 + 10 * at, "g3", config, split);
        let files = write_parquet(&made.texts, &options());
        set = set.with(Split::of(config, split, &made.texts).with_files(files));
    }
    let standin = StandIn::start(vec![set]);
    let browser = Browser::start();
    browser.open(&format!(
        "dataset=a/b&config=*&{}",
        steps::servers(&standin)
    ));
    browser.wait_until("the cost", |b| {
        b.text_of("#survey-cost").contains("A survey reads about")
    });
    assert!(
        browser.text().contains("All configs · 150 rows"),
        "{}",
        browser.text()
    );
    browser.screenshot("all-splits");
    browser.press("Quick scan of all these splits");
    browser.wait_until_done();
    assert!(standin.log().row_ranges().is_empty());
    let table = steps::table(&browser.download("Download table"));
    let of = |config: &str, split: &str| {
        let is_of = |row: &&BTreeMap<String, String>| {
            row["harness"] == config && row["teacher"].to_lowercase().contains(&split[..4])
        };
        table.iter().filter(is_of).count()
    };
    assert_eq!(table.len(), 150);
    assert_eq!(kinds.map(|(config, split)| of(config, split)), [40, 50, 60]);
    // The rows that pass come with the place they have in their own split.
    browser.open(&format!(
        "dataset=a/b&config=*&read=selection&harness=sweagent&outcome=success&run=1&{}",
        steps::servers(&standin)
    ));
    browser.wait_until("the selection is measured", |b| {
        b.state() == "done" && !b.text().contains("This is a survey")
    });
    let lines = browser.download(DOWNLOAD);
    assert!(lines.name.contains("all"), "{}", lines.name);
    drop(browser);
    let one = run(&format!(
        "dataset=a/b&config=sweagent&split=minimax_m25&rows=60&via=rows&outcome=success&run=1&{}",
        steps::servers(&standin)
    ));
    assert!(!steps::lines(&lines).is_empty());
    assert_eq!(
        lines.bytes, one.1.bytes,
        "the same lines as by the split itself"
    );
}

#[test]
fn rows_that_the_row_service_lacks_come_from_the_files() {
    let made = rows::small(60);
    let short = Split::of("openhands", "minimax_m25", &made.texts[..30]);
    let mut set =
        DataSet::new("a/b").with(short.with_files(write_parquet(&made.texts, &options())));
    set.partial = true;
    let standin = StandIn::start(vec![set]);
    let browser = Browser::start();
    browser.open(&run_of(&standin, 50));
    browser.wait_until("rows of the files", |b| {
        b.state() == "done" && b.text_of("#headline").contains("50")
    });
    let (table, lines) = outcome_of(&browser);
    assert_eq!(steps::table(&table).len(), 50);
    let numbers = steps::row_numbers(&steps::lines(&lines));
    assert_eq!(numbers, (0..50).collect::<Vec<_>>());
    browser.open(&format!("{}&via=rows", run_of(&standin, 50)));
    browser.wait_until("the rows that are there", |b| {
        b.state() == "done" && b.text_of("#headline").contains("30")
    });
    assert!(browser.text().contains("only the first part"));
}

#[test]
fn conversations_that_are_one_text_are_not_surveyed() {
    let mut texts = rows::small(20).texts;
    for text in &mut texts {
        let mut row: serde_json::Value = serde_json::from_str(text).expect("a row");
        row["messages"] = row["messages"].to_string().into();
        *text = row.to_string();
    }
    let files = write_parquet(&texts, &options());
    let standin = serve(Split::of("openhands", "minimax_m25", &texts).with_files(files));
    let browser = Browser::start();
    browser.open(&format!("{}&read=survey", run_of(&standin, 20)));
    browser.wait_for_state(&["failed"], RETRIES);
    browser.notice_with(&["one text", "sample"]);
    browser.press("Analyze");
    browser.wait_until_done();
    assert_eq!(steps::table(&browser.download("Download table")).len(), 20);
}

#[test]
fn a_local_parquet_file_takes_the_same_way() {
    let made = rows::open_swe(60, "g3", "sweagent", "qwen35_122b");
    let files = write_parquet(
        &made.texts,
        &Options {
            files: 1,
            ..options()
        },
    );
    let browser = Browser::start();
    browser.open("dataset=file&rows=60");
    browser.give_file(&files[0]);
    browser.wait_until("the rows of the file", |b| {
        b.state() == "done" && b.text_of("#headline").contains("60")
    });
    let table = steps::table(&browser.download("Download table"));
    for (row, truth) in table.iter().zip(&made.truths) {
        assert_eq!(row["trajectory_id"], truth.trajectory);
        assert_eq!(row["messages"], truth.messages.to_string());
        assert_eq!(row["calls"], truth.calls.to_string());
    }
    assert_eq!(table.len(), 60);
    assert_eq!(steps::lines(&browser.download(DOWNLOAD)).len(), 60);
    browser.press("Quick scan of the whole split");
    browser.wait_until("the survey", |b| {
        b.state() == "done" && b.text().contains("This is a survey")
    });
    let surveyed = steps::table(&browser.download("Download table"));
    let outcomes = |table: &steps::Table| -> Vec<String> {
        table.iter().map(|row| row["outcome"].clone()).collect()
    };
    assert_eq!(outcomes(&surveyed), outcomes(&table));
}

#[test]
fn a_local_parquet_file_that_was_edited_is_read_anew() {
    let before = rows::small(20);
    let edited = |text: &String| text.replace(r#""resolved":1"#, r#""resolved":0"#);
    let after: Vec<String> = before.texts.iter().map(edited).collect();
    assert_ne!(before.texts, after, "nothing is edited");
    let options = Options {
        files: 1,
        codec: "none",
        dictionary: false,
        ..options()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.parquet");
    let browser = Browser::start();
    browser.open("dataset=file&rows=20");
    let mut sizes = Vec::new();
    let mut outcomes = Vec::new();
    for texts in [&before.texts, &after] {
        let written = write_parquet(texts, &options).remove(0);
        std::fs::copy(&written, &file).expect("the file is written");
        sizes.push(std::fs::metadata(&file).expect("a file").len());
        browser.give_file(&file);
        let former = outcomes.last().cloned();
        outcomes.push(browser.wait_for("the rows of the file", RETRIES, |b| {
            if b.state() != "done" || !b.text_of("#headline").contains("20") {
                return None;
            }
            let table = steps::table(&b.download("Download table"));
            let shown: Vec<String> = table.iter().map(|row| row["outcome"].clone()).collect();
            (Some(&shown) != former.as_ref()).then_some(shown)
        }));
    }
    assert_eq!(
        sizes[0], sizes[1],
        "only the time of the change tells them apart"
    );
    let is = |of: &[Vec<String>], outcome: &str| of.iter().flatten().any(|o| o == outcome);
    assert!(
        is(&outcomes[..1], "success") && !is(&outcomes[1..], "success"),
        "{outcomes:?}"
    );
}

/// A run by files in which something goes wrong on the way and every row arrives all the same.
fn survives(prepare: impl Fn(&StandIn)) {
    let made = rows::small(80);
    let standin = serve(split(&made, &options()));
    prepare(&standin);
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&format!("{}&via=parquet", run_of(&standin, 80)));
    let (table, lines) = outcome_of(&browser);
    assert_eq!(steps::table(&table).len(), 80, "{}", browser.report());
    assert_eq!(
        steps::row_numbers(&steps::lines(&lines)),
        (0..80).collect::<Vec<_>>()
    );
    assert_eq!(browser.notices(), Vec::<String>::new());
    steps::check_manners(&standin.log());
}

#[test]
fn signed_addresses_that_expire_in_mid_run_are_found_anew() {
    survives(|standin| standin.sign_for(3));
    survives(|standin| {
        standin.fail(Fault::on(CDN, Effect::gateway(403)).after(5).times(1));
    });
}

#[test]
fn a_whole_file_in_answer_to_a_range_gives_the_range() {
    survives(|standin| standin.fail(Fault::on(CDN, Effect::Whole)));
}

#[test]
fn lost_and_slow_ranges_are_asked_for_again() {
    survives(|standin| {
        standin.fail(Fault::on(CDN, Effect::Reset).after(3).times(1));
        standin.fail(
            Fault::on(CDN, Effect::CutShort(Framing::Length))
                .after(6)
                .times(1),
        );
        standin.fail(Fault::on(CDN, Effect::cdn_error(503)).after(8).times(1));
        standin.fail(
            Fault::on(CDN, Effect::Slow(Duration::from_secs(2)))
                .after(9)
                .times(1),
        );
    });
    survives(|standin| standin.fail(Fault::on(RESOLVER, Effect::too_many()).times(1)));
}

#[test]
fn a_damaged_file_costs_its_own_rows_only() {
    let made = rows::small(80);
    let files = write_parquet(&made.texts, &options());
    let mut bytes: Vec<Vec<u8>> = files
        .iter()
        .map(|file| std::fs::read(file).expect("a file"))
        .collect();
    // In the first row group of the second file.
    let middle = bytes[1].len() / 6;
    bytes[1][middle..middle + 400].fill(0xff);
    let standin = serve(Split::of("openhands", "minimax_m25", &made.texts).with_files(bytes));
    let browser = Browser::start();
    browser.open(&format!("{}&via=parquet", run_of(&standin, 80)));
    browser.wait_until_done();
    browser.wait_until("what was lost", |b| b.text().contains("damaged"));
    let table = steps::table(&browser.download("Download table"));
    assert!((40..80).contains(&table.len()), "{} rows", table.len());
    let first: Vec<&str> = steps::texts(&table, "row").into_iter().take(40).collect();
    let whole: Vec<String> = (0..40).map(|row| row.to_string()).collect();
    assert_eq!(first, whole, "the first file is whole");
}

#[test]
fn a_gated_split_is_read_with_the_token_at_the_resolver_only() {
    let made = rows::small(30);
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(split(&made, &options())).gated(),
    ]);
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&format!("{}&via=parquet", run_of(&standin, 30)));
    browser.wait_for_state(&["failed"], RETRIES);
    browser.press("Private or gated");
    browser.fill("Access token", "hf_good\t");
    browser.press("Analyze");
    browser.wait_until_done();
    assert_eq!(steps::table(&browser.download("Download table")).len(), 30);
    steps::check_manners(&standin.log());
}
