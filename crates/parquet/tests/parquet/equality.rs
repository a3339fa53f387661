//! Every row is what PyArrow reads, in every layout.

use serde_json::Value;

use super::drive::Served;
use super::made::table;

/// The rows of a layout's files, some at a time.
fn rows(files: &[Vec<u8>], step: u64, with_index: bool) -> Vec<String> {
    let rows = files.iter().map(|file| {
        let mut served = Served::new(file.clone());
        served.with_index = with_index;
        served.all(step).unwrap()
    });
    rows.flatten().collect()
}

/// The same text, but for the digits of numbers.
fn assert_same_values(name: &str) {
    for (layout, files) in &table(name).layouts {
        for (step, with_index) in [(1, true), (3, false), (u64::MAX, true)] {
            let read = rows(files, step, with_index);
            assert_eq!(read.len(), table(name).rows.len(), "{name} {layout}");
            for (read, row) in read.iter().zip(&table(name).rows) {
                let value =
                    |text| serde_json::from_str::<serde_json::Map<String, Value>>(text).unwrap();
                let (read, row) = (value(read), value(row));
                assert!(read.keys().eq(row.keys()), "{name} {layout}");
                for (key, value) in &row {
                    assert_eq!(&read[key], value, "{name} {layout} {key}");
                }
            }
        }
    }
}

#[test]
fn trajectories_of_every_layout_are_the_text_that_pyarrow_reads() {
    let table = table("trajectories");
    assert_eq!(table.layouts.len(), 6 * 4 + 4 + 3);
    for (layout, files) in &table.layouts {
        for (step, with_index) in [(1, true), (7, false), (7, true), (u64::MAX, true)] {
            let read = rows(files, step, with_index);
            assert_eq!(read.len(), table.rows.len(), "{layout}");
            for (at, (read, row)) in read.iter().zip(&table.rows).enumerate() {
                assert_eq!(read, row, "{layout}, row {at}, {step} at a time");
            }
        }
    }
}

#[test]
fn values_of_every_kind_are_what_pyarrow_reads() {
    assert_same_values("kinds");
}

#[test]
fn timestamps_of_the_deprecated_kind_are_read_too() {
    assert_same_values("int96");
}

#[test]
fn a_file_without_rows_has_none() {
    assert_same_values("nothing");
    assert!(table("nothing").rows.is_empty());
}

#[test]
fn row_groups_without_rows_are_passed_over() {
    assert_same_values("gaps");
}
