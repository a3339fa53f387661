//! A tab that is lost: Chromium's renderer ended, or Chromium itself did, and the driver says so.
//!
//! Between opening an address and the first thing that a test does with the page, a loss is forgiven once: a fresh tab
//! of another Chromium opens the same address. It is said aloud on standard error, with what Chromium said last and how
//! much memory there was. A second loss in the same test or in the whole test run fails, and so does one after the test
//! has pressed, typed or chosen something: a page that makes Chromium crash is not to pass.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use thirtyfour::error::WebDriverError;

use super::Browser;

/// Losses that were forgiven in this test run.
static FORGIVEN: AtomicUsize = AtomicUsize::new(0);

/// What is known of the browser's life.
#[derive(Default)]
pub(super) struct Life {
    /// The address that was opened last; `None` after the test has done something with the page.
    untouched: RefCell<Option<String>>,
    /// Whether a loss was forgiven in this test.
    is_forgiven: Cell<bool>,
    /// Whether this test loses the tab on purpose: that is not counted against the test run.
    is_on_purpose: Cell<bool>,
}

impl Browser {
    /// Says that this test makes the tab crash.
    pub fn crash_on_purpose(&self) {
        self.life.is_on_purpose.set(true);
    }

    /// From now on a loss is not forgiven, until another address is opened.
    pub(super) fn touch(&self) {
        self.life.untouched.take();
    }

    pub(super) fn open_at(&self, url: String) {
        self.life.untouched.replace(Some(url.clone()));
        if let Err(error) = self.block_on(self.driver().goto(&url)) {
            self.revive(&error);
        }
    }

    /// Looks whether the tab is still there.
    pub(super) fn revive_if_lost(&self) {
        if self.life.untouched.borrow().is_none() {
            return;
        }
        if let Err(error) = self.block_on(self.driver().execute("return 1", Vec::new()))
            && is_loss(&error)
        {
            self.revive(&error);
        }
    }

    fn revive(&self, error: &WebDriverError) {
        let url = self.life.untouched.borrow().clone();
        let Some(url) = url.filter(|_| is_loss(error) && self.is_forgivable()) else {
            panic!("the driver said: {error}{}", self.last_words(error));
        };
        // Not `eprintln!`: of a test that passes, its words are kept from everyone.
        let said = writeln!(
            std::io::stderr(),
            "WARNING: the tab was lost and {url} is opened again in a fresh Chromium. The driver said: {error}{}",
            self.last_words(error)
        );
        said.ok();
        self.end_chromium();
        self.open_tab();
        self.run(self.driver().goto(&url));
    }

    fn is_forgivable(&self) -> bool {
        let is_first = !self.life.is_forgiven.replace(true);
        let is_purpose = self.life.is_on_purpose.get();
        is_first && (is_purpose || FORGIVEN.fetch_add(1, Ordering::Relaxed) == 0)
    }

    /// What there is to know where the tab was lost; nothing for other errors.
    pub(super) fn last_words(&self, error: &WebDriverError) -> String {
        if !is_loss(error) {
            return String::new();
        }
        let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let memory: Vec<&str> = memory.lines().take(3).collect();
        let limit = std::fs::read_to_string("/sys/fs/cgroup/memory.events").unwrap_or_default();
        format!(
            "\n--- Chromium said last ---\n{}\n--- memory ---\n{}\n{limit}",
            self.chromium().last_words(),
            memory.join("\n"),
        )
    }
}

/// Whether the driver says that the tab or the browser is gone.
fn is_loss(error: &WebDriverError) -> bool {
    let said = error.to_string().to_lowercase();
    [
        "tab crashed",
        "target crashed",
        "session deleted",
        "invalid session id",
        "not connected to devtools",
        "disconnected",
        "no such window",
        "web view not found",
    ]
    .iter()
    .any(|words| said.contains(words))
}
