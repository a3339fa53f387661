//! A browser for a test: a tab in a headless Chromium with a context of its own, at most two at a time.
//! It ends by itself: the tab is closed and the test fails if the console held an error or a panic.

mod chromedriver; // the program that drives Chromium, and which Chromium
mod chromium; // a Chromium, and the tab of a test in it
mod controls; // what a person does: press, type, choose, read
mod crash; // a tab that is lost: said aloud, forgiven once
mod devtools; // what is asked of the whole browser
mod downloads; // files that the page gives out
mod felt; // what a person feels of the page's thread: long tasks, movements, the wait for an answer
mod inspect; // what a person doesn't see: console, memory, time of the thread, screenshots
mod pool; // the Chromiums that tests share
mod site; // the page, built once and served under a sub-path
mod tests; // the driver sees what it is there to see
mod trace; // every task of the page's thread

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;

pub use downloads::Download;
pub use felt::Answered;
pub use site::Site;
pub use trace::Trace;

use chromium::Chromium;
use crash::Life;
use inspect::ConsoleEntry;
use pool::Slot;

/// How long the page may take for anything that it does by itself.
pub const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// Runs in every document before the page's own scripts.
const BEFORE_THE_PAGE: &str = r"
    delete window.showSaveFilePicker;      // no one can answer the picker: downloads go through a Blob
    delete Window.prototype.showSaveFilePicker;
    delete window.showDirectoryPicker;
    delete Window.prototype.showDirectoryPicker;
";

/// One browser with one tab.
pub struct Browser {
    chromium: RefCell<Option<Chromium>>,
    /// Whether the Chromium is this test's alone.
    is_alone: bool,
    downloads: TempDir,
    site: &'static Site,
    console: RefCell<Vec<ConsoleEntry>>,
    failed_requests_are_fine: Cell<bool>,
    life: Life,
    slot: Slot,
}

impl Browser {
    /// A browser for the page.
    pub fn start() -> Self {
        Self::at(Site::deployed())
    }

    /// A browser for a site.
    pub fn at(site: &'static Site) -> Self {
        Self::of(site, false)
    }

    /// A browser for the page with a Chromium of its own, as a visitor's, whose memory is measured: what a page writes
    /// into a context goes to Chromium's memory, not to the disk.
    pub fn alone() -> Self {
        Self::alone_at(Site::deployed())
    }

    /// The same for a site.
    pub fn alone_at(site: &'static Site) -> Self {
        Self::of(site, true)
    }

    fn of(site: &'static Site, is_alone: bool) -> Self {
        let browser = Self {
            chromium: RefCell::default(),
            is_alone,
            downloads: TempDir::new().expect("a folder for downloads"),
            site,
            console: RefCell::default(),
            failed_requests_are_fine: Cell::new(false),
            life: Life::default(),
            slot: Slot::take(),
        };
        browser.open_tab();
        browser
    }

    /// Opens the tab, in a Chromium that another test has left if there is one.
    fn open_tab(&self) {
        let downloads = self.downloads.path();
        let idle = self.slot.idle().filter(|_| !self.is_alone);
        let left = idle.and_then(|mut chromium| match chromium.open_tab(downloads) {
            Ok(()) => Some(chromium),
            Err(_) => {
                chromium.end();
                None
            }
        });
        let chromium = left.unwrap_or_else(|| {
            let mut chromium = Chromium::start();
            let opened = if self.is_alone {
                chromium.use_first_tab(downloads)
            } else {
                chromium.open_tab(downloads)
            };
            opened.expect("a tab of Chromium");
            chromium
        });
        self.chromium.replace(Some(chromium));
        for script in [BEFORE_THE_PAGE, felt::WATCH] {
            self.cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": script }),
            );
        }
    }

    /// Says that this test makes requests fail: the browser's own words on them are not errors of the page.
    pub fn allow_failed_requests(&self) {
        self.failed_requests_are_fine.set(true);
    }

    /// Opens the page with a query (without `?`).
    pub fn open(&self, query: &str) {
        self.open_at(self.site.page(query));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.touch();
        self.run(self.driver().refresh());
    }

    /// Goes back in the history.
    pub fn back(&self) {
        self.touch();
        self.run(self.driver().back());
    }

    /// Goes forward in the history.
    pub fn forward(&self) {
        self.touch();
        self.run(self.driver().forward());
    }

    /// The query of the page's address, without `?`.
    pub fn query(&self) -> String {
        let url = self.run(self.driver().current_url());
        url.query().unwrap_or_default().to_owned()
    }

    /// The value of a key of the address.
    pub fn key(&self, key: &str) -> Option<String> {
        let url = self.run(self.driver().current_url());
        let mut pairs = url.query_pairs();
        pairs
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.into_owned())
    }

    /// Runs JavaScript in the page: `script` is a function's body, `arguments` are its arguments.
    pub fn script<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        let value = self.run(self.driver().execute(script, arguments));
        value
            .convert()
            .unwrap_or_else(|error| panic!("{script} gave {:?}: {error}", value.json()))
    }

    /// Looks again and again until there is something, or fails with what the page shows instead.
    pub fn wait_for<T>(
        &self,
        what: &str,
        limit: Duration,
        mut look: impl FnMut(&Self) -> Option<T>,
    ) -> T {
        let began = Instant::now();
        loop {
            self.revive_if_lost();
            if let Some(found) = look(self) {
                return found;
            }
            assert!(
                began.elapsed() < limit,
                "{what}: not within {limit:?}.\n{}",
                self.report()
            );
            std::thread::sleep(POLL);
        }
    }

    /// Waits until something holds.
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        self.wait_for(what, PATIENCE, |browser| holds(browser).then_some(()));
    }

    /// A command of the DevTools protocol.
    pub fn cdp(&self, method: &str, parameters: Value) -> Value {
        self.run(self.driver().cdp().send_raw(method, parameters))
    }

    /// From the next page on, no worker that reads rows ever comes back from the question with this number.
    pub fn hang_on_question(&self, number: u32) {
        let source = format!(
            "window.Worker = class extends Worker {{
                constructor(url, options) {{
                    const reads_rows = String(url).includes('/worker.start.');
                    const hanging = `hanging.js?${{encodeURIComponent(url)}}&{number}`;
                    super(reads_rows ? hanging : url, options);
                }}
            }};"
        );
        self.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": source }),
        );
    }

    fn driver(&self) -> WebDriver {
        self.chromium().driver()
    }

    /// The Chromium, which is there as long as the browser is.
    fn chromium(&self) -> Ref<'_, Chromium> {
        Ref::map(self.chromium.borrow(), |chromium| {
            chromium.as_ref().expect("the browser runs")
        })
    }

    fn chromium_mut(&self) -> RefMut<'_, Chromium> {
        RefMut::map(self.chromium.borrow_mut(), |chromium| {
            chromium.as_mut().expect("the browser runs")
        })
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.chromium().block_on(work)
    }

    fn run<T>(&self, work: impl Future<Output = WebDriverResult<T>>) -> T {
        self.block_on(work)
            .unwrap_or_else(|error| panic!("the driver said: {error}{}", self.last_words(&error)))
    }

    /// Ends Chromium, its driver and all that they started.
    fn end_chromium(&self) {
        if let Some(chromium) = self.chromium.take() {
            chromium.end();
        }
    }

    /// Closes the tab and leaves Chromium to the next test, if it is in order.
    fn leave_chromium(&self) {
        let Some(mut chromium) = self.chromium.take() else {
            return;
        };
        if chromium.close_tab().is_ok() {
            self.slot.leave(chromium);
        } else {
            chromium.end();
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let is_failing = std::thread::panicking();
        let errors = if is_failing {
            Vec::new()
        } else {
            self.console_errors()
        };
        if is_failing || self.is_alone || !chromedriver::IS_WATCHED {
            self.end_chromium();
        } else {
            self.leave_chromium();
        }
        assert!(errors.is_empty(), "the console is not empty: {errors:#?}");
    }
}
