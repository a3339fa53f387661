//! The charts under a hand: brushed, tapped, walked by keys, cleared, kept; and what their panels say of the rows.
//! The numbers that a chart says are compared with those of the filters and of the address.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::browser::Browser;

fn demo(query: &str) -> Browser {
    let browser = Browser::start();
    browser.open(query);
    browser.wait_until_done();
    browser.wait_until("the charts are drawn", |b| {
        b.count(".chart canvas[tabindex='0']") > 3
    });
    browser
}

/// Goes where a chart is, and waits until it is drawn.
fn show(browser: &Browser, chart: &str) {
    browser.go_to(&format!("#{chart}"));
    browser.wait_until("the chart is drawn", |b| {
        b.script(
            "const canvas = document.querySelector(`#${arguments[0]} canvas`);
            return canvas.clientWidth > 0 && Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1",
            vec![json!(chart)],
        )
    });
}

/// Brings a chart into view and says where on the screen a point of its canvas is, as shares of width and height.
fn point(browser: &Browser, chart: &str, x: f64, y: f64) -> (f64, f64) {
    show(browser, chart);
    browser.script(
        "const canvas = document.querySelector(`#${arguments[0]} canvas`);
        canvas.scrollIntoView({block: 'center', behavior: 'instant'});
        const {left, top, width, height} = canvas.getBoundingClientRect();
        return [Math.round(left + width * arguments[1]), Math.round(top + height * arguments[2])];",
        vec![json!(chart), json!(x), json!(y)],
    )
}

fn mouse(browser: &Browser, what: &str, (x, y): (f64, f64)) {
    let buttons = if what == "mouseMoved" { 0 } else { 1 };
    browser.cdp(
        "Input.dispatchMouseEvent",
        json!({"type": what, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1}),
    );
}

fn drag(browser: &Browser, x: f64, y: f64) {
    browser.cdp(
        "Input.dispatchMouseEvent",
        json!({"type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1}),
    );
}

/// The words of the rule on a chart, without the sign that clears it.
fn rule_of(browser: &Browser, chart: &str) -> Option<String> {
    browser.script(
        "return document.querySelector(`#${arguments[0]} .chart-set .chip-words`)?.innerText ?? null",
        vec![json!(chart)],
    )
}

fn tip_of(browser: &Browser, chart: &str) -> Option<String> {
    browser.script(
        "return document.querySelector(`#${arguments[0]} .tip`)?.innerText ?? null",
        vec![json!(chart)],
    )
}

fn ends(range: &str) -> (String, String) {
    let (low, high) = range.split_once("..").expect("a range");
    (low.to_owned(), high.to_owned())
}

#[test]
fn a_brush_says_the_same_numbers_everywhere_and_is_cleared_on_the_chart() {
    let browser = demo("");
    let from = point(&browser, "turns", 0.35, 0.5);
    mouse(&browser, "mouseMoved", from);
    browser.wait_until("how it is done", |b| {
        b.script::<bool>(
            "return getComputedStyle(document.querySelector('#turns .how')).visibility === 'visible'",
            Vec::new(),
        )
    });
    mouse(&browser, "mousePressed", from);
    for step in 1..=20 {
        drag(&browser, from.0 + f64::from(step) * 3.0, from.1);
    }
    browser.wait_until("the rule on the chart", |b| rule_of(b, "turns").is_some());
    let tip = browser.wait_for("a tip", super::browser::PATIENCE, |b| {
        tip_of(b, "turns").filter(|tip| tip.starts_with("turns from"))
    });
    mouse(&browser, "mouseReleased", (from.0 + 60.0, from.1));
    let range = browser.wait_for("the address", super::browser::PATIENCE, |b| b.key("turns"));
    let (low, high) = ends(&range);
    assert_eq!(
        rule_of(&browser, "turns"),
        Some(format!("turns from {low} to {high}"))
    );
    assert_eq!(tip, format!("turns from {low} to {high}"));
    assert_eq!(
        (browser.value("Turns from"), browser.value("Turns to")),
        (low.clone(), high.clone())
    );
    browser.press(&format!("Clear: turns from {low} to {high}"));
    browser.wait_until("no rule", |b| rule_of(b, "turns").is_none());
    browser.wait_until("no rule in the address", |b| b.key("turns").is_none());
}

#[test]
fn however_many_moves_come_a_chart_follows_them_once_a_frame() {
    let browser = demo("");
    point(&browser, "turns", 0.5, 0.5);
    let frames: u64 = browser.script(
        "const canvas = document.querySelector('#turns canvas');
        const {left, top, width, height} = canvas.getBoundingClientRect();
        const event = (name, x) => canvas.dispatchEvent(new PointerEvent(name,
            {bubbles: true, pointerId: 1, pointerType: 'mouse', clientX: left + x, clientY: top + height / 2}));
        const ask = window.requestAnimationFrame;
        let frames = 0;
        window.requestAnimationFrame = call => { frames += 1; return ask.call(window, call); };
        event('pointermove', width * 0.3);
        for (let step = 0; step < 50; step += 1) event('pointermove', width * 0.3 + step);
        window.requestAnimationFrame = ask;
        return frames;",
        Vec::new(),
    );
    assert_eq!(frames, 1);
}

#[test]
fn a_fingers_first_tap_shows_and_its_second_one_filters() {
    let browser = demo("");
    let at = point(&browser, "languages", 0.5, 0.15);
    browser.tap(at);
    let tip = browser.wait_for("a tip", super::browser::PATIENCE, |b| {
        tip_of(b, "languages")
    });
    assert_eq!(rule_of(&browser, "languages"), None, "{tip}");
    browser.tap(at);
    browser.wait_until("the rule", |b| rule_of(b, "languages").is_some());
    let language = browser.wait_for("the address", super::browser::PATIENCE, |b| {
        b.key("language")
    });
    assert!(
        tip.to_lowercase().starts_with(&language.to_lowercase()),
        "{tip}: {language}"
    );
}

/// Shift and the arrow to the right.
fn extend(browser: &Browser) {
    for what in ["rawKeyDown", "keyUp"] {
        browser.cdp(
            "Input.dispatchKeyEvent",
            json!({"type": what, "key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39, "modifiers": 8}),
        );
    }
}

fn focus(browser: &Browser, chart: &str) {
    show(browser, chart);
    browser.script::<()>(
        "document.querySelector(`#${arguments[0]} canvas`).focus()",
        vec![json!(chart)],
    );
}

#[test]
fn keys_walk_over_a_charts_marks_and_filter_by_them() {
    let browser = demo("");
    focus(&browser, "languages");
    browser.press_key(Key::Down);
    browser.press_key(Key::Down);
    let heard = browser.content_of("#languages [role=status]");
    assert!(heard.contains("rows"), "{heard}");
    browser.press_key(Key::Enter);
    browser.wait_until("the language", |b| {
        b.key("language")
            .is_some_and(|language| heard.to_lowercase().starts_with(&language.to_lowercase()))
    });
    browser.press_key(Key::Delete);
    browser.wait_until("no language", |b| b.key("language").is_none());
    // A range is extended from bin to bin.
    focus(&browser, "turns");
    browser.press_key(Key::Right);
    browser.press_key(Key::Right);
    extend(&browser);
    extend(&browser);
    browser.press_key(Key::Enter);
    browser.wait_until("the range", |b| b.key("turns").is_some());
    let said = browser.content_of("#turns [role=status]");
    assert_eq!(rule_of(&browser, "turns"), Some(said));
}

#[test]
fn a_canvas_is_a_stop_of_the_tab_key_only_where_keys_do_something() {
    let browser = demo("");
    for (chart, is_stop) in [
        ("outcomes", true),
        ("languages", true),
        ("tokens", true),
        ("tools", true),
        ("patch-size", false),
        ("turns", true),
        ("kept-by-budget", true),
        ("turns-tokens", false),
        ("signs", true),
    ] {
        show(&browser, chart);
        let (stop, role, says_how): (String, String, bool) = browser.script(
            "const canvas = document.querySelector(`#${arguments[0]} canvas`);
            const how = document.getElementById(canvas.getAttribute('aria-describedby'));
            return [canvas.getAttribute('tabindex'), canvas.getAttribute('role'), how !== null]",
            vec![json!(chart)],
        );
        let expected = if is_stop {
            ("0", "application")
        } else {
            ("-1", "img")
        };
        assert_eq!((stop.as_str(), role.as_str()), expected, "{chart}");
        assert!(says_how || !is_stop, "{chart}");
    }
}

#[test]
fn one_small_menu_gives_a_charts_numbers_and_files() {
    let browser = demo("");
    let name = "Turns: save or copy";
    let is_open = |b: &Browser| b.count("#menu-turns:popover-open") == 1;
    show(&browser, "turns");
    // By keys alone.
    browser.script::<()>(
        "document.querySelector('[aria-label=\"Turns: save or copy\"]').focus()",
        Vec::new(),
    );
    browser.press_key(Key::Enter);
    browser.wait_until("the menu", is_open);
    browser.press_key(Key::Escape);
    browser.wait_until("no menu", |b| !is_open(b));
    browser.press(name);
    browser.press("Show the numbers");
    browser.wait_until("the table", |b| b.count("#turns .numbers-of tr") > 5);
    let cells: Vec<String> = browser.script(
        "return [...document.querySelectorAll('#turns .numbers-of tr')].map(row => [...row.cells].map(cell => cell.innerText).join('\\t'))",
        Vec::new(),
    );
    browser.script::<()>(
        "navigator.clipboard.writeText = async text => { window.__copied = text; }",
        Vec::new(),
    );
    browser.press(name);
    browser.press("Copy the numbers");
    let copied: String = browser.script("return window.__copied", Vec::new());
    assert_eq!(copied.lines().collect::<Vec<_>>(), cells);
    let file = browser.download_of("the file", |b| {
        b.press(name);
        b.press("Save as SVG");
    });
    assert_eq!(file.name, "turns.svg");
    assert!(file.text().contains("<title>Turns</title>"));
}

#[test]
fn a_list_says_what_its_other_values_would_add() {
    let browser = demo("language=Python");
    let counts: Vec<(String, String)> = browser.script(
        "const list = [...document.querySelectorAll('.filters details')].find(list => list.querySelector('summary').innerText.startsWith('Language'));
        return [...list.querySelectorAll('li')].map(line => [line.querySelector('.name').innerText, line.querySelector('.count').innerText])",
        Vec::new(),
    );
    assert!(counts.len() > 2, "{counts:?}");
    assert!(
        counts.iter().all(|(_, count)| !count.starts_with("0 ")),
        "{counts:?}"
    );
}

#[test]
fn signs_are_listed_by_how_often_they_occur_and_no_id_is_given_twice() {
    let browser = demo("");
    browser.go_to("#sign-table");
    browser.wait_until("the signs", |b| b.count("#sign-table tbody tr") > 3);
    let counts: Vec<u64> = browser.script(
        "return [...document.querySelectorAll('#sign-table tbody tr')].map(row => parseInt(row.cells[1].innerText.replaceAll(',', '')))",
        Vec::new(),
    );
    assert!(
        counts.is_sorted_by(|a, b| a >= b) && counts.iter().all(|n| *n > 0),
        "{counts:?}"
    );
    browser.script::<()>(
        "document.querySelector('#sign-table [data-action=rare-signs]')?.click()",
        Vec::new(),
    );
    browser.wait_until("all signs", |b| {
        b.count("#sign-table tbody tr") == tracesift_core::sign::Sign::COUNT
    });
    let words = browser.text_of("#sign-table");
    for name in [
        "No tool call",
        "Not submitted",
        "Cut off",
        "Possible leakage",
        "Duplicates & benchmarks",
    ] {
        assert!(words.contains(name), "{name}");
    }
    let twice: Vec<String> = browser.script(
        "const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
        return ids.filter((id, at) => ids.indexOf(id) !== at)",
        Vec::new(),
    );
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn the_comparison_tells_causes_first_and_opens_their_runs() {
    let browser = demo("compare=outcome");
    browser.go_to("#compare");
    browser.wait_until("the differences", |b| b.count("#compare tbody tr") > 5);
    let heads: Vec<String> = browser.script(
        "return [...document.querySelectorAll('#compare th[scope=colgroup]')].map(head => head.innerText)",
        Vec::new(),
    );
    assert_eq!(
        heads.first().map(String::as_str),
        Some("What happens in the run"),
        "{heads:?}"
    );
    assert!(browser.text_of("#compare").contains("no clear difference"));
    let name: String = browser.script(
        "const button = document.querySelector('#compare [data-action=show-runs]');
        button.click();
        return button.getAttribute('aria-label')",
        Vec::new(),
    );
    let (_, group) = name.rsplit_once(" of ").expect("a group");
    browser.wait_until("the group in the address", |b| {
        b.key("outcome").as_deref() == Some(group)
    });
    let keys = ["flag", "tool", "errors", "turns", "calls", "tokens"];
    browser.wait_until("the rule in the address", |b| {
        keys.iter().any(|key| b.key(key).is_some())
    });
}

#[test]
fn what_a_filter_names_is_not_said_of_the_mix() {
    let browser = demo("outcome=success");
    browser.go_to("#mix");
    browser.wait_until("the mix", |b| b.count("#mix table") > 0);
    let words: Value = browser.script(
        "return [...document.querySelectorAll('#mix ul.words li')].map(line => line.innerText)",
        Vec::new(),
    );
    let words = words.to_string();
    assert!(
        !words.contains("success rose") && !words.contains("failure fell"),
        "{words}"
    );
    assert!(browser.text_of("#mix").contains("Mainly due to"));
}

#[test]
fn a_chart_of_ones_own_is_in_the_link_and_opens_its_rows() {
    let browser = demo("explore-x=language&explore-y=tokens&explore-by=harness");
    show(&browser, "explore");
    let alt = |b: &Browser| -> String {
        b.script(
            "return document.querySelector('#explore canvas').getAttribute('aria-label')",
            Vec::new(),
        )
    };
    browser.wait_until("the chart in words", |b| {
        let words = alt(b);
        words.contains("Tokens of") && words.contains("by Language") && words.contains("openhands")
    });
    browser.choose("Up", "Rows");
    browser.choose("Small charts", "None");
    browser.wait_until("the address", |b| {
        b.key("explore-y").as_deref() == Some("rows") && b.key("explore-by").is_none()
    });
    browser.wait_until("the other chart", |b| alt(b).contains("rows by Language"));
    focus(&browser, "explore");
    browser.press_key(Key::Down);
    let heard = browser.content_of("#explore [role=status]");
    assert!(heard.contains("rows"), "{heard}");
    browser.press_key(Key::Enter);
    browser.wait_until("the language", |b| {
        b.key("language")
            .is_some_and(|language| heard.to_lowercase().starts_with(&language.to_lowercase()))
    });
}

#[test]
fn comparison_signs_costs_and_charts_fit_every_width_in_light_and_dark() {
    let browser = demo("language=!Rust&explore-by=harness");
    for (size, width, height, dark) in [
        ("desktop", 1440, 900, false),
        ("dark", 1440, 900, true),
        ("phone", 390, 844, false),
    ] {
        browser.prefer_dark(dark);
        browser.resize(width, height);
        for (place, selector) in [
            ("overview-charts", "#outcomes"),
            ("compare", "#compare"),
            ("explore", "#own-chart"),
            ("tokens", "#turns"),
            ("costs", "#budget-view"),
            ("quality", "#sign-table"),
        ] {
            browser.go_to(selector);
            browser.wait_until(place, |b| b.text_of(selector).len() > 60);
            let wider: i64 = browser.script(
                "document.querySelector(arguments[0]).scrollIntoView({block: 'start', behavior: 'instant'});
                return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                vec![json!(selector)],
            );
            assert_eq!(wider, 0, "{place} scrolls sideways on {size}");
            browser.screenshot(&format!("{place}-{size}"));
        }
    }
}
