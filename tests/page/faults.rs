//! Everything that goes wrong at the two servers, and what the page makes of it.
//! What passes is waited for, visibly and not for ever; what does not pass is explained with a next step.

use std::time::Duration;

use super::browser::{Browser, PATIENCE};
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::standin::drip::Pace;
use super::standin::fault::{Effect, Fault, Framing};
use super::steps;
use super::steps::DOWNLOAD;

/// Long enough for some retries with growing pauses.
const RETRIES: Duration = Duration::from_secs(120);

/// A split of 60 rows in six pages of ten.
fn six_pages() -> StandIn {
    let made = rows::small(60);
    StandIn::start(vec![
        DataSet::new("a/b").with(Split::of("c", "s", &made.texts).weighing(60 * 400_000)),
    ])
}

fn start(standin: &StandIn) -> Browser {
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(standin, "a/b", "c", "s", 60));
    browser
}

fn all_rows_arrive(browser: &Browser, standin: &StandIn) {
    let state = browser.wait_for_state(&["done", "failed"], RETRIES);
    assert_eq!(state, "done", "{}", browser.report());
    assert_eq!(steps::table(&browser.download("Download table")).len(), 60);
    assert_eq!(browser.notices(), Vec::<String>::new());
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(steps::row_numbers(&lines), (0..60).collect::<Vec<_>>());
    steps::check_manners(&standin.log());
}

/// A run in which one page fails so often with this effect and is had in the end.
fn survives(effect: Effect, times: usize) {
    let standin = six_pages();
    standin.fail(Fault::on("/rows", effect).row(25).times(times));
    let browser = start(&standin);
    all_rows_arrive(&browser, &standin);
    let of_page = standin
        .log()
        .row_ranges()
        .iter()
        .filter(|range| range.contains(&25))
        .count();
    assert!(
        of_page > times,
        "{of_page} requests for the page that failed {times} times"
    );
}

#[test]
fn a_page_that_is_not_ready_is_asked_for_again() {
    survives(Effect::not_ready(), 2);
}

#[test]
fn bad_gateways_are_asked_again() {
    let standin = six_pages();
    for (row, effect) in [
        (5, Effect::gateway(502)),
        (25, Effect::open_gateway(503)),
        (45, Effect::gateway(504)),
    ] {
        standin.fail(Fault::on("/rows", effect).row(row).times(1));
    }
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn a_refusal_without_cors_headers_is_waited_out() {
    survives(Effect::too_many(), 2);
}

#[test]
fn a_reset_connection_is_asked_again() {
    survives(Effect::Reset, 1);
}

#[test]
fn a_body_cut_short_is_not_taken_for_an_answer() {
    let standin = six_pages();
    for (row, framing) in [(5, Framing::Length), (35, Framing::Chunks)] {
        standin.fail(
            Fault::on("/rows", Effect::CutShort(framing))
                .row(row)
                .times(1),
        );
    }
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn a_500_that_is_no_json_is_asked_again() {
    let standin = six_pages();
    for (row, effect) in [(15, Effect::plain_500()), (55, Effect::crash())] {
        standin.fail(Fault::on("/rows", effect).row(row).times(1));
    }
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn a_web_page_in_place_of_json_is_asked_again_and_never_shown() {
    let standin = six_pages();
    standin.fail(Fault::on("/rows", Effect::web_page()).row(25).times(1));
    let browser = start(&standin);
    all_rows_arrive(&browser, &standin);
    assert!(!browser.script::<bool>(
        "return 'isPwned' in window || '__pwned' in window",
        Vec::new()
    ));
}

#[test]
fn slow_answers_are_waited_for() {
    let standin = six_pages();
    standin.fail(
        Fault::on("/rows", Effect::Slow(Duration::from_secs(4)))
            .row(25)
            .times(1),
    );
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn an_answer_that_comes_in_many_pieces_is_put_together_as_it_was() {
    let standin = six_pages();
    let pace = Pace {
        pieces: 40,
        pause: Duration::from_millis(100),
    };
    standin.fail(Fault::on("/rows", Effect::Paced(pace)).times(3));
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn an_answer_that_stalls_is_given_up_and_asked_for_again() {
    let standin = six_pages();
    standin.fail(Fault::on("/rows", Effect::stalls()).row(25).times(1));
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn a_worker_that_never_comes_back_is_ended_and_all_rows_arrive() {
    let standin = six_pages();
    let browser = Browser::start();
    browser.hang_on_question(2);
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 60));
    let state = browser.wait_for_state(&["done", "failed"], 2 * RETRIES);
    assert_eq!(state, "done", "{}", browser.report());
    assert_eq!(steps::table(&browser.download("Download table")).len(), 60);
    assert_eq!(browser.notices(), Vec::<String>::new());
}

#[test]
fn a_run_that_waits_for_the_server_is_cancelled_at_once_and_asks_no_more() {
    let standin = six_pages();
    standin.fail(Fault::on("/splits", Effect::not_ready()));
    let browser = start(&standin);
    browser.wait_until("a wait", |b| {
        b.text_of("[role=status]").contains("Trying again")
    });
    browser.press("Cancel");
    browser.wait_for_state(&["idle"], Duration::from_secs(5));
    let asked = standin.log().of("/splits").len();
    standin.mend();
    // A run after it is not held up by what the cancelled one waited for.
    browser.press("Analyze");
    all_rows_arrive(&browser, &standin);
    assert_eq!(
        standin.log().of("/splits").len(),
        asked + 1,
        "what was cancelled asks no more"
    );
}

#[test]
fn the_lists_of_splits_and_sizes_are_asked_again_too() {
    let standin = six_pages();
    standin.fail(Fault::on("/splits", Effect::not_ready()).times(1));
    standin.fail(Fault::on("/size", Effect::gateway(502)).times(1));
    all_rows_arrive(&start(&standin), &standin);
}

#[test]
fn waiting_is_visible_and_bounded_and_the_page_can_be_asked_for_again() {
    let standin = six_pages();
    standin.fail(Fault::on("/rows", Effect::not_ready()).row(25));
    let browser = start(&standin);
    browser.wait_for("words on what is waited for", PATIENCE, |b| {
        let status = b.text_of("[role=status]").to_lowercase();
        (status.contains("again") || status.contains("not ready")).then_some(())
    });
    let state = browser.wait_for_state(&["done", "failed"], RETRIES * 3);
    assert_eq!(
        state,
        "done",
        "the other rows are there: {}",
        browser.report()
    );
    browser.notice_with(&["could not be fetched"]);
    assert_eq!(steps::table(&browser.download("Download table")).len(), 50);
    let asked = standin
        .log()
        .row_ranges()
        .iter()
        .filter(|range| range.contains(&25))
        .count();
    assert!(
        (2..=12).contains(&asked),
        "{asked} requests for a page that never comes"
    );
    standin.mend();
    browser.press("Try this page again");
    browser.wait_until_done();
    assert_eq!(steps::table(&browser.download("Download table")).len(), 60);
    assert_eq!(browser.notices(), Vec::<String>::new());
}

#[test]
fn one_row_that_breaks_its_page_costs_that_row_alone() {
    let standin = six_pages();
    standin.fail(Fault::on("/rows", Effect::broken_row(25)).row(25));
    let browser = start(&standin);
    let state = browser.wait_for_state(&["done", "failed"], RETRIES);
    assert_eq!(state, "done", "{}", browser.report());
    let table = steps::table(&browser.download("Download table"));
    let rows: Vec<&str> = steps::texts(&table, "row");
    assert!(!rows.contains(&"25") && rows.len() == 59, "{rows:?}");
    let notice = browser.notice_with(&["Row 25:", "could not be fetched"]);
    assert!(notice.contains("page"), "{notice}");
}

#[test]
fn rows_too_big_to_be_paged_are_explained_without_asking_on_and_on() {
    let standin = six_pages();
    standin.fail(Fault::on("/rows", Effect::too_big()));
    let browser = start(&standin);
    browser.wait_for_state(&["failed", "done"], PATIENCE);
    let notice = browser.notice_with(&["Parquet"]);
    assert!(
        !notice.contains("page index"),
        "the server's own words are for its developers: {notice}"
    );
    let asked = standin.log().of("/rows").len();
    assert!(asked <= 8, "{asked} requests");
}

#[test]
fn a_name_that_does_not_exist_is_explained() {
    let standin = six_pages();
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(&standin, "no/one", "c", "s", 10));
    browser.wait_for_state(&["failed"], PATIENCE);
    let notice = browser.notice_with(&["token"]);
    assert_eq!(
        browser.notices(),
        std::slice::from_ref(&notice),
        "said once"
    );
    assert!(
        notice.to_lowercase().contains("exist") || notice.to_lowercase().contains("name"),
        "{notice}"
    );
    assert!(
        standin.log().all().len() <= 4,
        "asked once a list, and not again"
    );
}

#[test]
fn a_split_that_does_not_exist_is_explained_with_those_that_do() {
    let standin = six_pages();
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "test", 10));
    browser.wait_for_state(&["failed"], PATIENCE);
    browser.notice_with(&["test", "c / s"]);
    assert_eq!(
        standin.log().of("/rows").len(),
        0,
        "a wrong split crashes the server: it is not asked"
    );
}

#[test]
fn configs_that_the_server_could_not_read_are_named_with_the_reason() {
    let made = rows::small(10);
    let standin = StandIn::start(vec![
        DataSet::new("a/b")
            .with(Split::of("good", "s", &made.texts))
            .with_failed("bad", "Couldn't cast array of type string to null"),
    ]);
    let browser = Browser::start();
    browser.allow_failed_requests();
    browser.open(&steps::run_of(&standin, "a/b", "bad", "s", 10));
    browser.wait_for_state(&["failed"], PATIENCE);
    browser.notice_with(&["bad", "cast"]);
    browser.open(&steps::run_of(&standin, "a/b", "good", "s", 10));
    browser.wait_until_done();
}

#[test]
fn a_dataset_that_the_server_will_never_read_is_explained_at_once() {
    let standin = six_pages();
    for path in ["/splits", "/size"] {
        let words = "The dataset viewer doesn't support this dataset because it runs arbitrary Python code.";
        standin.fail(Fault::on(
            path,
            Effect::error(501, "DatasetWithScriptNotSupportedError", words),
        ));
    }
    let browser = start(&standin);
    browser.wait_for_state(&["failed"], PATIENCE);
    browser.notice_with(&["does not run", "files"]);
    assert_eq!(standin.log().of("/rows").len(), 0);
}

#[test]
fn a_new_version_in_mid_run_stops_the_run_with_a_choice() {
    let standin = six_pages();
    let next = "e".repeat(40);
    standin.hold_after(3);
    let browser = start(&standin);
    browser.wait_until("the first rows", |b| {
        b.text_of("#headline").contains("verdict")
    });
    standin.fail(Fault::on("/rows", Effect::Revision(next.clone())));
    standin.release();
    let notice = browser.notice_with(&["changed"]);
    assert!(notice.contains(&next[..10]), "{notice}");
    browser.wait_for_state(&["paused"], PATIENCE);
    browser.press("Keep the rows so far");
    browser.wait_for_state(&["done", "idle"], PATIENCE);
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert!(
        !lines.is_empty() && lines.len() < 60,
        "{} rows",
        lines.len()
    );
    assert!(
        lines
            .iter()
            .all(|line| line["metadata"]["revision"] != next.as_str())
    );
}

#[test]
fn after_a_new_version_the_run_can_start_again_with_it() {
    let standin = six_pages();
    let next = "e".repeat(40);
    standin.hold_after(3);
    let browser = start(&standin);
    browser.wait_until("the first rows", |b| {
        b.text_of("#headline").contains("verdict")
    });
    for path in ["/rows", "/splits", "/size"] {
        standin.fail(Fault::on(path, Effect::Revision(next.clone())));
    }
    standin.release();
    browser.notice_with(&["changed"]);
    browser.press("Start again");
    browser.wait_until_done();
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(lines.len(), 60);
    assert!(
        lines
            .iter()
            .all(|line| line["metadata"]["revision"] == next.as_str())
    );
}

#[test]
fn a_row_with_shortened_cells_is_listed_and_not_measured() {
    let made = rows::small(20);
    let split = Split::of("c", "s", &made.texts).truncating(7, "messages");
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 20));
    browser.wait_until_done();
    let table = steps::table(&browser.download("Download table"));
    assert_eq!(table.len(), 19);
    assert!(!steps::texts(&table, "row").contains(&"7"));
    let listed = browser.text_of("#bad-rows");
    assert!(listed.contains("1 row"), "{listed}");
}
