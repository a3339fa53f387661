//! What a run allows itself: pages and requests at once, the time between them, tries, and what counts as slow or large.
//! A server has to be spared; a file on this computer has not.

/// What a run allows itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Pages under way at once.
    pub at_once: usize,
    /// How many of them may be asked of the server; the others are those in the cache.
    pub in_flight: usize,
    /// Time from one request to the next, in milliseconds.
    pub spacing_ms: f64,
    /// The same after many refusals.
    pub max_spacing_ms: f64,
    /// What the waits before another try are multiplied with: 1, but less in a test that has no time for them.
    pub wait_scale: f64,
    /// How often a page is asked for before it is given up.
    pub max_tries: u32,
    /// After so many failures without one answer the run stops: the server is gone.
    pub max_failures_in_a_row: u32,
    /// An answer that takes longer makes later pages shorter, in milliseconds.
    pub slow_ms: f64,
    /// An answer that is larger makes later pages shorter, in bytes.
    pub large_bytes: u64,
}

impl Default for Limits {
    /// For the datasets server.
    fn default() -> Self {
        Self {
            at_once: 4,
            in_flight: 4,
            spacing_ms: 200.0,
            max_spacing_ms: 5_000.0,
            wait_scale: 1.0,
            max_tries: 6,
            max_failures_in_a_row: 24,
            slow_ms: 10_000.0,
            large_bytes: 8_000_000,
        }
    }
}

impl Limits {
    /// What both allow: for pages of several places in one run.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self {
            at_once: self.at_once.min(other.at_once),
            in_flight: self.in_flight.min(other.in_flight),
            spacing_ms: self.spacing_ms.max(other.spacing_ms),
            max_spacing_ms: self.max_spacing_ms.max(other.max_spacing_ms),
            wait_scale: self.wait_scale.min(other.wait_scale),
            max_tries: self.max_tries.min(other.max_tries),
            max_failures_in_a_row: self.max_failures_in_a_row.min(other.max_failures_in_a_row),
            slow_ms: self.slow_ms.min(other.slow_ms),
            large_bytes: self.large_bytes.min(other.large_bytes),
        }
    }

    /// The same where so many workers read the pages: each has one to work on and one that waits, so that none ever waits
    /// for the next.
    #[must_use]
    pub fn for_workers(self, workers: usize) -> Self {
        Self {
            at_once: workers.saturating_mul(2).max(self.in_flight),
            ..self
        }
    }

    /// For files and made rows, which nobody has to be spared for: as many workers as there are read them.
    pub fn local(workers: usize) -> Self {
        let all = Self::default().for_workers(workers);
        Self {
            in_flight: all.at_once,
            spacing_ms: 0.0,
            slow_ms: f64::INFINITY,
            large_bytes: u64::MAX,
            ..all
        }
    }
}
