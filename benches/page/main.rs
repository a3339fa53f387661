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
#[path = "../../tests/page/rows.rs"]
#[allow(dead_code, unused_imports)]
mod rows; // a row, which says what columns there are
#[path = "../../tests/page/standin/mod.rs"]
#[allow(dead_code, unused_imports)]
mod standin; // serves the files that are surveyed
#[path = "../../tests/page/steps.rs"]
#[allow(dead_code, unused_imports)]
mod steps; // the address of a run
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

/// A filter's answer is on screen after so long.
const ANSWER: Duration = Duration::from_millis(150);
/// The tab holds so much, in bytes.
const MEMORY: u64 = 450_000_000;
/// What is in sight moves by itself so far.
const SHIFT: f64 = 0.1;

fn main() -> ExitCode {
    let site: &Site = Box::leak(Box::new(Site::serve(lay_out())));
    println!("The demo:");
    let demo = held(&of_demo(&Browser::alone_at(site)));
    println!("A survey of {} rows:", whole_job::SURVEYED);
    let survey = held(&of_survey(&Browser::alone_at(site), TURNS));
    ExitCode::from(u8::from(!(demo && survey)))
}

/// Prints what was felt, and which goals were missed.
fn held(felt: &Felt) -> bool {
    println!("{felt}");
    let slowest = felt
        .answers
        .iter()
        .map(|(_, answered)| answered.shown)
        .max();
    let goals = [
        ("no task over 50 ms", felt.thread.longer_than(LONG) == 0),
        (
            "every answer within 150 ms",
            slowest.is_some_and(|slowest| slowest <= ANSWER),
        ),
        ("the tab within 450 MB", felt.memory <= MEMORY),
        ("a layout shift below 0.1", felt.shift < SHIFT),
    ];
    for (goal, is_held) in goals {
        println!("{goal}{}", if is_held { "" } else { ": MISSED" });
    }
    goals.iter().all(|(_, is_held)| *is_held)
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
