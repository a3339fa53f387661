//! What a survey tells of a row is what the whole row tells, and takes next to none of its bytes.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tracesift_core::measure::{Measurements, measure, measure_metadata};
use tracesift_core::source::demo;
use tracesift_core::trace::{self, RowContext};
use tracesift_parquet::plan::survey_cost;
use tracesift_parquet::schema::is_metadata_column;

use super::drive::Served;
use super::support::parquet::{Options, write_parquet};

/// Text that no dictionary makes short.
fn text(seed: u64, bytes: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut out = String::with_capacity(bytes + 16);
    while out.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out += &format!("{state:x} ");
    }
    out
}

fn pick<'w>(words: &[&'w str], at: u64) -> &'w str {
    words[at as usize % words.len()]
}

/// A row of Open-SWE-Traces in one of the generations of its schema.
fn row(generation: u64, at: u64, size: usize) -> Value {
    let call = |number: u64| {
        let (name, arguments) = match (at + number) % 4 {
            0 => (
                "str_replace_editor",
                json!({"command": "view", "path": "/a.py"}),
            ),
            1 => (
                "str_replace_editor",
                json!({"command": "create", "path": "/b.py", "file_text": text(at * 991 + number, size)}),
            ),
            2 => (
                "execute_bash",
                json!({"command": text(at * 997 + number, size / 2)}),
            ),
            _ => ("think", json!({})),
        };
        json!({"function": {"arguments": arguments.to_string(), "name": name}, "id": format!("call_{number}"), "type": "function"})
    };
    let next = std::cell::Cell::new(at * 10_000);
    let text_of = |bytes| text(next.replace(next.get() + 1), bytes);
    let message = |role: &str, content: String, calls: Vec<Value>| json!({"role": role, "content": content, "reasoning_content": text_of(size / 4), "tool_calls": calls});
    let mut messages = vec![
        message("system", text_of(4 * size), vec![]),
        message("user", text_of(2 * size), vec![]),
    ];
    let mut number = 0;
    for turn in 0..20 + at % 9 {
        let calls: Vec<Value> = (0..[1, 2, 0, 1][(turn % 4) as usize])
            .map(|_| {
                number += 1;
                call(number)
            })
            .collect();
        let count = calls.len();
        messages.push(message("assistant", text_of(size / 3), calls));
        messages.extend((0..count).map(|_| message("tool", text_of(2 * size), vec![])));
    }
    let patch = |n: u64| {
        format!(
            "diff --git a/f{n}.py b/f{n}.py\n--- a/f{n}.py\n+++ b/f{n}.py\n@@ -1 +1 @@\n-{}\n+{}\n",
            text(n, size),
            text(n + 1, size)
        )
    };
    let mut metadata = json!({
        "category": pick(&["bug-fix", "feature"], at),
        "model_patch": {"patch": patch(at), "num_modified_files": 1 + at % 3, "num_modified_lines": 2 + at % 5},
        "reference_patch": {"patch": patch(at + 1), "num_modified_files": 1, "num_modified_lines": at % 7},
    });
    if generation == 3 {
        metadata["teacher_model"] =
            json!({"name": "MiniMax-M2.5", "enable_thinking": true, "reasoning_effort": null});
    }
    let conversation = if generation == 1 {
        "trajectory"
    } else {
        "messages"
    };
    json!({
        "instance_id": format!("owner__repo-{}", at % 17),
        "repo": format!("owner/repo-{}", at % 4),
        "license": pick(&["MIT", "Apache-2.0"], at),
        "language": pick(&["python", "go", "rust"], at),
        "trajectory_id": format!("00000000-0000-4000-8000-{at:012}"),
        conversation: messages,
        "tools": [text(1, size)],
        "resolved": at as i64 % 3 - 1,
        "metadata": metadata,
        "hf_dataset_name": "nebius/SWE-rebench-V2",
    })
}

/// Calls by tool, verbs put aside: they stand in the arguments.
fn calls(measured: &Measurements) -> BTreeMap<String, u32> {
    let mut calls = BTreeMap::new();
    for tool in &measured.tools {
        let name = tool.name.split(':').next().unwrap_or_default();
        *calls.entry(name.to_owned()).or_default() += tool.calls;
    }
    calls
}

fn rows_of(files: &[Vec<u8>], wants: fn(&[String]) -> bool) -> Vec<String> {
    let rows = files.iter().map(|file| {
        let mut served = Served::new(file.clone());
        served.all_of(50, wants).unwrap()
    });
    rows.flatten().collect()
}

/// Reads rows both ways and compares what is measured of them.
fn assert_metadata_rows_say_the_same(rows: &[String], options: &Options) {
    let paths = write_parquet(rows, options);
    let files: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let whole = rows_of(&files, |_| true);
    let metadata = rows_of(&files, is_metadata_column);
    assert_eq!((whole.len(), metadata.len()), (rows.len(), rows.len()));
    let mut outcomes = BTreeMap::new();
    for (at, (whole, metadata)) in whole.iter().zip(&metadata).enumerate() {
        let place = RowContext::default();
        let whole = measure(0, 0, &trace::read(whole, &place).unwrap(), None);
        let read =
            trace::read(metadata, &place).unwrap_or_else(|error| panic!("{error}: {metadata}"));
        let surveyed = measure_metadata(0, &read);
        assert!(surveyed.is_survey() && !whole.is_survey());
        assert_eq!(surveyed.labels, whole.labels, "row {at}");
        assert_eq!(surveyed.outcome, whole.outcome, "row {at}");
        let counts = |measured: &Measurements| (measured.messages, measured.turns, measured.calls);
        assert_eq!(counts(&surveyed), counts(&whole), "row {at}");
        assert!(whole.calls > 0 && whole.turns > 0);
        assert_eq!(calls(&surveyed), calls(&whole), "row {at}");
        let declared = surveyed.declared.unwrap();
        assert_ne!(declared.model, trace::Declared::default(), "row {at}");
        *outcomes.entry(format!("{:?}", whole.outcome)).or_insert(0) += 1;
    }
    assert!(outcomes.len() > 1, "{outcomes:?}");
}

#[test]
fn metadata_columns_of_every_generation_say_what_the_whole_row_says() {
    for generation in [1, 2, 3] {
        let rows: Vec<String> = (0..30)
            .map(|at| row(generation, at, 60).to_string())
            .collect();
        for options in [
            Options::default(),
            Options {
                codec: "zstd",
                row_group_rows: 7,
                data_page_version: "2.0",
                data_page_size: Some(500),
                dictionary: false,
                files: 2,
                ..Options::default()
            },
        ] {
            assert_metadata_rows_say_the_same(&rows, &options);
        }
    }
}

#[test]
fn metadata_columns_are_a_two_hundredth_of_the_bytes_of_rows_as_large_as_real_ones() {
    let rows: Vec<String> = (0..200).map(|at| row(3, at, 1_000).to_string()).collect();
    let bytes: usize = rows.iter().map(String::len).sum();
    assert!(bytes / rows.len() > 50_000, "{}", bytes / rows.len());
    for codec in ["snappy", "zstd"] {
        let options = Options {
            codec,
            row_group_rows: 100,
            ..Options::default()
        };
        for path in write_parquet(&rows, &options) {
            let mut served = Served::new(std::fs::read(path).unwrap());
            let file = served.open().unwrap();
            let footer = served.asked;
            let cost = survey_cost(&file).unwrap();
            assert!(cost.metadata * 200 <= cost.all, "{codec}: {cost:?}");
            served.all_of(50, is_metadata_column).unwrap();
            // The footer is read again, and the indices of the metadata columns' pages.
            let asked = served.asked - 2 * footer;
            assert!(
                asked <= cost.metadata + 20_000,
                "{codec}: {asked} of {cost:?}"
            );
        }
    }
}

#[test]
fn rows_of_the_demo_and_real_ones_say_the_same() {
    let demo: Vec<String> = (0..40).map(|index| demo::row(1, index)).collect();
    assert_metadata_rows_say_the_same(&demo, &Options::default());
    let Some(folder) = std::env::var_os("TRACESIFT_TRACES") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    for generation in ["g1", "g2", "g3"] {
        for harness in ["openhands", "sweagent"] {
            let out = tempfile::TempDir::new().unwrap();
            let rows = out.path().join("rows.jsonl");
            let made = std::process::Command::new("python3")
                .arg(folder.join("make_open_swe_traces.py"))
                .args([
                    "--rows",
                    "30",
                    "--generation",
                    generation,
                    "--harness",
                    harness,
                ])
                .args(["--teacher", "minimax_m25", "--out"])
                .arg(&rows)
                .status();
            assert!(made.is_ok_and(|status| status.success()));
            let rows = std::fs::read_to_string(rows).unwrap();
            let rows: Vec<String> = rows.lines().map(str::to_owned).collect();
            assert_metadata_rows_say_the_same(&rows, &Options::default());
        }
    }
}
