//! A headless Chromium with a fresh profile, driven through chromedriver: one a test, at most two at a time.
//! It ends by itself: the browser is closed and the test fails if the console held an error or a panic.

mod chromedriver; // the program that drives Chromium, and which Chromium
mod controls; // what a person does: press, type, choose, read
mod crash; // a tab that is lost: said aloud, forgiven once
mod downloads; // files that the page gives out
mod inspect; // what a person doesn't see: console, memory, long tasks, screenshots
mod site; // the deployed page, built once and served under a sub-path
mod slots; // how many browsers run at once
mod tests; // the driver sees what it is there to see

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
};
use tokio::runtime::Runtime;

pub use downloads::Download;
pub use site::Site;

use chromedriver::ChromeDriver;
use crash::Life;
use inspect::ConsoleEntry;
use slots::Slot;

/// How long the page may take for anything that it does by itself.
pub const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// Runs in every document before the page's own scripts.
const BEFORE_THE_PAGE: &str = r"
    delete window.showSaveFilePicker;      // no one can answer the picker: downloads go through a Blob
    delete Window.prototype.showSaveFilePicker;
    delete window.showDirectoryPicker;
    delete Window.prototype.showDirectoryPicker;
    window.__longTasks = [];
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) window.__longTasks.push([task.startTime, task.duration]);
    }).observe({type: 'longtask', buffered: true});
";

/// One browser with one tab.
pub struct Browser {
    // The order of the fields is the order in which they end.
    driver: RefCell<Option<WebDriver>>,
    runtime: Runtime,
    chromedriver: RefCell<ChromeDriver>,
    profile: TempDir,
    downloads: TempDir,
    site: &'static Site,
    console: RefCell<Vec<ConsoleEntry>>,
    failed_requests_are_fine: Cell<bool>,
    life: Life,
    _slot: Slot,
}

impl Browser {
    /// Starts a browser for the deployed page.
    pub fn start() -> Self {
        Self::at(Site::deployed())
    }

    /// Starts a browser for a site.
    pub fn at(site: &'static Site) -> Self {
        let slot = Slot::take();
        let profile = TempDir::new().expect("a folder for the profile");
        let downloads = TempDir::new().expect("a folder for downloads");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime for the driver");
        let browser = Self {
            driver: RefCell::default(),
            runtime,
            chromedriver: RefCell::new(ChromeDriver::start()),
            profile,
            downloads,
            site,
            console: RefCell::default(),
            failed_requests_are_fine: Cell::new(false),
            life: Life::default(),
            _slot: slot,
        };
        browser.start_chromium();
        browser
    }

    /// Starts Chromium under the driver that runs.
    fn start_chromium(&self) {
        let capabilities = capabilities(&self.profile, &self.downloads).expect("capabilities");
        let url = self.chromedriver.borrow().url();
        let driver = self.runtime.block_on(WebDriver::new(url, capabilities));
        self.driver
            .replace(Some(driver.expect("Chromium starts under chromedriver")));
        self.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": BEFORE_THE_PAGE}),
        );
    }

    /// Says that this test makes requests fail: the browser's own words on them are no error of the page.
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
        self.driver.borrow().clone().expect("the browser runs")
    }

    fn run<T>(&self, work: impl Future<Output = WebDriverResult<T>>) -> T {
        self.runtime
            .block_on(work)
            .unwrap_or_else(|error| panic!("the driver said: {error}{}", self.last_words(&error)))
    }
}

impl Browser {
    /// Ends Chromium, its driver and all that they started.
    fn end_chromium(&self) {
        if let Some(driver) = self.driver.take() {
            let quit = async { tokio::time::timeout(Duration::from_secs(10), driver.quit()).await };
            drop(self.runtime.block_on(quit));
        }
        self.chromedriver.borrow_mut().stop(self.profile.path());
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let errors = if std::thread::panicking() {
            Vec::new()
        } else {
            self.console_errors()
        };
        self.end_chromium();
        assert!(errors.is_empty(), "the console is not empty: {errors:#?}");
    }
}

fn capabilities(profile: &TempDir, downloads: &TempDir) -> WebDriverResult<ChromeCapabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    chrome.set_binary(&chromedriver::chromium())?;
    let user_data = format!("--user-data-dir={}", profile.path().display());
    for flag in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // No test reaches another machine, whether there is a network or not.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--window-size=1440,900",
        &user_data,
    ] {
        chrome.add_arg(flag)?;
    }
    chrome.add_experimental_option(
        "prefs",
        json!({
            "download.default_directory": downloads.path(),
            "download.prompt_for_download": false,
            "profile.default_content_setting_values.automatic_downloads": 1,
            "profile.default_content_setting_values.clipboard": 1,
        }),
    )?;
    chrome.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(chrome)
}
