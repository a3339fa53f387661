//! The driver sees what it is there to see: controls by name, files, panics, errors of workers, failed requests.
//! Each test drives a page of a few lines instead of the real one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::Duration;

use super::{Browser, Site};

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>sample</title><link rel="icon" href="data:,">
<main data-state="idle">
  <label>Data set <input id="set" value="old"></label>
  <label for="config">Config</label><select id="config"><option value="a">a (3 rows)<option value="b">b (4 rows)</select>
  <button onclick="later()">Analyze</button> <button disabled>Pause</button>
  <button onclick="save()">Download JSONL</button>
  <input type="file" onchange="arguments[0].target.files[0].text().then(t => file.textContent = t)">
  <p id="file"></p><p role="alert">Nothing yet</p>
</main>
<script>
  const main = document.querySelector('main');
  function later() { main.dataset.state = 'running'; setTimeout(() => main.dataset.state = 'done', 100); }
  function save() {
    const a = document.createElement('a');
    a.href = URL.createObjectURL(new Blob([set.value + '|' + config.value]));
    a.download = 'rows.jsonl'; a.click();
  }
  const hash = location.search.slice(1);
  if (hash === 'error') console.error('as if panicked');
  if (hash === 'throw') setTimeout(() => { throw new Error('uncaught'); });
  if (hash === 'worker') new Worker(URL.createObjectURL(new Blob(["console.error('panicked at worker')"])));
  if (hash === 'reject') Promise.reject(new Error('rejected'));
  if (hash === 'missing') fetch('missing.json');
  if (hash === 'far') fetch('https://huggingface.co/').catch(() => main.dataset.state = 'alone');
  if (hash === 'long') setTimeout(() => { const end = performance.now() + 120; let n = 0; while (n++ < 2e8 || performance.now() < end); }, 50);
</script>"#;

fn sample() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample-page");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("index.html"), PAGE).expect("a page");
        Site::serve(folder)
    })
}

/// What a failure says.
fn failure(work: impl FnOnce()) -> String {
    let Err(cause) = catch_unwind(AssertUnwindSafe(work)) else {
        return String::new();
    };
    cause.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn controls_are_found_by_name_and_used() {
    let browser = Browser::at(sample());
    browser.open("");
    browser.fill("Data set", "nvidia/Open-SWE-Traces");
    browser.choose("Config", "b");
    assert_eq!(browser.options("Config"), ["a (3 rows)", "b (4 rows)"]);
    assert_eq!(browser.value("Data set"), "nvidia/Open-SWE-Traces");
    assert!(browser.find_button("Cancel").is_none());
    browser.press("Analyze");
    browser.wait_until_done();
    assert_eq!(browser.notice_with(&["nothing"]), "Nothing yet");
    let file = browser.download("Download JSONL");
    assert_eq!(
        (file.name.as_str(), file.text()),
        ("rows.jsonl", "nvidia/Open-SWE-Traces|b")
    );
    let path = browser.downloads.path().join("given.txt");
    std::fs::write(&path, "from a file").expect("a file");
    browser.give_file(&path);
    browser.wait_until("the file's text", |b| b.text_of("#file") == "from a file");
    let controls = browser.accessible_controls();
    assert!(
        controls.contains(&("button".to_owned(), "Pause".to_owned())),
        "{controls:?}"
    );
}

#[test]
fn what_does_not_come_is_reported_with_what_the_page_says() {
    let browser = Browser::at(sample());
    browser.open("rows=1");
    let said = failure(|| {
        browser.wait_for("a miracle", Duration::from_millis(120), |_| None::<()>);
    });
    for words in ["a miracle", "?rows=1", "state: idle", "Nothing yet"] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
}

/// Crashes the tab; what the driver says of that is not waited for.
fn crash(browser: &Browser) {
    let devtools = browser.driver().cdp();
    let crash = devtools.send_raw("Page.crash", serde_json::json!({}));
    let crash = async { tokio::time::timeout(Duration::from_secs(5), crash).await };
    drop(browser.block_on(crash));
}

#[test]
fn a_tab_that_crashes_before_it_is_used_is_opened_again_once() {
    let browser = Browser::at(sample());
    browser.crash_on_purpose();
    browser.open("");
    crash(&browser);
    browser.wait_until("the page", |b| b.state() == "idle");
    let said = failure(|| {
        crash(&browser);
        browser.open("rows=1");
        browser.wait_until("the page", |b| b.state() == "idle");
    });
    assert!(
        said.contains("the driver said") && said.contains("memory"),
        "{said}"
    );
}

#[test]
fn a_tab_that_crashes_in_use_fails_the_test() {
    let browser = Browser::at(sample());
    browser.crash_on_purpose();
    browser.open("");
    browser.press("Analyze");
    crash(&browser);
    let said = failure(|| browser.wait_until("the page", |b| b.state() == "done"));
    assert!(said.contains("the driver said"), "{said}");
}

#[test]
fn errors_of_the_page_and_of_its_workers_fail_a_test() {
    for (query, words) in [
        ("error", "as if panicked"),
        ("throw", "uncaught"),
        ("reject", "rejected"),
        ("worker", "panicked at worker"),
        ("missing", "404"),
    ] {
        let said = failure(|| {
            let browser = Browser::at(sample());
            browser.open(query);
            browser.wait_until("the error", |b| !b.console_errors().is_empty());
        });
        assert!(
            said.contains("console is not empty") && said.contains(words),
            "{query}: {said}"
        );
    }
}

#[test]
fn requests_that_fail_on_purpose_are_forgiven_and_none_leaves_this_machine() {
    let browser = Browser::at(sample());
    browser.allow_failed_requests();
    browser.open("missing");
    browser.wait_until("the browser's words", |b| !b.console().is_empty());
    browser.open("far");
    browser.wait_for_state(&["alone"], Duration::from_secs(5));
    assert!(
        sample()
            .missing()
            .iter()
            .any(|url| url == "/tracesift/missing.json")
    );
}

#[test]
fn long_tasks_and_memory_are_measured() {
    let browser = Browser::at(sample());
    browser.count_thread_time();
    browser.open("");
    let before = browser.thread_time();
    browser.begin_trace();
    browser.open("long");
    browser.wait_until("a long task", |b| b.longest_task() >= 110.0);
    assert!(browser.thread_time() > before);
    let trace = browser.end_trace();
    let longest = trace.longest();
    assert!(longest.passed >= Duration::from_millis(110), "{longest}");
    assert!(
        longest.worked <= longest.passed && longest.worked > Duration::ZERO,
        "{longest}"
    );
    assert!(!longest.parts.is_empty(), "{longest}");
    assert_eq!(trace.longer_than(Duration::from_secs(60)), 0);
    assert!(browser.tab_memory() > 5_000_000);
    assert!(browser.heap() > 100_000);
}
