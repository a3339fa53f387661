//! Several datasets in one run: rows of each, by their own numbers, names and commits.
//! What the run gives is what the datasets give by themselves, one after the other.

use std::time::Duration;

use serde_json::Value;

use super::browser::{Browser, Download};
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, REVISION, Split};
use super::standin::fault::{Effect, Fault};
use super::steps;
use super::steps::DOWNLOAD;
use super::support::parquet::{Options, write_parquet};

const PATIENCE: Duration = Duration::from_secs(30);

/// Rows of the first dataset; those of the second one are counted from here.
const FIRST: usize = 60;

/// The commit of the second dataset.
const OTHER: &str = "0123456789abcdef0123456789abcdef01234567";

fn standin() -> StandIn {
    standin_weighing(1_000)
}

/// Rows of the second dataset weigh so much, in bytes.
fn standin_weighing(bytes: u64) -> StandIn {
    let second = rows::open_swe(50, "g1", "sweagent", "qwen35_122b");
    let second = Split::of("sweagent", "qwen35_122b", &second.texts).weighing(50 * bytes);
    let mut other = DataSet::new("d/e").with(second);
    other.revision = OTHER.to_owned();
    let first = Split::of("openhands", "minimax_m25", &rows::small(FIRST).texts);
    StandIn::start(vec![DataSet::new("a/b").with(first), other])
}

fn mixture(standin: &StandIn, rows: u64) -> String {
    let (config, split) = ("openhands,sweagent", "minimax_m25,qwen35_122b");
    steps::run_of(standin, "a/b,d/e", config, split, rows)
}

fn alone(browser: &Browser, query: &str) -> Download {
    browser.open(query);
    browser.wait_until_done();
    browser.download(DOWNLOAD)
}

fn manifest_of(browser: &Browser) -> Value {
    let manifest = browser.download("Download manifest");
    serde_json::from_slice(&manifest.bytes).expect("a manifest is JSON")
}

#[test]
fn a_mixture_gives_what_its_datasets_give_by_themselves() {
    let standin = standin();
    let browser = Browser::start();
    let first = steps::run_of(&standin, "a/b", "openhands", "minimax_m25", 40);
    let second = steps::run_of(&standin, "d/e", "sweagent", "qwen35_122b", 40);
    let apart = [
        alone(&browser, &first).text().to_owned(),
        alone(&browser, &second).text().to_owned(),
    ];
    standin.forget();
    let lines = alone(&browser, &mixture(&standin, 40));
    assert_eq!(lines.text(), apart.concat());
    // The pages of each dataset are the kept ones.
    assert!(standin.log().row_ranges().is_empty());

    let table = steps::table(&browser.download("Download table"));
    let expected = (0..40).chain(60..100).map(|row| row.to_string());
    assert_eq!(steps::texts(&table, "row"), expected.collect::<Vec<_>>());
    let sources = steps::texts(&table, "source");
    assert!(sources[..40].iter().all(|source| *source == "a/b"));
    assert!(sources[40..].iter().all(|source| *source == "d/e"));

    let parsed = steps::lines(&lines);
    let metadata = |line: usize, key: &str| parsed[line]["metadata"][key].clone();
    assert_eq!(metadata(41, "dataset"), "d/e");
    assert_eq!(metadata(41, "config"), "sweagent");
    assert_eq!(metadata(41, "split"), "qwen35_122b");
    assert_eq!(metadata(41, "row"), 1);
    assert_eq!(metadata(41, "revision"), OTHER);
    assert_eq!(metadata(1, "revision"), REVISION);
    steps::check_manners(&standin.log());
}

#[test]
fn a_source_filters_and_compares_and_the_manifest_names_each_with_its_commit() {
    let standin = standin();
    let browser = Browser::start();
    browser.open(&format!(
        "{}&package=zip&compare=source",
        mixture(&standin, 30)
    ));
    browser.wait_until_done();
    browser.wait_until("the groups", |b| {
        let groups = b.text_of("#compare");
        groups.contains("a/b: 30 rows") && groups.contains("d/e: 30 rows")
    });
    browser.press("Exclude a/b");
    browser.wait_until("the rows of the other", |b| {
        b.text_of("#headline").contains("30 of 60")
    });
    browser.wait_until("the shift", |b| {
        let mix = b.text_of("#mix");
        mix.contains("Source") && mix.contains("a/b")
    });
    let lines = browser.download(DOWNLOAD);
    assert!(lines.name.contains("and-1-more"), "{}", lines.name);
    let manifest = manifest_of(&browser);
    assert_eq!(manifest["dataset"], "a/b,d/e");
    assert_eq!(manifest["rows_selected"], 30);
    let of = |at: usize, key: &str| manifest["sources"][at][key].clone();
    for (at, name, commit, first, selected) in
        [(0, "a/b", REVISION, 0, 0), (1, "d/e", OTHER, 60, 30)]
    {
        assert_eq!(of(at, "dataset"), name);
        assert_eq!(of(at, "revision"), commit);
        assert_eq!(of(at, "first_row"), first);
        assert_eq!(of(at, "rows_measured"), 30);
        assert_eq!(of(at, "rows_selected"), selected);
    }
    let link = manifest["recipe"].as_str().expect("a link");
    let (_, query) = link.split_once('?').expect("a query");
    assert!(
        query.contains(&format!("revision={REVISION},{OTHER}")),
        "{query}"
    );
    drop(browser);
    let second = Browser::start();
    second.open(query);
    second.wait_until_done();
    assert!(second.download(DOWNLOAD) == lines, "{query}");
    // A row is opened by its number in the run.
    second.open(&format!("{query}&row=61"));
    second.wait_until("a row of the second dataset", |b| {
        let reader = b.content_of("#reader");
        reader.contains("Row 61") && reader.contains("Source: d/e")
    });
}

#[test]
fn splits_of_one_dataset_are_told_apart_by_their_names() {
    let made = rows::small(20);
    let split = |name| Split::of("c", name, &made.texts);
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(split("one")).with(split("two")),
    ]);
    let browser = Browser::start();
    let run = steps::run_of(&standin, "a/b,a/b", "c,c", "one,two", 10);
    browser.open(&format!("{run}&source=a/b/c/two"));
    browser.wait_until_done();
    let table = steps::table(&browser.download("Download table"));
    let expected = (20..30).map(|row| row.to_string());
    assert_eq!(steps::texts(&table, "row"), expected.collect::<Vec<_>>());
    let lines = steps::lines(&browser.download(DOWNLOAD));
    let is_of_two = |line: &Value| line["metadata"]["split"] == "two";
    assert!(lines.len() == 10 && lines.iter().all(is_of_two));
}

#[test]
fn one_dataset_has_no_list_of_sources() {
    let standin = standin();
    let browser = Browser::start();
    let one = steps::run_of(&standin, "a/b", "openhands", "minimax_m25", 20);
    browser.open(&one);
    browser.wait_until_done();
    assert!(browser.find_button("Exclude a/b").is_none());
    let manifest = manifest_of(&browser);
    assert!(manifest.get("sources").is_none());
    assert_eq!(manifest["dataset"], "a/b");
    assert_eq!(manifest["revision"], REVISION);
}

#[test]
fn a_commit_that_changes_on_one_dataset_is_said_of_that_one() {
    // A page has ten rows of the second dataset.
    let standin = standin_weighing(400_000);
    let next = "e".repeat(40);
    standin.fail(
        Fault::on("/rows", Effect::Revision(next.clone()))
            .of("d/e")
            .row(40),
    );
    let browser = Browser::start();
    browser.open(&mixture(&standin, 50));
    let notice = browser.notice_with(&["changed", "d/e"]);
    assert!(
        notice.contains(&next[..10]) && notice.contains(&OTHER[..10]),
        "{notice}"
    );
    browser.wait_for_state(&["paused"], PATIENCE);
    browser.press("Keep the rows so far");
    browser.wait_for_state(&["done"], PATIENCE);
    let lines = steps::lines(&browser.download(DOWNLOAD));
    let of = |name: &str| {
        let is_of = |line: &&Value| line["metadata"]["dataset"] == name;
        lines.iter().filter(is_of).count()
    };
    assert!(
        of("a/b") > 0 && of("d/e") < 50,
        "{} and {}",
        of("a/b"),
        of("d/e")
    );
    let is_next = |line: &Value| line["metadata"]["revision"] == next.as_str();
    assert!(!lines.iter().any(is_next));
}

#[test]
fn datasets_are_added_in_the_form_with_their_configs_and_taken_out_again() {
    let standin = standin();
    let browser = Browser::start();
    browser.open(&format!("dataset=a/b&rows=20&{}", steps::servers(&standin)));
    browser.press("Add another dataset");
    browser.fill("Data set 2", "d/e\t");
    browser.choose("Config 2", "sweagent");
    assert!(browser.options("Split 2")[0].starts_with("qwen35_122b · 50 rows"));
    let hint = browser.text_of("#rows-of-each");
    assert!(hint.contains("20 rows are read of each dataset"), "{hint}");
    assert!(
        browser
            .find_button("Quick scan of the whole split")
            .is_none()
    );
    browser.press("Analyze");
    browser.wait_until_done();
    browser.wait_until("both names in the address", |b| {
        b.key("dataset").as_deref() == Some("a/b,d/e")
            && b.key("split").as_deref() == Some("minimax_m25,qwen35_122b")
    });
    assert!(browser.text_of("#headline").contains("of 40 runs"));
    browser.press("Remove dataset 2");
    browser.wait_until("one name in the address", |b| {
        b.key("dataset").as_deref() == Some("a/b")
    });
    let words = browser.text_of("#not-analyzed");
    let both = "a/b, openhands / minimax_m25 and d/e, sweagent / qwen35_122b (the first 20 rows of each at most)";
    assert!(words.contains(both), "{words}");
    browser.press("Analyze");
    browser.wait_until("the rows of one", |b| {
        b.text_of("#headline").contains("of 20 runs")
    });
}

#[test]
fn what_a_mixture_can_not_do_is_said() {
    let standin = standin();
    let browser = Browser::start();
    browser.open(&format!("{}&read=survey", mixture(&standin, 20)));
    browser.notice_with(&["A survey reads one dataset at a time"]);
    let twice = steps::run_of(&standin, "a/b,a/b", ",openhands", "", 20);
    browser.open(&twice);
    browser.notice_with(&["a/b", "asked for twice"]);
    browser.allow_failed_requests();
    let lost = steps::run_of(&standin, "a/b,no/where", "", "", 20);
    browser.open(&lost);
    browser.notice_with(&["no/where"]);
    browser.wait_for_state(&["failed"], PATIENCE);
}

#[test]
fn a_file_of_ones_own_stands_beside_a_dataset() {
    let standin = standin();
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("mine.jsonl");
    std::fs::write(&path, rows::small(30).texts.join("\n")).expect("a file");
    let browser = Browser::start();
    browser.open(&format!("dataset=a/b&rows=50&{}", steps::servers(&standin)));
    browser.press("Add another dataset");
    browser.give_file(&path);
    browser.wait_until("the rows of both", |b| {
        b.text_of("#headline").contains("of 80 runs")
    });
    browser.wait_until_done();
    browser.wait_until("the address", |b| {
        b.key("dataset").as_deref() == Some("a/b,file")
    });
    let lines = steps::lines(&browser.download(DOWNLOAD));
    let (hub, own) = lines.split_at(50);
    for (line, metadata) in hub.iter().chain(own).map(|line| (line, &line["metadata"])) {
        let row = metadata["row"].as_u64().expect("a row");
        let task = steps::messages(line)[1]["content"]
            .as_str()
            .expect("a task");
        assert!(task.starts_with(&format!("Issue {row}:")), "{row}: {task}");
    }
    assert!(hub.iter().all(|line| line["metadata"]["dataset"] == "a/b"));
    assert!(
        own.iter()
            .all(|line| line["metadata"]["dataset"] == "mine.jsonl")
    );
    let manifest = manifest_of(&browser);
    assert_eq!(manifest["sources"][1]["dataset"], "mine.jsonl");
    assert_eq!(manifest["sources"][1]["revision"], Value::Null);
}

#[test]
fn a_split_that_only_the_files_give_is_read_from_them_beside_another() {
    let options = Options {
        row_group_rows: 20,
        ..Options::default()
    };
    let made = rows::small(50);
    let files = write_parquet(&made.texts, &options);
    let big = Split::of("c", "s", &made.texts).with_files(files).too_big();
    let second = Split::of("c", "s", &rows::small(40).texts);
    let standin = StandIn::start(vec![
        DataSet::new("small/one").with(second),
        DataSet::new("big/one").with(big),
    ]);
    let run = |name: &str| steps::run_of(&standin, name, "", "", 45);
    // Each in a browser that has kept nothing.
    let lines = |query: &str| {
        let browser = Browser::start();
        let lines = alone(&browser, query).text().to_owned();
        (lines, browser.text_of(".progress"))
    };
    let apart = ["big/one", "small/one"].map(|name| lines(&run(name)).0);
    for (names, at) in [("big/one,small/one", [0, 1]), ("small/one,big/one", [1, 0])] {
        let (lines, progress) = lines(&run(names));
        assert_eq!(lines, at.map(|at| apart[at].as_str()).concat());
        let route = "big/one: The row service can't serve";
        assert!(progress.contains(route), "{progress}");
    }
    steps::check_manners(&standin.log());
}
