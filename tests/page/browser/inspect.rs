//! What a person doesn't see: the console, memory, time of the thread; and what one sees, as a picture.
//! Pictures go to `target/screenshots`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Browser, chromedriver};

/// A line of the browser's console.
#[derive(Debug, Clone)]
pub struct ConsoleEntry {
    /// `SEVERE`, `WARNING`, `INFO`, …
    pub level: String,
    /// Where it comes from: `network`, `console-api`, `javascript`, `worker`, …
    pub source: String,
    /// What it says.
    pub message: String,
}

impl ConsoleEntry {
    fn is_error(&self) -> bool {
        self.level == "SEVERE" || self.message.contains("panicked at")
    }

    /// The browser's own words on a request that failed.
    fn is_of_a_request(&self) -> bool {
        self.source == "network"
            || ["Failed to load resource", "CORS policy", "net::ERR_"]
                .iter()
                .any(|words| self.message.contains(words))
    }
}

impl Browser {
    /// Errors on the console until now; requests that failed on purpose are none.
    pub fn console_errors(&self) -> Vec<ConsoleEntry> {
        let forgiven = self.failed_requests_are_fine.get();
        self.console()
            .into_iter()
            .filter(|entry| entry.is_error() && !(forgiven && entry.is_of_a_request()))
            .collect()
    }

    /// All lines of the console until now.
    pub fn console(&self) -> Vec<ConsoleEntry> {
        // The driver gives every line once.
        let news = self
            .attempt(self.driver().browser_log())
            .unwrap_or_default();
        let mut console = self.console.borrow_mut();
        console.extend(news.into_iter().map(|entry| ConsoleEntry {
            level: entry.level,
            source: entry.source.unwrap_or_default(),
            message: entry.message,
        }));
        console.clone()
    }

    /// What is to be known when something did not come: address, state, text, console. All of the text and a picture
    /// are left in `target/screenshots`, under the test's name.
    pub fn report(&self) -> String {
        let text = self.text();
        let test = std::thread::current();
        let test = test.name().unwrap_or("test").replace("::", "-");
        std::fs::write(pictures().join(format!("failed-{test}.txt")), &text).ok();
        let picture = pictures().join(format!("failed-{test}.png"));
        self.attempt(self.driver().screenshot(&picture));
        let text: String = text.chars().take(2000).collect();
        let lines: Vec<String> = self
            .console()
            .iter()
            .map(|entry| format!("{} {}: {}", entry.level, entry.source, entry.message))
            .collect();
        format!(
            "address: ?{}\nstate: {}\n--- the page says ---\n{text}\n--- the console says ---\n{}",
            self.query(),
            self.state(),
            lines.join("\n")
        )
    }

    /// Counts the time that the page's own thread works, from now on.
    pub fn count_thread_time(&self) {
        self.cdp("Performance.enable", json!({"timeDomain": "threadTicks"}));
    }

    /// How long the page's own thread has worked: time of the thread, without that of workers.
    pub fn thread_time(&self) -> Duration {
        let metrics = self.cdp("Performance.getMetrics", json!({}));
        let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
        let tasks = metrics
            .iter()
            .find(|metric| metric["name"] == "TaskDuration");
        let seconds = tasks.and_then(|tasks| tasks["value"].as_f64());
        Duration::from_secs_f64(seconds.expect("the time of tasks is counted"))
    }

    /// Memory of the tab with its workers, in bytes: what its processes hold for themselves alone.
    pub fn tab_memory(&self) -> u64 {
        let chromium = self.chromium();
        let renderers = renderers_of(chromium.profile());
        assert!(
            !renderers.is_empty(),
            "no renderer of {:?}",
            chromium.profile()
        );
        // Chromium keeps another, with nothing in it, for the next tab.
        renderers
            .into_iter()
            .map(private_bytes)
            .max()
            .unwrap_or_default()
    }

    /// The page's own JavaScript heap after a collection, in bytes.
    pub fn heap(&self) -> u64 {
        self.cdp("HeapProfiler.collectGarbage", json!({}));
        let heap = self.cdp("Runtime.getHeapUsage", json!({}));
        heap["usedSize"].as_f64().expect("a heap has a size") as u64
    }

    /// Every control of the page as the browser tells it to a screen reader: (role, name).
    pub fn accessible_controls(&self) -> Vec<(String, String)> {
        let tree = self.cdp("Accessibility.getFullAXTree", json!({}));
        let text = |node: &Value, key: &str| {
            node[key]["value"]
                .as_str()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
        nodes
            .iter()
            .filter(|node| node["ignored"] != true)
            .map(|node| (text(node, "role"), text(node, "name")))
            .filter(|(role, _)| CONTROL_ROLES.contains(&role.as_str()))
            .collect()
    }

    /// Makes the view so large.
    pub fn resize(&self, width: u32, height: u32) {
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}),
        );
    }

    /// Prefers dark colours from now on, or light ones.
    pub fn prefer_dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        self.cdp(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }

    /// Takes a picture of what is seen, `target/screenshots/NAME.png`.
    pub fn screenshot(&self, name: &str) {
        let picture = pictures().join(format!("{name}.png"));
        self.run(self.driver().screenshot(&picture));
    }
}

/// The folder of pictures.
fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

const CONTROL_ROLES: [&str; 13] = [
    "button",
    "checkbox",
    "combobox",
    "link",
    "listbox",
    "menuitem",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
];

/// The renderers among the processes that descend from the browser on a profile.
fn renderers_of(profile: &Path) -> Vec<u32> {
    let mut family = chromedriver::processes_of(profile);
    let mut at = 0;
    while let Some(&process) = family.get(at) {
        let path = format!("/proc/{process}/task/{process}/children");
        let children = std::fs::read_to_string(path).unwrap_or_default();
        let children: Vec<u32> = children
            .split(' ')
            .filter_map(|id| id.trim().parse().ok())
            .collect();
        family.extend(children);
        at += 1;
    }
    family.sort_unstable();
    family.dedup();
    family.retain(|process| {
        std::fs::read(format!("/proc/{process}/cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains("--type=renderer"))
    });
    family
}

/// Bytes that a process shares with no other.
fn private_bytes(process: u32) -> u64 {
    let rollup =
        std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    rollup
        .lines()
        .filter(|line| line.starts_with("Private_"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .sum::<u64>()
        * 1024
}
