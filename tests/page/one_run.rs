//! What is shown, written and linked is of one run: whatever is pressed while a file is written has no part in it, and
//! a form that is ahead of the run changes nothing before it is analyzed.

use std::time::Duration;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::browser::{Browser, Download};
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::standin::fault::{Effect, Fault};
use super::standin::log::Asked;
use super::steps;
use super::steps::DOWNLOAD;

/// Rows of the run: two pages and more.
const ROWS: usize = 230;

/// Something to press, and what it does.
type Pressed = (&'static str, fn(&Browser));

/// Two datasets; the first one has two splits.
fn standin() -> StandIn {
    let standin = StandIn::start(vec![
        DataSet::new("a/b")
            .with(Split::of("c", "one", &rows::small(ROWS).texts))
            .with(Split::of(
                "c",
                "two",
                &rows::open_swe(120, "g1", "sweagent", "qwen35_122b").texts,
            )),
        DataSet::new("d/e").with(Split::of(
            "c",
            "one",
            &rows::open_swe(ROWS, "g3", "openhands", "minimax_m25").texts,
        )),
    ]);
    standin.forbid_http_cache();
    standin
}

/// Opens the run whose files are compared: lines, manifest and link go into one `.zip`.
fn open_run(browser: &Browser, standin: &StandIn) {
    let run = steps::run_of(standin, "a/b", "c", "one", ROWS as u64);
    browser.open(&format!("{run}&package=zip"));
    browser.wait_until_done();
}

/// Makes the page read all rows again from the server.
fn forget_pages(browser: &Browser) {
    browser.press("Clear kept pages");
    browser.wait_until("no kept pages", |b| {
        b.find_button("Clear kept pages").is_none()
    });
}

/// Writes a file, and does something when its first page has come and its second one has not.
fn between_two_pages(
    browser: &Browser,
    standin: &StandIn,
    button: &str,
    press: fn(&Browser),
) -> Download {
    forget_pages(browser);
    standin.hold_all_but(0);
    browser.download_during(button, |browser| {
        browser.wait_until("the first page", |b| {
            let status = b.text_of(".downloads [role=status]");
            status.contains("of 230 rows") && !status.contains("Writing: 0 ")
        });
        press(browser);
        standin.release();
    })
}

fn analyze_another(browser: &Browser) {
    browser.fill("Data set", "d/e\t");
    browser.press("Analyze");
}

#[test]
fn whatever_is_pressed_between_two_pages_of_a_download_has_no_part_in_the_file() {
    let standin = standin();
    let browser = Browser::start();
    browser.allow_failed_requests();
    open_run(&browser, &standin);
    let expected = browser.download(DOWNLOAD);
    let pressed: [Pressed; 14] = [
        ("nothing", |_| {}),
        ("Analyze, of another dataset", analyze_another),
        ("Show the demo", |b| b.press("Show the demo")),
        ("another split", |b| b.choose("Split", "two")),
        ("another split, analyzed", |b| {
            b.choose("Split", "two");
            b.press("Analyze");
        }),
        ("another sample", |b| {
            b.choose("Sample", "random");
            b.fill("Seed", "9\t");
            b.fill("Rows", "20\t");
        }),
        ("a filter", |b| b.press("Exclude success")),
        ("a range", |b| b.fill("Turns from", "5\t")),
        ("a sign", |b| {
            b.go_to("#sign-table");
            b.wait_until("the signs", |b| b.count("[id^=keep-]") > 0);
            b.script::<()>(
                "const list = document.querySelector('[id^=keep-]');
                 list.value = [...list.options].at(-1).value;
                 list.dispatchEvent(new Event('change', {bubbles: true}));",
                Vec::new(),
            );
        }),
        ("the order of the table", |b| {
            show_rows(b);
            b.script::<()>(
                "document.querySelector('#rows [role=columnheader] button, #rows [role=columnheader]').click()",
                Vec::new(),
            );
        }),
        ("the trainer", |b| b.choose("Trainer", "Axolotl")),
        ("the tokenizer", |b| {
            b.choose("Count tokens with", "o200k_base")
        }),
        ("Copy link", |b| {
            copied_link(b);
        }),
        ("a row, in the reader", |b| {
            open_first_row(b);
        }),
    ];
    for (what, press) in pressed {
        open_run(&browser, &standin);
        let file = between_two_pages(&browser, &standin, DOWNLOAD, press);
        assert!(file == expected, "{what}: {} is another file", file.name);
    }
}

#[test]
fn a_file_is_the_same_whichever_page_comes_first() {
    let standin = standin();
    let browser = Browser::start();
    open_run(&browser, &standin);
    let expected = browser.download(DOWNLOAD);
    forget_pages(&browser);
    let late = Effect::Slow(Duration::from_secs(2));
    standin.fail(Fault::on("/rows", late).row(0).times(1));
    let file = browser.download(DOWNLOAD);
    assert!(file == expected, "{} is another file", file.name);
    let ends = |row: u64| {
        let log = standin.log();
        let asked = log.of("/rows");
        let of_row = |asked: &&&Asked| asked.range().is_some_and(|range| range.contains(&row));
        asked.iter().rfind(of_row).and_then(|asked| asked.ended)
    };
    assert!(
        ends(0) > ends(100),
        "the first page came before the others after all"
    );
}

/// Goes to the table.
fn show_rows(browser: &Browser) {
    browser.press("Rows");
    browser.wait_until("the rows", |b| b.count("#rows .grid-body [role=row]") > 0);
}

/// Opens the first row of the table in the reader.
fn open_first_row(browser: &Browser) {
    show_rows(browser);
    browser.script::<()>(
        "document.querySelector('#rows .grid-body [role=row]').click()",
        Vec::new(),
    );
    browser.wait_until("the reader", |b| b.count("#reader .open") == 1);
}

#[test]
fn a_table_is_of_the_rows_that_were_shown_when_it_was_asked_for() {
    let standin = standin();
    let browser = Browser::start();
    open_run(&browser, &standin);
    let expected = browser.download("Download table");
    // Pressed at once: no part of the table can be written between the two.
    let both = "
        const button = name => [...document.querySelectorAll('button')].find(b => b.innerText === name);
        document.querySelector('[data-action=download-table]').click();
        button('Show the demo').click();";
    let table = browser.download_of("a table of the former run", |b| {
        b.script::<()>(both, Vec::new());
    });
    assert!(table == expected, "{} is another table", table.name);
}

/// Presses "Copy link" and takes the link on its way to the clipboard.
fn copied_link(browser: &Browser) -> String {
    browser.script::<()>(
        "navigator.clipboard.writeText = async text => { window.__copied = text }",
        Vec::new(),
    );
    browser.press("Copy link");
    browser.wait_for("the link", Duration::from_secs(5), |b| {
        b.script::<Option<String>>("return window.__copied ?? null", Vec::new())
    })
}

fn manifest_of(browser: &Browser) -> Value {
    let manifest = browser.download("Download manifest");
    serde_json::from_slice(&manifest.bytes).expect("a manifest is JSON")
}

fn sha256(file: &Download) -> String {
    let digest = Sha256::digest(&file.bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_form_that_is_ahead_says_so_and_files_and_links_name_what_is_shown() {
    let standin = standin();
    let browser = Browser::start();
    browser.open(&format!("rows=60&{}", steps::servers(&standin)));
    browser.wait_until_done();
    assert_eq!(browser.text_of("#not-analyzed"), "");
    browser.fill("Data set", "d/e\t");
    browser.fill("Rows", "90\t");
    browser.wait_until("the word that this is not analyzed", |b| {
        b.text_of("#not-analyzed").contains("Not analyzed yet")
    });
    for place in ["#not-analyzed", "#files-are-of"] {
        let words = browser.text_of(place);
        assert!(
            words.contains("the demo (the first 60 rows at most)"),
            "{words}"
        );
    }
    let lines = browser.download(DOWNLOAD);
    assert_eq!(steps::lines(&lines).len(), 60);
    let manifest = manifest_of(&browser);
    assert_eq!(manifest["dataset"], "demo");
    assert_eq!(manifest["rows_wanted"], 60);
    assert_eq!(manifest["files"][0]["sha256"], sha256(&lines));
    for link in [
        copied_link(&browser),
        manifest["recipe"].as_str().expect("a link").to_owned(),
    ] {
        assert!(
            link.contains("rows=60") && !link.contains("dataset="),
            "{link}"
        );
        let (_, query) = link.split_once('?').expect("a query");
        let second = Browser::start();
        second.open(query);
        second.wait_until_done();
        assert!(second.download(DOWNLOAD) == lines, "{link}");
    }
    browser.press("Analyze");
    browser.wait_until("the word to go", |b| b.text_of("#not-analyzed").is_empty());
    browser.wait_until_done();
    assert_eq!(manifest_of(&browser)["dataset"], "d/e");
    // What was said is taken back where the form says again what is shown.
    browser.fill("Rows", "91\t");
    browser.wait_until("the word again", |b| !b.text_of("#not-analyzed").is_empty());
    browser.fill("Rows", "90\t");
    browser.wait_until("the word to go", |b| b.text_of("#not-analyzed").is_empty());
}

#[test]
fn a_manifest_is_of_the_file_that_is_shown_and_not_of_another_one_of_the_same_name() {
    let folders = [(); 2].map(|()| tempfile::TempDir::new().expect("a folder"));
    let all = rows::small(40).texts;
    let browser = Browser::start();
    browser.open("");
    browser.wait_until_done();
    let mut sums = Vec::new();
    for (folder, rows) in folders.iter().zip([&all[..20], &all[20..]]) {
        let path = folder.path().join("runs.jsonl");
        std::fs::write(&path, rows.join("\n")).expect("a file can be written");
        browser.give_file(&path);
        browser.wait_until("the file's rows", |b| {
            b.text_of("#headline").contains("of 20 runs")
        });
        browser.wait_until_done();
        // The first time after a download, the second time without one.
        if sums.is_empty() {
            let lines = browser.download(DOWNLOAD);
            sums.push(sha256(&lines));
            assert_eq!(manifest_of(&browser)["files"][0]["sha256"], sums[0]);
        } else {
            let manifest = manifest_of(&browser);
            let lines = browser.download(DOWNLOAD);
            assert_eq!(manifest["files"][0]["sha256"], sha256(&lines));
            assert_ne!(manifest["files"][0]["sha256"], sums[0]);
        }
    }
}

#[test]
fn a_link_without_a_split_reads_the_first_one_and_the_pickers_show_it() {
    let standin = standin();
    let browser = Browser::start();
    browser.open(&format!(
        "dataset=a/b&rows=500&{}",
        steps::servers(&standin)
    ));
    browser.wait_until("the splits", |b| b.options("Split").len() == 3);
    assert_eq!(browser.value("Config"), "c");
    assert_eq!(browser.value("Split"), "one");
    let shown = browser.script::<String>(
        "return document.querySelector('#split').selectedOptions[0].textContent",
        Vec::new(),
    );
    assert!(shown.contains("230 rows"), "{shown}");
    browser.press("Analyze");
    browser.wait_until_done();
    assert_eq!(browser.value("Split"), "one");
    assert_eq!(browser.text_of("#not-analyzed"), "");
    assert_eq!(
        steps::table(&browser.download("Download table")).len(),
        ROWS
    );
    let (config, split) = (browser.key("config"), browser.key("split"));
    assert_eq!(
        (config.as_deref(), split.as_deref()),
        (Some("c"), Some("one"))
    );
}

#[test]
fn an_older_count_in_the_reader_does_not_take_the_place_of_a_newer_one() {
    let standin = standin();
    let browser = Browser::start();
    open_run(&browser, &standin);
    forget_pages(&browser);
    standin.forget();
    let late = Duration::from_secs(4);
    standin.fail(Fault::on("/rows", Effect::Slow(late)).times(1));
    open_first_row(&browser);
    browser.wait_until("the slow question", |_| !standin.log().all().is_empty());
    browser.choose("Count tokens with", "o200k_base");
    let facts = browser.wait_for("the newer count", Duration::from_secs(20), |b| {
        let facts = b.text_of("#reader .facts");
        facts.contains("token").then_some(facts)
    });
    browser.wait_until("the end of the slow answer", |_| {
        standin
            .log()
            .all()
            .iter()
            .all(|asked| asked.ended.is_some())
    });
    browser.wait_until_done();
    assert_eq!(browser.text_of("#reader .facts"), facts);
}
