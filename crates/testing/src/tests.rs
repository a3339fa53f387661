//! The makers do what their options say, as PyArrow sees it.

use serde_json::{Value, json};

use super::growth::assert_linear;
use super::parquet::{Options, read_parquet, write_parquet};

fn rows() -> Vec<String> {
    let row = |at: u64| {
        let text = format!("{at:04} the quick brown fox").repeat(20);
        json!({"id": at, "messages": [{"role": "user", "content": text}], "done": at.is_multiple_of(2)})
    };
    (0..50).map(|at| row(at).to_string()).collect()
}

fn columns(files: &Value) -> impl Iterator<Item = &Value> {
    let groups = files.as_array().into_iter().flatten();
    let groups = groups.flat_map(|file| file["groups"].as_array().into_iter().flatten());
    groups.flat_map(|group| group["columns"].as_array().into_iter().flatten())
}

#[test]
fn rows_come_back_from_every_layout() {
    let rows = rows();
    let values: Value = rows
        .iter()
        .map(|row| serde_json::from_str::<Value>(row).unwrap())
        .collect();
    for (codec, seen) in [
        ("snappy", "SNAPPY"),
        ("zstd", "ZSTD"),
        ("gzip", "GZIP"),
        ("lz4", "LZ4"),
        ("brotli", "BROTLI"),
        ("none", "UNCOMPRESSED"),
    ] {
        let one = codec == "zstd" || codec == "none";
        let options = Options {
            codec,
            row_group_rows: 20,
            data_page_version: if one { "2.0" } else { "1.0" },
            page_index: one,
            data_page_size: one.then_some(500),
            dictionary: !one,
            files: if one { 1 } else { 3 },
        };
        let paths = write_parquet(&rows, &options);
        let read = read_parquet(&paths);
        assert_eq!(read["rows"], values, "{codec}");
        let files = &read["files"];
        let counts: Vec<u64> = (0..paths.len())
            .filter_map(|at| files[at]["rows"].as_u64())
            .collect();
        assert_eq!(counts, if one { vec![50] } else { vec![16, 17, 17] });
        assert_eq!(
            files[0]["groups"].as_array().map(Vec::len),
            Some(if one { 3 } else { 1 })
        );
        for column in columns(files) {
            assert_eq!(column["codec"], seen);
            assert_eq!(column["has_offset_index"], one);
            // PyArrow has no dictionaries of booleans.
            assert_eq!(column["has_dictionary"], !one && column["path"] != "done");
        }
        assert_eq!(write_parquet(&rows, &options), paths, "they are kept");
    }
}

#[test]
fn keys_that_others_have_are_null_and_what_does_not_go_together_is_json_text() {
    let rows = [
        json!({"m": [{"role": "user"}, {"calls": [{"id": "1"}]}], "mixed": "a", "date": "2026-01-01", "none": {}}),
        json!({"m": [], "mixed": [1, {"b": 2}], "more": 1.5}),
    ]
    .map(|row| row.to_string());
    let read = read_parquet(&write_parquet(&rows, &Options::default()));
    assert_eq!(
        read["rows"],
        json!([
            {"m": [{"role": "user", "calls": null}, {"role": null, "calls": [{"id": "1"}]}],
             "mixed": "\"a\"", "date": "2026-01-01", "none": "{}", "more": null},
            {"m": [], "mixed": "[1, {\"b\": 2}]", "date": null, "none": null, "more": 1.5},
        ])
    );
}

#[test]
fn linear_work_passes() {
    let make = |size| (0..size as u64).collect::<Vec<_>>();
    assert_linear(400_000, make, |numbers| {
        numbers
            .iter()
            .fold(0_u64, |sum, number| sum.wrapping_mul(31) ^ number)
    });
}

#[test]
#[should_panic(expected = "times the work")]
fn quadratic_work_fails() {
    let make = |size| (0..size as u64).collect::<Vec<_>>();
    assert_linear(1_000, make, |numbers| {
        let smaller = |of: &u64| numbers.iter().filter(|number| *number < of).count();
        numbers.iter().map(smaller).sum::<usize>()
    });
}
