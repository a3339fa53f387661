//! How much of the page moves while it fills: whoever reads or points at something keeps it where it is.

use super::browser::Browser;

#[test]
fn little_of_the_page_moves_while_rows_come_in() {
    let browser = Browser::alone();
    browser.open("");
    browser.wait_until_done();
    browser.wait_until("charts", |b| b.count(".charts:not([hidden]) canvas") > 5);
    let shift = browser.shift();
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
                    "return [...document.querySelectorAll('.charts canvas')].filter(canvas => canvas.clientWidth > 0).every(canvas =>
                        Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1
                        && Math.abs(canvas.height - canvas.clientHeight * devicePixelRatio) <= 1)",
                    Vec::new(),
                )
        });
    }
}
