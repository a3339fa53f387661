//! Local files in every way that a person opens them: several, a folder, an archive, one session, dropped on the page.
//! What is in them is read as the same rows are from one file; what can't be read is said.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::browser::Browser;
use super::rows;
use super::steps;
use super::steps::DOWNLOAD;

/// The inputs behind the two buttons.
const FILES: &str = "input[aria-label='Files']";
const FOLDER: &str = "input[aria-label='Folder']";

fn page() -> Browser {
    let browser = Browser::start();
    browser.open("dataset=file&rows=500");
    browser.wait_for_state(&["idle", "failed"], Duration::from_secs(20));
    browser
}

/// Three files of ten rows each, one of them in a folder, and files that hold no runs.
fn folder_of_files() -> (TempDir, Vec<String>) {
    let texts = rows::small(30).texts;
    let folder = TempDir::new().expect("a folder");
    let root = folder.path().join("mine");
    std::fs::create_dir_all(root.join("sub")).expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(root.join(name), bytes).expect("a file is written");
    };
    for (name, rows) in ["a.jsonl", "b.jsonl", "sub/c.jsonl"]
        .iter()
        .zip(texts.chunks(10))
    {
        write(name, rows.join("\n").as_bytes());
    }
    write("notes.md", b"# nothing");
    write("sub/picture.png", b"\x89PNG\r\n\x1a\n");
    (folder, texts)
}

/// Opens a row in the reader, as a press on its line in the table does.
fn open_row(browser: &Browser, row: u64) {
    browser.go_to("#rows");
    let line = format!(".grid-row[aria-rowindex='{}']", row + 2);
    browser.wait_until("the row's line", |b| {
        b.script(
            "const line = document.querySelector(arguments[0]); line?.click(); return line !== null",
            vec![json!(line)],
        )
    });
}

fn assert_all_rows(browser: &Browser, names: [&str; 3]) {
    browser.wait_until("all rows", |b| {
        b.state() == "done" && b.text_of("#headline").contains("30")
    });
    let found = browser.text_of("#opened");
    assert!(
        found.contains("5 files: 3 files of rows (30 rows), 2 skipped"),
        "{found}"
    );
    let listed = browser.content_of("#opened");
    assert!(listed.contains("notes.md: a text without JSON"), "{listed}");
    assert!(listed.contains("picture.png: a picture"), "{listed}");
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(lines.len(), 30);
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(line["metadata"]["dataset"], names[at / 10], "line {at}");
        assert_eq!(
            line["metadata"]["row"],
            at % 10,
            "the number in its own file"
        );
    }
}

#[test]
fn a_folder_is_read_with_all_that_is_in_it_and_each_row_names_its_file() {
    let (folder, _) = folder_of_files();
    let browser = page();
    browser.give_paths(FOLDER, &[folder.path().join("mine")]);
    assert_all_rows(
        &browser,
        ["mine/a.jsonl", "mine/b.jsonl", "mine/sub/c.jsonl"],
    );
    open_row(&browser, 5);
    browser.wait_until("the row's file", |b| {
        b.text_of("#reader").contains("Row 5 · mine/a.jsonl")
    });
    browser.screenshot("folder");
}

#[test]
fn several_files_and_an_archive_of_them_are_the_same_rows() {
    let (folder, _) = folder_of_files();
    let root = folder.path().join("mine");
    let names = [
        "a.jsonl",
        "b.jsonl",
        "notes.md",
        "sub/c.jsonl",
        "sub/picture.png",
    ];
    let paths: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
    let browser = page();
    browser.give_paths(FILES, &paths);
    assert_all_rows(&browser, ["a.jsonl", "b.jsonl", "c.jsonl"]);

    let archive = folder.path().join("all.zip");
    let file = std::fs::File::create(&archive).expect("a file");
    let mut zip = zip::ZipWriter::new(file);
    for (name, path) in names.iter().zip(&paths) {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).expect("an entry");
        zip.write_all(&std::fs::read(path).expect("a file"))
            .expect("bytes");
    }
    zip.finish().expect("an archive");
    browser.give_paths(FILES, &[archive]);
    browser.wait_until("the archive's rows", |b| {
        b.content_of("#opened").contains("all.zip/")
    });
    assert_all_rows(
        &browser,
        ["all.zip/a.jsonl", "all.zip/b.jsonl", "all.zip/sub/c.jsonl"],
    );
}

#[test]
fn files_dropped_anywhere_are_opened_and_the_place_is_said() {
    let texts = rows::small(20).texts;
    let browser = page();
    let files = json!([
        ["x.jsonl", texts[..10].join("\n")],
        ["y.jsonl", texts[10..].join("\n")]
    ]);
    browser.script::<bool>(
        "window.dragged = new DataTransfer();
         for (const [name, text] of arguments[0]) dragged.items.add(new File([text], name));
         document.querySelector('footer').dispatchEvent(
             new DragEvent('dragover', {bubbles: true, cancelable: true, dataTransfer: dragged}));
         return true",
        vec![files],
    );
    browser.wait_until("the hint", |b| {
        b.text_of(".drop-hint").contains("Drop files")
    });
    browser.screenshot("drop");
    let is_taken: bool = browser.script(
        "const event = new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: dragged});
         document.querySelector('footer').dispatchEvent(event);
         return event.defaultPrevented",
        Vec::new(),
    );
    assert!(is_taken, "else the browser leaves the page for the file");
    browser.wait_until("all rows", |b| {
        b.state() == "done" && b.text_of("#headline").contains("20")
    });
    assert_eq!(browser.text_of(".drop-hint"), "");
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(lines[10]["metadata"]["dataset"], "y.jsonl");
}

#[test]
fn one_session_is_one_run_and_the_page_says_so() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("chat.jsonl");
    let messages = [
        json!({"role": "user", "content": "list the files"}),
        json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "ls", "arguments": "{}"}}]}),
        json!({"role": "tool", "tool_call_id": "c", "content": "a.py"}),
        json!({"role": "assistant", "content": "a.py"}),
    ];
    let lines: Vec<String> = messages.iter().map(Value::to_string).collect();
    std::fs::write(&path, format!("{}\n{{\"role\":\"us", lines.join("\n"))).expect("a file");
    let browser = page();
    browser.give_paths(FILES, &[path]);
    browser.wait_until_done();
    let found = browser.text_of("#opened");
    assert_eq!(
        found,
        "1 list of messages, 4 events, 1 line left out that can't be read."
    );
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(table.len(), 1);
    assert_eq!((&*table[0]["messages"], &*table[0]["calls"]), ("4", "1"));
}

#[test]
fn a_jobs_folder_has_a_run_per_trial_and_those_that_died_say_why() {
    let folder = TempDir::new().expect("a folder");
    let job = folder.path().join("job");
    let write = |name: &str, text: &str| {
        let path = job.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let trajectory = json!({
        "schema_version": "ATIF-v1.6", "session_id": "s",
        "agent": {"name": "terminus-2", "version": "2", "model_name": "a/b"},
        "steps": [
            {"step_id": 1, "source": "user", "message": "fix it"},
            {"step_id": 2, "source": "agent", "message": "done"},
        ],
    });
    let result = |name: &str| {
        json!({"task_name": "fix", "trial_name": name, "agent_info": {"name": "terminus-2"}})
            .to_string()
    };
    write("config.json", r#"{"job_name":"job"}"#);
    write("result.json", r#"{"n_total_trials":2}"#);
    write(
        "fix__1/agent/trajectory.json",
        &serde_json::to_string_pretty(&trajectory).expect("JSON"),
    );
    write("fix__1/agent/recording.cast", "{\"version\": 2}");
    write("fix__1/result.json", &result("fix__1"));
    write("fix__1/config.json", &result("fix__1"));
    write("fix__1/verifier/reward.txt", "1\n");
    write("fix__1/trial.log", "log");
    write("fix__2/result.json", &result("fix__2"));
    write("fix__2/config.json", &result("fix__2"));
    write(
        "fix__2/exception.txt",
        "Traceback\nharbor.EnvironmentStartTimeoutError: no room\n",
    );
    let browser = page();
    browser.give_paths(FOLDER, &[job]);
    browser.wait_until("the trial", |b| {
        b.state() == "done" && !b.text_of("#opened").is_empty()
    });
    assert_eq!(browser.text_of("#opened"), "2 files: 2 trials.");
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(table.len(), 1);
    assert_eq!(
        (&*table[0]["outcome"], &*table[0]["turns"]),
        ("success", "1")
    );
    let bad = browser.content_of("#bad-rows");
    assert!(
        bad.contains("job/fix__2") && bad.contains("EnvironmentStartTimeoutError"),
        "{bad}"
    );
}

#[test]
fn compressed_rows_in_any_encoding_are_read_as_they_were() {
    let folder = TempDir::new().expect("a folder");
    let text = rows::small(40).texts.join("\r\n");
    let utf16: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let path = folder.path().join("rows.jsonl.gz");
    let file = std::fs::File::create(&path).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packed.write_all(&utf16).expect("bytes");
    packed.finish().expect("a file");
    let browser = page();
    browser.give_paths(FILES, &[path]);
    browser.wait_until("all rows", |b| {
        b.state() == "done" && b.text_of("#headline").contains("40")
    });
    assert_eq!(steps::table(&browser.download("Download table")).len(), 40);
    // Rows are read again from what was unpacked, however often.
    open_row(&browser, 9);
    browser.wait_until("the reader", |b| b.content_of("#reader").len() > 200);
}

#[test]
fn what_is_something_else_is_named_and_nothing_says_that_it_is_done() {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let picture = write("a.jsonl", b"\x89PNG\r\n\x1a\n");
    let database = write("b.db", b"SQLite format 3\0");
    let browser = page();
    let failed_over = |paths: &[PathBuf], words: &[&str]| {
        browser.give_paths(FILES, paths);
        browser.wait_until("what it is", |b| {
            b.text_of(".notice.bad").contains(words[0])
        });
        assert_eq!(browser.state(), "failed");
        browser.notice_with(words);
        assert!(!browser.text_of(".progress").contains("Done"));
    };
    failed_over(
        std::slice::from_ref(&picture),
        &["a.jsonl: a picture", "JSONL"],
    );
    failed_over(
        &[picture, database],
        &["2 skipped", "a picture", "an SQLite database"],
    );
}

#[test]
fn numbers_that_are_none_and_halves_of_characters_are_mended_with_a_word() {
    let folder = TempDir::new().expect("a folder");
    let path: &Path = &folder.path().join("rows.jsonl");
    let row = |text: &str, reward: &str| {
        format!(
            r#"{{"reward":{reward},"messages":[{{"role":"user","content":"{text}"}},{{"role":"assistant","content":"a"}}]}}"#
        )
    };
    let mut bytes = [
        row("q", "NaN"),
        row("half \\ud83d", "1.0"),
        row("caf", "1.0"),
    ]
    .join("\n")
    .into_bytes();
    let at = bytes
        .windows(4)
        .rposition(|four| four == b"caf\"")
        .expect("the word");
    bytes.insert(at + 3, 0xe9);
    std::fs::write(path, bytes).expect("a file");
    let browser = page();
    browser.give_paths(FILES, &[path.to_owned()]);
    browser.wait_until_done();
    let mended = browser.content_of("#repairs");
    for words in ["JSON can't hold", "half a character", "not text in UTF-8"] {
        assert!(mended.contains(words), "{mended}");
    }
    assert_eq!(steps::table(&browser.download("Download table")).len(), 3);
}
