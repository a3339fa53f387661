//! How fast the server is asked: the space between two requests, and the times when nobody may ask.
//! One refusal slows all requests; every answer speeds them up again, down to the first pace.

use super::Waiting;

/// The pace of all requests together. Times are milliseconds of one clock.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    first_spacing_ms: f64,
    max_spacing_ms: f64,
    spacing_ms: f64,
    last_ask_ms: f64,
    closed_until_ms: f64,
    /// When the last refusal came, and how many came since the last answer.
    refused_ms: f64,
    refusals: u32,
    /// What the last refusal said.
    why: String,
}

impl Pace {
    pub(super) fn new(spacing_ms: f64, max_spacing_ms: f64) -> Self {
        Self {
            first_spacing_ms: spacing_ms,
            max_spacing_ms,
            spacing_ms,
            last_ask_ms: f64::NEG_INFINITY,
            closed_until_ms: f64::NEG_INFINITY,
            refused_ms: f64::NEG_INFINITY,
            refusals: 0,
            why: String::new(),
        }
    }

    /// When the next request may go out.
    pub(super) fn opens_ms(&self) -> f64 {
        (self.last_ask_ms + self.spacing_ms).max(self.closed_until_ms)
    }

    /// Until when nobody may ask, and why; `None` where that is past.
    pub(super) fn waiting(&self, now_ms: f64) -> Option<Waiting> {
        (self.closed_until_ms > now_ms).then(|| Waiting {
            why: self.why.clone(),
            until_ms: self.closed_until_ms,
        })
    }

    /// Whether the server has refused and not answered since: then requests go out one at a time.
    pub(super) fn is_probing(&self) -> bool {
        self.refusals > 0
    }

    pub(super) fn asked(&mut self, now_ms: f64) {
        self.last_ask_ms = now_ms;
    }

    /// Notes that a request of `asked_ms` was refused; `wait_ms` is the wait after so many refusals.
    ///
    /// Requests that were already on their way when the server began to refuse tell nothing new.
    pub(super) fn refused(
        &mut self,
        why: &str,
        asked_ms: f64,
        now_ms: f64,
        wait_ms: impl Fn(u32) -> f64,
    ) {
        if asked_ms < self.refused_ms {
            return;
        }
        self.why = why.to_owned();
        self.refused_ms = now_ms;
        self.refusals = self.refusals.saturating_add(1);
        self.spacing_ms = (self.spacing_ms * 2.0).min(self.max_spacing_ms);
        self.closed_until_ms = self.closed_until_ms.max(now_ms + wait_ms(self.refusals));
    }

    pub(super) fn answered(&mut self) {
        self.refusals = 0;
        self.spacing_ms = (self.spacing_ms * 0.75).max(self.first_spacing_ms);
    }

    /// Forgets refusals: the user wants to go on now.
    pub(super) fn reopen(&mut self) {
        self.refusals = 0;
        self.closed_until_ms = f64::NEG_INFINITY;
    }
}
