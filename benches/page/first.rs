//! What is felt in the first seconds: how soon a visitor sees a useful picture, and how soon a large run can be read.
//! Both are one moment each, so they stand beside the whole job and not in it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Goal;
use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps;

/// From the first paint until the picture of the demo's result is there.
const PICTURE: Duration = Duration::from_secs(1);
/// From the click until a run of a megabyte can be read.
const READER: Duration = Duration::from_millis(300);
/// Bytes of that run's texts.
const LARGE: usize = 1 << 20;

/// When the first paint was, and when the picture was painted: the browser says so of the largest picture or text.
/// <https://www.w3.org/TR/largest-contentful-paint/>
const PAINTS: &str = "
    const first = performance.getEntriesByName('first-contentful-paint')[0].startTime;
    const picture = await new Promise(done => new PerformanceObserver(list => {
        const painted = list.getEntries().find(({url}) => url.endsWith('demo.webp'));
        if (painted) done(painted.startTime);
    }).observe({type: 'largest-contentful-paint', buffered: true}));
    return [first, picture];";

/// Measures both, each in a browser of its own, and prints them.
pub fn goals(start: &Browser, reader: &Browser) -> Vec<Goal> {
    start.open("");
    let (first, picture): (f64, f64) = start.script(PAINTS, Vec::new());
    let [first, picture] = [first, picture].map(|at| Duration::from_secs_f64(at / 1e3));
    println!(
        "first paint after {first:.0?}, the picture of the demo's result {:.0?} later",
        picture.saturating_sub(first)
    );
    let opened = open_large(reader);
    println!("a run of {LARGE} bytes was open in the reader after {opened:.0?}\n");
    vec![
        (
            "the picture within 1 s of the first paint",
            picture <= first + PICTURE,
        ),
        ("a run of 1 MB open within 300 ms", opened <= READER),
    ]
}

/// Opens a large run from the table; how long that took from the click.
fn open_large(browser: &Browser) -> Duration {
    let texts = [rows::made(0, "g3", 30).0, large(1)];
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))]);
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 2));
    browser.wait_until_done();
    browser.go_to("#rows");
    let rows = "#rows .grid-body [role=row]";
    browser.wait_until("both rows", |b| b.count(rows) == 2);
    let open = format!("document.querySelectorAll('{rows}')[1].click()");
    let answered = browser.wait_for_answer("#reader .turns", |browser| {
        browser.script::<()>(&open, Vec::new());
    });
    answered.shown
}

/// A run of sixty turns whose observations fill a megabyte.
fn large(index: u64) -> String {
    let mut row: Value = serde_json::from_str(&rows::made(index, "g3", 60).0).expect("a row");
    let messages = row["messages"].as_array_mut().expect("messages");
    let results = messages
        .iter_mut()
        .filter(|message| message["role"] == "tool");
    for (at, message) in results.enumerate() {
        let line = format!("{at:03}: the quick brown fox jumps over the lazy dog\n");
        message["content"] = json!(line.repeat(LARGE / 60 / line.len() + 1));
    }
    row.to_string()
}
