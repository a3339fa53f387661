//! A definition stands behind a button that is seen, and opens for whoever has a mouse, a keyboard or a finger.
//! The charts' are driven; all others are the same component.

use serde_json::json;
use thirtyfour::Key;

use super::browser::Browser;

const ABOUT: &str = "About: Turns";

fn demo() -> Browser {
    let browser = Browser::start();
    browser.open("");
    browser.wait_until_done();
    browser.go_to("#turns");
    browser.wait_until("the button", |b| b.find_button(ABOUT).is_some());
    browser
}

/// The words that are open, and whether they lie in the window.
fn opened(browser: &Browser) -> Option<(String, bool)> {
    browser.script(
        "const open = document.querySelector('.info-words:popover-open');
        if (!open) return null;
        const {left, top, right, bottom} = open.getBoundingClientRect();
        return [open.innerText, left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight];",
        Vec::new(),
    )
}

/// Brings the button to a height of the window, 0 to 1, and says where it is.
fn put_at(browser: &Browser, height: f64) -> (f64, f64) {
    browser.script(
        "const button = document.querySelector('#turns .info');
        button.focus({preventScroll: true});
        scrollBy({top: button.getBoundingClientRect().top - innerHeight * arguments[0], behavior: 'instant'});
        const {left, top, width, height} = button.getBoundingClientRect();
        return [left + width / 2, top + height / 2];",
        vec![json!(height)],
    )
}

fn assert_opens_inside(browser: &Browser, how: &str) {
    let (words, is_inside) = browser.wait_for(how, super::browser::PATIENCE, opened);
    let words = words.to_lowercase();
    assert!(words.contains("assistant message"), "{how}: {words}");
    assert!(is_inside, "{how}: the words reach out of the window");
}

#[test]
fn a_definition_opens_by_click_key_and_touch_and_closes_by_escape() {
    let browser = demo();
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height);
        for at in [0.2, 0.8] {
            put_at(&browser, at);
            browser.press_key(Key::Enter);
            assert_opens_inside(&browser, "Enter");
            browser.press_key(Key::Escape);
            browser.wait_until("closed", |b| opened(b).is_none());
            let focus: String = browser.script(
                "return document.activeElement.getAttribute('aria-label')",
                Vec::new(),
            );
            assert_eq!(focus, ABOUT);
        }
    }
    browser.press(ABOUT);
    assert_opens_inside(&browser, "a click");
    browser.press(ABOUT);
    browser.wait_until("closed by a second click", |b| opened(b).is_none());
    let at = put_at(&browser, 0.5);
    browser.tap(at);
    assert_opens_inside(&browser, "a tap");
}

#[test]
fn a_definition_is_said_by_its_button_and_large_enough_for_a_finger() {
    let browser = demo();
    let smallest: f64 = browser.script(
        "return Math.min(...[...document.querySelectorAll('.info')]
            .filter(button => button.checkVisibility())
            .map(button => button.getBoundingClientRect())
            .flatMap(({width, height}) => [width, height]))",
        Vec::new(),
    );
    assert!(smallest >= 24.0, "{smallest}");
    let controls = browser.accessible_controls();
    assert!(controls.contains(&("button".to_owned(), ABOUT.to_owned())));
}
