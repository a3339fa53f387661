//! Files while they are written: every line in exactly one file, whole and in order; names, sizes and checksums as the
//! files have them; and several files as one `.zip`, read by Python.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::Command;

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tracesift_core::export::archive::Archive;
use tracesift_core::export::check::{Reason, Rejected};
use tracesift_core::export::file::File;
use tracesift_core::export::files::{FileId, Files};
use tracesift_core::export::options::{Compression, CsvTexts, Options, Shares};
use tracesift_core::export::report;
use tracesift_core::export::split::Split;
use tracesift_core::trace::BadRow;
use tracesift_core::trace::RowError;

/// What was written to each file, and what is said of it.
type Written = BTreeMap<FileId, (Vec<u8>, File)>;

/// Writes lines in calls of so many at once.
fn write(options: &Options, lines: &[(Split, String)], at_once: usize) -> Written {
    let mut files = Files::new(options);
    let mut bytes = BTreeMap::<FileId, Vec<u8>>::new();
    let mut chunks = Vec::new();
    for some in lines.chunks(at_once.max(1)) {
        chunks.extend(files.add(some.iter().map(|(split, line)| (*split, line.as_str()))));
    }
    chunks.extend(files.finish());
    for chunk in chunks {
        bytes.entry(chunk.file).or_default().extend(chunk.bytes);
    }
    let said = files.files("base", options);
    assert_eq!(said.len(), bytes.len());
    said.into_iter()
        .map(|(id, file)| (id, (bytes.remove(&id).unwrap(), file)))
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut plain)
        .unwrap();
    plain
}

fn three_splits() -> Options {
    Options {
        shares: Shares {
            validation: 10,
            test: 10,
            ..Shares::default()
        },
        ..Options::default()
    }
}

fn lines(texts: &[(Split, &str)]) -> Vec<(Split, String)> {
    texts
        .iter()
        .map(|(split, text)| (*split, (*text).to_owned()))
        .collect()
}

#[test]
fn one_file_per_split_with_its_name_size_and_checksum() {
    let lines = lines(&[
        (Split::Train, "a"),
        (Split::Test, "bb"),
        (Split::Train, "cé"),
    ]);
    let written = write(&three_splits(), &lines, 2);
    let names: Vec<&str> = written
        .values()
        .map(|(_, file)| file.file.as_str())
        .collect();
    assert_eq!(
        names,
        ["base-train.jsonl", "base-test.jsonl"],
        "no empty file"
    );
    let (bytes, file) = written.values().next().unwrap();
    assert_eq!(bytes, "a\ncé\n".as_bytes());
    assert_eq!((file.bytes, file.lines), (6, 2));
    assert_eq!(file.sha256, sha256(bytes));
    let one = write(&Options::default(), &lines[..1], 1);
    assert_eq!(one.values().next().unwrap().1.file, "base.jsonl");
}

#[test]
fn a_compressed_file_says_what_is_in_it() {
    let options = Options {
        compression: Compression::Gzip,
        ..Options::default()
    };
    let texts: Vec<(Split, String)> = (0..500)
        .map(|n| (Split::Train, format!("{{\"line\": {n}}}")))
        .collect();
    let written = write(&options, &texts, 7);
    let (bytes, file) = written.values().next().unwrap();
    let plain = unpacked(bytes);
    let expected: String = texts.iter().map(|(_, text)| format!("{text}\n")).collect();
    assert_eq!(plain, expected.as_bytes());
    assert!(bytes.len() < plain.len() / 3, "{}", bytes.len());
    assert_eq!(file.file, "base.jsonl.gz");
    assert_eq!((file.bytes, file.lines), (bytes.len() as u64, 500));
    assert_eq!(file.sha256, sha256(bytes));
    let said = file.unpacked.as_ref().unwrap();
    assert_eq!(
        (said.bytes, said.sha256.as_str()),
        (plain.len() as u64, sha256(&plain).as_str())
    );
}

#[test]
fn a_line_longer_than_a_file_has_one_of_its_own() {
    let options = Options {
        shard: Some(1),
        ..Options::default()
    };
    let long = "x".repeat(1_500_000);
    let short = "y".repeat(400_000);
    let texts: Vec<(Split, String)> = [&short, &long, &short, &short, &short]
        .map(|text| (Split::Train, text.clone()))
        .into();
    let sizes: Vec<u64> = write(&options, &texts, 2)
        .values()
        .map(|(_, file)| file.lines)
        .collect();
    assert_eq!(sizes, [1, 1, 2, 1]);
}

fn any_line() -> impl Strategy<Value = (Split, String)> {
    let split = prop::sample::select(Split::ALL.to_vec());
    (split, "[a-zé\"]{0,40}")
}

proptest! {
    #[test]
    fn every_line_is_in_one_file_whole_and_in_order(
        lines in prop::collection::vec(any_line(), 0..80),
        at_once in 1_usize..20,
        shard_rows in prop::option::of(1_u64..12),
        gzip in any::<bool>(),
    ) {
        let options = Options {
            shard_rows,
            compression: if gzip { Compression::Gzip } else { Compression::None },
            ..three_splits()
        };
        let written = write(&options, &lines, at_once);
        for split in Split::ALL {
            let of_split = written.iter().filter(|(id, _)| id.split == split);
            let mut found = String::new();
            for (at, (id, (bytes, file))) in of_split.enumerate() {
                prop_assert_eq!(id.shard as usize, at);
                let plain = if gzip { unpacked(bytes) } else { bytes.clone() };
                let text = String::from_utf8(plain).unwrap();
                prop_assert_eq!(file.lines, text.lines().count() as u64);
                prop_assert!(shard_rows.is_none_or(|most| file.lines <= most));
                prop_assert_eq!(&file.sha256, &sha256(bytes));
                found.push_str(&text);
            }
            let expected: String = lines.iter().filter(|(of, _)| *of == split).map(|(_, line)| format!("{line}\n")).collect();
            prop_assert_eq!(found, expected);
        }
        let again = write(&options, &lines, 1);
        prop_assert_eq!(written, again, "however the lines came");
    }
}

/// An archive of files, written in small pieces.
fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Archive::new();
    let mut bytes = Vec::new();
    for (name, content) in files {
        archive.begin(name).unwrap();
        for piece in content.chunks(1000) {
            archive.add(piece).unwrap();
            bytes.extend(archive.take());
        }
    }
    bytes.extend(archive.finish().unwrap());
    bytes
}

#[test]
fn python_reads_the_archive() {
    let text: Vec<u8> = (0..50_000_u32)
        .flat_map(|n| format!("{n}\n").into_bytes())
        .collect();
    let files = [
        ("a-train.jsonl", text.clone()),
        ("b.jsonl.gz", vec![7; 3]),
        ("empty.txt", Vec::new()),
        ("größe.txt", "é".as_bytes().to_vec()),
    ];
    let bytes = archive(&files);
    assert!(bytes.len() < text.len() / 2, "texts are compressed");
    assert_eq!(bytes, archive(&files), "the same files are the same bytes");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    std::fs::write(&path, bytes).unwrap();
    let script = "import sys, zipfile, hashlib\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        for i in z.infolist(): print(i.filename, hashlib.sha256(z.read(i)).hexdigest())";
    let python = Command::new("python3")
        .args(["-X", "utf8", "-c", script])
        .arg(&path)
        .output()
        .expect("python3 reads archives: apt-get install python3");
    assert!(
        python.status.success(),
        "{}",
        String::from_utf8_lossy(&python.stderr)
    );
    let expected: String = files
        .iter()
        .map(|(name, content)| format!("{name} {}\n", sha256(content)))
        .collect();
    assert_eq!(String::from_utf8(python.stdout).unwrap(), expected);
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    let mut archive = Archive::new();
    archive.begin("a").unwrap();
    let why = archive.begin("a").unwrap_err().to_string();
    assert!(why.contains(".zip can't be written"), "{why}");
}

#[test]
fn the_report_has_a_line_per_row_and_reason() {
    let rejected = Rejected {
        row: 7,
        part: 2,
        reasons: vec![
            Reason::Empty,
            Reason::UnknownTool {
                message: 3,
                tool: "a,\"b\"".to_owned(),
            },
        ],
    };
    let bad = BadRow {
        row: 9,
        error: RowError::Truncated("messages".to_owned()),
    };
    let text = format!(
        "{}{}",
        report::HEAD,
        report::lines(&[rejected], &[bad], CsvTexts::Safe)
    );
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = table
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0][..2], ["7", "2"]);
    assert!(rows[1][2].contains("a,\"b\""), "{rows:?}");
    assert_eq!(rows[2][..2], ["9", ""]);
}

#[test]
fn no_spreadsheet_runs_a_reason_unless_the_exact_text_is_asked_for() {
    let formula = "=HYPERLINK(\"http://example.org\")";
    let bad = BadRow {
        row: 9,
        error: RowError::Damaged(formula.to_owned()),
    };
    let reason = |texts| {
        let text = report::lines(&[], std::slice::from_ref(&bad), texts);
        let mut table = csv::ReaderBuilder::new();
        let mut table = table.has_headers(false).from_reader(text.as_bytes());
        let record = table.records().next().unwrap().unwrap();
        record[2].to_owned()
    };
    assert_eq!(reason(CsvTexts::Safe), format!("'{formula}"));
    assert_eq!(reason(CsvTexts::Exact), formula);
}
