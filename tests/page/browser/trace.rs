//! Every task of the page's thread between two moments, as Chromium's own trace has it.
//! It tells the time that the thread worked apart from the time that passed: on a loaded machine the first stays the same.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::Browser;

/// Tasks, and what is done in them.
const CATEGORIES: [&str; 2] = ["disabled-by-default-devtools.timeline", "devtools.timeline"];

/// A part of a task is named from here on.
const NAMED: Duration = Duration::from_millis(4);

/// What the page's thread did.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Its tasks, in their order.
    pub tasks: Vec<Task>,
}

/// One task.
#[derive(Debug, Clone, Default)]
pub struct Task {
    /// The time that passed.
    pub passed: Duration,
    /// The time that the thread worked.
    pub worked: Duration,
    /// What took longest in it, each without what is done within it.
    pub parts: Vec<(String, Duration)>,
}

impl Trace {
    /// The task that worked longest.
    pub fn hardest(&self) -> Task {
        let tasks = self.tasks.iter();
        tasks
            .max_by_key(|task| task.worked)
            .cloned()
            .unwrap_or_default()
    }

    /// The task that passed slowest.
    pub fn longest(&self) -> Task {
        let tasks = self.tasks.iter();
        tasks
            .max_by_key(|task| task.passed)
            .cloned()
            .unwrap_or_default()
    }

    /// How many tasks passed in more than so long.
    pub fn longer_than(&self, limit: Duration) -> usize {
        let tasks = self.tasks.iter();
        tasks.filter(|task| task.passed > limit).count()
    }

    /// The time that the thread worked in all.
    pub fn worked(&self) -> Duration {
        self.tasks.iter().map(|task| task.worked).sum()
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (passed, worked) = (self.passed.as_secs_f64(), self.worked.as_secs_f64());
        write!(f, "{:.0} ms, {:.0} ms of work", passed * 1e3, worked * 1e3)?;
        let parts = self
            .parts
            .iter()
            .map(|(name, took)| format!("{name} {:.0} ms", took.as_secs_f64() * 1e3));
        let parts: Vec<String> = parts.collect();
        match parts.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", parts.join(", ")),
        }
    }
}

impl Browser {
    /// Notes from now on what the page's thread does.
    pub fn begin_trace(&self) {
        let begun = self.chromium_mut().devtools().begin_trace(&CATEGORIES);
        begun.expect("Chromium traces");
    }

    /// What the threads of this site's pages have done since.
    pub fn end_trace(&self) -> Trace {
        let events = self.chromium_mut().devtools().end_trace();
        let events = events.expect("Chromium gives its trace");
        let threads = threads_of(&events, &self.site.page(""));
        assert!(!threads.is_empty(), "no page in the trace");
        let mut tasks = Vec::new();
        for thread in threads {
            tasks.extend(tasks_of(&events, thread));
        }
        Trace { tasks }
    }
}

/// A process and a thread of it.
type Thread = (u64, u64);

/// The threads that have shown pages of a site.
fn threads_of(events: &[Value], site: &str) -> HashSet<Thread> {
    let is_of_site = |event: &&Value| {
        let url = event["args"]["data"]["url"].as_str();
        event["name"] == "CommitLoad" && url.is_some_and(|url| url.starts_with(site))
    };
    let threads = events.iter().filter(is_of_site);
    let threads = threads.map(|event| Some((event["pid"].as_u64()?, event["tid"].as_u64()?)));
    threads.flatten().collect()
}

/// Something that a thread did, from when to when, in microseconds.
struct Part<'a> {
    name: &'a str,
    begun: u64,
    ended: u64,
    worked: u64,
}

fn tasks_of(events: &[Value], (process, thread): Thread) -> Vec<Task> {
    let of_thread = events
        .iter()
        .filter(|event| event["ph"] == "X" && event["pid"] == process && event["tid"] == thread);
    let mut parts: Vec<Part> = of_thread.filter_map(part).collect();
    // What holds another begins no later and ends no sooner.
    parts.sort_by_key(|part| (part.begun, std::cmp::Reverse(part.ended)));
    let mut tasks = Vec::new();
    let mut rest = parts.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let within = after.partition_point(|part| part.begun < first.ended);
        let (inner, next) = after.split_at(within);
        rest = next;
        if first.name == "RunTask" {
            tasks.push(Task {
                passed: Duration::from_micros(first.ended - first.begun),
                worked: Duration::from_micros(first.worked),
                parts: named(inner),
            });
        }
    }
    tasks
}

fn part(event: &Value) -> Option<Part<'_>> {
    let begun = event["ts"].as_u64()?;
    Some(Part {
        name: event["name"].as_str()?,
        begun,
        ended: begun + event["dur"].as_u64()?,
        worked: event["tdur"].as_u64().unwrap_or_default(),
    })
}

/// What took longest among nested parts, each without those within it.
fn named(parts: &[Part]) -> Vec<(String, Duration)> {
    let mut own: Vec<(&str, u64)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        while open
            .last()
            .is_some_and(|&outer| parts[outer].ended <= part.begun)
        {
            open.pop();
        }
        let took = part.ended - part.begun;
        if let Some(&outer) = open.last() {
            own[outer].1 = own[outer].1.saturating_sub(took);
        }
        own.push((part.name, took));
        open.push(at);
    }
    let mut sums: Vec<(String, Duration)> = Vec::new();
    for (name, took) in own {
        let took = Duration::from_micros(took);
        match sums.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += took,
            None => sums.push((name.to_owned(), took)),
        }
    }
    sums.retain(|(_, took)| *took >= NAMED);
    sums.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
    sums
}
