//! Steps that many scenarios share: the address of a run, the table and the lines that come out, what must always hold.
//! Nothing here knows how the page is built.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::browser::Download;
use super::standin::StandIn;
use super::standin::log::{Asked, Log};
use tracesift_core::sign::Sign;

/// The button that writes the selection; the words on it say the format and the file.
pub const DOWNLOAD: &str = "[data-action=download]";

/// The columns of "Download table", in order.
pub const COLUMNS: [&str; 43] = [
    "row",
    "trajectory_id",
    "instance_id",
    "repo",
    "license",
    "language",
    "harness",
    "teacher",
    "category",
    "source",
    "outcome",
    "messages",
    "turns",
    "calls",
    "errors",
    "first_error",
    "nonzero_exits",
    "unanswered",
    "orphans",
    "bad_arguments",
    "distinct_tools",
    "patch_files",
    "patch_added",
    "patch_deleted",
    "patch_modified",
    "patch_hunks",
    "patch_test_files",
    "reference_files",
    "reference_added",
    "reference_deleted",
    "overlap_files",
    "overlap_lines",
    "tokens",
    "tokens_system",
    "tokens_user",
    "tokens_assistant",
    "tokens_reasoning",
    "tokens_calls",
    "tokens_observations",
    "tokens_tools",
    "tokens_template",
    "bytes",
    "repairs",
];

/// The address of a run on the stand-in that starts at once.
pub fn run_of(standin: &StandIn, dataset: &str, config: &str, split: &str, rows: u64) -> String {
    let more = [
        ("dataset", dataset),
        ("config", config),
        ("split", split),
        ("rows", &rows.to_string()),
        ("run", "1"),
    ];
    format!("{}&{}", servers(standin), query(&more))
}

/// The keys that name the stand-in for both APIs.
pub fn servers(standin: &StandIn) -> String {
    query(&[("endpoint", &standin.url()), ("hub", &standin.url())])
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// A table by its columns' names, one map per row.
pub type Table = Vec<BTreeMap<String, String>>;

/// Reads "Download table"; its head is checked.
pub fn table(download: &Download) -> Table {
    let mut reader = csv::Reader::from_reader(download.bytes.as_slice());
    let head: Vec<String> = reader
        .headers()
        .expect("a head")
        .iter()
        .map(str::to_owned)
        .collect();
    let (columns, signs) = head.split_at(COLUMNS.len());
    assert_eq!(columns, COLUMNS);
    assert_eq!(signs.len(), Sign::COUNT);
    assert!(signs.iter().all(|sign| sign.starts_with("sign_")));
    reader
        .deserialize()
        .map(|row| row.expect("a row of the table"))
        .collect()
}

/// A column as numbers; empty cells are left out.
pub fn numbers(table: &Table, column: &str) -> Vec<f64> {
    let cells = table
        .iter()
        .map(|row| row[column].as_str())
        .filter(|cell| !cell.is_empty());
    cells.map(|cell| cell.parse().expect("a number")).collect()
}

/// A column as texts.
pub fn texts<'a>(table: &'a Table, column: &str) -> Vec<&'a str> {
    table.iter().map(|row| row[column].as_str()).collect()
}

/// Reads DOWNLOAD: one object per line, each in the form that is promised.
pub fn lines(download: &Download) -> Vec<Value> {
    let text = download.text();
    assert!(
        text.is_empty() || text.ends_with('\n'),
        "the last line is ended"
    );
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    lines.iter().for_each(check_line);
    lines
}

/// The OpenAI form: every observation has an id, ids belong to calls, arguments are texts.
fn check_line(line: &Value) {
    let keys: BTreeSet<&str> = line
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert!(
        keys.contains("messages") && keys.contains("metadata"),
        "{keys:?}"
    );
    assert!(
        keys.iter()
            .all(|key| ["messages", "tools", "metadata"].contains(key)),
        "{keys:?}"
    );
    for key in [
        "dataset",
        "config",
        "split",
        "revision",
        "row",
        "trajectory_id",
        "instance_id",
        "repo",
        "license",
        "language",
        "outcome",
        "tokens",
    ] {
        assert!(
            line["metadata"].get(key).is_some(),
            "metadata.{key} of row {}",
            line["metadata"]["row"]
        );
    }
    for message in messages(line) {
        let role = message["role"].as_str().expect("a role");
        assert!(
            ["system", "user", "assistant", "tool"].contains(&role),
            "{role}"
        );
        if role == "tool" {
            assert!(
                message["tool_call_id"].is_string(),
                "an observation without tool_call_id: {message}"
            );
        }
        for call in calls(message) {
            assert!(
                call["id"].is_string() && call["type"] == "function",
                "{call}"
            );
            assert!(
                call["function"]["name"].is_string() && call["function"]["arguments"].is_string(),
                "{call}"
            );
        }
    }
}

/// The messages of a line.
pub fn messages(line: &Value) -> &Vec<Value> {
    line["messages"].as_array().expect("messages")
}

/// The calls of a message.
pub fn calls(message: &Value) -> impl Iterator<Item = &Value> {
    message["tool_calls"].as_array().into_iter().flatten()
}

/// The row numbers of lines, in their order.
pub fn row_numbers(lines: &[Value]) -> Vec<u64> {
    lines
        .iter()
        .map(|line| line["metadata"]["row"].as_u64().expect("a row number"))
        .collect()
}

/// What holds of every conversation with the servers: short pages, few at once, plain ranges, no token where it does
/// not belong.
pub fn check_manners(log: &Log) {
    for range in log.row_ranges() {
        assert!(
            range.end - range.start <= 100,
            "{range:?} is more than 100 rows"
        );
    }
    assert!(
        log.most_in_flight() <= 4,
        "{} requests at once",
        log.most_in_flight()
    );
    assert!(!log.url_holds("hf_"), "a token is in a URL");
    let ranges = log.most_ranges_in_flight();
    assert!(ranges <= 6, "{ranges} ranges at once");
    let bad = log.bad_ranges();
    assert!(bad.is_empty(), "not plain ranges: {bad:?}");
    let heads = log.all().iter().filter(|asked| asked.method == "HEAD");
    assert_eq!(heads.count(), 0, "a server is asked for a head alone");
    let told = |asked: &&Asked| asked.token.is_some();
    let told: Vec<_> = log.cdn_requests().into_iter().filter(told).collect();
    assert!(told.is_empty(), "a server that wants no token is told one");
    let refused: Vec<_> = log
        .all()
        .iter()
        .filter(|asked| asked.status == Some(422))
        .collect();
    assert!(refused.is_empty(), "bad requests: {refused:?}");
}

/// The words of a text that are long enough to be nothing but the author's.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.len() >= 8)
}

/// Every text inside a JSON value, keys too; texts that are JSON themselves are opened.
pub fn all_texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                all_texts(&inner, into);
            }
            into.push(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| all_texts(item, into)),
        Value::Object(fields) => {
            for (key, item) in fields {
                into.push(key.clone());
                all_texts(item, into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
