//! The demo: rows that are always the same, hold everything that the page can show, and agree with themselves.
#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tracesift_core::source::demo::{ROWS, row};

const SEED: u64 = 1;

/// Every row of the demo, made once.
fn lines() -> &'static [String] {
    static LINES: OnceLock<Vec<String>> = OnceLock::new();
    LINES.get_or_init(|| (0..ROWS).map(|index| row(SEED, index)).collect())
}

fn rows(count: usize) -> Vec<Value> {
    lines()
        .iter()
        .take(count)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text<'a>(row: &'a Value, pointer: &str) -> &'a str {
    row.pointer(pointer)
        .unwrap_or_else(|| panic!("{pointer}"))
        .as_str()
        .unwrap_or_default()
}

fn messages<'a>(row: &'a Value, role: &str) -> impl Iterator<Item = &'a Value> {
    row["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(move |message| message["role"] == role)
}

fn calls(row: &Value) -> impl Iterator<Item = &Value> {
    messages(row, "assistant").flat_map(|message| message["tool_calls"].as_array().unwrap())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    for index in [0, 1, 77, 599, 600, 12_345, u64::MAX] {
        assert_eq!(row(SEED, index), row(SEED, index));
        assert_ne!(row(SEED, index), row(SEED + 1, index));
    }
    assert!(row(u64::MAX, 3).starts_with('{'));
}

#[test]
fn a_row_is_the_same_whichever_way_its_page_is_made() {
    let forwards: Vec<String> = (40..60).map(|index| row(SEED, index)).collect();
    let mut backwards: Vec<String> = (40..60).rev().map(|index| row(SEED, index)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let threads: Vec<_> = (40..60)
        .map(|index| std::thread::spawn(move || row(SEED, index)))
        .collect();
    let apart: Vec<String> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(forwards, apart);
}

#[test]
fn a_row_is_one_line_with_the_columns_of_open_swe_traces_and_the_harness() {
    let line = row(SEED, 5);
    assert!(!line.contains(['\n', '\r']));
    let row: Value = serde_json::from_str(&line).unwrap();
    let columns: Vec<&str> = row
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        columns,
        [
            "instance_id",
            "repo",
            "license",
            "language",
            "trajectory_id",
            "messages",
            "tools",
            "resolved",
            "metadata",
            "hf_dataset_name",
            "harness"
        ]
    );
    for message in row["messages"].as_array().unwrap() {
        let keys: Vec<&str> = message
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, ["role", "content", "reasoning_content", "tool_calls"]);
    }
    for tool in row["tools"].as_array().unwrap() {
        let schema: Value = serde_json::from_str(tool.as_str().unwrap()).unwrap();
        assert_eq!(schema["type"], "function");
    }
    assert_eq!(text(&row, "/trajectory_id").len(), 36);
}

#[test]
fn five_hundred_rows_of_any_seed_hold_every_language_outcome_harness_and_teacher() {
    for seed in [1, 42] {
        let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut instances = BTreeMap::new();
        for index in 0..500 {
            let row: Value = serde_json::from_str(&row(seed, index)).unwrap();
            for (name, pointer) in [
                ("language", "/language"),
                ("resolved", "/resolved"),
                ("harness", "/harness"),
                ("license", "/license"),
                ("teacher", "/metadata/teacher_model/name"),
                ("category", "/metadata/category"),
            ] {
                seen.entry(name)
                    .or_default()
                    .insert(row.pointer(pointer).unwrap().to_string());
            }
            *instances
                .entry(text(&row, "/instance_id").to_owned())
                .or_insert(0) += 1;
        }
        let count: Vec<_> = seen
            .iter()
            .map(|(name, values)| (*name, values.len()))
            .collect();
        assert_eq!(
            count,
            [
                ("category", 4),
                ("harness", 2),
                ("language", 9),
                ("license", 4),
                ("resolved", 3),
                ("teacher", 2)
            ],
            "seed {seed}"
        );
        assert!(
            (150..=200).contains(&instances.len()),
            "{} instances",
            instances.len()
        );
        assert!(instances.values().any(|&n| n > 4));
    }
}

#[test]
fn about_a_quarter_has_no_verdict_and_of_the_others_about_two_in_five_succeed() {
    let rows = rows(lines().len());
    let count = |outcome: i64| rows.iter().filter(|row| row["resolved"] == outcome).count() as f64;
    let (success, failure, unknown) = (count(1), count(0), count(-1));
    let share_unknown = unknown / rows.len() as f64;
    let share_success = success / (success + failure);
    assert!((0.18..0.29).contains(&share_unknown), "{share_unknown}");
    assert!((0.34..0.52).contains(&share_success), "{share_success}");
}

#[test]
fn a_run_that_thinks_says_nothing_and_a_run_that_speaks_has_no_reasoning() {
    for row in rows(60) {
        let thinks = row["metadata"]["teacher_model"]["enable_thinking"]
            .as_bool()
            .unwrap();
        for message in messages(&row, "assistant") {
            let (said, thought) = (
                text(message, "/content"),
                text(message, "/reasoning_content"),
            );
            assert_eq!(said.is_empty(), thinks);
            if !thinks {
                assert_eq!(thought, "");
            }
        }
    }
}

#[test]
fn every_call_but_the_last_is_answered_and_there_is_no_other_observation() {
    let mut unanswered = 0;
    for row in rows(lines().len()) {
        let (calls, observations) = (calls(&row).count(), messages(&row, "tool").count());
        assert!(
            calls == observations || calls == observations + 1,
            "{calls} calls, {observations} observations"
        );
        unanswered += calls - observations;
    }
    assert!(unanswered > 300);
}

#[test]
fn some_turns_make_two_calls_and_a_few_arguments_are_no_json() {
    let rows = rows(lines().len());
    let (mut turns, mut parallel, mut all, mut bad) = (0.0, 0.0, 0.0, 0.0);
    for row in &rows {
        for message in messages(row, "assistant") {
            turns += 1.0;
            parallel += f64::from(u8::from(
                message["tool_calls"].as_array().unwrap().len() > 1,
            ));
        }
        for call in calls(row) {
            all += 1.0;
            let arguments = call["function"]["arguments"].as_str().unwrap();
            bad += f64::from(u8::from(serde_json::from_str::<Value>(arguments).is_err()));
        }
    }
    assert!(
        (0.015..0.06).contains(&(parallel / turns)),
        "{}",
        parallel / turns
    );
    assert!((0.002..0.007).contains(&(bad / all)), "{}", bad / all);
}

#[test]
fn only_tools_that_the_row_declares_are_called() {
    for row in rows(60) {
        let declared: BTreeSet<String> = row["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| {
                let schema: Value = serde_json::from_str(tool.as_str().unwrap()).unwrap();
                schema["function"]["name"].as_str().unwrap().to_owned()
            })
            .collect();
        for call in calls(&row) {
            assert!(declared.contains(call["function"]["name"].as_str().unwrap()));
        }
    }
}

#[test]
fn every_edit_replaces_lines_that_the_file_has_and_shows_the_new_ones() {
    let mut edits = 0;
    for row in rows(100) {
        let messages = row["messages"].as_array().unwrap();
        for pair in messages.windows(2) {
            let [call, observation] = pair else {
                unreachable!()
            };
            let Some(function) = call["tool_calls"].get(0).map(|call| &call["function"]) else {
                continue;
            };
            let Ok(arguments) =
                serde_json::from_str::<Value>(function["arguments"].as_str().unwrap())
            else {
                continue;
            };
            if arguments["command"] == "str_replace"
                && observation["content"]
                    .as_str()
                    .unwrap()
                    .contains("has been edited")
            {
                edits += 1;
                for line in arguments["new_str"].as_str().unwrap().lines() {
                    assert!(
                        observation["content"].as_str().unwrap().contains(line),
                        "{line}"
                    );
                }
            }
        }
    }
    assert!(edits > 100);
}

/// What `git apply --numstat` says of a patch: files, and lines added and deleted.
fn numstat(patch: &str) -> (u64, u64) {
    let mut git = Command::new("git")
        // Inside a repository git would leave out what lies outside the folder that it is called in.
        .current_dir(std::env::temp_dir())
        .args(["apply", "--numstat", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    git.stdin
        .take()
        .unwrap()
        .write_all(patch.as_bytes())
        .unwrap();
    let output = git.wait_with_output().unwrap();
    assert!(output.status.success(), "git refuses\n{patch}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().fold((0, 0), |(files, changed), line| {
        let mut cells = line
            .split('\t')
            .map(|cell| cell.parse::<u64>().unwrap_or_default());
        (
            files + 1,
            changed + cells.next().unwrap() + cells.next().unwrap(),
        )
    })
}

#[test]
fn git_accepts_every_patch_and_counts_what_the_row_says() {
    let (mut empty, mut null, mut known) = (0, 0, BTreeMap::new());
    for row in rows(lines().len()) {
        for name in ["reference_patch", "model_patch"] {
            let cell = &row["metadata"][name];
            let counts = (
                cell["num_modified_files"].as_u64().unwrap(),
                cell["num_modified_lines"].as_u64().unwrap(),
            );
            match cell["patch"].as_str() {
                None => null += 1,
                Some("") => empty += 1,
                Some(patch) => {
                    let counted = *known
                        .entry(patch.to_owned())
                        .or_insert_with(|| numstat(patch));
                    assert_eq!(counted, counts, "{patch}");
                    continue;
                }
            }
            assert_eq!((name, counts), ("model_patch", (0, 0)));
        }
    }
    assert!(empty > 5 && null > 5, "{empty} empty, {null} null");
}

#[test]
fn the_demo_is_small_enough_to_be_measured_in_seconds_and_has_a_long_tail() {
    let mut sizes: Vec<usize> = lines().iter().map(String::len).collect();
    sizes.sort_unstable();
    let total: usize = sizes.iter().sum();
    assert!(total < 40_000_000, "{total} bytes in all");
    assert!(sizes[0] > 10_000, "shortest {}", sizes[0]);
    assert!(
        sizes[sizes.len() / 2] > 40_000,
        "median {}",
        sizes[sizes.len() / 2]
    );
    assert!(
        sizes[sizes.len() - 1] < 500_000,
        "longest {}",
        sizes[sizes.len() - 1]
    );
    assert!(
        sizes.iter().filter(|&&size| size > 130_000).count() > 12,
        "no tail"
    );
}
