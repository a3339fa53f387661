//! The files of a repository as the Hub lists them, and when they are read in the place of rows.

use serde_json::json;
use tracesift_hub::answer::{RepoFile, commit, describe, next_page, tree};
use tracesift_hub::error::{CUT_SHORT, UNREADABLE, classify};

fn file(path: &str, size: u64) -> RepoFile {
    RepoFile {
        path: path.to_owned(),
        size,
    }
}

#[test]
fn a_tree_gives_its_files_with_the_sizes_that_they_have_when_they_are_fetched() {
    let body = json!([
        {"type": "directory", "oid": "1", "size": 0, "path": "sessions"},
        {"type": "file", "oid": "2", "size": 1519, "path": ".gitattributes"},
        {"type": "file", "oid": "3", "size": 134, "path": "all.zip", "xetHash": "x",
         "lfs": {"oid": "4", "size": 7_000_000_000_u64, "pointerSize": 134}},
        {"type": "file", "oid": "5", "path": "sessions/ü #1.jsonl", "size": null, "lfs": null},
        {"type": "file", "path": 7},
        {"type": "commit", "path": "module"},
        "odd",
    ]);
    assert_eq!(
        tree(&body.to_string()).unwrap(),
        [
            file(".gitattributes", 1519),
            file("all.zip", 7_000_000_000),
            file("sessions/ü #1.jsonl", 0),
        ]
    );
    let whole = body.to_string();
    let cut = tree(&whole[..whole.len() / 2]).unwrap_err();
    assert_eq!(cut.code.as_deref(), Some(CUT_SHORT));
    assert_eq!(
        tree("{}").unwrap_err().code.as_deref(),
        Some(UNREADABLE),
        "an object is no tree"
    );
}

#[test]
fn the_next_page_is_told_by_its_cursor_alone() {
    let link = r#"<https://huggingface.co/api/datasets/a/b/tree/9c0e?recursive=true&cursor=Wm8%3D>; rel="next""#;
    assert_eq!(next_page(link).as_deref(), Some("Wm8="));
    let relative = r#"</api/x>; rel="first", </api/x?cursor=2&limit=9>; rel="next""#;
    assert_eq!(next_page(relative).as_deref(), Some("2"));
    for last in ["", r#"</api/x?cursor=1>; rel="prev""#, r#"rel="next""#] {
        assert_eq!(next_page(last), None, "{last}");
    }
}

#[test]
fn the_newest_commit_is_named_or_the_answer_is_none() {
    assert_eq!(commit(r#"{"id":"a/b","sha":"9c0e"}"#).unwrap(), "9c0e");
    let other = commit(r#"{"id":"a/b"}"#).unwrap_err();
    assert_eq!(other.code.as_deref(), Some(UNREADABLE));
}

#[test]
fn files_stand_in_for_rows_only_where_the_server_will_never_have_any() {
    let is_without_rows = |status: u16, code: &str| {
        let code = Some(code).filter(|code| !code.is_empty());
        classify(Some(status), code, "").is_without_rows()
    };
    for (status, code) in [
        (500, "EmptyDatasetError"),
        (500, "DataFilesNotFoundError"),
        (500, "DatasetGenerationError"),
        (500, "StreamingRowsError"),
        (501, "DatasetWithScriptNotSupportedError"),
        (404, "ResponseNotFound"),
    ] {
        assert!(is_without_rows(status, code), "{status} {code}");
    }
    for (status, code) in [
        (500, "ResponseNotReady"),
        (500, "TooBigContentError"),
        (401, "ExternalUnauthenticatedError"),
        (404, "ExternalAuthenticatedError"),
        (422, "InvalidParameter"),
        (429, ""),
        (503, ""),
    ] {
        assert!(!is_without_rows(status, code), "{status} {code}");
    }
    let none =
        json!({"splits": [], "pending": [], "failed": [{"config": "c", "error": {"error": "e"}}]});
    let pending = json!({"splits": [], "pending": [{"config": "c"}], "failed": []});
    let some = json!({"splits": [{"config": "c", "split": "s"}]});
    for (answer, expected) in [(none, true), (pending, false), (some, false)] {
        let described = describe("a/b", &answer.to_string(), None, None).unwrap();
        assert_eq!(described.is_without_rows(), expected, "{answer}");
    }
}

#[test]
fn a_file_that_is_not_there_is_said_to_be_missing_and_not_the_dataset() {
    let error = classify(Some(404), Some("EntryNotFound"), "Entry not found");
    assert!(error.cause.contains("no such file"), "{error}");
    assert!(!error.is_passing());
}
