//! Archives and compressed files: what is in them is read as if it lay beside them; what can't be is named.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::opened::{Opened, lines, open_all, open_one, row};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, bytes)) in files.iter().enumerate() {
        let method = [CompressionMethod::Deflated, CompressionMethod::Stored][at % 2];
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

const MADE: [(&str, &str); 3] = [
    ("runs/a.jsonl", "a"),
    ("runs/b.jsonl", "b"),
    ("runs/notes.md", ""),
];

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let text = |(name, text): (&'static str, &str)| match text {
        "" => (name, b"# notes".to_vec()),
        text => (name, lines(&[text, "more"]).into_bytes()),
    };
    MADE.into_iter().map(text).collect()
}

fn archives() -> Vec<(&'static str, Vec<u8>)> {
    let files = files();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, &**bytes))
        .collect();
    vec![
        ("all.zip", zipped(&files)),
        ("all.tar", tarred(&files)),
        ("all.tar.gz", gzip(&tarred(&files))),
        ("all.tgz", gzip(&tarred(&files))),
    ]
}

fn assert_all(opened: &Opened, archive: &str) {
    let texts: Vec<String> = ["a", "more", "b", "more"].map(row).into();
    assert_eq!(opened.texts(), texts, "{archive}");
    let name = |file: &str| format!("{archive}/{file}");
    assert_eq!(opened.rows[0].name, name("runs/a.jsonl"));
    assert_eq!(opened.rows[3].name, name("runs/b.jsonl"));
    assert_eq!(
        opened.skipped(),
        [(&*name("runs/notes.md"), "a text without JSON")]
    );
}

#[test]
fn what_is_in_an_archive_is_read_as_if_it_lay_beside_it() {
    for (name, bytes) in archives() {
        assert_all(&open_one(name, &bytes), name);
        // By its first bytes, whatever it is called.
        assert_all(&open_one("download", &bytes), "download");
    }
}

#[test]
fn archives_lie_in_archives() {
    for (name, bytes) in archives() {
        let outer = zipped(&[(name, &bytes)]);
        assert_all(&open_one("outer.zip", outer), &format!("outer.zip/{name}"));
        let outer = gzip(&tarred(&[(name, &bytes)]));
        assert_all(&open_one("outer.tgz", outer), &format!("outer.tgz/{name}"));
    }
    let packed = gzip(lines(&["a"]).as_bytes());
    let opened = open_one("o.zip", zipped(&[("rows.jsonl.gz", &packed)]));
    assert_eq!(opened.texts(), [row("a")]);
    let mut deep = zipped(&[("rows.jsonl", lines(&["a"]).as_bytes())]);
    for _ in 0..4 {
        deep = zipped(&[("inner.zip", &deep)]);
    }
    let opened = open_one("deep.zip", deep);
    assert!(opened.rows.is_empty());
    assert!(
        opened.skipped()[0].1.contains("an archive in an archive"),
        "{:?}",
        opened.skipped()
    );
}

#[test]
fn a_compressed_file_is_what_it_was() {
    let text = lines(&["a", "b"]);
    let more = lines(&["c"]);
    // As pigz, bgzip and `cat a.gz b.gz` write it.
    let members = [gzip(text.as_bytes()), gzip(more.as_bytes())].concat();
    let opened = open_one("rows.jsonl.gz", members);
    assert_eq!(opened.texts(), [row("a"), row("b"), row("c")]);
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstd = |text: &str| ruzstd::encoding::compress_to_vec(text.as_bytes(), level);
    // A frame that holds no data, as some writers put there.
    let skipped = b"\x50\x2a\x4d\x18\x04\0\0\0data".to_vec();
    for frames in [
        vec![zstd(&text), zstd(&more)],
        vec![zstd(&text), skipped.clone(), zstd(&more)],
        vec![skipped, zstd(&text), zstd(&more)],
    ] {
        let opened = open_one("rows.jsonl.zst", frames.concat());
        assert_eq!(opened.texts(), [row("a"), row("b"), row("c")]);
    }
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz2.write_all(text.as_bytes()).unwrap();
    assert_eq!(
        open_one("rows.jsonl.bz2", bz2.finish().unwrap()).rows.len(),
        2
    );
    let case = open_one("rows.jsonl.gz", include_bytes!("cases/rows.jsonl.gz"));
    assert!(!case.rows.is_empty());
    assert!(case.rows.iter().all(|row| row.said().is_ok()));
}

/// What Python's `lzma` writes of `{"messages":[…]}`; no writer of it is among the libraries.
#[test]
fn xz_is_read() {
    let opened = open_one("rows.jsonl.xz", include_bytes!("cases/rows.jsonl.xz"));
    assert_eq!(opened.texts(), [row("a"), row("b")]);
    let tar = open_one("rows.tar.xz", include_bytes!("cases/rows.tar.xz"));
    assert_eq!(tar.texts(), [row("a"), row("b")]);
}

#[test]
fn an_archive_that_was_cut_gives_what_is_whole_and_says_so() {
    for (name, bytes) in archives() {
        for length in [bytes.len() / 3, bytes.len() / 2, bytes.len() - 30] {
            let opened = open_one(name, &bytes[..length]);
            let whole = opened.rows.iter().all(|row| row.said().is_ok());
            let is_said = opened
                .skipped()
                .iter()
                .any(|(_, why)| why.starts_with("damaged"));
            assert!(
                is_said || (whole && opened.rows.len() == 4),
                "{name} {length}"
            );
        }
    }
    let long: String = (0..5_000)
        .map(|n| row(&format!("row {n} {}", n * 7919 % 1013)) + "\n")
        .collect();
    let packed = gzip(long.as_bytes());
    let opened = open_one("rows.jsonl.gz", &packed[..packed.len() / 2]);
    assert!(
        opened.rows.len() > 500,
        "{} rows before the cut",
        opened.rows.len()
    );
    assert!(
        opened.skipped()[0]
            .1
            .starts_with("damaged; what stands before"),
        "{:?}",
        opened.skipped()
    );
}

#[test]
fn paths_are_names_and_no_more() {
    let text = lines(&["a"]);
    let names = [
        "../../etc/passwd.jsonl",
        "/root/x.jsonl",
        "C:\\x\\y.jsonl",
        "<b>.jsonl",
        "a//b.jsonl",
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, text.as_bytes())).collect();
    let opened = open_one("odd.zip", zipped(&files));
    assert_eq!(opened.rows.len(), names.len());
    assert!(opened.names().contains(&"odd.zip/<b>.jsonl"));
}

#[test]
fn an_entry_that_is_locked_is_named_and_others_are_read() {
    // The flag of encryption set in the entry's two headers.
    let mut bytes = zipped(&[
        ("a.jsonl", lines(&["a"]).as_bytes()),
        ("b.jsonl", lines(&["b"]).as_bytes()),
    ]);
    bytes[6] |= 1;
    let central = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    bytes[central + 8] |= 1;
    let opened = open_one("locked.zip", bytes);
    assert_eq!(opened.names(), ["locked.zip/b.jsonl"]);
    assert!(
        opened.skipped()[0].1.contains("password"),
        "{:?}",
        opened.skipped()
    );
}

#[test]
fn samples_of_an_inspect_log_come_with_what_the_log_says_of_all() {
    let header = br#"{"version":2,"status":"success","eval":{"task":"t","model":"m/x"},"results":{"big":1}}"#;
    let sample = |id: &str| {
        format!(
            "{{\n \"id\": \"{id}\",\n \"messages\": [{{\"role\":\"user\",\"content\":\"q\"}}]\n}}"
        )
    };
    let (one, two) = (sample("1"), sample("2"));
    let log = zipped(&[
        (
            "_journal/start.json",
            br#"{"version":2,"eval":{"task":"old"}}"#,
        ),
        ("samples/2_epoch_1.json", two.as_bytes()),
        ("samples/1_epoch_1.json", one.as_bytes()),
        ("summaries.json", b"[{\"id\":1}]"),
        ("reductions.json", b"[]"),
        ("header.json", header),
    ]);
    for opened in [
        open_one("log.eval", &log),
        open_one("logs.tar.gz", gzip(&tarred(&[("log.eval", &log)]))),
        open_all(&[("logs/log.eval", &log), ("logs/logs.json", b"{}")]),
    ] {
        assert_eq!(opened.rows.len(), 2);
        for (row, id) in opened.rows.iter().zip(["1", "2"]) {
            let value: serde_json::Value = serde_json::from_str(&row.json).unwrap();
            assert_eq!(value["eval"]["model"], "m/x");
            assert_eq!(value["status"], "success");
            assert_eq!(value["samples"].as_array().unwrap().len(), 1);
            assert_eq!(value["samples"][0]["id"], id);
            let said = row.said().unwrap();
            assert_eq!(said[0], ("user".to_owned(), "q".to_owned()));
        }
    }
    let unfinished = zipped(&[
        (
            "_journal/start.json",
            br#"{"version":2,"eval":{"task":"t"}}"#,
        ),
        ("samples/1_epoch_1.json", one.as_bytes()),
    ]);
    let opened = open_one("log.eval", unfinished);
    let value: serde_json::Value = serde_json::from_str(&opened.rows[0].json).unwrap();
    assert_eq!(value["eval"]["task"], "t");
    assert_eq!(opened.inventory.words().unwrap(), "1 Inspect sample");
}

#[test]
fn newer_logs_of_inspect_are_packed_by_zstandard() {
    let opened = open_one("log.zip", include_bytes!("cases/zstd.zip"));
    assert_eq!(opened.texts(), [row("a"), row("b")]);
}
