//! How the page looks and is reached: pictures in three sizes, keyboard alone, names for screen readers.
//! The pictures are in `target/screenshots`, for people to look at.

use std::path::Path;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};

use thirtyfour::Key;

use super::browser::Browser;

fn demo() -> Browser {
    let browser = Browser::start();
    browser.open("");
    browser.wait_until_done();
    browser
}

fn overflow(browser: &Browser) -> i64 {
    browser.script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
        Vec::new(),
    )
}

#[test]
fn the_page_fits_every_width_in_light_and_dark() {
    let browser = demo();
    for (name, width, height, dark) in [
        ("desktop", 1440, 900, false),
        ("desktop-dark", 1440, 900, true),
        ("phone", 390, 844, false),
        ("phone-dark", 390, 844, true),
        ("4k", 3840, 2160, false),
    ] {
        browser.prefer_dark(dark);
        browser.resize(width, height);
        browser.script::<()>("window.scrollTo({top: 0, behavior: 'instant'})", Vec::new());
        browser.wait_until("charts", |b| b.count("main svg, main canvas") > 0);
        browser.screenshot(name);
        assert_eq!(overflow(&browser), 0, "{name} scrolls sideways");
        let background: String = browser.script(
            "return getComputedStyle(document.body).backgroundColor",
            Vec::new(),
        );
        let light: u32 = background
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|n| n.parse::<u32>().ok())
            .take(3)
            .sum();
        assert_eq!(light < 200, dark, "{name}: {background}");
    }
    // With a rule there are more tables.
    browser.open("outcome=success");
    browser.wait_until_done();
    browser.resize(390, 844);
    browser.go_to("#mix");
    browser.wait_until("the mix", |b| b.count("#mix table") > 0);
    assert_eq!(
        overflow(&browser),
        0,
        "a phone scrolls sideways with a rule"
    );
    browser.open("");
    browser.wait_until_done();
    browser.resize(1440, 900);
    for (name, selector) in [
        ("filters", ".filters"),
        ("rows", "#rows"),
        ("funnel", "#funnel"),
        ("downloads", ".downloads"),
    ] {
        browser.script::<()>(
            "document.querySelector(arguments[0])?.scrollIntoView({behavior: 'instant'})",
            vec![selector.into()],
        );
        browser.screenshot(name);
    }
}

/// The pictures of the demo's result that a visitor sees until it is there. `TRACESIFT_UPDATE=1` makes them anew.
#[test]
fn the_prepared_picture_says_what_the_demo_gives() {
    let browser = demo();
    let said: String = {
        let page = include_str!("../../src/app/source/start.rs");
        page.split_once("const PICTURE")
            .expect("its words")
            .1
            .to_owned()
    };
    let tiles: Vec<String> = browser.script(
        "return [...document.querySelectorAll('#headline .tile strong')].map(number => number.innerText)",
        Vec::new(),
    );
    assert_eq!(tiles.len(), 5);
    for number in tiles {
        let number = number.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(
            said.contains(&number),
            "{number}: make the pictures anew and say what they show"
        );
    }
    for (name, width, height, dark) in [
        ("demo", 1440, 1100, false),
        ("demo-dark", 1440, 1100, true),
        ("demo-phone", 390, 900, false),
        ("demo-phone-dark", 390, 900, true),
    ] {
        let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("www/{name}.webp"));
        if std::env::var_os("TRACESIFT_UPDATE").is_some() {
            browser.prefer_dark(dark);
            browser.resize(width, height);
            browser.text_of("#headline");
            let clip: serde_json::Value = browser.script(
                "const {x, y, width} = document.querySelector('main').getBoundingClientRect();
                 const top = document.querySelector('#bar').getBoundingClientRect().top + scrollY;
                 // The whole page is taken without its scroll bar.
                 const bar = innerWidth - document.documentElement.clientWidth;
                 return {x, y: top, width: width + bar, height: innerHeight, scale: 1}",
                Vec::new(),
            );
            let taken = browser.cdp(
                "Page.captureScreenshot",
                serde_json::json!({"format": "webp", "quality": 60, "clip": clip, "captureBeyondViewport": true}),
            );
            let bytes = BASE64_STANDARD
                .decode(taken["data"].as_str().expect("a picture"))
                .expect("base64");
            std::fs::write(&picture, bytes).expect("is written");
        }
        let bytes = std::fs::metadata(&picture).expect("a picture").len();
        assert!((2_000..120_000).contains(&bytes), "{name}: {bytes} bytes");
    }
}

#[test]
fn the_reader_shows_a_run_turn_by_turn() {
    let browser = demo();
    browser.open("row=0");
    browser.wait_until_done();
    browser.wait_until("the reader", |b| b.content_of("#reader").len() > 200);
    browser.script::<()>(
        "document.querySelector('#reader').scrollIntoView({behavior: 'instant'})",
        Vec::new(),
    );
    browser.screenshot("reader");
    browser.resize(390, 844);
    browser.screenshot("reader-phone");
    assert_eq!(overflow(&browser), 0);
}

#[test]
fn every_control_has_a_name() {
    let browser = demo();
    let mut controls = Vec::new();
    for place in PLACES {
        browser.go_to(place);
        browser.script::<()>(
            "document.querySelectorAll('details').forEach(fold => fold.open = true)",
            Vec::new(),
        );
        controls.extend(browser.accessible_controls());
    }
    assert!(controls.len() > 40, "{}", controls.len());
    let nameless: Vec<_> = controls
        .iter()
        .filter(|(_, name)| name.is_empty())
        .collect();
    assert!(nameless.is_empty(), "{nameless:?}");
    for name in [
        "Analyze",
        "Download demo.jsonl",
        "Download manifest",
        "Download table",
        "Copy link",
    ] {
        let mut buttons = controls.iter().filter(|(role, _)| role == "button");
        assert!(buttons.any(|(_, words)| words.starts_with(name)), "{name}");
    }
    assert!(browser.count("[role=status]") > 0 && browser.count("h1") == 1);
    assert_eq!(
        browser.script::<String>("return document.documentElement.lang", Vec::new()),
        "en"
    );
}

/// What has the focus: its words.
fn focused(browser: &Browser) -> String {
    browser.script(
        "const e = document.activeElement; return (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? '').trim()",
        Vec::new(),
    )
}

/// The places of the page.
const PLACES: [&str; 6] = [
    "#place-overview",
    "#place-rows",
    "#place-compare",
    "#place-tokens",
    "#place-quality",
    "#place-export",
];

/// Walks by the Tab key from the top until it begins again.
fn walk(browser: &Browser, reached: &mut Vec<String>) {
    let mut walked = Vec::new();
    for _ in 0..400 {
        browser.press_key(Key::Tab);
        let name = focused(browser);
        let is_end = walked.len() > 20 && walked.first() == Some(&name);
        walked.push(name);
        if is_end {
            break;
        }
    }
    reached.extend(walked);
}

#[test]
fn everything_can_be_reached_with_the_keyboard_alone() {
    let browser = demo();
    browser.press("Options");
    let mut reached = Vec::new();
    for place in PLACES {
        browser.go_to(place);
        browser.script::<()>("document.activeElement.blur(); scrollTo(0, 0)", Vec::new());
        walk(&browser, &mut reached);
    }
    for name in [
        "Data set",
        "Rows",
        "Sample",
        "Count tokens with",
        "Analyze",
        "Download demo.jsonl",
        "Copy link",
        "Selected rows",
    ] {
        assert!(
            reached.iter().any(|label| label.starts_with(name)),
            "{name} in {reached:?}"
        );
    }
}

#[test]
fn the_table_is_walked_and_a_row_is_opened_by_keys() {
    let browser = Browser::start();
    browser.open("place=rows");
    browser.wait_until_done();
    browser.wait_until("the rows", |b| b.count("#rows [role=gridcell]") > 0);
    let first: String = browser.script(
        "const grid = document.querySelector('#rows [role=grid]'); grid.focus(); return grid.querySelector('[role=gridcell]').innerText",
        Vec::new(),
    );
    assert_eq!(first, "0");
    for _ in 0..3 {
        browser.press_key(Key::Down);
    }
    browser.press_key(Key::Enter);
    browser.wait_until("the row in the address", |b| {
        b.key("row").as_deref() == Some("2")
    });
    browser.wait_until("the reader", |b| b.content_of("#reader").len() > 200);
    let rows: usize = browser.script(
        "return document.querySelectorAll('#rows [role=row]').length",
        Vec::new(),
    );
    assert!(rows < 100, "{rows} rows are in the document");
}

#[test]
fn typing_into_a_range_is_followed_at_once() {
    let browser = demo();
    browser.fill("Turns from", "10");
    browser.wait_for("the funnel", Duration::from_secs(2), |b| {
        b.text_of("#funnel")
            .to_lowercase()
            .contains("turns")
            .then_some(())
    });
    browser.wait_until("the address", |b| b.key("turns").as_deref() == Some("10.."));
    assert!(browser.text_of("#headline").contains(" of "));
}
