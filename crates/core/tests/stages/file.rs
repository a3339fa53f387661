//! Local files in every form, cut into pages from pieces of any size.

use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tracesift_core::ground::PageRange;
use tracesift_core::ground::TARGET_PAGE_BYTES;
use tracesift_core::source::file::{Splitter, each_row};

fn pages_of_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<PageRange> {
    let mut splitter = Splitter::new();
    for piece in pieces {
        splitter.push(piece);
    }
    splitter.finish()
}

fn pages(file: &[u8]) -> Vec<PageRange> {
    pages_of_pieces([file])
}

/// The rows of a file, each page read alone.
fn rows(file: &[u8]) -> Vec<String> {
    let mut rows = Vec::new();
    for page in pages(file) {
        let (start, len) = page.bytes.unwrap();
        let (start, len) = (
            usize::try_from(start).unwrap(),
            usize::try_from(len).unwrap(),
        );
        let before = rows.len();
        each_row(&file[start..start + len], &page, |row| {
            assert_eq!(row.index, rows.len() as u64);
            rows.push(row.json.to_owned());
        });
        assert_eq!(page.start, before as u64);
        assert_eq!(rows.len() - before, page.len as usize);
    }
    rows
}

fn pretty(values: &[Value]) -> String {
    let texts: Vec<_> = values
        .iter()
        .map(|v| serde_json::to_string_pretty(v).unwrap())
        .collect();
    texts.join("\n")
}

#[test]
fn lines_are_rows_and_blank_ones_are_not() {
    let file = "\u{feff}{\"a\":1}\r\n\r\n  \n{\"b\":\"x y\"}  \n[1,2]\nnull\n\n{broken";
    assert_eq!(
        rows(file.as_bytes()),
        ["{\"a\":1}", "{\"b\":\"x y\"}", "[1,2]", "null", "{broken"]
    );
}

#[test]
fn elements_of_an_array_are_rows_however_it_is_laid_out() {
    let file = " [ {\"a\":\"],{\\\"\"} ,\n{\n \"b\": [1, {\"c\": 2}]\n}, 7,\"x,y\", [1,2],null ]\n";
    let expected = [
        "{\"a\":\"],{\\\"\"}",
        "{\n \"b\": [1, {\"c\": 2}]\n}",
        "7",
        "\"x,y\"",
        "[1,2]",
        "null",
    ];
    assert_eq!(rows(file.as_bytes()), expected);
    assert_eq!(rows(b"[]"), Vec::<String>::new());
    assert_eq!(rows(b"[ ]\n"), Vec::<String>::new());
}

#[test]
fn an_array_that_ends_too_early_gives_what_is_there() {
    assert_eq!(rows(br#"[{"a":1},{"b":2"#), [r#"{"a":1}"#, r#"{"b":2"#]);
}

#[test]
fn what_stands_behind_an_array_is_not_lost() {
    assert_eq!(
        rows(b"[{\"a\":1}]\n{\"b\":2}\n,x\n"),
        ["{\"a\":1}", "{\"b\":2}", ",x"]
    );
}

#[test]
fn pretty_printed_objects_are_one_row_each() {
    let values = [json!({"a": {"b": ["}", "\"{"]}}), json!({"rows": [1, 2]})];
    assert_eq!(rows(pretty(&values).as_bytes()).len(), 2);
    assert_eq!(rows(b"{\n}\n"), ["{\n}"]);
}

#[test]
fn an_object_around_rows_is_one_row() {
    let file = br#"{"rows":[{"a":1},{"a":2}]}"#;
    assert_eq!(rows(file).len(), 1);
}

#[test]
fn an_empty_file_has_no_pages() {
    for file in ["", "\n \n", "\u{feff}", "\u{feff}\n"] {
        assert_eq!(pages(file.as_bytes()), [], "{file:?}");
    }
}

#[test]
fn bytes_that_are_no_text_spoil_their_row_alone() {
    let file = b"{\"a\":\"\xff\xfe\"}\n{\"b\":1}\n";
    assert_eq!(rows(file), ["{\"a\":\"\u{fffd}\u{fffd}\"}", "{\"b\":1}"]);
}

#[test]
fn the_beginning_of_a_byte_order_mark_that_is_not_one_is_part_of_the_first_row() {
    let lost = '\u{fffd}';
    for (file, expected) in [
        (
            &b"\xef{\"a\":1}\n2"[..],
            vec![format!("{lost}{{\"a\":1}}"), "2".to_owned()],
        ),
        (b"\xef\xbb{\n1", vec![format!("{lost}{{"), "1".to_owned()]),
        (
            b"\xef\xbb \n[1,2]",
            vec![lost.to_string(), "[1,2]".to_owned()],
        ),
        (b"\xef", vec![lost.to_string()]),
        (b"\xef\xbb", vec![lost.to_string()]),
        (b"\xef\xef\xbb\xbf1", vec![format!("{lost}\u{feff}1")]),
        (b"\xbb\xbf1", vec![format!("{lost}{lost}1")]),
        (b" \xbb1", vec![format!("{lost}1")]),
        (b"\xef\xbb\xbf[1,2]", vec!["1".to_owned(), "2".to_owned()]),
    ] {
        assert_eq!(rows(file), expected, "{file:?}");
        assert_eq!(pages_of_pieces(file.chunks(1)), pages(file), "{file:?}");
    }
}

#[test]
fn a_page_holds_a_hundred_rows() {
    let file: String = (0..250).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    let lens: Vec<_> = pages(file.as_bytes())
        .iter()
        .map(|page| (page.start, page.len))
        .collect();
    assert_eq!(lens, [(0, 100), (100, 100), (200, 50)]);
    assert_eq!(rows(file.as_bytes()).len(), 250);
}

#[test]
fn a_page_holds_four_megabytes_or_one_row() {
    let row = |bytes: usize| format!("{{\"text\":\"{}\"}}", "x".repeat(bytes));
    let rows_of_file = [
        row(1_500_000),
        row(1_500_000),
        row(1_500_000),
        row(9_000_000),
        row(10),
    ];
    for file in [
        rows_of_file.join("\n"),
        format!("[{}]", rows_of_file.join(",\n")),
    ] {
        let pages = pages(file.as_bytes());
        assert_eq!(
            pages.iter().map(|page| page.len).collect::<Vec<_>>(),
            [2, 1, 1, 1]
        );
        let too_long = pages
            .iter()
            .filter(|page| page.bytes.unwrap().1 > TARGET_PAGE_BYTES);
        assert!(too_long.map(|page| page.len).eq([1]));
        assert_eq!(rows(file.as_bytes()), rows_of_file);
    }
}

#[test]
fn trajectories_are_read_as_they_stand() {
    let mut files: Vec<String> = vec![
        (0..30)
            .map(|n| {
                json!({"messages": [{"role": "user", "content": format!("say {n}\n\"}}]")}]})
                    .to_string()
                    + "\n"
            })
            .collect(),
    ];
    if let Some(folder) = std::env::var_os("TRACESIFT_TRACES") {
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let lines = entries.filter(|path| path.extension().is_some_and(|e| e == "jsonl"));
        files.extend(lines.map(|path| std::fs::read_to_string(path).unwrap()));
    }
    for file in files {
        let expected: Vec<_> = file.lines().collect();
        assert_eq!(rows(file.as_bytes()), expected);
        let array = format!("[{}]", expected.join(","));
        assert_eq!(rows(array.as_bytes()), expected);
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        "[\\[\\]{},\"\\\\\n a-c]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[{}\\[\\],\"a]{0,3}", inner, 0..4)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// Some objects over and over, so that there are enough for several pages.
fn any_rows() -> impl Strategy<Value = Vec<Value>> {
    let object = prop::collection::btree_map("[a-c\"}]{1,3}", any_json(), 1..4)
        .prop_map(|fields| fields.into_iter().collect::<Value>());
    let objects = prop::collection::vec(object, 1..5);
    (objects, 0_usize..230)
        .prop_map(|(objects, count)| objects.into_iter().cycle().take(count).collect())
}

/// Text that is nearly JSON.
fn any_near() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just("\""),
        Just("\\"),
        Just("\n"),
        Just("\r\n"),
        Just(" "),
        Just("a"),
        Just("{\"a\":1}"),
        Just("{\n"),
        Just("\u{feff}"),
        Just("1"),
    ];
    let text = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..60)]
}

proptest! {
    #[test]
    fn an_array_has_the_elements_that_serde_sees(values in any_rows(), is_pretty: bool) {
        let file = match is_pretty {
            true => serde_json::to_string_pretty(&values).unwrap(),
            false => serde_json::to_string(&values).unwrap(),
        };
        let expected: Vec<&RawValue> = serde_json::from_str(&file).unwrap();
        let expected: Vec<_> = expected.into_iter().map(RawValue::get).collect();
        prop_assert_eq!(rows(file.as_bytes()), expected);
    }

    #[test]
    fn objects_one_after_another_are_those_that_serde_sees(values in any_rows()) {
        let file = pretty(&values);
        let expected = serde_json::Deserializer::from_str(&file).into_iter::<&RawValue>();
        let expected: Vec<_> = expected.map(|value| value.unwrap().get()).collect();
        prop_assert_eq!(rows(file.as_bytes()), expected);
    }

    #[test]
    fn lines_have_the_rows_that_were_written(values in any_rows(), end in prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n")]) {
        let expected: Vec<_> = values.iter().map(Value::to_string).collect();
        prop_assert_eq!(rows(expected.join(end).as_bytes()), expected);
    }

    #[test]
    fn pieces_of_any_size_give_the_same_pages(file in any_near(), more in any_rows(), size in 1_usize..50) {
        let text: Vec<String> = more.iter().map(Value::to_string).collect();
        let file = [file, text.join(",\n").into_bytes()].concat();
        prop_assert_eq!(pages_of_pieces(file.chunks(size)), pages(&file));
    }

    #[test]
    fn no_file_breaks_it_and_each_page_alone_gives_its_rows(head in any_near(), repeat in 1_usize..60) {
        // `rows` compares the rows of every page with the page's own count.
        let file = head.repeat(repeat);
        let rows = rows(&file);
        prop_assert!(rows.iter().all(|row| !row.is_empty()));
    }

    #[test]
    fn pages_follow_one_another_and_hold_all_but_white_space_and_commas(head in any_near(), repeat in 1_usize..60) {
        let file = head.repeat(repeat);
        let mut at = 0;
        for page in pages(&file) {
            let (start, len) = page.bytes.unwrap();
            prop_assert!(start >= at);
            let gap = &file[usize::try_from(at).unwrap()..usize::try_from(start).unwrap()];
            prop_assert!(gap.iter().all(|b| b.is_ascii_whitespace() || b",]}".contains(b)), "{gap:?}");
            at = start + len;
        }
    }
}
