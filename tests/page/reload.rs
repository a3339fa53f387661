//! What is kept in the browser: a reload or a second look costs no request.
//! The stand-in forbids the browser's own HTTP cache, so that only the page's cache can save one.

use std::time::Duration;

use serde_json::json;

use super::browser::{Browser, PATIENCE};
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps;
use super::steps::DOWNLOAD;

/// A split of 80 rows in eight pages of ten.
fn eight_pages() -> StandIn {
    let made = rows::small(80);
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(Split::of("c", "s", &made.texts).weighing(80 * 400_000)),
    ]);
    standin.forbid_http_cache();
    standin
}

fn start(standin: &StandIn) -> Browser {
    let browser = Browser::start();
    browser.open(&steps::run_of(standin, "a/b", "c", "s", 80));
    browser
}

fn rows_shown(browser: &Browser) -> usize {
    let headline = browser.text_of("#headline");
    headline
        .split(|c: char| !c.is_ascii_digit())
        .find_map(|number| number.parse().ok())
        .unwrap_or(0)
}

#[test]
fn a_reload_in_mid_run_goes_on_from_the_cache() {
    let standin = eight_pages();
    standin.hold_after(4);
    let browser = start(&standin);
    browser.wait_until("40 rows", |b| rows_shown(b) == 40);
    let had: Vec<u64> = standin
        .log()
        .of("/rows")
        .iter()
        .filter(|asked| asked.ended.is_some())
        .filter_map(|asked| asked.range())
        .map(|range| range.start)
        .collect();
    assert_eq!(had.len(), 4);
    browser.allow_failed_requests(); // what is under way is broken off by the reload
    standin.forget();
    browser.reload();
    browser.wait_until("the rows from the cache", |b| rows_shown(b) >= 40);
    standin.release();
    browser.wait_until_done();
    assert_eq!(rows_shown(&browser), 80);
    for range in standin.log().row_ranges() {
        assert!(
            had.iter().all(|start| !range.contains(start)),
            "{range:?} was there before the reload"
        );
    }
    assert_eq!(steps::table(&browser.download("Download table")).len(), 80);
}

#[test]
fn a_second_look_costs_no_request() {
    let standin = eight_pages();
    let browser = start(&standin);
    browser.wait_until_done();
    let first = browser.download(DOWNLOAD).bytes;
    standin.forget();
    browser.reload();
    browser.wait_until_done();
    assert!(browser.download(DOWNLOAD).bytes == first, "other lines");
    browser.press("Analyze");
    browser.wait_until_done();
    let asked: Vec<String> = standin
        .log()
        .all()
        .iter()
        .map(|a| format!("{}?{}", a.path, a.query))
        .collect();
    assert_eq!(asked, Vec::<String>::new());
}

#[test]
fn what_is_kept_has_a_size_and_can_be_cleared() {
    let standin = eight_pages();
    let browser = start(&standin);
    browser.wait_until_done();
    browser.wait_until("the size", |b| b.text().contains("kept in this browser"));
    browser.press("Clear kept pages");
    browser.wait_until("nothing kept", |b| {
        !b.text().contains("kept in this browser")
    });
    standin.forget();
    browser.reload();
    browser.wait_until_done();
    assert_eq!(standin.log().of("/rows").len(), 8);
}

#[test]
fn a_full_quota_only_turns_keeping_off() {
    let standin = eight_pages();
    let browser = Browser::start();
    browser.open("dataset=file");
    let origin: String = browser.script("return location.origin", Vec::new());
    browser.cdp(
        "Storage.overrideQuotaForOrigin",
        json!({"origin": origin, "quotaSize": 1000}),
    );
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 80));
    browser.wait_until_done();
    assert_eq!(steps::table(&browser.download("Download table")).len(), 80);
    browser.wait_until("words on it", |b| b.text().contains("not kept"));
}

#[test]
fn the_oldest_pages_make_room_where_the_quota_holds_only_some() {
    let long = format!(r#"{{"padding":"{}","#, "x".repeat(50_000));
    let texts = rows::small(80).texts;
    let texts: Vec<String> = texts
        .iter()
        .map(|row| row.replacen('{', &long, 1))
        .collect();
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(Split::of("c", "s", &texts).weighing(80 * 400_000)),
    ]);
    standin.forbid_http_cache();
    let browser = Browser::start();
    browser.open("dataset=file");
    let origin: String = browser.script("return location.origin", Vec::new());
    let page: usize = texts.iter().take(10).map(String::len).sum();
    browser.cdp(
        "Storage.overrideQuotaForOrigin",
        json!({"origin": origin, "quotaSize": 4 * page}),
    );
    let query = steps::run_of(&standin, "a/b", "c", "s", 80);
    browser.open(&query);
    browser.wait_until_done();
    assert!(
        !browser.text().contains("not kept"),
        "keeping goes on: {}",
        browser.text()
    );
    // Those that were had last are kept, those before them are not.
    let mut in_order = standin.log().row_ranges();
    standin.forget();
    browser.reload();
    browser.wait_until_done();
    let asked = standin.log().row_ranges();
    assert!(!asked.is_empty() && asked.len() < 8, "{asked:?}");
    let last = in_order.pop().expect("eight pages were had");
    assert!(!asked.contains(&last), "{last:?} was had last: {asked:?}");
}

#[test]
fn a_run_can_be_paused_and_goes_on_where_it_was() {
    let standin = eight_pages();
    standin.hold_after(2);
    let browser = start(&standin);
    browser.wait_until("20 rows", |b| rows_shown(b) == 20);
    browser.press("Pause");
    browser.wait_for_state(&["paused"], PATIENCE);
    standin.release();
    // What was under way still arrives; after that nothing more is asked.
    browser.wait_until("what was under way", |b| {
        let log = standin.log();
        let pages = log.of("/rows").len();
        pages <= 6
            && log.of("/rows").iter().all(|asked| asked.ended.is_some())
            && rows_shown(b) == pages * 10
    });
    let paused = standin.log().of("/rows").len();
    let read = rows_shown(&browser);
    assert!(read < 80 && browser.text_of("[role=status]").contains("Paused"));
    browser.press("Resume");
    browser.wait_until_done();
    assert_eq!(rows_shown(&browser), 80);
    assert_eq!(
        standin.log().of("/rows").len(),
        8,
        "{paused} pages were had before"
    );
}

#[test]
fn a_cancelled_run_keeps_what_it_has() {
    let standin = eight_pages();
    standin.hold_after(3);
    let browser = start(&standin);
    browser.wait_until("30 rows", |b| rows_shown(b) == 30);
    browser.press("Cancel");
    browser.wait_for_state(&["done", "idle"], Duration::from_secs(5));
    let status = browser.text_of("[role=status]");
    assert!(!status.contains("Nothing"), "30 rows were read: {status}");
    standin.release();
    browser.wait_until("the end of what was under way", |_| {
        standin
            .log()
            .of("/rows")
            .iter()
            .all(|asked| asked.ended.is_some())
    });
    // A run that has ended stays as it is: what comes late changes no number.
    let lines = steps::lines(&browser.download(DOWNLOAD));
    let table = steps::table(&browser.download("Download table"));
    assert_eq!((table.len(), lines.len()), (30, 30));
    assert!(browser.find_button("Pause").is_none());
}

#[test]
fn a_second_run_from_a_shorter_one_asks_only_for_what_is_new() {
    let standin = eight_pages();
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 30));
    browser.wait_until_done();
    standin.forget();
    browser.fill("Rows", "80\t");
    browser.press("Analyze");
    browser.wait_until_done();
    assert_eq!(rows_shown(&browser), 80);
    let mut starts: Vec<u64> = standin
        .log()
        .row_ranges()
        .iter()
        .map(|range| range.start)
        .collect();
    starts.sort_unstable();
    assert_eq!(starts, [30, 40, 50, 60, 70]);
}
