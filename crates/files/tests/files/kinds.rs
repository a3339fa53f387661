//! What holds no runs says what it is.

use tracesift_files::{Kind, kind};

use super::opened::{lines, open_all, open_one};

#[test]
fn a_file_of_another_kind_is_named() {
    for (name, bytes, what) in [
        ("a.bin", &b"\x89PNG\r\n\x1a\n"[..], "a picture"),
        ("a.bin", b"SQLite format 3\0rest", "an SQLite database"),
        ("model.safetensors", b"anything", "model weights"),
        ("m", b"\x40\0\0\0\0\0\0\0{\"a\":{}}", "model weights"),
        ("a.gguf", b"GGUF\x03", "model weights"),
        (
            "a.parquet",
            b"PAR1\x15\x04",
            "a Parquet file; open it by itself",
        ),
        ("a.pdf", b"%PDF-1.7", "a PDF document"),
        ("a.json", b"<!DOCTYPE html><html>", "an HTML page"),
        (
            "a.jsonl",
            b"version https://git-lfs.github.com/spec/v1\noid x",
            "a pointer to a file",
        ),
        ("a.json", b"", "an empty file"),
        ("a.bin", b"\0\x01\0\x02\0\0\0\0\0\0\0\0", "a binary file"),
        ("a.md", b"# Notes\n", "a text without JSON"),
        ("a.log", b"INFO begun\n", "a log"),
        (
            "a.7z",
            b"7z\xbc\xaf\x27\x1c\0\x04",
            "a 7z archive; unpack it first",
        ),
    ] {
        let opened = open_one(name, bytes);
        assert!(opened.inventory.pages.is_empty(), "{name}: {what}");
        let skipped = opened.skipped();
        assert!(
            skipped.len() == 1 && skipped[0].1.starts_with(what),
            "{name}: {skipped:?}"
        );
    }
}

#[test]
fn json_is_text_whatever_its_name() {
    for text in [
        "{\"a\":1}",
        "[",
        "\u{feff}{}",
        " \n{\"a\":1}",
        "BM is a word",
    ] {
        assert_eq!(kind("a", text.as_bytes()), Kind::Text, "{text}");
    }
    let opened = open_one("session.log", lines(&["a", "b"]));
    assert_eq!(opened.rows.len(), 2);
}

#[test]
fn a_file_that_should_be_json_and_is_not_has_rows_that_say_why() {
    let opened = open_one("rows.jsonl", "{broken\nalso broken\n");
    assert_eq!(opened.rows.len(), 2);
    assert!(opened.rows.iter().all(|row| row.said().is_err()));
}

#[test]
fn beside_runs_a_file_without_any_is_left_out_and_alone_it_stays() {
    let other = br#"{"name":"x","version":"1"}"#;
    let alone = open_one("package.json", other);
    assert_eq!(alone.rows.len(), 1);
    assert_eq!(alone.inventory.words().unwrap(), "1 file");
    let rows = lines(&["a"]);
    let opened = open_all(&[
        ("package.json", other),
        ("rows.jsonl", rows.as_bytes()),
        ("readme.md", b"hi"),
    ]);
    assert_eq!(opened.names(), ["rows.jsonl"]);
    assert_eq!(
        opened.skipped(),
        [
            ("readme.md", "a text without JSON"),
            ("package.json", "no run in it")
        ]
    );
    assert_eq!(
        opened.inventory.words().unwrap(),
        "3 files: 1 run, 2 skipped (a text without JSON; no run in it)"
    );
}
