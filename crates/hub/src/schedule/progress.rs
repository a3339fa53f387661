//! How far a run is and how long it will take, as the page shows it.
//! The time left follows the speed of the last answers, so that a cache or a pause does not distort it.

use std::collections::VecDeque;

/// How many answers the speed is taken from.
const SPEED_ANSWERS: usize = 12;

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// Rows that came.
    pub rows_done: u64,
    /// Rows that were planned, less those behind the end of the split.
    pub rows_wanted: u64,
    /// Of the rows that came, those from the cache.
    pub from_cache_rows: u64,
    /// Rows of pages that were given up.
    pub rows_failed: u64,
    /// Pages that were given up.
    pub pages_failed: usize,
    /// Bytes of all answers.
    pub bytes: u64,
    /// What is waited for before something is asked for again.
    pub waiting: Option<Waiting>,
    /// The time left, in milliseconds, once there is a speed.
    pub eta_ms: Option<f64>,
}

/// Why and until when something waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// What went wrong, in a sentence.
    pub why: String,
    /// When it is asked for again, in milliseconds of the run's clock.
    pub until_ms: f64,
}

/// The speed of the last answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Speed(VecDeque<(f64, u32)>);

impl Speed {
    pub(super) fn note(&mut self, now_ms: f64, rows: u32) {
        if self.0.len() >= SPEED_ANSWERS {
            self.0.pop_front();
        }
        self.0.push_back((now_ms, rows));
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// How long `rows` more will take; `None` before the second answer.
    pub(super) fn time_for(&self, rows: u64, now_ms: f64) -> Option<f64> {
        let since_ms = self.0.front()?.0;
        // The rows of the first answer came before the time that is measured.
        let came: f64 = self
            .0
            .iter()
            .skip(1)
            .map(|(_, rows)| f64::from(*rows))
            .sum();
        let took_ms = now_ms - since_ms;
        (came > 0.0 && took_ms > 0.0).then(|| rows as f64 * took_ms / came)
    }
}
