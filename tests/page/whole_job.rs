//! The whole job as a person does it, with what is felt of it: rows are read, chosen by clicks, sorted, looked at and taken.
//! Once with the demo, and once with a survey of as many rows as the largest datasets of agents have.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::browser::{Answered, Browser, Trace};
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps;
use super::steps::DOWNLOAD;
use super::support::python;

/// Rows of the survey.
pub const SURVEYED: u64 = 500_000;
const FILES: u64 = 25;

/// So long a survey may take.
const PATIENCE: Duration = Duration::from_secs(400);

/// A task that is longer holds up a click.
pub const LONG: Duration = Duration::from_millis(50);

/// What was felt of a job.
pub struct Felt {
    /// From opening the page until all rows were there.
    pub read: Duration,
    /// What the page's thread did, from the first byte to the last.
    pub thread: Trace,
    /// How far what is in sight moved by itself.
    pub shift: f64,
    /// The longest time from a key or a click to the next paint.
    pub interaction: Duration,
    /// How long the answers to clicks took.
    pub answers: Vec<(&'static str, Answered)>,
    /// Frames in which the table was flung and a place of it was blank.
    pub blank: u32,
    /// The most that the tab held, in bytes.
    pub memory: u64,
}

/// Frames in which the table is flung.
pub const FLUNG: u32 = 120;
/// Pixels a frame: 20,000 a second, as fast as a finger flings.
const FLING: u32 = 333;

/// The demo: filters, the table, a row, the lines.
pub fn of_demo(browser: &Browser) -> Felt {
    felt(browser, "", |browser| {
        let open = "document.querySelector('#rows .grid-body [role=row]').click()";
        browser.script::<()>(open, Vec::new());
        browser.wait_until("the reader", |b| b.content_of("#reader").len() > 200);
        let lines = browser.download(DOWNLOAD);
        assert!(!lines.bytes.is_empty());
    })
}

/// A survey of runs of about so many turns: filters, the table, the table of the selected rows as a file.
pub fn of_survey(browser: &Browser, turns: u64) -> Felt {
    let first = super::rows::made(0, "g3", 4).0;
    let split = Split::made("c", "s", SURVEYED, move |_| first.clone());
    let standin = StandIn::start(vec![
        DataSet::new("a/b").with(split.with_files(files(turns))),
    ]);
    let query = steps::run_of(&standin, "a/b", "c", "s", 10);
    felt(browser, &format!("{query}&read=survey"), |browser| {
        let headline = browser.text_of("#headline");
        assert!(headline.contains("of 500,000"), "{headline}");
        let table = browser.download("Download table");
        assert!(!table.bytes.is_empty());
    })
}

/// Files of rows with the columns of Open-SWE-Traces, made once.
fn files(turns: u64) -> Vec<PathBuf> {
    let folder = python::kept().join(format!("survey_rows-{SURVEYED}-{FILES}-{turns}"));
    if !folder.is_dir() {
        let work = tempfile::tempdir_in(python::kept()).expect("a folder");
        let made = work.path().join("files");
        let numbers = [SURVEYED, FILES, turns].map(|number| number.to_string());
        let arguments = [&[made.display().to_string()][..], &numbers].concat();
        python::run(&python::script("survey_rows.py"), &arguments);
        std::fs::rename(&made, &folder).expect("the files are kept");
    }
    let name = |file| folder.join(format!("{file:04}.parquet"));
    (0..FILES).map(name).collect()
}

/// Reads the rows of a link and chooses among them; `rest` is what else is done with them.
fn felt(browser: &Browser, query: &str, rest: impl FnOnce(&Browser)) -> Felt {
    let mut memory = 0;
    browser.begin_trace();
    let begun = Instant::now();
    browser.open(query);
    let state = browser.wait_for("the end", PATIENCE, |b| {
        memory = memory.max(b.tab_memory());
        let state = b.state();
        (state == "done" || state == "failed").then_some(state)
    });
    let read = begun.elapsed();
    assert_eq!(state, "done", "{}", browser.report());
    browser.wait_until("charts", |b| b.count(".charts:not([hidden]) canvas") > 5);
    let mut answers = Vec::new();
    for button in ["Exclude failure", "Exclude Python", "Exclude unknown"] {
        answers.push((button, browser.press_and_wait(button, "#headline")));
        memory = memory.max(browser.tab_memory());
    }
    browser.go_to("#rows");
    answers.push(("Turns", browser.press_and_wait("Turns", "#rows .grid-body")));
    let blank = browser.fling("#rows .grid", "[role=row]", FLING, FLUNG);
    rest(browser);
    memory = memory.max(browser.tab_memory());
    Felt {
        read,
        shift: browser.shift(),
        interaction: browser.slowest_interaction(),
        thread: browser.end_trace(),
        answers,
        blank,
        memory,
    }
}

impl fmt::Display for Felt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |took: Duration| took.as_secs_f64() * 1e3;
        writeln!(
            f,
            "read in {:.1} s, the tab held {} MB at most",
            self.read.as_secs_f64(),
            self.memory / 1_000_000
        )?;
        writeln!(
            f,
            "the page's thread: {:.1} s of work, {} tasks over 50 ms",
            self.thread.worked().as_secs_f64(),
            self.thread.longer_than(LONG)
        )?;
        writeln!(f, "  the longest took {}", self.thread.longest())?;
        writeln!(f, "  the hardest took {}", self.thread.hardest())?;
        writeln!(
            f,
            "layout shift {:.3}, interaction to next paint {:.0} ms",
            self.shift,
            ms(self.interaction)
        )?;
        writeln!(
            f,
            "the table was blank somewhere in {} of {FLUNG} frames while it was flung",
            self.blank
        )?;
        for (button, answered) in &self.answers {
            writeln!(
                f,
                "{button}: answered in {:.0} ms, all drawn in {:.0} ms",
                ms(answered.shown),
                ms(answered.settled)
            )?;
        }
        Ok(())
    }
}
