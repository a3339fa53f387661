//! Files that the `parquet` crate writes: encodings and shapes that PyArrow does not.

use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{
    ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use serde_json::{Value, json};

use super::drive::Served;

/// A file and its rows.
pub struct Written {
    pub file: Vec<u8>,
    pub rows: Vec<Value>,
}

/// Levels and values of a leaf of texts.
struct Texts(Vec<i16>, Vec<i16>, Vec<&'static str>);

/// One row group of leaves of texts.
fn of_texts(schema: &str, properties: WriterProperties, leaves: &[Texts]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    for Texts(definition, repetition, values) in leaves {
        let values: Vec<ByteArray> = values.iter().map(|text| (*text).into()).collect();
        let mut leaf = group.next_column().unwrap().unwrap();
        let typed = leaf.typed::<ByteArrayType>();
        let written = typed.write_batch(&values, Some(definition), Some(repetition));
        written.unwrap();
        leaf.close().unwrap();
    }
    group.close().unwrap();
    file.into_inner().unwrap()
}

/// Rows of numbers and texts in the newer encodings, of which each page has a few.
pub fn encoded(version: WriterVersion, codec: Compression) -> Written {
    const ROWS: i64 = 300;
    let schema = "message m {
        required int32 small; optional int64 large; required binary text (UTF8); optional binary name (UTF8);
        required float float; optional double double; required fixed_len_byte_array(4) fixed;
        optional fixed_len_byte_array(5) split; required int64 spread; }";
    let encode =
        |properties: parquet::file::properties::WriterPropertiesBuilder, name, encoding| {
            properties.set_column_encoding(ColumnPath::from(name), encoding)
        };
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_compression(codec)
        .set_dictionary_enabled(false)
        .set_data_page_row_count_limit(40)
        .set_write_batch_size(20)
        .set_statistics_enabled(EnabledStatistics::Page);
    for (name, encoding) in [
        ("small", Encoding::DELTA_BINARY_PACKED),
        ("large", Encoding::DELTA_BINARY_PACKED),
        ("text", Encoding::DELTA_BYTE_ARRAY),
        ("name", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("float", Encoding::BYTE_STREAM_SPLIT),
        ("double", Encoding::BYTE_STREAM_SPLIT),
        ("fixed", Encoding::DELTA_BYTE_ARRAY),
        ("split", Encoding::BYTE_STREAM_SPLIT),
        ("spread", Encoding::DELTA_BINARY_PACKED),
    ] {
        properties = encode(properties, name, encoding);
    }
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(properties.build());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = file.next_row_group().unwrap();
    let rows = 0..ROWS;
    // Every third value is null, and all of a page's.
    let is_there = |row: &i64| row % 3 != 0 && !(100..180).contains(row);
    let there: Vec<i16> = rows.clone().map(|row| i16::from(is_there(&row))).collect();
    let some = || rows.clone().filter(is_there);
    let large = |row: i64| row.wrapping_mul(0x1234_5678_9abc_def1);
    let text = |row: i64| format!("prefix {} {}", row / 10, "x".repeat((row % 7) as usize));
    let fixed = |row: i64| (row as u32 / 9).to_be_bytes();
    let split = |row: i64| [b'a', row as u8, (row >> 8) as u8, 7, 0];
    macro_rules! leaf {
        ($kind:ty, $values:expr, $levels:expr) => {{
            let values: Vec<_> = $values.collect();
            let mut leaf = group.next_column().unwrap().unwrap();
            let typed = leaf.typed::<$kind>();
            typed.write_batch(&values, $levels, None).unwrap();
            leaf.close().unwrap();
        }};
    }
    let bytes = |text: String| ByteArray::from(text.into_bytes());
    let fix = |bytes: Vec<u8>| FixedLenByteArray::from(bytes);
    leaf!(Int32Type, rows.clone().map(|row| 7 - row as i32), None);
    leaf!(Int64Type, some().map(large), Some(&there));
    leaf!(
        ByteArrayType,
        rows.clone().map(|row| bytes(text(row))),
        None
    );
    leaf!(
        ByteArrayType,
        some().map(|row| bytes(text(row))),
        Some(&there)
    );
    leaf!(FloatType, rows.clone().map(|row| row as f32 / 4.0), None);
    leaf!(DoubleType, some().map(|row| row as f64 / 8.0), Some(&there));
    leaf!(
        FixedLenByteArrayType,
        rows.clone().map(|row| fix(fixed(row).to_vec())),
        None
    );
    leaf!(
        FixedLenByteArrayType,
        some().map(|row| fix(split(row).to_vec())),
        Some(&there)
    );
    leaf!(
        Int64Type,
        rows.clone()
            .map(|row| if row % 2 == 0 { i64::MIN } else { i64::MAX }),
        None
    );
    group.close().unwrap();
    let file = file.into_inner().unwrap();
    use base64::prelude::{BASE64_STANDARD, Engine};
    let rows = rows.map(|row| {
        let or_null = |value: Value| if is_there(&row) { value } else { Value::Null };
        json!({
            "small": 7 - row, "large": or_null(json!(large(row))), "text": text(row),
            "name": or_null(json!(text(row))), "float": row as f64 / 4.0,
            "double": or_null(json!(row as f64 / 8.0)), "fixed": BASE64_STANDARD.encode(fixed(row)),
            "split": or_null(json!(BASE64_STANDARD.encode(split(row)))),
            "spread": if row % 2 == 0 { i64::MIN } else { i64::MAX },
        })
    });
    Written {
        rows: rows.collect(),
        file,
    }
}

/// Files of lists and maps, of which some are empty or null.
pub fn nested() -> [Vec<u8>; 3] {
    let of = |schema, leaves: &[Texts]| of_texts(schema, WriterProperties::new(), leaves);
    let list = "message m { optional group l (LIST) { repeated group bag { required binary array_element (UTF8); } } }";
    [
        of(list, &[letters()]),
        of(REPEATED, &repeated()),
        of(MAP, &map()),
    ]
}

/// `[a, b]`, `[]`, null, `[c]`.
fn letters() -> Texts {
    Texts(
        vec![2, 2, 1, 0, 2],
        vec![0, 1, 0, 0, 0],
        vec!["a", "b", "c"],
    )
}

const REPEATED: &str = "message m { repeated binary t (UTF8);
    repeated group g { optional binary a (UTF8); repeated binary b (UTF8); } }";

fn repeated() -> [Texts; 3] {
    [
        Texts(vec![1, 1, 0], vec![0, 1, 0], vec!["x", "y"]),
        Texts(vec![2, 1, 0], vec![0, 1, 0], vec!["1"]),
        Texts(vec![2, 2, 1, 0], vec![0, 2, 1, 0], vec!["p", "q"]),
    ]
}

const MAP: &str = "message m { optional group m (MAP) { repeated group map (MAP_KEY_VALUE) {
    required binary key (UTF8); optional binary value (UTF8); } } }";

fn map() -> [Texts; 2] {
    [
        Texts(vec![2, 2, 1, 0], vec![0, 1, 0, 0], vec!["a", "b"]),
        Texts(vec![3, 2, 1, 0], vec![0, 1, 0, 0], vec!["1"]),
    ]
}

fn check(written: &Written) {
    for step in [1, 17, 1000] {
        for with_index in [true, false] {
            let mut served = Served::new(written.file.clone());
            served.with_index = with_index;
            let rows = served.all(step).unwrap();
            assert_eq!(rows.len(), written.rows.len());
            for (row, expected) in rows.iter().zip(&written.rows) {
                let row: Value = serde_json::from_str(row).unwrap();
                assert_eq!(&row, expected);
            }
        }
    }
}

#[test]
fn the_newer_encodings_are_read_in_both_versions_of_pages() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        check(&encoded(version, Compression::UNCOMPRESSED));
    }
}

#[test]
fn lists_of_older_writers_are_lists() {
    for (schema, rows) in [
        // The repeated field is the item.
        (
            "message m { optional group l (LIST) { repeated binary array (UTF8); } }",
            json!([{"l": ["a", "b"]}, {"l": []}, {"l": null}, {"l": ["c"]}]),
        ),
        (
            "message m { optional group l (LIST) { repeated group array { required binary t (UTF8); } } }",
            json!([{"l": [{"t": "a"}, {"t": "b"}]}, {"l": []}, {"l": null}, {"l": [{"t": "c"}]}]),
        ),
        (
            "message m { optional group l (LIST) { repeated group l_tuple { required binary t (UTF8); } } }",
            json!([{"l": [{"t": "a"}, {"t": "b"}]}, {"l": []}, {"l": null}, {"l": [{"t": "c"}]}]),
        ),
        // The repeated field holds the item.
        (
            "message m { optional group l (LIST) { repeated group bag { required binary array_element (UTF8); } } }",
            json!([{"l": ["a", "b"]}, {"l": []}, {"l": null}, {"l": ["c"]}]),
        ),
    ] {
        check(&Written {
            file: of_texts(schema, WriterProperties::new(), &[letters()]),
            rows: rows.as_array().unwrap().clone(),
        });
    }
}

#[test]
fn a_field_that_repeats_without_being_marked_is_a_list() {
    check(&Written {
        file: of_texts(REPEATED, WriterProperties::new(), &repeated()),
        rows: vec![
            json!({"t": ["x", "y"], "g": [{"a": "1", "b": ["p", "q"]}, {"a": null, "b": []}]}),
            json!({"t": [], "g": []}),
        ],
    });
}

#[test]
fn maps_of_older_writers_are_lists_of_keys_and_values() {
    check(&Written {
        file: of_texts(MAP, WriterProperties::new(), &map()),
        rows: vec![
            json!({"m": [{"key": "a", "value": "1"}, {"key": "b", "value": null}]}),
            json!({"m": []}),
            json!({"m": null}),
        ],
    });
}

#[test]
fn leaves_that_do_not_fit_together_are_an_error() {
    let schema =
        "message m { repeated group g { optional binary a (UTF8); optional binary b (UTF8); } }";
    let leaves = [
        Texts(vec![2, 2], vec![0, 1], vec!["1", "2"]),
        Texts(vec![2], vec![0], vec!["p"]),
    ];
    let file = of_texts(schema, WriterProperties::new(), &leaves);
    for step in [1, 2] {
        assert!(Served::new(file.clone()).all(step).is_err());
    }
}
