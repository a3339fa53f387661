//! The page as a workbench: its places, the bar that stays, the way back from a filter, texts that are searched, and how
//! much work a whole job is. Whatever is clicked here lies on the screen: nothing is scrolled.

use serde_json::json;
use thirtyfour::Key;

use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps::{self, DOWNLOAD};

fn demo(query: &str) -> Browser {
    let browser = Browser::start();
    browser.open(query);
    browser.wait_until_done();
    browser
}

/// The words of the bar.
fn bar(browser: &Browser) -> String {
    browser.text_of("#bar")
}

/// Presses an element that a person sees without scrolling.
fn press_in_sight(browser: &Browser, selector: &str) {
    browser.wait_until(&format!("{selector} in sight"), |browser| {
        browser.script(
            "const element = document.querySelector(arguments[0]);
             if (!element || element.disabled) return false;
             const {left, top, width, height} = element.getBoundingClientRect();
             const [x, y] = [left + width / 2, top + height / 2];
             const there = document.elementFromPoint(x, y);
             if (!there || !(element === there || element.contains(there) || there.contains(element))) return false;
             element.click();
             return true;",
            vec![json!(selector)],
        )
    });
}

#[test]
fn a_place_is_a_link_a_tab_and_a_digit() {
    let browser = demo("place=export");
    assert!(browser.count("#place-export:not([hidden])") == 1);
    assert_eq!(browser.count("[role=tabpanel]:not([hidden])"), 1);
    browser.press("Rows");
    browser.wait_until("its key", |b| b.key("place").as_deref() == Some("rows"));
    browser.press_key("1");
    browser.wait_until("the overview", |b| {
        b.key("place").is_none() && b.text().contains("solved")
    });
    browser.press_key("6");
    browser.wait_until("export", |b| b.key("place").as_deref() == Some("export"));
    browser.button("Export");
    browser.script::<()>("document.querySelector('#tab-export').focus()", Vec::new());
    browser.press_key(Key::Home);
    browser.wait_until("the first tab", |b| b.key("place").is_none());
    // An open row says its place by itself.
    browser.open("row=3");
    browser.wait_until_done();
    assert_eq!(browser.count("#place-rows:not([hidden])"), 1);
}

#[test]
fn the_tab_of_the_open_place_is_in_sight_on_a_phone() {
    let browser = Browser::start();
    browser.resize(390, 844);
    for place in ["export", "overview", "quality"] {
        browser.open(&format!("rows=60&place={place}"));
        browser.wait_until_done();
        browser.wait_until(place, |b| {
            b.script(
                "const {left, right} = document.querySelector('[role=tab][aria-selected=true]').getBoundingClientRect();
                 return left >= 0 && right <= innerWidth && scrollX === 0;",
                Vec::new(),
            )
        });
    }
}

#[test]
fn the_reader_fits_a_phone_with_the_way_out_in_sight() {
    let browser = Browser::start();
    browser.resize(390, 844);
    // A run with others of its task, which the head offers, too.
    browser.open("rows=500&row=3");
    browser.wait_until_done();
    browser.wait_until("the run", |b| b.count("#reader .turns li") > 2);
    let [wide, close]: [f64; 2] = browser.script(
        "const dialog = document.querySelector('#reader dialog');
         const {right} = dialog.querySelector('.close').getBoundingClientRect();
         return [dialog.scrollWidth, right];",
        Vec::new(),
    );
    assert!(wide <= 390.0 && close <= 390.0, "{wide}, {close}");
    press_in_sight(&browser, "#reader .close");
    browser.wait_until("it is closed", |b| b.key("row").is_none());
}

#[test]
fn each_filter_is_a_mark_that_takes_it_back_and_a_change_can_be_undone() {
    let browser = demo("outcome=success&turns=5..200&patch=present");
    let kept = bar(&browser);
    browser.press("Remove the filter Outcome: success");
    browser.wait_until("without it", |b| b.key("outcome").is_none());
    assert!(browser.key("turns").is_some() && browser.key("patch").is_some());
    browser.wait_until("more runs", |b| bar(b) != kept);
    browser.press("Undo");
    browser.wait_until("it is back", |b| {
        b.key("outcome").as_deref() == Some("success")
    });
    browser.wait_until("the runs of before", |b| bar(b) == kept);
    assert!(browser.find_button("Undo").is_none(), "all is taken back");
    browser.press("Clear filters");
    browser.wait_until("none", |b| {
        b.key("patch").is_none() && b.key("turns").is_none()
    });
}

#[test]
fn another_press_brings_back_what_a_preset_replaced() {
    let browser = demo("language=go&seed=5");
    let wait_for = |words: &str, key: &str, value: Option<&str>| {
        browser.wait_until(words, |b| b.key(key).as_deref() == value);
    };
    browser.press("SWE-smith");
    wait_for("the preset", "per-instance", Some("3"));
    assert_eq!(
        (browser.key("seed").as_deref(), browser.key("language")),
        (Some("24"), None)
    );
    browser.press("Open-SWE-Traces");
    wait_for("another", "budget", Some("131072"));
    assert_eq!(browser.key("seed").as_deref(), Some("5"));
    browser.press("✓ Open-SWE-Traces");
    wait_for("what was there", "language", Some("go"));
    assert_eq!((browser.key("budget"), browser.key("patch")), (None, None));
}

/// Runs of which every third says something that no other does.
fn with_needles() -> StandIn {
    let texts = rows::small(60).texts;
    let texts = texts.iter().enumerate().map(|(at, row)| {
        let mut row: serde_json::Value = serde_json::from_str(row).expect("a row");
        if at % 3 == 0 {
            row["messages"][0]["content"] = json!("A Needle\nin the hay");
        }
        row.to_string()
    });
    let texts: Vec<String> = texts.collect();
    StandIn::start(vec![DataSet::new("a/b").with(Split::of("c", "s", &texts))])
}

#[test]
fn runs_are_found_by_what_their_texts_hold() {
    let standin = with_needles();
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", 60));
    browser.wait_until_done();
    browser.fill("Text to look for", "needle");
    browser.press_key(Key::Enter);
    browser.wait_until("what holds it", |b| {
        b.state() == "done" && bar(b).contains("20 of 60")
    });
    browser.wait_until("its key", |b| b.key("text").as_deref() == Some("needle"));
    let lines = steps::lines(&browser.download(DOWNLOAD));
    assert_eq!(lines.len(), 20);
    // The link finds the same.
    let link = browser.query();
    browser.open(&link);
    browser.wait_until("the same", |b| {
        b.state() == "done" && bar(b).contains("20 of 60")
    });
    for (query, found) in [
        ("text=!needle", "40 of 60"),
        ("text=observation:needle", "0 of 60"),
        ("text=/Needle%5Cnin/", "20 of 60"),
        ("text=/needle/", "0 of 60"),
    ] {
        browser.open(&format!(
            "{}&{query}",
            steps::run_of(&standin, "a/b", "c", "s", 60)
        ));
        browser.wait_until(query, |b| b.state() == "done" && bar(b).contains(found));
    }
    browser.fill("Text to look for", "/(/");
    browser.press_key(Key::Enter);
    browser.notice_with(&["not a regular expression"]);
}

#[test]
fn a_number_that_is_typed_slowly_is_one_step_of_the_way_back() {
    let browser = demo("");
    let steps = |b: &Browser| b.script::<usize>("return history.length", Vec::new());
    let before = steps(&browser);
    browser.fill("Turns from", "1");
    browser.wait_until("the first digit", |b| {
        b.key("turns").as_deref() == Some("1..")
    });
    browser.press_key("2");
    browser.wait_until("the second", |b| b.key("turns").as_deref() == Some("12.."));
    assert_eq!(steps(&browser), before + 1);
    browser.fill("Turns to", "3");
    browser.notice_with(&["first is larger than the second"]);
}

#[test]
fn the_tab_says_what_is_read_and_when_it_is_done() {
    let browser = demo("outcome=success");
    browser.wait_until("the title", |b| {
        let title: String = b.script("return document.title", Vec::new());
        title.starts_with("✓ the demo · ") && title.contains("of 500 runs")
    });
}

#[test]
fn what_can_be_written_is_said_before_it_is_asked_for() {
    let browser = demo("rows=60&place=export");
    browser.wait_until("the check", |b| {
        b.text_of("#report").contains("can be written")
    });
    browser.choose("Trainer", "llamafactory");
    browser.wait_until("with its remedy", |b| {
        b.text_of("#report").contains("not written") && b.find_button("End these").is_some()
    });
    browser.press("End these");
    browser.wait_until("the choice", |b| {
        b.key("end").as_deref() == Some("assistant")
    });
    browser.wait_until("more is written", |b| {
        b.find_button("End these").is_none() && b.text_of("#report").contains("can be written")
    });
    let words = browser.text_of("[data-action=download]");
    assert!(words.contains("LLaMA-Factory"), "{words}");
}

#[test]
fn rows_with_a_call_that_can_not_be_read_are_written_after_one_click() {
    let browser = demo("place=export&format=swift&end=assistant");
    let report = |browser: &Browser| browser.text_of("#report");
    browser.wait_until("the remedy", |b| {
        report(b).contains("not a JSON object") && b.find_button("Repair what can be").is_some()
    });
    browser.press("Repair what can be");
    browser.wait_until("the choice", |b| b.key("broken").as_deref() == Some("end"));
    // Of those whose very first call is one nothing is left.
    browser.wait_until("they are written", |b| {
        report(b).contains("end before one") && !report(b).contains("rows with a call")
    });
    let words = report(&browser);
    let lines = browser.download(DOWNLOAD).text().lines().count();
    assert!((490..500).contains(&lines), "{lines}: {words}");
}

#[test]
fn the_usual_job_is_seven_clicks_without_scrolling() {
    let browser = demo("");
    browser.resize(1440, 900);
    // The start page gives way once; a link does the same.
    browser.open("rows=500");
    browser.wait_until_done();
    let value = |key: &str, name: &str| format!("[data-list={key}] input[data-value={name}]");
    for selector in [
        value("outcome", "success").as_str(),
        &value("language", "python"),
        "[data-limit='32768']",
        "input[name=patch][value=present]",
        "[data-action=export]",
        "[data-format=llamafactory]",
    ] {
        press_in_sight(&browser, selector);
    }
    browser.wait_until("all of it", |b| {
        ["outcome", "language", "tokens", "patch", "format"]
            .iter()
            .all(|key| b.key(key).is_some())
    });
    browser.wait_until("the check", |b| b.text_of("#report").contains("written"));
    let scrolled: f64 = browser.script("return scrollY", Vec::new());
    assert_eq!(scrolled, 0.0);
    press_in_sight(&browser, DOWNLOAD);
    browser.wait_until("the file", |b| {
        b.text_of(".downloads [role=status]").contains("written")
    });
}

/// Whether all of these lie in the window as it is, nothing above them.
fn are_in_sight(browser: &Browser, selectors: &[&str]) -> Vec<String> {
    browser.script(
        "return arguments[0].filter(selector => {
             const element = document.querySelector(selector);
             if (!element) return true;
             const {top, bottom, height} = element.getBoundingClientRect();
             return height === 0 || top < 0 || top > innerHeight - Math.min(height, 120) || bottom < 0;
         })",
        vec![json!(selectors)],
    )
}

#[test]
fn the_first_screen_says_what_the_page_is() {
    let browser = Browser::start();
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height);
        browser.open("");
        let wanted = [".hero", "#dataset", "[data-action=open-files]", ".cards"];
        browser.wait_until("the start", |b| are_in_sight(b, &wanted).is_empty());
        let hero = browser.text_of(".hero");
        assert!(hero.contains("training data"), "{hero}");
        assert!(browser.count(".cards a") >= 5);
        // The result of the demo comes by itself, as a picture first.
        browser.wait_until("the picture or the demo", |b| {
            b.count(".prepared img, #headline .numbers") > 0
        });
        assert_eq!(browser.script::<f64>("return scrollY", Vec::new()), 0.0);
    }
}

#[test]
fn the_first_screen_of_a_run_says_what_the_rows_hold() {
    let browser = demo("rows=500");
    browser.resize(1440, 900);
    browser.wait_until("the numbers", |b| b.count("#headline .tile") == 5);
    let missing = are_in_sight(&browser, &["#headline", "#bar", ".charts canvas"]);
    assert_eq!(missing, Vec::<String>::new());
    for words in ["solved", "tokens", "turns", "calls failed", "with a patch"] {
        let headline = browser.text_of("#headline");
        assert!(headline.contains(words), "no {words}: {headline}");
    }
    // Each number is a door to what says more.
    for tile in 1..=5 {
        browser.open("rows=500");
        browser.wait_until_done();
        press_in_sight(&browser, &format!("#headline li:nth-child({tile}) .tile"));
        browser.wait_until("its chart, in sight", |b| {
            b.script(
                "const chart = document.activeElement?.closest('.chart');
                 if (!chart) return false;
                 const {top, bottom} = chart.getBoundingClientRect();
                 return top >= 0 && bottom <= innerHeight + 1;",
                Vec::new(),
            )
        });
    }
}

/// Brings an element into sight as a finger would, no further than needed, and presses it: how many pixels were scrolled.
fn scroll_and_press(browser: &Browser, selector: &str) -> f64 {
    browser.wait_until(&format!("{selector} to be pressed"), |browser| {
        browser.script(
            "const element = document.querySelector(arguments[0]);
             return Boolean(element) && !element.disabled && element.checkVisibility();",
            vec![json!(selector)],
        )
    });
    let scrolled = browser.script(
        "const element = document.querySelector(arguments[0]);
         const boxes = [document.scrollingElement];
         for (let box = element.parentElement; box; box = box.parentElement) boxes.push(box);
         const tops = boxes.map(box => box.scrollTop);
         element.scrollIntoView({block: 'nearest', behavior: 'instant'});
         const by = boxes.map((box, at) => Math.abs(box.scrollTop - tops[at]));
         return [...new Set(boxes)].reduce((sum, box) => sum + by[boxes.indexOf(box)], 0);",
        vec![json!(selector)],
    );
    press_in_sight(browser, selector);
    scrolled
}

#[test]
fn the_usual_job_on_a_phone_is_two_screens_of_scrolling() {
    const SCREEN: u32 = 844;
    let browser = Browser::start();
    browser.resize(390, SCREEN);
    browser.open("rows=500");
    browser.wait_until_done();
    let value = |key: &str, name: &str| format!("[data-list={key}] input[data-value={name}]");
    let scrolled: f64 = [
        "[data-action=filters]",
        &value("outcome", "success"),
        "input[name=patch][value=present]",
        "[data-limit='32768']",
        &value("language", "python"),
        ".filters-head button",
        "[data-action=export]",
        "[data-format=llamafactory]",
    ]
    .iter()
    .map(|selector| scroll_and_press(&browser, selector))
    .sum();
    browser.wait_until("the check", |b| b.text_of("#report").contains("written"));
    let scrolled = scrolled + scroll_and_press(&browser, DOWNLOAD);
    browser.wait_until("the file", |b| {
        b.text_of(".downloads [role=status]").contains("written")
    });
    for key in ["outcome", "patch", "tokens", "language", "format"] {
        assert!(browser.key(key).is_some(), "{key}");
    }
    let screens = scrolled / f64::from(SCREEN);
    assert!(screens <= 2.0, "{screens:.1} screens were scrolled");
}

/// Presses keys until what has the focus fits a selector; counts them.
fn keys_to(browser: &Browser, key: Key, selector: &str, used: &mut usize) {
    let is_there = |browser: &Browser| -> bool {
        browser.script(
            "return document.activeElement?.matches(arguments[0]) ?? false",
            vec![json!(selector)],
        )
    };
    while !is_there(browser) {
        browser.press_key(key.clone());
        *used += 1;
        assert!(*used < 100, "{selector} is not reached by {used} keys");
    }
}

#[test]
fn the_usual_job_is_forty_keys() {
    let browser = demo("rows=500");
    let mut used = 0;
    let press = |key: &str, used: &mut usize| {
        browser.press_key(key);
        *used += 1;
    };
    keys_to(&browser, Key::Tab, ".skip", &mut used);
    browser.press_key(Key::Enter);
    used += 1;
    keys_to(
        &browser,
        Key::Tab,
        "[data-list=outcome] [data-value=success]",
        &mut used,
    );
    press(" ", &mut used);
    keys_to(&browser, Key::Tab, "[name=patch]", &mut used);
    keys_to(
        &browser,
        Key::Right,
        "[name=patch][value=present]",
        &mut used,
    );
    keys_to(&browser, Key::Tab, "[data-limit='32768']", &mut used);
    press(" ", &mut used);
    keys_to(
        &browser,
        Key::Tab,
        "[data-list=language] [data-value=python]",
        &mut used,
    );
    press(" ", &mut used);
    press("6", &mut used);
    browser.wait_until("the place", |b| b.key("place").as_deref() == Some("export"));
    keys_to(&browser, Key::Tab, "[data-format=llamafactory]", &mut used);
    press(" ", &mut used);
    keys_to(&browser, Key::Tab, DOWNLOAD, &mut used);
    press(" ", &mut used);
    browser.wait_until("the file", |b| {
        b.text_of(".downloads [role=status]").contains("written")
    });
    for key in ["outcome", "patch", "tokens", "language", "format"] {
        assert!(browser.key(key).is_some(), "{key}");
    }
    assert!(used <= 40, "{used} keys");
}
