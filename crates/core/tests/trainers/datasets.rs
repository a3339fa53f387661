//! `datasets.load_dataset("json")` opens the file of every format, whatever rows it begins with.

use std::ffi::OsStr;
use std::path::Path;

use serde_json::Value;

use tracesift_core::export::Format;

use super::file::{export, options};
use super::python::tell;
use super::rows;

/// A row without the keys that are null: those are of other rows.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields
                .map(|(key, value)| (key.clone(), without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Opens a file some pieces at a time and compares its rows with its lines; how many they are.
pub fn gives_its_rows_back(path: &Path) -> usize {
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answer = tell("with_datasets.py", &[path.as_os_str(), OsStr::new("65536")]);
    let told = answer["rows"].as_array().unwrap();
    assert_eq!(told.len(), lines.len(), "{path:?}");
    for (told, line) in told.iter().zip(&lines) {
        assert_eq!(without_nulls(told), without_nulls(line), "{path:?}");
    }
    told.len()
}

#[test]
fn every_format_is_opened_and_gives_its_rows_back() {
    for format in Format::all() {
        let file = export(&rows::all(), &options(format.name()));
        let rows = gives_its_rows_back(&file.path());
        assert_eq!(rows, file.rows.len(), "{}", format.name());
    }
}
