//! The table as Parquet: what PyArrow and pandas see in it, beside the CSV; and any rows in any groups, by our own reader.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::iter::repeat_n;
use std::path::Path;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use tracesift_core::export::options::CsvTexts;
use tracesift_core::export::table::{self, columns, name};
use tracesift_core::frame::{Column, Frame, Number};
use tracesift_core::measure::{Measurements, Overlap, measure};
use tracesift_core::patch::PatchCounts;
use tracesift_core::sign::{Sign, Signs};
use tracesift_core::source::demo;
use tracesift_core::tokens::{Counter, TokenCounts, Tokenizer};
use tracesift_core::trace::{self, Labels, Outcome, RowContext};
use tracesift_parquet::table::TableWriter;

use super::drive::Served;
use super::support::python;

const RECIPE: &str = "https://example.org/?outcome=success&run=1";

/// The file, of which each group has so many rows at most.
fn write(frame: &Frame, positions: &[u32], group: usize) -> Vec<u8> {
    let mut writer = TableWriter::new(RECIPE).unwrap();
    let pieces = positions.chunks(group);
    let mut file: Vec<u8> = pieces
        .flat_map(|positions| writer.rows(frame, positions).unwrap())
        .collect();
    file.extend(writer.end().unwrap());
    file
}

/// Rows of the demo, without a chat template, and one of which nearly nothing is known.
fn frame() -> Frame {
    let counter = Counter::new(Tokenizer::Qwen2);
    let mut frame = Frame::default();
    for row in 0..120 {
        let json = demo::row(1, row);
        let trajectory = trace::read(&json, &RowContext::default()).unwrap();
        let bytes = json.len() as u64;
        frame.push(&measure(row, bytes, &trajectory, Some(&counter)));
    }
    let repo = Some(Cow::Borrowed("=HYPERLINK(\"x\")\r\n, 日本語"));
    frame.push(&Measurements {
        row: 1 << 40,
        labels: Labels {
            repo,
            ..Labels::default()
        },
        ..Measurements::default()
    });
    frame
}

/// Many rows, with columns of few and of many values that repeat for short or long, and gaps between them.
fn large() -> Frame {
    let mut frame = Frame::default();
    for row in 0..5_000_u32 {
        let mut signs = Signs::default();
        signs.numbers.set(Sign::LoopSame, (row / 700) as f32);
        if row % 1_900 > 40 {
            signs.numbers.set(Sign::LoopError, (row % 97) as f32 / 97.0);
        }
        let text = |number: u32| Some(Cow::Owned(format!("t{number}")));
        frame.push(&Measurements {
            row: row.into(),
            labels: Labels {
                trajectory_id: text(row),
                instance_id: text(row / 2),
                repo: text(row % 300).filter(|_| row % 5 > 0),
                ..Labels::default()
            },
            outcome: Outcome::ALL[row as usize / 11 % Outcome::ALL.len()],
            messages: row * 7_919 % 5_003,
            turns: row % 2,
            calls: (row / 3) % 2_500,
            bytes: (u64::from(row) << 33) + 1,
            signs,
            ..Measurements::default()
        });
    }
    frame
}

/// What read_table.py tells.
#[derive(Debug, Deserialize)]
struct Told {
    types: BTreeMap<String, String>,
    pandas: BTreeMap<String, String>,
    groups: Vec<u64>,
    created_by: String,
    recipe: String,
    unknown: Vec<String>,
    rows: u64,
    different: Vec<(u64, String, String, String)>,
}

fn told(parquet: &[u8], csv: &[u8]) -> Told {
    let folder = tempfile::tempdir_in(python::kept()).unwrap();
    let files = [("table.parquet", parquet), ("table.csv", csv)].map(|(name, bytes)| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet/read_table.py");
    python::tell(&script, &files)
}

#[test]
fn pyarrow_and_pandas_see_the_values_of_the_csv_and_the_same_types_whatever_is_known() {
    let frame = frame();
    let all: Vec<u32> = (0..frame.len() as u32).rev().collect();
    for positions in [&all[..], &all[..1]] {
        let csv = table::write(&frame, positions, CsvTexts::Exact);
        let told = told(&write(&frame, positions, 50), &csv);
        assert_eq!(told.different, []);
        assert_eq!(told.rows, positions.len() as u64);
        assert_eq!(told.groups.iter().sum::<u64>(), told.rows);
        assert_eq!(told.groups.len(), positions.len().div_ceil(50));
        assert_eq!(told.recipe, RECIPE);
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(told.created_by, format!("tracesift version {version}"));
        assert!(told.unknown.contains(&"tokens_template".to_owned()));
        assert!(!told.unknown.contains(&"repo".to_owned()));
        for column in columns() {
            let (arrow, pandas) = match column {
                Column::Row => ("int64", "int64"),
                Column::Label(_) | Column::Outcome => ("string", "str"),
                Column::Number(_) | Column::Sign(_) => ("double", "float64"),
            };
            let name = name(column);
            assert_eq!(told.types[&*name], arrow, "{name}");
            assert_eq!(told.pandas[&*name], pandas, "{name}");
        }
    }
}

#[test]
fn a_large_group_is_the_csv_in_less_bytes() {
    let frame = large();
    let all: Vec<u32> = (0..frame.len() as u32).collect();
    let (csv, file) = (
        table::write(&frame, &all, CsvTexts::Exact),
        write(&frame, &all, all.len()),
    );
    let told = told(&file, &csv);
    assert_eq!((told.different, told.groups), (vec![], vec![5_000]));
    assert!(file.len() * 2 < csv.len(), "{} {}", file.len(), csv.len());
}

#[test]
fn the_same_rows_in_the_same_groups_are_the_same_bytes() {
    let frame = frame();
    let positions: Vec<u32> = (0..frame.len() as u32).collect();
    let file = write(&frame, &positions, 50);
    assert!(file == write(&frame, &positions, 50));
}

#[test]
fn each_piece_is_given_once_and_what_has_no_row_is_no_group() {
    let frame = frame();
    let mut writer = TableWriter::new(RECIPE).unwrap();
    let first = writer.rows(&frame, &[3, 500, 1]).unwrap();
    assert!(first.starts_with(b"PAR1") && first.len() > 100);
    let none = writer.rows(&frame, &[500, u32::MAX]).unwrap();
    assert!(none.is_empty());
    let second = writer.rows(&frame, &[2]).unwrap();
    assert!(!second.is_empty() && !second.starts_with(b"PAR1"));
    let end = writer.end().unwrap();
    assert!(end.ends_with(b"PAR1"));
    let mut served = Served::new([first, second, end].concat());
    let file = served.open().unwrap();
    let groups: Vec<u64> = file.groups.iter().map(|group| group.rows).collect();
    assert_eq!(groups, [2, 1]);
}

/// The value of a cell as the frame has it, as JSON; numbers in as many digits as it takes.
fn expected(frame: &Frame, column: Column, at: usize) -> String {
    let text = |text: Option<&str>| serde_json::to_string(&text).unwrap();
    match column {
        Column::Row => frame.rows()[at].to_string(),
        Column::Label(label) => text(frame.label(label).get(at)),
        Column::Outcome => text(Some(frame.outcomes()[at].name())),
        Column::Number(number) => digits(frame.number(number)[at]),
        Column::Sign(sign) => digits(frame.sign(sign)[at]),
    }
}

fn digits(number: impl Into<f64> + ToString + Copy) -> String {
    match number.into().is_nan() {
        true => "null".to_owned(),
        false => number.to_string(),
    }
}

/// A cell as it was read, in the same form: a number in the digits of its 64 bits.
fn as_read(column: Column, value: &RawValue) -> String {
    match (column, value.get()) {
        (Column::Number(_) | Column::Sign(_), digits) if digits != "null" => {
            digits.parse::<f64>().unwrap().to_string()
        }
        (_, other) => other.to_owned(),
    }
}

fn any_text() -> impl Strategy<Value = Option<Cow<'static, str>>> {
    let few = prop::sample::select(vec!["", "go", "python", "=1+1", "a \"b\"\n"]);
    let few = few.prop_map(|text| Some(text.into()));
    let any = "\\PC{0,40}".prop_map(|text| Some(text.into()));
    prop_oneof![2 => Just(None), 4 => few, 1 => any]
}

fn any_sign() -> impl Strategy<Value = (Sign, f32)> {
    let number = prop_oneof![
        (-3_i16..300).prop_map(f32::from),
        prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO,
        0.0_f32..1.0,
        1e7_f32..1e10,
    ];
    (prop::sample::select(Sign::ALL.to_vec()), number)
}

fn any_row() -> impl Strategy<Value = Measurements> {
    let labels = (any_text(), any_text(), any_text(), any_text(), any_text());
    let patch = prop::option::of(any::<[u32; 4]>());
    let tokens = prop::option::of((any::<[u32; 5]>(), prop::option::of(any::<i32>())));
    let overlap = prop::option::of((0.0..=1.0_f64, 0.0..=1.0_f64));
    (
        0..400_u64,
        labels,
        prop::sample::select(Outcome::ALL.to_vec()),
        any::<[u16; 6]>(),
        patch,
        tokens,
        overlap,
        prop::collection::vec(any_sign(), 0..8),
    )
        .prop_map(
            |(row, labels, outcome, counts, patch, tokens, overlap, found)| {
                let [messages, turns, calls, errors, bad_arguments, bytes] = counts.map(u32::from);
                let mut signs = Signs::default();
                for (sign, number) in found {
                    signs.numbers.set(sign, number);
                }
                Measurements {
                    row,
                    labels: Labels {
                        trajectory_id: labels.0,
                        instance_id: labels.1,
                        repo: labels.2,
                        language: labels.3,
                        teacher: labels.4,
                        ..Labels::default()
                    },
                    outcome,
                    messages,
                    turns,
                    calls,
                    errors,
                    bad_arguments,
                    patch: patch.map(|[files, added, deleted, hunks]| PatchCounts {
                        files,
                        added,
                        deleted,
                        hunks,
                        ..PatchCounts::default()
                    }),
                    overlap: overlap.map(|(files, lines)| Overlap { files, lines }),
                    tokens: tokens.map(|([system, user, assistant, calls, tools], template)| {
                        TokenCounts {
                            system,
                            user,
                            assistant,
                            calls,
                            tools,
                            template,
                            ..TokenCounts::default()
                        }
                    }),
                    bytes: bytes.into(),
                    signs,
                    ..Measurements::default()
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn numbers_that_repeat_are_read_as_often_as_they_come(
        runs in prop::collection::vec((0..600_u32, 1..40_usize), 1..100),
    ) {
        let numbers = runs.iter().flat_map(|&(number, times)| repeat_n(number, times));
        let mut frame = Frame::default();
        for (row, number) in (0..).zip(numbers) {
            let mut signs = Signs::default();
            if number % 5 > 0 {
                signs.numbers.set(Sign::LoopSame, number as f32);
            }
            let messages = number;
            frame.push(&Measurements { row, messages, signs, ..Measurements::default() });
        }
        let positions: Vec<u32> = (0..frame.len() as u32).collect();
        let read = Served::new(write(&frame, &positions, frame.len())).all(u64::MAX).unwrap();
        prop_assert_eq!(read.len(), frame.len());
        let read_columns = [Column::Number(Number::Messages), Column::Sign(Sign::LoopSame)];
        for (at, read) in read.iter().enumerate() {
            let read: BTreeMap<String, Box<RawValue>> = serde_json::from_str(read).unwrap();
            for column in read_columns {
                let value = as_read(column, &read[&*name(column)]);
                prop_assert_eq!(value, expected(&frame, column, at));
            }
        }
    }

    #[test]
    fn any_rows_in_any_groups_are_read_as_the_frame_has_them(
        rows in prop::collection::vec(any_row(), 1..60),
        positions in prop::collection::vec(0..70_u32, 1..80),
        group in 1..40_usize,
    ) {
        let mut frame = Frame::default();
        rows.iter().for_each(|row| frame.push(row));
        let read = Served::new(write(&frame, &positions, group)).all(7).unwrap();
        let at = positions.iter().map(|&at| at as usize).filter(|&at| at < frame.len());
        prop_assert_eq!(read.len(), at.clone().count());
        for (read, at) in read.iter().zip(at) {
            let read: BTreeMap<String, Box<RawValue>> = serde_json::from_str(read).unwrap();
            prop_assert_eq!(read.len(), columns().count());
            for column in columns() {
                let name = name(column);
                let value = as_read(column, &read[&*name]);
                prop_assert_eq!(value, expected(&frame, column, at), "{}", name);
            }
        }
    }
}
