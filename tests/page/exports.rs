//! What trainers get: every format as the library writes it, byte for byte; several files in a `.zip` or a folder; what
//! is not written; and links that say whether a file is the same.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tracesift_core::export::files::Files;
use tracesift_core::export::options::{
    Compression, Images, Mask, Options, Reasoning, Shares, Tools,
};
use tracesift_core::export::writer::Writer;
use tracesift_core::export::{Format, Origin};
use tracesift_core::tokens::{Counter, Tokenizer};
use tracesift_core::trace::{self, RowContext};

use super::browser::{Browser, Download};
use super::rows::{self, Rows};
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps;
use super::steps::DOWNLOAD;
use super::support::parquet::read_parquet;

/// Makes the files of the origin's own file system stand for a folder that the user chose.
const CHOOSE_A_FOLDER: &str =
    "window.showDirectoryPicker = () => navigator.storage.getDirectory(); return true;";

/// The names and texts of all files in that folder.
const FILES_OF_THE_FOLDER: &str = "
    const folder = await navigator.storage.getDirectory(), files = {};
    for await (const [name, handle] of folder.entries()) files[name] = await (await handle.getFile()).text();
    return files;";

fn serve(made: &Rows) -> (StandIn, String) {
    let set = DataSet::new("a/b").with(Split::of("openhands", "minimax_m25", &made.texts));
    let revision = set.revision.clone();
    (StandIn::start(vec![set]), revision)
}

fn run_of(standin: &StandIn, rows: usize) -> String {
    steps::run_of(standin, "a/b", "openhands", "minimax_m25", rows as u64)
}

/// The files that the library writes of these rows, by name.
fn by_the_library(made: &Rows, options: &Options, revision: &str) -> BTreeMap<String, Vec<u8>> {
    let counter = Counter::new(Tokenizer::default());
    let counts = options.is_counted();
    let writer = Writer {
        options,
        seed: 1,
        counter: counts.then_some(&counter),
    };
    let place = RowContext {
        config: "openhands".to_owned(),
        split: "minimax_m25".to_owned(),
        source: "a/b".to_owned(),
        ..RowContext::default()
    };
    let mut lines = Vec::new();
    for (text, row) in made.texts.iter().zip(0..) {
        let trajectory = trace::read(text, &place).expect("a row");
        let origin = Origin {
            dataset: "a/b".to_owned(),
            config: place.config.clone(),
            split: place.split.clone(),
            revision: Some(revision.to_owned()),
            row,
            tokens: Some(counter.row(&trajectory).total()),
        };
        lines.extend(writer.write(&trajectory, &origin).into_iter().flatten());
    }
    let mut files = Files::new(options);
    let mut chunks = files.add(lines.iter().map(|line| (line.split, line.text.as_str())));
    chunks.extend(files.finish());
    let mut found = BTreeMap::<String, Vec<u8>>::new();
    for chunk in chunks {
        let name = chunk.file.name("a-b-openhands-minimax_m25", options);
        found.entry(name).or_default().extend(chunk.bytes);
    }
    found
}

/// The files of a `.zip`.
fn unzipped(download: &Download) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(&download.bytes)).expect("a .zip");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("its bytes");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The manifest among the files, after what it says of each of them was compared with it.
fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Value {
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("a manifest");
    for file in manifest["files"].as_array().expect("files") {
        let bytes = &files[file["file"].as_str().expect("a name")];
        assert_eq!(file["sha256"], sha256(bytes), "{file}");
        assert_eq!(file["bytes"], bytes.len(), "{file}");
    }
    manifest
}

#[test]
fn every_format_is_the_librarys_byte_for_byte() {
    let made = rows::open_swe(24, "g3", "openhands", "minimax_m25");
    let (standin, revision) = serve(&made);
    let browser = Browser::start();
    browser.open(&format!("{}&package=zip", run_of(&standin, 24)));
    browser.wait_until_done();
    for format in Format::all() {
        browser.choose("Trainer", format.target().title());
        let files = unzipped(&browser.download(DOWNLOAD));
        let options = Options {
            format,
            ..Options::default()
        };
        let name = format.name();
        let expected = by_the_library(&made, &options, &revision);
        assert!(!expected.is_empty(), "{name}");
        for (file, bytes) in &expected {
            assert!(files.get(file) == Some(bytes), "{name}: {file} differs");
        }
        let manifest = manifest(&files);
        let listed = manifest["files"].as_array().expect("files").len();
        assert_eq!(listed, expected.len(), "{name}");
        assert_eq!(manifest["options"]["format"], name);
        let card = String::from_utf8(files["README.md"].clone()).expect("a card");
        assert!(
            card.starts_with("---\nlicense: cc-by-4.0\n") && card.contains("a/b"),
            "{card}"
        );
    }
    assert_eq!(browser.key("package").as_deref(), Some("zip"));
}

#[test]
fn what_is_chosen_is_written_and_stands_in_the_address() {
    let made = rows::open_swe(40, "g3", "openhands", "minimax_m25");
    let (standin, revision) = serve(&made);
    let browser = Browser::start();
    browser.open(&run_of(&standin, 40));
    browser.wait_until_done();
    for part in [
        "Transform",
        "Loss masking",
        "Train/validation/test split",
        "Files",
    ] {
        browser.press(part);
    }
    browser.choose("Trainer", "Axolotl (chat_template)");
    browser.choose("Reasoning", "Put it into the text as <think>");
    browser.choose("Where a run ends", "At the assistant's last message");
    browser.choose("Images", "Write [image] in their place");
    browser.choose(
        "Tools of runs that declare none",
        "Add those that their harness publishes",
    );
    browser.fill("Most tokens per tool result", "200\t");
    browser.script::<bool>(
        "document.querySelector('.choices input[name=failed]').click(); return true;",
        vec![],
    );
    browser.fill("Validation, percent", "30\t");
    browser.choose("Compression", "gzip (.gz)");
    browser.choose("Put the files into", "A .zip");
    for (name, width, height, dark) in [
        ("export", 1440, 900, false),
        ("export-dark", 1440, 900, true),
        ("export-phone", 390, 844, false),
    ] {
        browser.prefer_dark(dark);
        browser.resize(width, height);
        browser.script::<bool>(
            "document.querySelector('.downloads').scrollIntoView(); return true;",
            vec![],
        );
        browser.screenshot(name);
    }
    browser.prefer_dark(false);
    browser.resize(1440, 900);
    let options = Options {
        format: Format::from_name("axolotl").expect("a format"),
        reasoning: Reasoning::Inline,
        end_at_assistant: true,
        images: Images::Word,
        tools: Tools::Harness,
        observations: Some(200),
        mask: Mask {
            failed: true,
            ..Mask::default()
        },
        shares: Shares {
            validation: 30,
            ..Shares::default()
        },
        compression: Compression::Gzip,
        ..Options::default()
    };
    let expected = by_the_library(&made, &options, &revision);
    assert_eq!(expected.len(), 2, "{:?}", expected.keys());
    let files = unzipped(&browser.download(DOWNLOAD));
    for (file, bytes) in &expected {
        assert!(files.get(file) == Some(bytes), "{file} differs");
    }
    let manifest = manifest(&files);
    assert!(manifest["written"]["trainable"].as_u64() < manifest["written"]["tokens"].as_u64());
    // The link of the manifest gives the same files, and says so.
    let link = manifest["recipe"].as_str().expect("a link");
    let query = link.split_once('?').expect("a query").1.to_owned();
    browser.open(&query);
    browser.wait_until_done();
    let again = unzipped(&browser.download(DOWNLOAD));
    assert_eq!(again, files);
    let status = browser.text_of(".downloads [role=status]");
    assert!(status.contains("byte for byte"), "{status}");
    assert_eq!(browser.count("#made"), 0);
    // A choice drops what the link's maker had.
    browser.choose("Compression", "None");
    browser.wait_until("the checksum leaves the address", |b| {
        b.key("sha256").is_none()
    });
}

#[test]
fn a_link_says_when_the_dataset_is_another_now() {
    let made = rows::small(20);
    let (standin, _) = serve(&made);
    let browser = Browser::start();
    let made_then = format!("&revision=0123abcd&sha256={}", "0".repeat(64));
    browser.open(&format!("{}{made_then}", run_of(&standin, 20)));
    browser.wait_until_done();
    browser.wait_until("what has changed", |b| {
        b.text_of("#made").contains("0123abcd")
    });
    browser.download(DOWNLOAD);
    let status = browser.text_of(".downloads [role=status]");
    assert!(status.contains("differs from"), "{status}");
}

#[test]
fn a_folder_takes_all_files_and_nothing_of_what_was_cancelled() {
    let made = rows::open_swe(60, "g3", "openhands", "minimax_m25");
    let (standin, revision) = serve(&made);
    let browser = Browser::start();
    browser.open(&format!(
        "{}&shard-rows=25&format=nemo&validation=20",
        run_of(&standin, 60)
    ));
    browser.wait_until_done();
    browser.script::<bool>(CHOOSE_A_FOLDER, vec![]);
    let files_now = || -> BTreeMap<String, String> { browser.script(FILES_OF_THE_FOLDER, vec![]) };
    assert_eq!(files_now(), BTreeMap::new());
    // Cancelled as soon as it has begun.
    browser.script::<bool>(
        "new MutationObserver((_, observer) => {
            const button = [...document.querySelectorAll('button')].find(b => b.textContent === 'Cancel download');
            if (button) { observer.disconnect(); button.click(); }
        }).observe(document.body, {childList: true, subtree: true});
        return true;",
        vec![],
    );
    browser.press(DOWNLOAD);
    browser.wait_until("the cancel", |b| {
        b.text_of(".downloads [role=status]").contains("Cancelled")
    });
    assert_eq!(files_now(), BTreeMap::new());
    browser.press(DOWNLOAD);
    browser.wait_until("the files", |b| {
        b.text_of(".downloads [role=status]")
            .contains("runs written in")
    });
    let files: BTreeMap<String, Vec<u8>> = files_now()
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    let options = Options {
        format: Format::from_name("nemo").expect("a format"),
        shard_rows: Some(25),
        shares: Shares {
            validation: 20,
            ..Shares::default()
        },
        ..Options::default()
    };
    let expected = by_the_library(&made, &options, &revision);
    for (file, bytes) in &expected {
        assert!(
            files.get(file) == Some(bytes),
            "{file} differs: {:?}",
            files.keys()
        );
    }
    manifest(&files);
}

/// The cells of a table in Parquet, as PyArrow reads them.
fn read_table(download: &Download) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.parquet");
    std::fs::write(&path, &download.bytes).expect("the table is written");
    let read = read_parquet(&[path]);
    read["rows"].as_array().expect("rows").clone()
}

/// The value of a cell of a CSV, where the other file has this one.
fn value_of(cell: &str, beside: &Value) -> Value {
    match beside {
        _ if cell.is_empty() => Value::Null,
        Value::Number(_) => cell
            .parse::<f64>()
            .map_or_else(|_| cell.into(), Value::from),
        _ => cell.into(),
    }
}

#[test]
fn a_table_in_parquet_has_the_rows_of_the_csv_and_a_link_keeps_its_form() {
    let made = rows::open_swe(40, "g3", "openhands", "minimax_m25");
    let (standin, _) = serve(&made);
    let browser = Browser::start();
    let run = format!("{}&outcome=success", run_of(&standin, 40));
    browser.open(&run);
    browser.wait_until_done();
    let csv = browser.download("Download table");
    assert!(csv.name.ends_with("openhands-minimax_m25.csv"));
    let expected = steps::table(&csv);
    assert!(expected.len() > 3 && expected.len() < 40);
    browser.press("Parquet");
    browser.wait_until("the key of the address", |b| {
        b.key("table").as_deref() == Some("parquet")
    });
    let name = browser.text_of("[data-action=download-table]");
    assert_eq!(name, "Download table a-b-openhands-minimax_m25.parquet");
    // A text of a Parquet file is never anything but exact.
    assert!(!browser.text_of(".downloads").contains("exact texts"));
    browser.screenshot("export-table");
    let parquet = browser.download("Download table");
    assert!(parquet.name.ends_with("openhands-minimax_m25.parquet"));
    let read = read_table(&parquet);
    assert_eq!(read.len(), expected.len());
    for (read, row) in read.iter().zip(&expected) {
        assert_eq!(read.as_object().expect("a row").len(), row.len());
        for (column, cell) in row {
            let read = match &read[column] {
                Value::Number(number) => Value::from(number.as_f64()),
                other => other.clone(),
            };
            assert_eq!(read, value_of(cell, &read), "{column}");
        }
    }

    let other = Browser::start();
    other.open(&format!("{run}&table=parquet"));
    other.wait_until_done();
    let again = other.download("Download table");
    assert_eq!(again.name, parquet.name);
    assert_eq!(read_table(&again), read);
    other.press("CSV");
    other.wait_until("the address", |b| b.key("table").is_none());
    assert!(other.download("Download table") == csv);
}

#[test]
fn what_is_not_written_is_said_before_and_listed() {
    let made = rows::open_swe(30, "g3", "openhands", "minimax_m25");
    let (standin, _) = serve(&made);
    let browser = Browser::start();
    browser.open(&run_of(&standin, 30));
    browser.wait_until_done();
    let table = steps::table(&browser.download("Download table"));
    let mut tokens = steps::numbers(&table, "tokens");
    tokens.sort_by(f64::total_cmp);
    browser.press("Files");
    browser.fill(
        "Leave out lines of more tokens than",
        &format!("{}\t", tokens[15]),
    );
    browser.press("Validate");
    browser.wait_until("the check", |b| {
        b.text_of("#report").contains("a model learns from")
    });
    let said = browser.text_of("#report");
    assert!(said.contains("not written"), "{said}");
    assert!(browser.text().contains("Validated; nothing was written"));
    browser.screenshot("export-report");
    let report = browser.download("Download report");
    let mut table = csv::Reader::from_reader(report.bytes.as_slice());
    let mut refused: Vec<u64> = Vec::new();
    for record in table.records() {
        let record = record.expect("a line");
        refused.push(record[0].parse().expect("a row"));
        assert!(!record[2].is_empty());
    }
    refused.dedup();
    let lines = browser.download(DOWNLOAD);
    let written = steps::row_numbers(&steps::lines(&lines));
    let mut all: Vec<u64> = written.iter().chain(&refused).copied().collect();
    all.sort_unstable();
    assert_eq!(
        all,
        (0..30).collect::<Vec<_>>(),
        "every row is written or listed"
    );
    assert!(!refused.is_empty() && !written.is_empty());
}

#[test]
fn the_reader_shows_a_row_as_it_will_be_written() {
    let made = rows::open_swe(12, "g3", "openhands", "minimax_m25");
    let (standin, revision) = serve(&made);
    let browser = Browser::start();
    browser.open(&format!("{}&row=3&format=plain", run_of(&standin, 12)));
    browser.wait_until_done();
    browser.wait_until("the reader", |b| b.count("#preview") == 1);
    browser.press("As it will be written");
    browser.wait_until("the line", |b| {
        b.text_of("#preview").contains("learns from")
    });
    let shown = || -> Value {
        serde_json::from_str(&browser.content_of("#preview pre")).expect("the whole line")
    };
    let written = |options: &Options| -> Value {
        let files = by_the_library(&made, options, &revision);
        let text = String::from_utf8(files.values().next().expect("a file").clone()).expect("text");
        let line = text.lines().nth(3).expect("a line");
        serde_json::from_str(line).expect("JSON")
    };
    let mut options = Options {
        format: Format::from_name("plain").expect("a format"),
        ..Options::default()
    };
    assert_eq!(shown(), written(&options));
    // Another way of writing is shown at once.
    browser.press("Transform");
    browser.choose("System prompt", "Leave it out");
    browser.choose("Trainer", "Messages (TRL, OpenAI form)");
    options.format = Format::default();
    options.drop_system = true;
    let expected = written(&options);
    browser.wait_until("the new line", |_| {
        let now = shown();
        now["messages"] == expected["messages"]
    });
    browser.screenshot("preview");
}

#[test]
fn one_export_at_a_time() {
    let made = rows::small(20);
    let (standin, _) = serve(&made);
    let browser = Browser::start();
    browser.open(&format!("{}&package=folder", run_of(&standin, 20)));
    browser.wait_until_done();
    browser.press("Publish to the Hub");
    let is_off = |name: &str| -> bool {
        browser.script(
            "const name = arguments[0];
            const button = name.startsWith('[') ? document.querySelector(name)
                : [...document.querySelectorAll('button')].find(b => b.textContent === name);
            return button.disabled;",
            vec![name.into()],
        )
    };
    assert!(!is_off("Publish") && !is_off("Validate"));
    // A file that never opens keeps the export waiting.
    browser.script::<bool>(CHOOSE_A_FOLDER, vec![]);
    browser.script::<bool>(
        "FileSystemFileHandle.prototype.createWritable = () => new Promise(() => {}); return true;",
        vec![],
    );
    browser.press(DOWNLOAD);
    browser.wait_until("the export", |b| {
        b.text_of(".downloads [role=status]").contains("Writing")
    });
    for button in ["Publish", "Validate", DOWNLOAD, "Download manifest"] {
        assert!(is_off(button), "{button}");
    }
}

#[test]
fn a_check_before_changes_neither_file_nor_manifest() {
    let made = rows::open_swe(12, "g3", "openhands", "minimax_m25");
    let (standin, _) = serve(&made);
    let browser = Browser::start();
    browser.open(&format!("{}&reasoning=drop", run_of(&standin, 12)));
    browser.wait_until_done();
    let manifest = browser.download("Download manifest");
    browser.press("Validate");
    browser.wait_until("the check", |b| {
        b.text_of("#report").contains("a model learns from")
    });
    let after = browser.download("Download manifest");
    assert_eq!(after.text(), manifest.text());
    let lines = browser.download(DOWNLOAD);
    let manifest: Value = serde_json::from_slice(&manifest.bytes).expect("a manifest");
    assert_eq!(manifest["files"][0]["sha256"], sha256(&lines.bytes));
    // What was said of other choices is not left standing.
    browser.choose("System prompt", "Leave it out");
    browser.wait_until("the report to go", |b| b.count("#report") == 0);
}
