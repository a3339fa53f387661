//! The address: it holds every choice, and whoever opens it sees the same.
//! What can't be read in it is said and left out.

use std::collections::BTreeMap;
use std::time::Duration;

use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps;
use super::steps::DOWNLOAD;

fn standin() -> StandIn {
    let made = rows::small(300);
    StandIn::start(vec![DataSet::new("a/b").with(Split::of(
        "openhands",
        "minimax_m25",
        &made.texts,
    ))])
}

type Row = BTreeMap<String, String>;
/// A query, and whether it lets a row pass.
type Rule = (&'static str, fn(&Row) -> bool);

fn number(row: &Row, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

fn between(row: &Row, column: &str, low: f64, high: f64) -> bool {
    number(row, column).is_some_and(|value| low <= value && value <= high)
}

fn open_run(browser: &Browser, standin: &StandIn, more: &str) {
    let run = steps::run_of(standin, "a/b", "openhands", "minimax_m25", 300);
    browser.open(&format!("{run}{more}"));
    browser.wait_until_done();
}

#[test]
fn a_shared_link_reproduces_the_selection_byte_for_byte() {
    let standin = standin();
    let first = Browser::start();
    open_run(&first, &standin, "&sample=random&seed=5&per-instance=3");
    first.press("Exclude C");
    first.fill("Turns from", "5");
    first.press("with a patch");
    first.wait_until("the address", |b| {
        b.key("patch").is_some() && b.key("turns").is_some()
    });
    let link = copied_link(&first);
    let query = link.split_once('?').expect("a query").1.to_owned();
    let (lines, table) = (first.download(DOWNLOAD), first.download("Download table"));
    let kept = steps::lines(&lines).len();
    assert!(kept > 10 && kept < 60, "{kept} rows are chosen");
    drop(first);

    let second = Browser::start();
    second.open(&query);
    second.wait_until_done();
    assert!(second.download(DOWNLOAD) == lines, "other lines");
    assert!(second.download("Download table") == table, "another table");
    let manifest = second.download("Download manifest");
    assert!(
        manifest.text().contains("per-instance=3"),
        "{}",
        manifest.text()
    );
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

#[test]
fn every_rule_of_the_address_selects_the_rows_that_the_table_says() {
    let standin = standin();
    let browser = Browser::start();
    open_run(&browser, &standin, "");
    let all = steps::table(&browser.download("Download table"));
    let rules: [Rule; 10] = [
        ("outcome=success", |row| row["outcome"] == "success"),
        ("outcome=!unknown", |row| row["outcome"] != "unknown"),
        ("language=go,rust", |row| {
            row["language"] == "go" || row["language"] == "rust"
        }),
        ("turns=5..6", |row| between(row, "turns", 5.0, 6.0)),
        ("calls=..6", |row| between(row, "calls", 0.0, 6.0)),
        ("tokens=236..", |row| {
            between(row, "tokens", 236.0, f64::MAX)
        }),
        ("patch=empty", |row| {
            number(row, "patch_files").unwrap_or(0.0) == 0.0
        }),
        ("patch=present&added=2..2", |row| {
            between(row, "patch_added", 2.0, 2.0)
        }),
        ("overlap=0.5..", |row| {
            between(row, "overlap_files", 0.5, 1.0)
        }),
        ("tool=execute_bash&outcome=failure", |row| {
            row["outcome"] == "failure"
        }),
    ];
    for (rule, passes) in rules {
        open_run(&browser, &standin, &format!("&{rule}"));
        let kept = steps::table(&browser.download("Download table"));
        let expected: Vec<_> = all.iter().filter(|row| passes(row)).cloned().collect();
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "{rule} selects {}",
            expected.len()
        );
        assert_eq!(
            steps::texts(&kept, "row"),
            steps::texts(&expected, "row"),
            "{rule}"
        );
        assert!(
            browser
                .text_of("#funnel")
                .contains(&expected.len().to_string()),
            "{rule}: {}",
            browser.text_of("#funnel")
        );
    }
}

#[test]
fn back_and_forward_take_choices_back_and_bring_them_again() {
    let standin = standin();
    let browser = Browser::start();
    open_run(&browser, &standin, "");
    let kept = |browser: &Browser, words: &str| {
        browser.wait_until(words, |b| b.text_of("#headline").contains(words));
    };
    kept(&browser, "300 runs.");
    browser.press("Exclude success");
    browser.wait_until("the address", |b| {
        b.key("outcome").as_deref() == Some("!success")
    });
    kept(&browser, "180 of 300");
    browser.press("Exclude failure");
    browser.wait_until("the address", |b| {
        b.key("outcome")
            .is_some_and(|rule| rule.contains("failure"))
    });
    kept(&browser, "60 of 300");
    browser.back();
    kept(&browser, "180 of 300");
    browser.back();
    kept(&browser, "300 runs.");
    browser.forward();
    kept(&browser, "180 of 300");
    browser.press("Clear filters");
    kept(&browser, "300 runs.");
}

#[test]
fn what_can_not_be_read_in_the_address_is_said_and_left_out() {
    let standin = standin();
    let browser = Browser::start();
    open_run(
        &browser,
        &standin,
        "&colour=red&turns=many&outcome=success&seed=-3",
    );
    let notice = browser.notice_with(&["colour", "turns", "seed"]);
    assert!(!notice.contains("outcome"), "{notice}");
    assert!(browser.text_of("#headline").contains("120 of 300"));
    browser.open("dataset=%FF%00<script>window.__pwned=1</script>&rows=%&split=%E2%80%AE&endpoint=javascript:alert(1)");
    browser.wait_for_state(&["idle", "failed", "done"], Duration::from_secs(10));
    assert!(!browser.script::<bool>("return '__pwned' in window", Vec::new()));
}

#[test]
fn a_link_to_a_row_opens_it_in_the_reader() {
    let standin = standin();
    let browser = Browser::start();
    open_run(&browser, &standin, "&row=41");
    browser.wait_until("the row in the reader", |b| {
        b.content_of("#reader").contains("Step 0 of row 41.")
    });
    let reader = browser.content_of("#reader");
    assert!(reader.contains("Issue 41"), "{reader}");
    assert!(reader.contains("sed -n 0p src/parser.rs"), "{reader}");
}
