//! Rows for the tests: real ones from the folder `TRACESIFT_TRACES`, or made here where there is no such folder.
//! Whoever makes rows also says what they hold, so that no number is checked against the code under test.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The nine languages of Open-SWE-Traces.
pub const LANGUAGES: [&str; 9] = [
    "python",
    "go",
    "typescript",
    "javascript",
    "rust",
    "java",
    "php",
    "c",
    "cpp",
];

/// Rows and what each of them holds.
pub struct Rows {
    /// One JSON text per row.
    pub texts: Vec<String>,
    /// What is known of each row.
    pub truths: Vec<Truth>,
}

/// What a row holds, by its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// `trajectory_id`.
    pub trajectory: String,
    /// All messages.
    pub messages: u64,
    /// Assistant messages.
    pub turns: u64,
    /// Tool calls.
    pub calls: u64,
    /// Calls without an observation.
    pub unanswered: u64,
    /// Calls whose arguments are not JSON.
    pub bad_arguments: u64,
    /// The language.
    pub language: String,
    /// `success`, `failure` or `unknown`.
    pub outcome: &'static str,
    /// Whether there is a patch.
    pub has_patch: bool,
}

/// The folder of real trajectories, where there is one.
fn folder() -> Option<PathBuf> {
    std::env::var_os("TRACESIFT_TRACES").map(PathBuf::from)
}

/// A file of real rows; rows in the same dialect, made here, where there is no folder.
pub fn real(name: &str) -> Vec<String> {
    let text = match folder() {
        Some(folder) => std::fs::read_to_string(folder.join(name))
            .unwrap_or_else(|error| panic!("TRACESIFT_TRACES has no {name}: {error}")),
        None => super::dialects::like(name),
    };
    text.lines().map(str::to_owned).collect()
}

/// Rows of Open-SWE-Traces in one generation of its schema, of one harness and teacher.
pub fn open_swe(count: usize, generation: &str, harness: &str, teacher: &str) -> Rows {
    match folder() {
        Some(folder) => by_script(&folder, count, generation, harness, teacher),
        None => (0..count as u64)
            .map(|index| made_by(teacher, index, generation, 6))
            .collect(),
    }
}

/// Rows made here: the newest schema, short.
pub fn small(count: usize) -> Rows {
    (0..count as u64)
        .map(|index| made(index, "g3", 4))
        .collect()
}

impl FromIterator<(String, Truth)> for Rows {
    fn from_iter<I: IntoIterator<Item = (String, Truth)>>(rows: I) -> Self {
        let (texts, truths) = rows.into_iter().unzip();
        Self { texts, truths }
    }
}

fn by_script(folder: &Path, count: usize, generation: &str, harness: &str, teacher: &str) -> Rows {
    let out = TempDir::new().expect("a folder");
    let (rows, truth) = (out.path().join("rows.jsonl"), out.path().join("truth.json"));
    let made = Command::new("python3")
        .arg(folder.join("make_open_swe_traces.py"))
        .args(["--rows", &count.to_string(), "--generation", generation])
        .args(["--harness", harness, "--teacher", teacher])
        .arg("--out")
        .arg(&rows)
        .arg("--truth")
        .arg(&truth)
        .output()
        .expect("python3 starts: sudo apt-get install python3");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let read = |path| std::fs::read_to_string(path).expect("what the script wrote");
    let truths: Vec<Value> = serde_json::from_str(&read(truth)).expect("the truth is JSON");
    Rows {
        texts: read(rows).lines().map(str::to_owned).collect(),
        truths: truths.iter().map(truth_of_script).collect(),
    }
}

fn truth_of_script(truth: &Value) -> Truth {
    let number = |key: &str| truth[key].as_u64().expect("a number");
    let text = |key: &str| truth[key].as_str().expect("a text").to_owned();
    let calls = truth["calls"].as_object().expect("calls by tool").values();
    Truth {
        trajectory: text("trajectory_id"),
        messages: number("messages"),
        turns: number("assistant_turns"),
        calls: calls.filter_map(Value::as_u64).sum(),
        unanswered: number("unanswered"),
        bad_arguments: number("bad_arguments"),
        language: text("language"),
        outcome: outcome(truth["resolved"].as_i64().expect("a verdict")),
        has_patch: number("patch_bytes") > 0,
    }
}

fn outcome(resolved: i64) -> &'static str {
    match resolved {
        1 => "success",
        0 => "failure",
        _ => "unknown",
    }
}

/// One row of Open-SWE-Traces with some turns; the same index gives the same row.
pub fn made(index: u64, generation: &str, turns: u64) -> (String, Truth) {
    made_by("minimax_m25", index, generation, turns)
}

fn made_by(teacher: &str, index: u64, generation: &str, turns: u64) -> (String, Truth) {
    let turns = turns + index % 5;
    let mut messages = vec![
        message("system", "You are a helpful assistant.", &[]),
        message(
            "user",
            &format!("Issue {index}: the parser drops the last line."),
            &[],
        ),
    ];
    let (mut calls, mut bad) = (0, 0);
    for turn in 0..turns {
        let width = if (index + turn) % 7 == 3 { 2 } else { 1 };
        let batch: Vec<Value> = (calls..calls + width)
            .map(|number| {
                let is_bad = (index + number) % 11 == 5;
                bad += u64::from(is_bad);
                call(number, turn + 1 == turns, is_bad)
            })
            .collect();
        calls += width;
        messages.push(message(
            "assistant",
            &format!("Step {turn} of row {index}."),
            &batch,
        ));
        for _ in 0..if turn + 1 == turns { 0 } else { width } {
            messages.push(message("tool", &observation(index, turn), &[]));
        }
    }
    let language = LANGUAGES[(index % 9) as usize];
    let resolved = [1, 0, -1, 1, 0][(index % 5) as usize];
    let has_patch = !index.is_multiple_of(6);
    let truth = Truth {
        trajectory: format!("00000000-0000-4000-8000-{index:012}"),
        messages: messages.len() as u64,
        turns,
        calls,
        unanswered: if (index + turns - 1) % 7 == 3 { 2 } else { 1 },
        bad_arguments: bad,
        language: language.to_owned(),
        outcome: outcome(resolved),
        has_patch,
    };
    let mut metadata = json!({
        "category": "bug-fix",
        "reference_patch": {"patch": patch(index), "num_modified_files": 1, "num_modified_lines": 3},
        "model_patch": {"patch": if has_patch { patch(index) } else { String::new() },
                        "num_modified_files": 1, "num_modified_lines": 3},
    });
    if generation == "g3" {
        let name = if teacher == "minimax_m25" {
            "MiniMax-M2.5"
        } else {
            "Qwen3.5-122B"
        };
        metadata["teacher_model"] =
            json!({"name": name, "enable_thinking": true, "reasoning_effort": null});
    }
    let column = if generation == "g1" {
        "trajectory"
    } else {
        "messages"
    };
    let row = json!({
        "instance_id": format!("owner__repo-{}", index % 17),
        "repo": "owner/repo",
        "license": "MIT",
        "language": language,
        "trajectory_id": truth.trajectory,
        column: messages,
        "tools": [tool("execute_bash", "command"), tool("finish", "message")],
        "resolved": resolved,
        "metadata": metadata,
        "hf_dataset_name": "nebius/SWE-rebench-V2",
    });
    (row.to_string(), truth)
}

fn message(role: &str, content: &str, calls: &[Value]) -> Value {
    json!({"role": role, "content": content, "reasoning_content": "", "tool_calls": calls})
}

/// A tool's schema, as text.
fn tool(name: &str, argument: &str) -> String {
    let parameters = json!({"type": "object", "properties": {argument: {"type": "string"}}});
    let function = json!({"name": name, "description": "A tool", "parameters": parameters});
    json!({"type": "function", "function": function}).to_string()
}

fn call(number: u64, is_last: bool, is_bad: bool) -> Value {
    let (name, arguments) = if is_last {
        ("finish", json!({"message": "done"}))
    } else {
        (
            "execute_bash",
            json!({"command": format!("sed -n {number}p src/parser.rs")}),
        )
    };
    let mut arguments = arguments.to_string();
    if is_bad {
        arguments.pop();
    }
    json!({"function": {"arguments": arguments, "name": name}, "id": format!("call_{number}"), "type": "function"})
}

fn observation(index: u64, turn: u64) -> String {
    format!("line {turn} of {index}\n[Command finished with exit code 0]")
}

/// A patch of one file: one line changed, one added.
pub fn patch(index: u64) -> String {
    format!(
        "diff --git a/src/parser.rs b/src/parser.rs\nindex 1111111..2222222 100644\n--- a/src/parser.rs\n+++ b/src/parser.rs\n@@ -1,3 +1,4 @@\n fn parse() {{\n-    let n = {index};\n+    let n = {index} + 1;\n+    let m = n;\n }}\n"
    )
}
