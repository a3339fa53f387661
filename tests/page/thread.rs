//! The page's own thread only draws: whatever the number of rows, no task of it holds up a click, and the tab stays small.
//! Tasks are told by the time that the thread worked, which stays the same when other programs want the processor, too.

use std::time::Duration;

use super::browser::Browser;
use super::whole_job::{Felt, of_demo, of_survey};

const MEGABYTE: u64 = 1_000_000;

/// What the page that tests build, which is compiled for a quick build, may take for a task. Its own thread once worked
/// for 250 ms and more on each change of the rules.
const HARDEST: Duration = Duration::from_millis(120);

/// What the tab may hold, in megabytes: 450, and what programs that are compiled for a quick build take more.
const MEMORY: u64 = 500;

/// Turns of a surveyed run: few, since only the rows count here.
const TURNS: u64 = 6;

fn check(felt: &Felt, limit: Duration) {
    println!("{felt}");
    let hardest = felt.thread.hardest();
    assert!(hardest.worked < HARDEST, "{hardest}");
    let worked = felt.thread.worked();
    assert!(worked < limit, "the thread worked for {worked:?}");
    assert!(felt.shift < 0.1, "{}", felt.shift);
}

#[test]
fn the_demo_is_read_chosen_and_taken_without_a_long_task() {
    let browser = Browser::alone();
    check(&of_demo(&browser), Duration::from_secs(20));
}

#[test]
fn half_a_million_rows_are_surveyed_and_chosen_without_a_long_task() {
    let browser = Browser::alone();
    let felt = of_survey(&browser, TURNS);
    check(&felt, Duration::from_secs(30));
    let held = felt.memory / MEGABYTE;
    assert!(held < MEMORY, "the tab held {held} MB");
}
