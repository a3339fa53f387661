//! What a person does with the page: presses buttons, types into fields, reads what stands there.
//! Controls are found by role and name, as a screen reader finds them, never by their place in the page.

use std::time::Instant;

use serde_json::json;
use thirtyfour::prelude::*;

use super::{Browser, PATIENCE, POLL};

const FIND: &str = include_str!("controls.js");
const BUTTONS: &str = "button, [role=button], [role=tab], [role=menuitem], summary, a[href], input[type=button], input[type=submit], input[type=radio]";
const FIELDS: &str = "input, select, textarea, [role=combobox], [role=slider], [role=spinbutton]";

impl Browser {
    /// A button, link or fold by the words on it, if there is one.
    pub fn find_button(&self, name: &str) -> Option<WebElement> {
        self.find(BUTTONS, name)
    }

    /// An input by its label, if there is one.
    pub fn find_field(&self, label: &str) -> Option<WebElement> {
        self.find(FIELDS, label)
    }

    /// A button that can be pressed; waits for it.
    pub fn button(&self, name: &str) -> WebElement {
        self.wait_for(
            &format!("a button \"{name}\" that can be pressed"),
            PATIENCE,
            |browser| {
                let button = browser.find_button(name)?;
                browser.can_be_used(&button).then_some(button)
            },
        )
    }

    /// An input that can be used; waits for it.
    pub fn field(&self, label: &str) -> WebElement {
        self.wait_for(
            &format!("a field \"{label}\" that can be used"),
            PATIENCE,
            |browser| {
                let field = browser.find_field(label)?;
                browser.can_be_used(&field).then_some(field)
            },
        )
    }

    /// Presses a button.
    pub fn press(&self, name: &str) {
        self.touch();
        // Between finding and pressing, the page may draw the button anew.
        let began = Instant::now();
        loop {
            let button = self.button(name);
            self.bring_into_view(&button);
            match self.block_on(button.click()) {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    panic!("\"{name}\" can't be pressed: {error}\n{}", self.report())
                }
                Err(_) => std::thread::sleep(POLL),
            }
        }
    }

    /// Types into an input in place of what stands there, which is chosen before: to empty it first would be a choice.
    pub fn fill(&self, label: &str, text: &str) {
        self.touch();
        let field = self.field(label);
        self.bring_into_view(&field);
        let choose = "arguments[0].focus(); arguments[0].select();";
        self.script::<()>(choose, vec![field.to_json().expect("an element is JSON")]);
        self.run(field.send_keys(text));
    }

    /// What stands in an input.
    pub fn value(&self, label: &str) -> String {
        let field = self.field(label);
        self.run(field.prop("value")).unwrap_or_default()
    }

    /// Chooses an option of a list by its value or by how its words begin.
    pub fn choose(&self, label: &str, option: &str) {
        self.touch();
        self.wait_until(&format!("option \"{option}\" of \"{label}\""), |browser| {
            let Some(list) = browser.find_field(label) else {
                return false;
            };
            let list = list.to_json().expect("an element is JSON");
            browser.script(CHOOSE, vec![list, json!(option)])
        });
    }

    /// The options of a list, by their words.
    pub fn options(&self, label: &str) -> Vec<String> {
        let list = self.field(label).to_json().expect("an element is JSON");
        self.script(
            "return [...arguments[0].options].map(o => o.text.trim())",
            vec![list],
        )
    }

    /// Gives a file to a file input.
    pub fn give_file(&self, path: &std::path::Path) {
        self.touch();
        let input = self.wait_for("a file input", PATIENCE, |browser| {
            browser.attempt(browser.driver().find(By::Css("input[type=file]")))
        });
        self.run(input.send_keys(path.display().to_string()));
    }

    /// Gives files, or a folder, to a file input that stays unseen behind a button, by its selector.
    pub fn give_paths(&self, input: &str, paths: &[std::path::PathBuf]) {
        self.touch();
        let input = self.wait_for("a file input", PATIENCE, |browser| {
            browser.attempt(browser.driver().find(By::Css(input)))
        });
        let paths = paths.iter().map(|path| path.display().to_string());
        self.run(input.send_keys(paths.collect::<Vec<_>>().join("\n")));
    }

    /// Gives files to the file input of that label.
    pub fn give_files(&self, label: &str, paths: &[std::path::PathBuf]) {
        self.touch();
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        self.run(self.field(label).send_keys(paths.join("\n")));
    }

    /// A finger's tap on a point of the window.
    pub fn tap(&self, (x, y): (f64, f64)) {
        self.touch();
        let emulated = |is: bool| {
            self.cdp(
                "Emulation.setTouchEmulationEnabled",
                json!({ "enabled": is }),
            );
        };
        emulated(true);
        let touch = |what: &str, points: serde_json::Value| {
            self.cdp(
                "Input.dispatchTouchEvent",
                json!({"type": what, "touchPoints": points}),
            );
        };
        touch("touchStart", json!([{"x": x, "y": y}]));
        touch("touchEnd", json!([]));
        emulated(false);
    }

    /// Presses a key wherever the focus is.
    pub fn press_key(&self, key: impl Into<TypingData>) {
        self.touch();
        let keys = self.driver().action_chain().send_keys(key);
        self.run(keys.perform());
    }

    /// Waits until the page has drawn and computed what waits for a free moment; not while more and more comes.
    pub(super) fn wait_for_a_rest(&self) {
        let at_rest = "
            const end = performance.now() + 1000;
            while (document.documentElement.dataset.busy !== undefined && performance.now() < end)
                await new Promise(turn => setTimeout(turn, 2));
            return true;";
        self.script::<bool>(at_rest, Vec::new());
    }

    /// Goes to the place of the page where the first element of a CSS selector is, as a person does who wants to see it.
    pub fn go_to(&self, selector: &str) {
        let tab = "
            const place = document.querySelector(arguments[0])?.closest('[role=tabpanel][hidden]');
            if (!place) return false;
            document.getElementById(place.getAttribute('aria-labelledby')).click();
            await new Promise(turn => setTimeout(turn, 20));
            return true;";
        self.script::<bool>(tab, vec![json!(selector)]);
        self.wait_for_a_rest();
    }

    /// The visible text of the first element of a CSS selector, where it is; empty where there is none.
    pub fn text_of(&self, selector: &str) -> String {
        self.go_to(selector);
        self.script(
            "return document.querySelector(arguments[0])?.innerText ?? ''",
            vec![json!(selector)],
        )
    }

    /// All text of the first element of a CSS selector, also what would come into sight by scrolling.
    pub fn content_of(&self, selector: &str) -> String {
        self.go_to(selector);
        self.script(
            "return document.querySelector(arguments[0])?.textContent ?? ''",
            vec![json!(selector)],
        )
    }

    /// How many elements a CSS selector finds.
    pub fn count(&self, selector: &str) -> usize {
        self.go_to(selector);
        self.script(
            "return document.querySelectorAll(arguments[0]).length",
            vec![json!(selector)],
        )
    }

    /// The page's visible text.
    pub fn text(&self) -> String {
        self.text_of("body")
    }

    /// The texts of all notices (`role="alert"`).
    pub fn notices(&self) -> Vec<String> {
        self.script(
            "return [...document.querySelectorAll('[role=alert]')].map(e => e.innerText.trim()).filter(t => t)",
            Vec::new(),
        )
    }

    /// Waits until some notice holds all these words, in any case; gives the notice.
    pub fn notice_with(&self, words: &[&str]) -> String {
        self.wait_for(&format!("a notice with {words:?}"), PATIENCE, |browser| {
            browser.notices().into_iter().find(|notice| {
                let notice = notice.to_lowercase();
                words
                    .iter()
                    .all(|word| notice.contains(&word.to_lowercase()))
            })
        })
    }

    /// The run's state: `idle`, `running`, `paused`, `done` or `failed`; empty while the page is loading.
    pub fn state(&self) -> String {
        self.script(
            "return document.querySelector('main')?.dataset.state ?? ''",
            Vec::new(),
        )
    }

    /// Waits for one of these states; gives the one that came.
    pub fn wait_for_state(&self, states: &[&str], limit: std::time::Duration) -> String {
        self.wait_for(&format!("data-state in {states:?}"), limit, |browser| {
            let state = browser.state();
            states.contains(&state.as_str()).then_some(state)
        })
    }

    /// Waits until the run is done.
    pub fn wait_until_done(&self) {
        let state = self.wait_for_state(&["done", "failed"], PATIENCE * 2);
        assert_eq!(state, "done", "{}", self.report());
    }

    /// Scrolls at once: a click in the middle of a smooth scroll would miss.
    fn bring_into_view(&self, element: &WebElement) {
        let element = element.to_json().expect("an element is JSON");
        let script = "arguments[0].scrollIntoView({behavior: 'instant', block: 'center'})";
        self.attempt(self.driver().execute(script, vec![element]));
    }

    /// The result of a step that the page may have overtaken, or nothing.
    pub(super) fn attempt<T>(&self, work: impl Future<Output = WebDriverResult<T>>) -> Option<T> {
        self.block_on(work).ok()
    }

    fn find(&self, selector: &str, name: &str) -> Option<WebElement> {
        let arguments = vec![json!(selector), json!(name)];
        let found = self.attempt(self.driver().execute(FIND, arguments))?;
        if found.json().is_null() {
            None
        } else {
            found.element().ok()
        }
    }

    fn can_be_used(&self, element: &WebElement) -> bool {
        let aria = self.attempt(element.attr("aria-disabled")).flatten();
        aria.as_deref() != Some("true") && self.attempt(element.is_enabled()) == Some(true)
    }
}

/// Chooses as a person does: the list gets the value, and the page hears of it.
const CHOOSE: &str = r"
    const [list, wanted] = arguments;
    const options = [...(list.options ?? [])];
    const option = options.find(o => o.value === wanted) ?? options.find(o => o.text.trim().startsWith(wanted));
    if (!option || list.disabled) return false;
    list.focus();
    list.value = option.value;
    list.dispatchEvent(new Event('input', {bubbles: true}));
    list.dispatchEvent(new Event('change', {bubbles: true}));
    return true;
";
