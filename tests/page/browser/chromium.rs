//! A headless Chromium under its driver, and the tab of a test in it.
//! A tab has a context of its own: nothing of the test before is kept, downloads go to the test's folder.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
    WindowHandle,
};
use tokio::runtime::Runtime;

use super::chromedriver::{self, ChromeDriver};
use super::devtools::{DevTools, Refused};

/// A running Chromium.
pub struct Chromium {
    // The order of the fields is the order in which they end.
    driver: WebDriver,
    devtools: DevTools,
    /// The tab that it began with, which stays empty.
    first: WindowHandle,
    /// The context of the test that uses it.
    context: Option<String>,
    runtime: Runtime,
    chromedriver: ChromeDriver,
    profile: TempDir,
}

impl Chromium {
    /// Starts one with a fresh profile.
    pub fn start() -> Self {
        let profile = TempDir::new().expect("a folder for the profile");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime for the driver");
        let chromedriver = ChromeDriver::start(profile.path());
        let capabilities = capabilities(profile.path()).expect("capabilities");
        let (driver, first) = runtime
            .block_on(async {
                let driver = WebDriver::new(chromedriver.url(), capabilities).await?;
                let first = driver.window().await?;
                Ok::<_, WebDriverError>((driver, first))
            })
            .expect("Chromium starts under chromedriver");
        let devtools = DevTools::connect(profile.path()).expect("Chromium's DevTools");
        Self {
            driver,
            devtools,
            first,
            context: None,
            runtime,
            chromedriver,
            profile,
        }
    }

    /// Opens the tab of a test, in a context of its own.
    pub fn open_tab(&mut self, downloads: &Path) -> Result<(), Refused> {
        let made = self
            .devtools
            .ask("Target.createBrowserContext", json!({}))?;
        let context = made["browserContextId"].as_str().unwrap_or_default();
        self.context = Some(context.to_owned());
        let permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"];
        for (method, parameters) in [
            (
                "Browser.setDownloadBehavior",
                json!({"behavior": "allow", "browserContextId": context, "downloadPath": downloads}),
            ),
            (
                "Browser.grantPermissions",
                json!({"browserContextId": context, "permissions": permissions}),
            ),
        ] {
            self.devtools.ask(method, parameters)?;
        }
        let tab = json!({"url": "about:blank", "browserContextId": context, "width": 1440, "height": 900});
        let tab = self.devtools.ask("Target.createTarget", tab)?;
        let tab = tab["targetId"].as_str().unwrap_or_default().to_owned();
        self.settle(async |driver| {
            driver.switch_to_window(WindowHandle::from(tab)).await?;
            // The last words of the test before.
            driver.browser_log().await.map(drop)
        })
    }

    /// Uses the tab and the profile that it began with: what is written there goes to the disk, as a visitor's.
    pub fn use_first_tab(&mut self, downloads: &Path) -> Result<(), Refused> {
        let allowed = json!({"behavior": "allow", "downloadPath": downloads});
        self.devtools
            .ask("Browser.setDownloadBehavior", allowed)
            .map(drop)
    }

    /// Closes the test's tab with all that its context holds.
    pub fn close_tab(&mut self) -> Result<(), Refused> {
        let first = self.first.clone();
        self.settle(async |driver| {
            driver.close_window().await?;
            driver.switch_to_window(first).await
        })?;
        let context = json!({"browserContextId": self.context.take()});
        self.devtools
            .ask("Target.disposeBrowserContext", context)
            .map(drop)
    }

    /// The DevTools of the whole browser.
    pub fn devtools(&mut self) -> &mut DevTools {
        &mut self.devtools
    }

    /// The driver's session.
    pub fn driver(&self) -> WebDriver {
        self.driver.clone()
    }

    /// Waits for the driver.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The folder of the profile.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// The last lines of what it and its driver said.
    pub fn last_words(&self) -> String {
        self.chromedriver.last_words()
    }

    /// Ends it, its driver and all that they started.
    pub fn end(self) {
        let quit = self.driver.quit();
        let quit = async { tokio::time::timeout(Duration::from_secs(10), quit).await };
        drop(self.runtime.block_on(quit));
    }

    fn settle(
        &self,
        work: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<()>,
    ) -> Result<(), Refused> {
        self.runtime
            .block_on(work(&self.driver))
            .map_err(|error| error.to_string())
    }
}

fn capabilities(profile: &Path) -> WebDriverResult<ChromeCapabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    chrome.set_binary(&chromedriver::chromium())?;
    let user_data = format!("--user-data-dir={}", profile.display());
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
            "download.prompt_for_download": false,
            "profile.default_content_setting_values.automatic_downloads": 1,
            "profile.default_content_setting_values.clipboard": 1,
        }),
    )?;
    chrome.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(chrome)
}
