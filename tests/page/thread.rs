//! What the page's thread does, and how much of the page moves while it fills: a person can press and read at any time.

use serde::Deserialize;
use serde_json::json;

use super::browser::Browser;

/// What the browser has seen since the page was opened.
#[derive(Debug, Deserialize)]
struct Seen {
    /// Tasks of the page's thread that took more than 50 ms: when they began, and how long they took.
    tasks: Vec<(f64, f64)>,
    /// How much of what was in sight has moved, as browsers count it (cumulative layout shift).
    shift: f64,
}

/// A browser that watches the page's thread from the next page on.
fn watching() -> Browser {
    let browser = Browser::alone();
    let source = "
        window.seenTasks = []; window.seenShifts = [];
        new PerformanceObserver(list => {
            for (const e of list.getEntries()) window.seenTasks.push([e.startTime, e.duration]);
        }).observe({type: 'longtask', buffered: true});
        new PerformanceObserver(list => {
            for (const e of list.getEntries()) if (!e.hadRecentInput) window.seenShifts.push([e.startTime, e.value, e.sources.map(s => (s.node?.id || s.node?.className || s.node?.nodeName) + ' ' + Math.round(s.previousRect.y) + '>' + Math.round(s.currentRect.y))]);
        }).observe({type: 'layout-shift', buffered: true});";
    browser.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": source }),
    );
    browser
}

fn seen(browser: &Browser) -> Seen {
    // The largest of the bursts: shifts less than a second apart, within five seconds.
    let script = "
        let most = 0, sum = 0, first = 0, last = -1e9;
        for (const [at, value] of window.seenShifts) {
            if (at - last > 1000 || at - first > 5000) { sum = 0; first = at; }
            sum += value; last = at; most = Math.max(most, sum);
        }
        return {tasks: window.seenTasks, shift: most};";
    browser.script(script, Vec::new())
}

#[test]
fn while_the_demo_is_read_the_page_can_be_used_and_little_of_it_moves() {
    let browser = watching();
    browser.open("");
    browser.wait_until_done();
    assert_eq!(browser.count("main"), 1);
    let seen = seen(&browser);
    let raw: serde_json::Value = browser.script("return window.seenShifts", Vec::new());
    println!("{raw:#}");
    println!("{seen:?}");
}
