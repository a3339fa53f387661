//! How much of the page moves while it fills: whoever reads or points at something keeps it where it is.

use serde_json::json;

use super::browser::Browser;

/// From the next page on, how far what is in sight moves by itself.
const WATCH: &str = "
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const {startTime, value, hadRecentInput} of list.getEntries())
            if (!hadRecentInput) window.shifts.push([startTime, value]);
    }).observe({type: 'layout-shift', buffered: true});";

/// The cumulative layout shift as browsers count it: the worst burst, of movements less than a second apart and within
/// five seconds. <https://web.dev/articles/cls>
const SHIFT: &str = "
    let worst = 0, burst = 0, first = 0, last = -Infinity;
    for (const [at, value] of window.shifts) {
        if (at - last > 1000 || at - first > 5000) [burst, first] = [0, at];
        [burst, last] = [burst + value, at];
        worst = Math.max(worst, burst);
    }
    return worst;";

#[test]
fn little_of_the_page_moves_while_rows_come_in() {
    let browser = Browser::alone();
    browser.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": WATCH }),
    );
    browser.open("");
    browser.wait_until_done();
    browser.wait_until("charts", |b| b.count(".charts:not([hidden]) canvas") > 5);
    let shift: f64 = browser.script(SHIFT, Vec::new());
    assert!(shift < 0.1, "{shift}");
}

#[test]
fn every_chart_is_as_sharp_as_the_screen() {
    let browser = Browser::start();
    browser.open("");
    browser.wait_until_done();
    for width in [1440, 390] {
        browser.resize(width, 900);
        browser.wait_until("charts of that width", |b| {
            b.count(".charts canvas") > 5
                && b.script(
                    "return [...document.querySelectorAll('.charts canvas')].every(canvas =>
                        Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1
                        && Math.abs(canvas.height - canvas.clientHeight * devicePixelRatio) <= 1)",
                    Vec::new(),
                )
        });
    }
}
