//! Answers of both APIs, whole, odd and cut short.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::ground::PageRange;
use tracesift_hub::answer::{
    Described, ParquetFiles, SplitSize, Suggestion, describe, explained, is_settled, license,
    parquet, rows_page, split_files, suggestions, validity,
};
use tracesift_hub::error::{CUT_SHORT, ErrorKind, UNREADABLE};

const ANSWERS: &str = include_str!("../fixtures/hub/answers.json");

fn answer(path: &str, name: &str) -> String {
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    answers[path][name].to_string()
}

#[test]
fn splits_and_sizes_become_one_description_in_the_servers_order() {
    let splits = json!({
        "splits": [
            {"dataset": "ylecun/mnist", "config": "mnist", "split": "test"},
            {"dataset": "ylecun/mnist", "config": "mnist", "split": "train"},
            {"dataset": "ylecun/mnist", "config": "other", "split": "train"},
        ],
        "pending": [{"dataset": "ylecun/mnist", "config": "slow"}],
        "failed": [{"dataset": "ylecun/mnist", "config": "bad", "error": {
            "error": "Cannot load.", "cause_message": "no\nfiles\u{202e}", "cause_traceback": []}}],
    });
    let size = answer("/size", "dataset size");
    let described = describe(
        "ylecun/mnist",
        &splits.to_string(),
        Some(&size),
        Some("abc"),
    )
    .unwrap();
    let split = |config: &str, split: &str, sizes: Option<(u64, u64, u64)>| SplitSize {
        config: config.to_owned(),
        split: split.to_owned(),
        rows: sizes.map(|s| s.0),
        bytes_memory: sizes.map(|s| s.1),
        bytes_parquet: sizes.map(|s| s.2),
        estimated_rows: None,
    };
    let expected = Described {
        dataset: "ylecun/mnist".to_owned(),
        revision: Some("abc".to_owned()),
        splits: vec![
            split("mnist", "test", Some((10000, 2916482, 2595890))),
            split("mnist", "train", Some((60000, 17471100, 15561616))),
            split("other", "train", None),
        ],
        missing: vec![
            (
                "slow".to_owned(),
                "the server is still reading it".to_owned(),
            ),
            ("bad".to_owned(), "no files".to_owned()),
        ],
        partial: false,
    };
    assert_eq!(described, expected);
}

#[test]
fn every_documented_answer_of_splits_and_size_can_be_read() {
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    for (name, splits) in answers["/splits"].as_object().unwrap() {
        for (size_name, size) in answers["/size"].as_object().unwrap() {
            let described = describe("x", &splits.to_string(), Some(&size.to_string()), None);
            let splits = splits["splits"].as_array().unwrap().len();
            assert_eq!(
                described.unwrap().splits.len(),
                splits,
                "{name}, {size_name}"
            );
        }
    }
}

#[test]
fn sizes_of_a_config_alone_are_read_too() {
    let splits = r#"{"splits":[{"dataset":"nyu-mll/glue","config":"ax","split":"test"}]}"#;
    let described = describe(
        "nyu-mll/glue",
        splits,
        Some(&answer("/size", "config size")),
        None,
    );
    assert_eq!(described.unwrap().splits[0].rows, Some(1104));
}

#[test]
fn a_config_that_could_not_be_converted_is_missing_and_says_so() {
    let size = answer("/size", "dataset size with failed subsets");
    let described = describe("allenai/atomic", r#"{"splits":[]}"#, Some(&size), None).unwrap();
    assert_eq!(described.missing.len(), 1);
    assert_eq!(described.missing[0].0, "atomic");
}

#[test]
fn nulls_unknown_fields_and_a_broken_size_do_not_cost_the_splits() {
    let splits = r#"{"splits":[{"dataset":null,"config":"c","split":"s","new":[1]}],"pending":null,
        "failed":[{"config":"f","error":null},{"config":null}],"more":{}}"#;
    for size in [None, Some("{"), Some("<html>"), Some(r#"{"size":null}"#)] {
        let described = describe("a/b", splits, size, None).unwrap();
        assert_eq!(described.splits.len(), 1);
        assert_eq!(described.splits[0].rows, None);
        assert_eq!(described.missing.len(), 1);
    }
    let size = r#"{"size":{"splits":[{"config":"c","split":"s","num_rows":5,"estimated_num_rows":90}]},"partial":true}"#;
    let described = describe("a/b", splits, Some(size), None).unwrap();
    assert_eq!(described.splits[0].estimated_rows, Some(90));
    assert!(described.partial);
}

#[test]
fn rows_are_borrowed_as_they_stand_in_the_answer() {
    let body = r#"{"features":[{"feature_idx":0,"name":"x","type":[{"a":1}]}],"rows":[
        {"row_idx":40,"row":{"x": 9007199254740993, "y":"\u00e9\ud800"},"truncated_cells":[]},
        {"row_idx":41,"row":null,"truncated_cells":["x"]},
        {"row":{"x":[]}}],
        "num_rows_total":2000,"num_rows_per_page":100,"partial":true}"#;
    let page = rows_page(body).unwrap();
    assert_eq!((page.total, page.partial), (Some(2000), true));
    let rows: Vec<_> = page.rows.iter().map(|r| (r.index, r.json)).collect();
    assert_eq!(
        rows,
        [
            (40, r#"{"x": 9007199254740993, "y":"\u00e9\ud800"}"#),
            (41, "null"),
            (42, r#"{"x":[]}"#)
        ]
    );
    assert_eq!(page.rows[1].truncated, ["x"]);
    let inside = body.as_bytes().as_ptr_range();
    assert!(inside.contains(&page.rows[0].json.as_ptr()));
}

#[test]
fn a_row_of_another_shape_does_not_take_the_page_with_it() {
    let body = r#"{"rows":[{"row_idx":7,"row":{}},{"row_idx":"x","row":{"a":1}},17,{"row_idx":10,"row":{"b":2}}]}"#;
    let page = rows_page(body).unwrap();
    let rows: Vec<_> = page.rows.iter().map(|r| (r.index, r.json)).collect();
    let odd = r#"{"row_idx":"x","row":{"a":1}}"#;
    assert_eq!(rows, [(7, "{}"), (8, odd), (9, "17"), (10, r#"{"b":2}"#)]);
    assert_eq!(page.total, None);
}

#[test]
fn an_answer_cut_short_anywhere_is_asked_for_again_and_another_thing_is_not() {
    let body = r#"{"rows":[{"row_idx":0,"row":{"text":"a b é","n":[1,2.5e3,null,true]},"truncated_cells":[]}],"num_rows_total":1,"partial":false}"#;
    assert!(rows_page(body).is_ok());
    for end in (0..body.len()).filter(|end| body.is_char_boundary(*end)) {
        let error = rows_page(&body[..end]).unwrap_err();
        assert!(error.is_passing(), "{end}: {error:?}");
        assert_eq!(error.code.as_deref(), Some(CUT_SHORT));
    }
    let kind = |body| {
        let error = rows_page(body).unwrap_err();
        assert_eq!(error.code.as_deref(), Some(UNREADABLE));
        error.kind
    };
    assert_eq!(kind(r#"{"rows":[}"#), ErrorKind::Page);
    assert_eq!(kind(r#"{"rows":{}}"#), ErrorKind::Page);
    assert_eq!(kind(r#"{"error":"x"}"#), ErrorKind::Page);
    assert_eq!(kind("<!doctype html><html>"), ErrorKind::Passing);
    assert!(
        describe("a/b", r#"{"splits":["#, None, None)
            .unwrap_err()
            .is_passing()
    );
    assert!(!describe("a/b", "[]", None, None).unwrap_err().is_passing());
}

#[test]
fn what_the_server_can_do_is_read() {
    let all = validity(&answer("/is-valid", "all the capabilities")).unwrap();
    assert!(all.viewer && all.preview);
    let preview = validity(&answer("/is-valid", "only preview")).unwrap();
    assert!(!preview.viewer && preview.preview);
}

#[test]
fn parquet_files_are_counted_a_split() {
    let files = |name| parquet(&answer("/parquet", name)).unwrap();
    let partial = files("partial parquet export");
    let expected = ParquetFiles {
        config: "en".to_owned(),
        split: "train".to_owned(),
        files: 10,
        bytes: 3_084_446_392,
    };
    assert_eq!(partial.len(), 2);
    assert_eq!(partial[0], expected);
    assert_eq!(
        files("ibm/duorc")
            .iter()
            .map(|split| split.files)
            .collect::<Vec<_>>(),
        [1; 6]
    );
    assert_eq!(
        files("dataset where no parquet file could be created"),
        Vec::<ParquetFiles>::new()
    );
}

#[test]
fn suggestions_say_whether_access_must_be_granted() {
    let body = r#"[{"_id":"1","id":"a/b","downloads":12,"gated":"auto"},
        {"id":"c/d","gated":false,"downloads":null},{"gated":true},{"id":"e","gated":"manual"},7]"#;
    let suggestion = |id: &str, downloads, gated| Suggestion {
        id: id.to_owned(),
        downloads,
        gated,
    };
    assert_eq!(
        suggestions(body).unwrap(),
        [
            suggestion("a/b", 12, true),
            suggestion("c/d", 0, false),
            suggestion("e", 0, true)
        ]
    );
}

proptest! {
    #[test]
    fn no_body_breaks_the_reading_of_an_answer(body in ".*", tail in ".*") {
        let near = format!(r#"{{"rows":[{{"row_idx":0,"row":{body}}}],"splits":[{tail}]}}"#);
        for body in [&body, &near] {
            let _ = rows_page(body);
            let _ = describe("a/b", body, Some(body), None);
            let _ = (suggestions(body), parquet(body), validity(body));
        }
    }

    #[test]
    fn every_row_of_an_answer_is_given_once_and_in_order(rows in prop::collection::vec(any::<(u16, String)>(), 0..20)) {
        let items: Vec<Value> = rows.iter().zip(50_u64..)
            .map(|((n, text), index)| json!({"row_idx": index, "row": {"n": n, "text": text}, "truncated_cells": []}))
            .collect();
        let body = json!({"features": [], "rows": items, "num_rows_total": 99, "partial": false}).to_string();
        let page = rows_page(&body).unwrap();
        prop_assert_eq!(page.rows.len(), rows.len());
        for ((row, (n, text)), index) in page.rows.iter().zip(&rows).zip(50_u64..) {
            prop_assert_eq!(row.index, index);
            let value: Value = serde_json::from_str(row.json).unwrap();
            prop_assert_eq!(value, json!({"n": n, "text": text}));
        }
    }
}

#[test]
fn a_dataset_that_is_not_served_is_explained_by_what_the_server_says_of_it() {
    let validity = validity(r#"{"preview":true,"viewer":false}"#).unwrap();
    let files = parquet(
        r#"{"parquet_files":[{"config":"c","split":"s","size":1500000000},{"config":"c","split":"s","size":1500000000}]}"#,
    )
    .unwrap();
    assert_eq!(
        explained(Some(validity), &files, "c", "s"),
        "The server says that it has only a preview of this dataset. \
         Its Parquet files are 2 in number and hold 3.0 GB."
    );
    assert_eq!(explained(None, &files, "c", "other"), "");
}

fn indices(body: &Value, range: PageRange) -> Vec<u64> {
    let body = body.to_string();
    let page = rows_page(&body).unwrap().placed_in(&range);
    page.rows.iter().map(|row| row.index).collect()
}

#[test]
fn rows_are_numbered_so_that_they_can_be_asked_for_again() {
    let rows = |indices: &[Value]| {
        let rows: Vec<Value> = indices
            .iter()
            .map(|index| json!({"row_idx": index, "row": {}, "truncated_cells": []}))
            .collect();
        json!({"features": [], "rows": rows, "num_rows_total": 90, "partial": false})
    };
    let asked = PageRange::rows(20, 3);
    let own = [json!(20), json!(22)];
    assert_eq!(indices(&rows(&own), asked), [20, 22]);
    for foreign in [
        [json!(0), json!(1), json!(2)],
        [json!(1020), json!(1021), json!(1022)],
        [json!(20), json!(20), json!(21)],
        [json!(22), json!(21), json!(20)],
        [json!(null), json!(null), json!(null)],
    ] {
        assert_eq!(indices(&rows(&foreign), asked), [20, 21, 22], "{foreign:?}");
    }
    let more: Vec<Value> = (20..30).map(|index| json!(index)).collect();
    assert_eq!(indices(&rows(&more), asked), [20, 21, 22]);
    assert_eq!(indices(&rows(&[]), asked), [0; 0]);
}

fn described(splits: &[(&str, &str)], missing: &[(&str, &str)]) -> Described {
    let pair = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    Described {
        splits: splits
            .iter()
            .map(|(config, split)| SplitSize {
                config: (*config).to_owned(),
                split: (*split).to_owned(),
                ..SplitSize::default()
            })
            .collect(),
        missing: missing.iter().map(pair).collect(),
        ..Described::default()
    }
}

#[test]
fn the_first_split_that_fits_what_is_named_is_meant() {
    let there = described(&[("a", "train"), ("b", "train"), ("b", "test")], &[]);
    let chosen = |config, split| {
        let found = there.split(config, split);
        found.map(|s| format!("{}/{}", s.config, s.split))
    };
    assert_eq!(chosen("", "").unwrap(), "a/train");
    assert_eq!(chosen("b", "").unwrap(), "b/train");
    assert_eq!(chosen("", "test").unwrap(), "b/test");
    let why = chosen("a", "test").unwrap_err();
    assert!(
        why.contains("no split a / test") && why.contains("b / test"),
        "{why}"
    );
    let why = chosen("c", "").unwrap_err();
    assert!(why.contains("no split c. It has: a / train"), "{why}");
}

#[test]
fn a_star_stands_for_all_configs_and_splits() {
    let there = described(&[("a", "train"), ("b", "train"), ("b", "test")], &[]);
    let chosen = |config, split| {
        let splits = there.chosen(config, split).unwrap();
        let names = splits.iter().map(|s| format!("{}/{}", s.config, s.split));
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(chosen("", ""), "a/train");
    assert_eq!(chosen("b", ""), "b/train");
    assert_eq!(chosen("*", ""), "a/train b/train b/test");
    assert_eq!(chosen("*", "*"), "a/train b/train b/test");
    assert_eq!(chosen("b", "*"), "b/train b/test");
    assert_eq!(chosen("", "*"), "a/train");
    assert_eq!(chosen("*", "train"), "a/train b/train");
    assert!(there.chosen("c", "*").unwrap_err().contains("no split c"));
}

#[test]
fn several_splits_together_have_what_is_known_of_each() {
    let split = |config: &str, rows, bytes_parquet| SplitSize {
        config: config.to_owned(),
        split: "train".to_owned(),
        rows,
        bytes_parquet,
        ..SplitSize::default()
    };
    let of_one = [split("a", Some(3), Some(5)), split("a", Some(4), None)];
    let together = SplitSize::together(&of_one).unwrap();
    assert_eq!(
        (together.config.as_str(), together.split.as_str()),
        ("a", "*")
    );
    assert_eq!((together.rows, together.bytes_parquet), (Some(7), None));
    let of_two = [split("a", Some(u64::MAX), None), split("b", Some(4), None)];
    let together = SplitSize::together(&of_two).unwrap();
    assert_eq!(
        (together.config.as_str(), together.rows),
        ("*", Some(u64::MAX))
    );
    assert_eq!(SplitSize::together(&of_one[..1]).unwrap(), of_one[0]);
    assert_eq!(SplitSize::together(&[]), None);
}

#[test]
fn why_there_is_no_split_is_said_in_words() {
    let why = described(&[], &[]).split("", "").unwrap_err();
    assert!(why.contains("no rows") && !why.contains(" / "), "{why}");
    let pending = [("c", "the server is still reading it")];
    let why = described(&[], &pending).split("", "").unwrap_err();
    assert!(
        why.contains("c: the server is still reading it. Try again"),
        "{why}"
    );
    assert!(!described(&[("d", "s")], &pending).is_whole());
    let failed = [("c", "no files")];
    assert!(described(&[("d", "s")], &failed).is_whole());
    let why = described(&[], &failed).split("", "").unwrap_err();
    assert!(
        why.contains("c: no files.") && !why.contains("again"),
        "{why}"
    );
    let why = described(&[("d", "s")], &failed)
        .split("c", "s")
        .unwrap_err();
    assert_eq!(why, "The config c can't be read: no files.");
    let many: Vec<(String, String)> = (0..50).map(|i| (format!("c{i}"), "s".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(c, s)| (c.as_str(), s.as_str())).collect();
    let why = described(&many, &[]).split("x", "").unwrap_err();
    assert!(why.ends_with("c19 / s and 30 more."), "{why}");
}

#[test]
fn an_answer_that_the_server_still_works_on_is_not_settled() {
    assert!(is_settled(r#"{"splits": [], "pending": [], "failed": []}"#));
    assert!(is_settled(r#"{"splits": [], "pending": null}"#));
    assert!(!is_settled(
        r#"{"splits": [], "pending": [{"config": "c"}]}"#
    ));
    assert!(!is_settled("{"));
}

#[test]
fn the_licence_is_among_the_tags() {
    let of = |tags: &str| license(&format!(r#"{{"id":"a/b","tags":{tags}}}"#));
    assert_eq!(
        of(r#"["modality:text","license:cc-by-4.0","license:mit"]"#).as_deref(),
        Some("cc-by-4.0")
    );
    for none in [r#"["modality:text"]"#, "null", "7", "[7]"] {
        assert_eq!(of(none), None);
    }
    assert_eq!(license("no JSON"), None);
    assert_eq!(license("{}"), None);
}

#[test]
fn the_files_of_a_split_come_in_the_order_of_its_rows() {
    let body = r#"{"parquet_files":[
        {"dataset":"a/b","config":"my config","split":"s","url":"https://huggingface.co/datasets/a/b/resolve/refs%2Fconvert%2Fparquet/my config/s/0001.parquet","filename":"0001.parquet","size":20},
        {"dataset":"a/b","config":"my config","split":"t","url":"https://huggingface.co/x","filename":"0000.parquet","size":5},
        {"dataset":"a/b","config":"my config","split":"s","url":"https://huggingface.co/datasets/a/b/resolve/refs%2Fconvert%2Fparquet/my config/s/0000.parquet","filename":"0000.parquet","size":10}],
        "partial":true}"#;
    let of = |split: &str| ("my config".to_owned(), split.to_owned());
    let listed = split_files(body, &[of("s")], Some("abc")).unwrap();
    let files: Vec<(&str, u64)> = listed
        .files
        .iter()
        .map(|f| (f.url.as_str(), f.size))
        .collect();
    let url = |n| {
        format!(
            "https://huggingface.co/datasets/a/b/resolve/refs%2Fconvert%2Fparquet/my%20config/s/{n}.parquet"
        )
    };
    assert_eq!(
        files,
        [(url("0000").as_str(), 10), (url("0001").as_str(), 20)]
    );
    assert_eq!(
        (listed.partial, listed.revision.as_deref()),
        (true, Some("abc"))
    );
    let none = split_files(body, &[of("u")], None).unwrap();
    assert!(none.files.is_empty());
    let both = split_files(body, &[of("t"), of("s")], None).unwrap();
    let splits: Vec<&str> = both.files.iter().map(|file| file.split.as_str()).collect();
    assert_eq!(
        splits,
        ["t", "s", "s"],
        "split after split as they were named"
    );
    let mirror = tracesift_hub::address::at_hub(files[0].0, "https://mirror.example");
    assert!(
        mirror.starts_with("https://mirror.example/datasets/a/b/"),
        "{mirror}"
    );
    let other = "https://huggingface.company/x";
    assert_eq!(
        tracesift_hub::address::at_hub(other, "https://mirror.example"),
        other
    );
}
