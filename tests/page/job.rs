//! The whole job: from a dataset's name to a downloaded file, and no row lost on the way.
//! Real rows where there are some, generated ones beside them; what rows hold is known from their makers.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::browser::{Browser, Site};
use super::rows::{self, Truth};
use super::standin::StandIn;
use super::standin::dataset::{DataSet, REVISION, Split};
use super::steps::DOWNLOAD;
use super::steps::{self, Table};

#[test]
fn the_demo_opens_by_itself_and_shows_numbers_within_seconds_without_any_network() {
    let browser = Browser::start();
    browser.open("");
    browser.wait_for("the first number", Duration::from_secs(20), |b| {
        b.text_of("#headline")
            .contains("have a verdict")
            .then_some(())
    });
    browser.wait_until_done();
    let table = steps::table(&browser.download("Download table"));
    assert!(table.len() >= 500, "{} rows", table.len());
    let languages: BTreeSet<_> = steps::texts(&table, "language").into_iter().collect();
    assert_eq!(languages, BTreeSet::from(rows::LANGUAGES));
    for (column, most) in [("harness", 2), ("teacher", 2), ("outcome", 3)] {
        let values: BTreeSet<_> = steps::texts(&table, column).into_iter().collect();
        assert!(values.len() >= most, "{column}: {values:?}");
    }
    // Nothing else was asked for than the page's own files.
    let missing = Site::deployed().missing();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn from_a_name_to_a_file() {
    let made = rows::small(230);
    let standin = StandIn::start(vec![
        DataSet::new("nvidia/Open-SWE-Traces")
            .with(Split::of("openhands", "minimax_m25", &made.texts[..30]))
            .with(Split::of("sweagent", "minimax_m25", &made.texts[..40]))
            .with(Split::of("sweagent", "qwen35_122b", &made.texts)),
    ]);
    let browser = Browser::start();
    browser.open(&format!("dataset=a/b&{}", steps::servers(&standin)));
    browser.allow_failed_requests(); // there is no a/b
    browser.wait_for_state(&["idle"], Duration::from_secs(10));

    browser.fill("Data set", "nvidia/Open-SWE-Traces");
    browser.choose("Config", "sweagent");
    browser.choose("Split", "qwen35_122b");
    assert!(
        browser
            .options("Split")
            .iter()
            .any(|option| option.contains("230")),
        "{:?}",
        browser.options("Split")
    );
    browser.fill("Rows", "210\t");
    browser.press("Analyze");
    browser.wait_until_done();

    let known = made.truths[..210]
        .iter()
        .filter(|truth| truth.outcome != "unknown")
        .count();
    let headline = browser.text_of("#headline");
    assert!(
        headline.contains(&format!("{known} of 210 runs have a verdict")),
        "{headline}"
    );
    let table = steps::table(&browser.download("Download table"));
    check_against_truth(&table, &made.truths[..210]);
    // The harness stands in the config's name alone; the teacher in the rows themselves, which say more than the split.
    let named = |row: &BTreeMap<String, String>| (row["harness"].clone(), row["teacher"].clone());
    let expected = ("sweagent".to_owned(), "MiniMax-M2.5".to_owned());
    assert!(
        table.iter().all(|row| named(row) == expected),
        "{:?}",
        table[0]
    );
    let download = browser.download(DOWNLOAD);
    assert!(download.name.ends_with(".jsonl"), "{}", download.name);
    let lines = steps::lines(&download);
    assert_eq!(steps::row_numbers(&lines), (0..210).collect::<Vec<_>>());
    assert_eq!(lines[7]["metadata"]["dataset"], "nvidia/Open-SWE-Traces");
    assert_eq!(lines[7]["metadata"]["revision"], REVISION);
    let manifest: Value =
        serde_json::from_slice(&browser.download("Download manifest").bytes).expect("JSON");
    let manifest = manifest.to_string();
    let sha256: String = <sha2::Sha256 as sha2::Digest>::digest(&download.bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for fact in [REVISION, &sha256, "split=qwen35_122b", "210"] {
        assert!(manifest.contains(fact), "{fact} in {manifest}");
    }
    assert_eq!(browser.key("split").as_deref(), Some("qwen35_122b"));
    assert_eq!(browser.key("rows").as_deref(), Some("210"));
    steps::check_manners(&standin.log());
}

#[test]
fn no_real_row_is_lost() {
    let names = [
        "swe-gym-openhands.jsonl",
        "swe-smith-xml.jsonl",
        "nebius-swe-agent.jsonl",
    ];
    let sets: Vec<DataSet> = names
        .iter()
        .map(|name| {
            DataSet::new(&format!("real/{name}")).with(Split::of(
                "default",
                "train",
                &rows::real(name),
            ))
        })
        .collect();
    let standin = StandIn::start(sets);
    let browser = Browser::start();
    for name in names {
        let originals = rows::real(name);
        browser.open(&steps::run_of(
            &standin,
            &format!("real/{name}"),
            "default",
            "train",
            100,
        ));
        browser.wait_until_done();
        assert_eq!(browser.notices(), Vec::<String>::new(), "{name}");
        let table = steps::table(&browser.download("Download table"));
        assert_eq!(table.len(), originals.len(), "{name}");
        assert!(
            steps::numbers(&table, "calls")
                .iter()
                .all(|calls| *calls > 0.0),
            "{name}: {table:?}"
        );
        assert!(
            steps::texts(&table, "outcome")
                .iter()
                .all(|outcome| *outcome != "unknown"),
            "{name}: {table:?}"
        );
        let lines = steps::lines(&browser.download(DOWNLOAD));
        assert_eq!(lines.len(), originals.len(), "{name}");
        for (original, line) in originals.iter().zip(&lines) {
            check_no_word_is_lost(
                name,
                &serde_json::from_str(original).expect("a real row"),
                line,
            );
        }
    }
}

/// Every long word of the conversation stands in the line; the marks of a dialect's own syntax may go.
fn check_no_word_is_lost(name: &str, original: &Value, line: &Value) {
    let marks = ["function", "parameter", "OBSERVATION"];
    let mut there = Vec::new();
    steps::all_texts(line, &mut there);
    let there: BTreeSet<&str> = there.iter().flat_map(|text| steps::words(text)).collect();
    let conversation = original
        .get("messages")
        .or(original.get("trajectory"))
        .expect("messages");
    for message in conversation.as_array().expect("a list") {
        for key in ["content", "text", "system_prompt", "tool_calls"] {
            let mut texts = Vec::new();
            if !message[key].is_null() {
                steps::all_texts(&message[key], &mut texts);
            }
            let lost: Vec<&str> = texts
                .iter()
                .flat_map(|text| steps::words(text))
                .filter(|word| !there.contains(word) && !marks.contains(word))
                .collect();
            assert!(lost.is_empty(), "{name}: lost {lost:?} of {message}");
        }
    }
}

#[test]
fn every_harness_and_teacher_of_the_first_generation_arrives_whole() {
    check_generation("g1");
}

#[test]
fn every_harness_and_teacher_of_the_second_generation_arrives_whole() {
    check_generation("g2");
}

#[test]
fn every_harness_and_teacher_of_the_third_generation_arrives_whole() {
    check_generation("g3");
}

fn check_generation(generation: &str) {
    let cells = [
        ("openhands", "minimax_m25"),
        ("openhands", "qwen35_122b"),
        ("sweagent", "minimax_m25"),
        ("sweagent", "qwen35_122b"),
    ];
    let made = cells.map(|(harness, teacher)| rows::open_swe(8, generation, harness, teacher));
    let mut set = DataSet::new("nvidia/Open-SWE-Traces");
    for ((harness, teacher), rows) in cells.iter().zip(&made) {
        set = set.with(Split::of(harness, teacher, &rows.texts));
    }
    let standin = StandIn::start(vec![set]);
    let browser = Browser::start();
    for ((harness, teacher), rows) in cells.iter().zip(&made) {
        browser.open(&steps::run_of(
            &standin,
            "nvidia/Open-SWE-Traces",
            harness,
            teacher,
            100,
        ));
        browser.wait_until_done();
        assert_eq!(browser.notices(), Vec::<String>::new());
        let table = steps::table(&browser.download("Download table"));
        check_against_truth(&table, &rows.truths);
        assert!(
            steps::texts(&table, "harness")
                .iter()
                .all(|cell| cell == harness),
            "{harness}"
        );
        let family = &teacher[..4]; // "mini", "qwen": rows of the third generation write the whole name
        assert!(
            steps::texts(&table, "teacher")
                .iter()
                .all(|cell| cell.to_lowercase().starts_with(family)),
            "{teacher}: {:?}",
            steps::texts(&table, "teacher")
        );
        let lines = steps::lines(&browser.download(DOWNLOAD));
        for (line, truth) in lines.iter().zip(&rows.truths) {
            assert_eq!(line["metadata"]["trajectory_id"], truth.trajectory);
            assert_eq!(steps::messages(line).len() as u64, truth.messages);
            let calls = steps::messages(line).iter().flat_map(steps::calls).count() as u64;
            assert_eq!(calls, truth.calls, "{generation} {harness} {teacher}");
        }
        assert_eq!(lines.len(), rows.truths.len());
    }
    steps::check_manners(&standin.log());
}

/// The table says what the maker of the rows says.
pub fn check_against_truth(table: &Table, truths: &[Truth]) {
    assert_eq!(table.len(), truths.len());
    for (index, (row, truth)) in table.iter().zip(truths).enumerate() {
        let expected = [
            ("row", index.to_string()),
            ("trajectory_id", truth.trajectory.clone()),
            ("messages", truth.messages.to_string()),
            ("turns", truth.turns.to_string()),
            ("calls", truth.calls.to_string()),
            ("unanswered", truth.unanswered.to_string()),
            ("orphans", "0".to_owned()),
            ("bad_arguments", truth.bad_arguments.to_string()),
            ("language", truth.language.clone()),
            ("outcome", truth.outcome.to_owned()),
        ];
        for (column, value) in expected {
            assert_eq!(row[column], value, "{column} of row {index}: {row:?}");
        }
        let files: f64 = row["patch_files"].parse().unwrap_or(0.0);
        assert_eq!(files > 0.0, truth.has_patch, "patch of row {index}");
        let parts = [
            "system",
            "user",
            "assistant",
            "reasoning",
            "calls",
            "observations",
            "tools",
        ];
        let number = |column: &str| row[column].parse::<u64>().expect("a count");
        let sum: u64 = parts
            .iter()
            .map(|part| number(&format!("tokens_{part}")))
            .sum();
        assert_eq!(number("tokens"), sum, "tokens of row {index}");
        assert!(number("tokens_calls") > 0 && number("bytes") > 0);
    }
}
