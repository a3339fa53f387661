//! The features in the card are those that `datasets` finds by itself where it can, and by them it reads what it can't
//! read without. The names say `datasets`, so that its tests run together.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use tracesift_core::export::features::{FIRST_BLOCK, Feature};
use tracesift_core::export::file::{File, SplitFile};
use tracesift_core::export::files::{FileId, Files};
use tracesift_core::export::options::{Arguments, Compression, Mask, Options};
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::of_files;
use tracesift_core::export::writer::Writer;
use tracesift_core::export::{Format, Origin};
use tracesift_core::ground::Sample;
use tracesift_core::manifest::card::{Source, write as card};
use tracesift_core::manifest::{App, Manifest, Provenance};
use tracesift_core::trace::{RowContext, read};

use super::file::options;
use super::python::tell;
use super::rows;
use tracesift_testing::python::kept;

/// An export as the page writes it: one file and the card.
struct Export {
    folder: TempDir,
    name: String,
    lines: Vec<Value>,
    /// What is said of the order of its rows.
    said: Vec<String>,
    /// Whether a loader must be told the features.
    is_told: bool,
}

/// Writes the rows that the format takes. The card has the features, if a loader must be told them or `always`.
fn export(rows: &[String], options: &Options, always: bool) -> Export {
    let writer = Writer {
        options,
        seed: 1,
        counter: None,
    };
    let written = rows.iter().flat_map(|row| {
        let trajectory = read(row, &RowContext::default()).unwrap();
        writer.write(&trajectory, &Origin::default())
    });
    let written: Vec<_> = written.flatten().collect();
    let mut files = Files::new(options);
    let mut chunks = files.add(&written);
    chunks.extend(files.finish());
    let bytes: Vec<u8> = chunks.into_iter().flat_map(|chunk| chunk.bytes).collect();
    let id = FileId {
        split: Split::Train,
        shard: 0,
    };
    let name = id.name("rows", options);
    let folder = tempfile::tempdir_in(kept()).unwrap();
    std::fs::write(folder.path().join(&name), bytes).unwrap();

    let mut shape = tracesift_core::export::shape::LineShape::default();
    written.iter().for_each(|line| shape |= line.shape);
    let told = Feature::to_be_told(options, &files);
    let is_told = told.is_some();
    let features = match always {
        true => Feature::of_lines(options, shape),
        false => told,
    };
    let files_of = files.files("rows", options).into_iter();
    let manifest = manifest(options, files_of.map(|(id, file)| (id.split, file)));
    let text = card(&manifest, &Source::default(), features.as_ref());
    std::fs::write(folder.path().join("README.md"), text).unwrap();
    let lines = written.iter();
    Export {
        folder,
        name,
        lines: lines
            .map(|line| serde_json::from_str(&line.text).unwrap())
            .collect(),
        said: of_files(options, &files)
            .iter()
            .map(ToString::to_string)
            .collect(),
        is_told,
    }
}

fn manifest(options: &Options, files: impl Iterator<Item = (Split, File)>) -> Manifest {
    Manifest {
        provenance: Provenance {
            app: App::this(),
            recipe: "https://example.org/".to_owned(),
            dataset: "demo".to_owned(),
            config: String::new(),
            split: String::new(),
            revision: None,
            sources: Vec::new(),
            opened: Default::default(),
            sample: Sample::Head,
            seed: 1,
            rows_wanted: 1,
            rows_measured: 1,
            rows_bad: 0,
            rows_selected: 1,
            funnel: Vec::new(),
            tokenizer: None,
            model: None,
            token_method: String::new(),
        },
        tokens: None,
        options: options.clone(),
        written: Tally::default(),
        warnings: Vec::new(),
        files: files
            .map(|(split, file)| SplitFile { split, file })
            .collect(),
        created: None,
    }
}

impl Export {
    fn file(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    /// What `datasets` tells of the file or of the folder.
    fn told(&self, how: &str) -> Value {
        let path = match how {
            "folder" => self.folder.path().to_owned(),
            _ => self.file(),
        };
        tell("with_features.py", &[Path::new(how), &path])["rows"][0].take()
    }

    #[track_caller]
    fn expect_fault(&self, how: &str, key: &str) {
        let told = self.told(how);
        let fault = told["fault"].as_str().expect("datasets reads the file");
        let is_late = fault.contains("Couldn't cast") && fault.contains(key);
        assert!(is_late, "another fault: {fault}");
    }

    #[track_caller]
    fn expect_rows(&self, how: &str) {
        self.expect(&self.told(how));
    }

    /// All rows, but for keys that are null.
    #[track_caller]
    fn expect(&self, told: &Value) {
        let rows = told["rows"].as_array();
        let rows = rows.unwrap_or_else(|| panic!("{}: {told}", self.name));
        assert_eq!(rows.len(), self.lines.len());
        for (at, (row, line)) in rows.iter().zip(&self.lines).enumerate() {
            // Rows are long: the message has none.
            let is_same = without_nulls(row) == without_nulls(line);
            assert!(is_same, "row {at} is another");
        }
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields
                .map(|(key, value)| (key.clone(), without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Rows of some 200 kB, together a little more than a loader looks at, each made of `row`; then the rows that `late` has.
fn after_the_first_block(row: &Value, late: Vec<String>) -> Vec<String> {
    const LONG: usize = 200_000;
    let mut long = row.clone();
    long["messages"][0]["content"] = "x".repeat(LONG).into();
    let count = FIRST_BLOCK as usize / LONG + 1;
    let mut rows = vec![long.to_string(); count];
    rows.extend(late);
    rows
}

/// Rows without a call, then others: no message of the first block has another key than `role` and `content`.
fn late_calls() -> Vec<String> {
    let row = json!({"messages": [
        {"role": "user", "content": ""},
        {"role": "assistant", "content": "Good day."},
    ], "tools": []});
    after_the_first_block(&row, rows::made())
}

/// Rows with calls and without reasoning, then others.
fn late_reasoning() -> Vec<String> {
    let mut made = rows::made().into_iter();
    let plain = serde_json::from_str(&made.next().unwrap()).unwrap();
    after_the_first_block(&plain, made.collect())
}

#[test]
fn datasets_fails_at_a_key_after_the_first_block_and_loads_the_folder_by_our_card() {
    for compression in [Compression::None, Compression::Gzip] {
        let options = Options {
            compression,
            ..options("messages")
        };
        let export = export(&late_calls(), &options, false);
        assert!(export.said[0].starts_with("messages.reasoning_content, messages.tool_calls, "));
        export.expect_fault("file", "reasoning_content");
        export.expect_rows("folder");
    }
}

#[test]
fn datasets_before_4_7_fails_where_only_reasoning_is_late() {
    let export = export(&late_reasoning(), &options("messages"), false);
    assert!(export.said[0].starts_with("messages.reasoning_content is filled"));
    export.expect_fault("arrow", "reasoning_content");
    // Since then each message has keys of its own, if those of the first block differ.
    export.expect_rows("file");
    export.expect_rows("folder");
}

/// A row whose line has so many bytes, with its line break, and one with a call.
fn line_of(bytes: usize) -> Vec<String> {
    let row = |content: String| {
        json!({"messages": [
            {"role": "user", "content": content},
            {"role": "assistant", "content": "Good day."},
        ], "tools": []})
        .to_string()
    };
    let empty = export(&[row(String::new())], &options("messages"), false);
    let rest = bytes - std::fs::metadata(empty.file()).unwrap().len() as usize;
    vec![row("x".repeat(rest)), rows::made().remove(0)]
}

#[test]
fn datasets_looks_as_far_as_we_say() {
    let block = FIRST_BLOCK as usize;
    let whole = export(&line_of(block), &options("messages"), false);
    assert_eq!(whole.said, [""; 0]);
    whole.expect_rows("arrow");
    let longer = export(&line_of(block + 1), &options("messages"), false);
    assert_eq!(longer.said.len(), 1);
    longer.expect_fault("arrow", "tool_calls");
    longer.expect_rows("folder");
}

#[test]
fn datasets_needs_no_features_where_all_keys_come_first() {
    let mut rows = late_reasoning();
    rows.reverse();
    let export = export(&rows, &options("messages"), false);
    assert_eq!(export.said, [""; 0]);
    assert!(!export.is_told);
    export.expect_rows("arrow");
    export.expect_rows("folder");
}

/// The rows in every format that is read with Arrow, by each of these choices that it has, with features in the card.
fn in_every_format(rows: &[String], choices: &[(Mask, Arguments)]) -> Vec<Export> {
    let formats = Format::all();
    let formats = formats.filter(|format| format.target().reads_with_arrow());
    let exports = formats.flat_map(|format| {
        let has_choice = format.target().has_arguments_choice();
        let choices = choices.iter();
        let choices =
            choices.filter(move |(_, arguments)| *arguments == Arguments::Text || has_choice);
        choices.map(move |&(mask, arguments)| {
            let options = Options {
                mask,
                arguments,
                ..options(format.name())
            };
            export(rows, &options, true)
        })
    });
    exports.collect()
}

#[test]
fn the_features_in_the_card_are_those_that_datasets_finds() {
    let choices = [
        (Mask::NOTHING, Arguments::Text),
        (Mask::ALL, Arguments::Text),
    ];
    let exports = in_every_format(&rows::made(), &choices);
    let paths = exports
        .iter()
        .flat_map(|export| [export.folder.path().to_owned(), export.file()]);
    let arguments: Vec<PathBuf> = std::iter::once("compare".into()).chain(paths).collect();
    let told = tell("with_features.py", &arguments);
    let told = told["rows"].as_array().unwrap();
    assert_eq!(told.len(), exports.len());
    for (export, told) in exports.iter().zip(told) {
        assert!(!export.lines.is_empty());
        assert_eq!(told["same"], true, "{told}");
    }
}

#[test]
fn datasets_reads_every_format_by_the_features_of_our_card() {
    let choices = [
        (Mask::NOTHING, Arguments::Text),
        (Mask::NOTHING, Arguments::Object),
    ];
    let exports = in_every_format(&rows::all(), &choices);
    let paths = exports.iter().map(|export| export.folder.path().to_owned());
    let arguments: Vec<PathBuf> = std::iter::once("folder".into()).chain(paths).collect();
    let told = tell("with_features.py", &arguments);
    let told = told["rows"].as_array().unwrap();
    assert_eq!(told.len(), exports.len());
    for (export, told) in exports.iter().zip(told) {
        export.expect(told);
    }
}
