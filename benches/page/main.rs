//! What is felt of the page while it does the whole job, as `dist` writes it: with the demo, and with 500,000 rows surveyed.
//! `cargo bench --bench page` fails where a goal is missed; it needs Chromium, chromedriver and Python.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../tests/page/browser/mod.rs"]
#[allow(dead_code, unused_imports)]
mod browser; // drives Chromium
#[path = "../../tests/page/dialects.rs"]
#[allow(dead_code, unused_imports)]
mod dialects; // rows as other datasets have them
mod first;
#[path = "../../tests/page/rows.rs"]
#[allow(dead_code, unused_imports)]
mod rows; // a row, which says what columns there are
#[path = "../../tests/page/standin/mod.rs"]
#[allow(dead_code, unused_imports)]
mod standin; // serves the files that are surveyed
#[path = "../../tests/page/steps.rs"]
#[allow(dead_code, unused_imports)]
mod steps; // the address of a run // the first seconds: the picture of the demo, and one large run
use tracesift_testing as support; // makes the files
#[path = "../../tests/page/whole_job.rs"]
mod whole_job; // the job

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tracesift_cli::build::{self, Purpose};
use tracesift_cli::dist;
use tracesift_cli::site::Site as PageFiles;

use browser::{Browser, Site};
use whole_job::{Felt, LONG, of_demo, of_survey};

/// Turns of a surveyed run, as the runs of Open-SWE-Traces have them.
const TURNS: u64 = 60;

/// The tab holds so much, in bytes.
const MEMORY: u64 = 450_000_000;
/// What is in sight moves by itself so far.
const SHIFT: f64 = 0.1;

fn main() -> ExitCode {
    let site: &Site = Box::leak(Box::new(Site::serve(lay_out())));
    println!("The first seconds:");
    let mut goals = first::goals(&Browser::alone_at(site), &Browser::alone_at(site));
    println!("The demo:");
    let demo = of_demo(&Browser::alone_at(site));
    println!("{demo}");
    goals.push(("the demo done in 4 s", demo.read <= Duration::from_secs(4)));
    goals.extend(felt_goals(&demo, "every answer within 100 ms", 100));
    println!("A survey of {} rows:", whole_job::SURVEYED);
    let survey = of_survey(&Browser::alone_at(site), TURNS);
    println!("{survey}");
    goals.extend(felt_goals(&survey, "every answer within 150 ms", 150));
    for (goal, is_held) in &goals {
        println!("{goal}{}", if *is_held { "" } else { ": MISSED" });
    }
    ExitCode::from(u8::from(goals.iter().any(|(_, is_held)| !is_held)))
}

/// What is to be reached, in words, and whether it is.
type Goal = (&'static str, bool);

/// What is to be felt of a whole job; answers come within so many milliseconds.
fn felt_goals(felt: &Felt, answers: &'static str, within: u64) -> [Goal; 5] {
    let slowest = felt.answers.iter().map(|(_, answered)| answered.shown);
    let slowest = slowest.max().unwrap_or(Duration::MAX);
    [
        ("no task over 50 ms", felt.thread.longer_than(LONG) == 0),
        (answers, slowest <= Duration::from_millis(within)),
        ("the tab within 450 MB", felt.memory <= MEMORY),
        ("a layout shift below 0.1", felt.shift < SHIFT),
        ("no blank frame in a flung table", felt.blank == 0),
    ]
}

/// The page as a host would serve it. `TRACESIFT_DIST` names a folder that `tracesift dist` has written already.
fn lay_out() -> PathBuf {
    if let Some(folder) = std::env::var_os("TRACESIFT_DIST") {
        return PathBuf::from(folder);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page-bench");
    std::fs::remove_dir_all(&folder).ok();
    let programs = build::build(Purpose::Deploy).unwrap_or_else(|why| panic!("{why}"));
    let site = PageFiles::assemble(&build::root(), programs).unwrap_or_else(|why| panic!("{why}"));
    dist::write(&dist::with_hashed_names(site), &folder, false)
        .unwrap_or_else(|why| panic!("{why}"));
    folder
}
