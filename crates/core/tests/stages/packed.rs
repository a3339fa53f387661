//! Rows whose texts are borrowed, beside the JSON that they stand for: nothing is lost, and all of it reads alike.

use std::path::Path;

use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;
use tracesift_core::measure::measure_metadata;
use tracesift_core::packed::{Item, Row, Rows, Texts, Writer};
use tracesift_core::source::demo;
use tracesift_core::trace::{self, Repairs, RowContext, RowText, Trajectory};

fn packed<'j>(rows: impl IntoIterator<Item = &'j str>) -> Rows {
    let mut writer = Writer::default();
    for (index, json) in (0..).zip(rows) {
        writer.begin(index);
        assert!(writer.json(json.as_bytes()), "{json}");
        writer.end();
    }
    writer.finish()
}

/// A row that is packed reads as its JSON does; whether it was read without it.
fn reads_alike(row: &Row) -> bool {
    let (json, context, texts) = (row.to_json(), RowContext::default(), Texts::new());
    let expected = trace::read(&json, &context);
    let read = trace::read_packed(row, &texts, &context);
    if let Some(read) = &read {
        let expected = expected.as_ref().map_err(ToString::to_string);
        assert_eq!(Ok(read), expected, "{json}");
    }
    let whole = trace::with(
        RowText::Packed(*row),
        &context,
        &Repairs::default(),
        |read| format!("{read:?}"),
    );
    let expected = expected.map(|expected| format!("{expected:?}"));
    assert_eq!(
        whole.map_err(|error| error.to_string()),
        expected.map_err(|error| error.to_string())
    );
    read.is_some()
}

#[test]
fn the_rows_of_every_dialect_read_as_their_json_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dialects");
    let (mut rows, mut direct) = (0, 0);
    for name in trace::dialects() {
        let file = folder.join(name).with_extension("jsonl");
        let Ok(text) = std::fs::read_to_string(file) else {
            continue;
        };
        for row in packed(text.lines()).iter() {
            rows += 1;
            direct += usize::from(reads_alike(&row));
        }
    }
    assert!(rows > 100, "{rows}");
    assert!(direct > rows / 3, "{direct} of {rows} without their JSON");
}

#[test]
fn rows_of_the_dataset_the_page_is_made_for_are_read_without_their_json() {
    let made: Vec<String> = (0..20).map(|row| demo::row(1, row)).collect();
    let rows = packed(made.iter().map(String::as_str));
    assert_eq!(rows.len(), made.len());
    for row in rows.iter() {
        assert!(reads_alike(&row), "row {}", row.index);
    }
}

#[test]
fn real_rows_read_as_their_json_does() {
    let Some(folder) = std::env::var_os("TRACESIFT_TRACES") else {
        return;
    };
    let files = std::fs::read_dir(Path::new(&folder)).unwrap();
    let files = files.map(|file| file.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|ending| ending == "jsonl")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text.lines().filter(|line| line.starts_with('{'));
        packed(lines).iter().for_each(|row| {
            reads_alike(&row);
        });
    }
}

/// The leaves of a row that a survey reads, as a file's columns: where nothing is wanted, a list holds null.
fn metadata_of(value: &Value, path: &mut Vec<String>) -> Option<Value> {
    match value {
        Value::Object(fields) => {
            let wanted = fields.iter().filter_map(|(name, value)| {
                path.push(name.clone());
                let kept = metadata_of(value, path);
                path.pop();
                Some((name.clone(), kept?))
            });
            let wanted: serde_json::Map<_, _> = wanted.collect();
            (!wanted.is_empty()).then_some(Value::Object(wanted))
        }
        Value::Array(items) => {
            let kept: Vec<_> = items.iter().map(|item| metadata_of(item, path)).collect();
            let any = kept.iter().any(Option::is_some);
            any.then(|| kept.into_iter().map(Option::unwrap_or_default).collect())
        }
        _ => {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            trace::is_metadata_column(&path).then(|| value.clone())
        }
    }
}

#[test]
fn metadata_alone_says_of_rows_of_every_dialect_what_reading_them_with_all_steps_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dialects");
    let files = trace::dialects()
        .filter_map(|name| std::fs::read_to_string(folder.join(name).with_extension("jsonl")).ok());
    let mut rows: Vec<String> = files
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    rows.extend((0..10).map(|row| demo::row(1, row)));
    let metadata = rows.iter().filter_map(|row| {
        let row: Value = serde_json::from_str(row).unwrap();
        Some(metadata_of(&row, &mut Vec::new())?.to_string())
    });
    let metadata: Vec<String> = metadata.collect();
    let (context, mut compared) = (RowContext::default(), 0);
    for row in packed(metadata.iter().map(String::as_str)).iter() {
        // What is not known is NaN, which equals nothing.
        let measure = |read: &Trajectory| format!("{:?}", measure_metadata(0, read));
        let surveyed = trace::with_metadata(row, &context, measure);
        let json = row.to_json();
        let expected = trace::read(&json, &context).map(|read| measure(&read));
        compared += usize::from(surveyed.is_ok());
        let words = |error: trace::RowError| error.to_string();
        assert_eq!(surveyed.map_err(words), expected.map_err(words), "{json}");
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn a_row_that_is_given_up_and_a_value_that_is_not_json_leave_nothing_behind() {
    let mut writer = Writer::default();
    writer.begin(4);
    writer.json(br#"{"a":["one","two"]}"#);
    writer.give_up();
    writer.begin(5);
    writer.open_object();
    let place = writer.place("a");
    writer.key(place);
    assert!(!writer.json(br#"{"b":["half"#));
    writer.text("whole");
    writer.close();
    writer.end();
    let rows = writer.finish();
    let rows: Vec<_> = rows.iter().map(|row| (row.index, row.to_json())).collect();
    assert_eq!(rows, [(5, r#"{"a":"whole"}"#.to_owned())]);
}

#[test]
fn a_word_is_a_text_and_whatever_is_passed_over_ends_where_it_ends() {
    let mut writer = Writer::default();
    writer.begin(0);
    writer.open_list();
    for _ in 0..2 {
        writer.item();
        writer.json(br#"{"a":[["long text",{}],[]],"b":{"c":"d"}}"#);
        writer.item();
        let place = writer.place("a \"word\"");
        writer.word(place);
    }
    writer.close();
    writer.end();
    let rows = writer.finish();
    let row = rows.iter().next().unwrap();
    let json = row.to_json();
    assert_eq!(json.len() as u64, row.json_bytes, "{json}");
    let mut values = row.values();
    assert_eq!(values.value(), Item::List(4));
    for _ in 0..2 {
        values.skip();
        assert_eq!(values.value(), Item::Text("a \"word\""));
    }
    let texts = Texts::new();
    let words: (IgnoredAny, String, IgnoredAny, String) =
        serde::Deserialize::deserialize(&mut row.reader(&texts)).unwrap();
    assert_eq!(
        (words.1.as_str(), words.3.as_str()),
        ("a \"word\"", "a \"word\"")
    );
}

/// Any JSON, with texts of every kind of character.
fn json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~\n\t\"\\\\]{0,20}",
        "\\PC{0,20}",
        "[\u{0}-\u{1f}]{0,9}",
        Just("\u{7f}a\nb".repeat(300)),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        text.clone().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..6).prop_map(object),
        ]
    });
    prop::collection::vec(("[a-z_]{1,12}", value), 0..6).prop_map(object)
}

fn object<K: Into<String>>(fields: Vec<(K, Value)>) -> Value {
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Object(fields.collect())
}

proptest! {
    #[test]
    fn nothing_of_any_row_is_lost_and_its_json_is_as_long_as_it_says(values in prop::collection::vec(json(), 1..5)) {
        let texts: Vec<String> = values.iter().map(Value::to_string).collect();
        let rows = packed(texts.iter().map(String::as_str));
        prop_assert_eq!(rows.len(), texts.len());
        for (row, text) in rows.iter().zip(&texts) {
            prop_assert_eq!(&row.to_json(), text);
            prop_assert_eq!(row.json_bytes, text.len() as u64);
            let read: Value = serde::Deserialize::deserialize(&mut row.reader(&Texts::new())).unwrap();
            prop_assert_eq!(&read.to_string(), text);
            reads_alike(&row);
        }
    }

    #[test]
    fn bytes_that_no_one_wrote_are_read_to_an_end(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let rows = packed([r#"{"messages":[{"role":"user","content":"é"},{"role":"assistant","content":["a",{"b":null}]}]}"#]);
        let mut kept = serde_json::to_value(&rows).unwrap();
        let shape = kept["shape"].as_array_mut().unwrap();
        for (at, byte) in damage {
            let at = at.index(shape.len());
            shape[at] = byte.into();
        }
        let rows: Rows = serde_json::from_value(kept).unwrap();
        for row in rows.iter() {
            let context = RowContext::default();
            let _ = trace::with(row, &context, &Repairs::default(), |_| ());
            let _ = trace::with_metadata(row, &context, |_| ());
            let json: Value = serde_json::from_str(&row.to_json()).unwrap();
            prop_assert!(!json.is_string());
        }
    }
}
