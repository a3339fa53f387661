//! A server that is simulated: its clock, its answers and its faults are the test's.

use std::collections::BTreeMap;

use tracesift_core::ground::PageRange;
use tracesift_hub::error::{HubError, classify};
use tracesift_hub::schedule::{Answered, Limits, Next, Progress, Schedule};

/// What the simulated server does with a request.
pub enum Does {
    Gives { rows: u32, took_ms: f64, bytes: u64 },
    FromCache,
    Fails { error: HubError, took_ms: f64 },
}

pub fn gives(page: PageRange) -> Does {
    Does::Gives {
        rows: page.len,
        took_ms: 500.0,
        bytes: 1_000_000,
    }
}

pub fn fails(status: u16, code: Option<&str>) -> Does {
    Does::Fails {
        error: classify(Some(status), code, ""),
        took_ms: 100.0,
    }
}

/// A run, and all that happened in it.
pub struct Run {
    pub schedule: Schedule,
    pub now_ms: f64,
    /// When each request went out, which page it was for, and which try it was.
    pub asked: Vec<(f64, PageRange, u32)>,
    /// Rows that came, and how often.
    pub came: BTreeMap<u64, u32>,
    pub most_in_flight: usize,
    pub end: Next,
}

impl Run {
    pub fn new(schedule: Schedule) -> Self {
        Self {
            schedule,
            now_ms: 0.0,
            asked: Vec::new(),
            came: BTreeMap::new(),
            most_in_flight: 0,
            end: Next::Done,
        }
    }

    pub fn of(pages: &[(u64, u32)], server: impl FnMut(PageRange, u32, f64) -> Does) -> Self {
        let pages = pages
            .iter()
            .map(|(start, len)| PageRange::rows(*start, *len))
            .collect();
        let mut run = Self::new(Schedule::new(pages, Limits::default()));
        run.go(server);
        run
    }

    /// Goes on until the schedule has nothing more to do. The server is given the page, the try and the time.
    pub fn go(&mut self, mut server: impl FnMut(PageRange, u32, f64) -> Does) {
        let mut under_way: Vec<(f64, PageRange, Does)> = Vec::new();
        for _ in 0..100_000 {
            let wake_ms = match self.schedule.next(self.now_ms) {
                Next::Ask { page, attempt } => {
                    self.asked.push((self.now_ms, page, attempt));
                    let does = server(page, attempt, self.now_ms);
                    let took_ms = match &does {
                        Does::Gives { took_ms, .. } | Does::Fails { took_ms, .. } => *took_ms,
                        Does::FromCache => 2.0,
                    };
                    under_way.push((self.now_ms + took_ms, page, does));
                    self.most_in_flight = self.most_in_flight.max(under_way.len());
                    continue;
                }
                Next::Wait { until_ms } => {
                    assert!(until_ms > self.now_ms, "a wait that is already over");
                    until_ms
                }
                Next::Busy => {
                    assert!(!under_way.is_empty(), "busy with nothing");
                    f64::INFINITY
                }
                end => {
                    if under_way.is_empty() {
                        self.end = end;
                        return;
                    }
                    f64::INFINITY
                }
            };
            let first = under_way
                .iter()
                .enumerate()
                .min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0));
            match first.map(|(at, (ms, ..))| (at, *ms)) {
                Some((at, ms)) if ms <= wake_ms => {
                    self.now_ms = ms;
                    let (_, page, does) = under_way.remove(at);
                    self.report(page, does);
                }
                _ => self.now_ms = wake_ms,
            }
        }
        panic!("the run does not end");
    }

    pub fn report(&mut self, page: PageRange, does: Does) {
        let (rows, took_ms, bytes, from_cache) = match does {
            Does::Gives {
                rows,
                took_ms,
                bytes,
            } => (rows, took_ms, bytes, false),
            Does::FromCache => (page.len, 2.0, 1_000_000, true),
            Does::Fails { error, .. } => {
                return self.schedule.failed(page, &error, self.now_ms, 0.5);
            }
        };
        for row in page.start..page.start + u64::from(rows) {
            *self.came.entry(row).or_default() += 1;
        }
        let answer = Answered {
            rows,
            bytes,
            took_ms,
            from_cache,
            now_ms: self.now_ms,
        };
        self.schedule.answered(page, answer);
    }

    pub fn progress(&self) -> Progress {
        self.schedule.progress(self.now_ms)
    }

    pub fn tries_of(&self, start: u64) -> Vec<f64> {
        self.asked
            .iter()
            .filter(|(_, page, _)| page.start == start)
            .map(|(ms, ..)| *ms)
            .collect()
    }

    pub fn lens(&self) -> Vec<u32> {
        self.asked.iter().map(|(_, page, _)| page.len).collect()
    }
}

pub fn tens(count: u64) -> Vec<(u64, u32)> {
    (0..count).map(|n| (n * 10, 10)).collect()
}
