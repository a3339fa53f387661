//! Every place and state of the page as axe-core sees it: nothing serious or critical stands between the page and whoever
//! uses it by keyboard or screen reader, in light and dark, on a desktop and on a phone.

use std::sync::OnceLock;

use serde_json::Value;

use super::browser::Browser;
use super::standin::StandIn;
use super::steps;
use crate::support::python;

/// <https://github.com/dequelabs/axe-core>, as its Python package brings it.
fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| python::run(&python::script("axe.py"), &[] as &[&str]))
}

/// What axe-core finds that is serious or critical: the rule, and the elements that break it.
fn found(browser: &Browser) -> Vec<String> {
    // A test is done when the page is: a figure that is still drawn is no finding.
    browser.text_of("main");
    browser.script::<()>(axe(), Vec::new());
    let violations: Vec<Value> = browser.script(
        "return (await axe.run(document, {resultTypes: ['violations']})).violations",
        Vec::new(),
    );
    let is_grave = |violation: &&Value| {
        let impact = violation["impact"].as_str();
        matches!(impact, Some("serious" | "critical"))
    };
    let words = |violation: &Value| {
        let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
        let targets = nodes.iter().map(|node| node["html"].to_string());
        let targets: Vec<String> = targets.take(3).collect();
        format!(
            "{}: {} such as {}",
            violation["id"],
            nodes.len(),
            targets.join(" and ")
        )
    };
    violations.iter().filter(is_grave).map(words).collect()
}

/// A desktop and a phone, each in light and in dark.
const LOOKS: [(u32, u32, bool); 4] = [
    (1440, 900, false),
    (1440, 900, true),
    (390, 844, true),
    (390, 844, false),
];

/// Looks at the page as it is now in both sizes and both grounds.
fn assert_accessible(browser: &Browser, state: &str) {
    for (width, height, dark) in LOOKS {
        browser.prefer_dark(dark);
        browser.resize(width, height);
        let found = found(browser);
        assert!(
            found.is_empty(),
            "{state} at {width}, dark: {dark}: {found:#?}"
        );
    }
    browser.resize(1440, 900);
}

#[test]
fn every_place_can_be_used_by_everyone() {
    let browser = Browser::start();
    browser.open("");
    browser.wait_until_done();
    assert_accessible(&browser, "the start");
    for place in ["overview", "rows", "compare", "tokens", "quality", "export"] {
        browser.open(&format!("rows=60&outcome=success&place={place}"));
        browser.wait_until_done();
        assert_accessible(&browser, place);
    }
    browser.open("rows=60&row=3");
    browser.wait_until_done();
    browser.wait_until("the reader", |b| b.content_of("#reader").len() > 200);
    assert_accessible(&browser, "the reader");
    browser.open("rows=60&tokens=..1");
    browser.wait_until_done();
    assert_accessible(&browser, "nothing selected");
}

#[test]
fn what_goes_wrong_can_be_read_by_everyone() {
    let standin = StandIn::start(Vec::new());
    let browser = Browser::start();
    browser.open(&format!("{}&dataset=a/b", steps::servers(&standin)));
    browser.wait_until("the form", |b| b.find_field("Data set").is_some());
    assert_accessible(&browser, "not started");
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 10));
    browser.wait_for_state(&["failed"], std::time::Duration::from_secs(120));
    assert_accessible(&browser, "failed");
}
