//! When to ask for which page, and what to do when an answer is slow, short, large or does not come.
//! Pure: the clock and the dice are handed in, so that hours of trouble are tested in milliseconds.

use std::ops::Range;

use crate::error::{CUT_SHORT, DAMAGED, ENDLESS, ErrorKind, HubError};
use crate::plan::halve;
use tracesift_core::ground::{MAX_PAGE_ROWS, PageRange};

mod limits; // what a run allows itself
mod pace; // the space between requests, slower after refusals
mod places; // the places that rows are from: where each ends, and its commit
mod progress; // rows, bytes, what is waited for, time left
mod queue; // the pages still to come, in their order

pub use limits::Limits;
use pace::Pace;
use places::Places;
use progress::Speed;
pub use progress::{Progress, Waiting};
use queue::{Again, Queue, keep_before};

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Next {
    /// Ask for this page; report back by [`Schedule::answered`] or [`Schedule::failed`].
    Ask {
        /// The page.
        page: PageRange,
        /// Which try this is, from 1.
        attempt: u32,
    },
    /// Call again at this time, or when an answer comes.
    Wait {
        /// Milliseconds of the run's clock.
        until_ms: f64,
    },
    /// Call again when an answer comes.
    Busy,
    /// Halted by the user, or by a change of the dataset.
    Paused,
    /// Cancelled, or ended by an error; see [`Schedule::stopped`].
    Stopped,
    /// Every page came or was given up; see [`Schedule::failures`].
    Done,
}

/// What came for a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answered {
    /// Rows in the answer, readable or not.
    pub rows: u32,
    /// Its bytes.
    pub bytes: u64,
    /// Time from asking to its last byte, in milliseconds.
    pub took_ms: f64,
    /// Whether it came from the cache.
    pub from_cache: bool,
    /// The time now.
    pub now_ms: f64,
}

/// Whether an answer is of the commit that the run began with, of the dataset that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisionCheck {
    /// It is, or it does not say.
    Same,
    /// It is not: the dataset was changed in mid-run, and the run is paused.
    Changed {
        /// The commit of the answers before.
        from: String,
        /// The commit of this one.
        to: String,
    },
}

/// The order of a run: which pages are still to be asked for, which are under way, which were given up.
///
/// Every row that was planned is in exactly one of: the answers, the pages still to come, [`failures`](Self::failures),
/// or behind the end of its split. Times are milliseconds of any clock that only goes forward.
#[derive(Debug, Clone)]
pub struct Schedule {
    limits: Limits,
    pace: Pace,
    speed: Speed,
    progress: Progress,
    queue: Queue,
    flights: Vec<Flight>,
    failures: Vec<(PageRange, HubError)>,
    failures_in_a_row: u32,
    /// The places that rows are from.
    places: Places,
    is_paused: bool,
    is_cancelled: bool,
    stopped: Option<(PageRange, HubError)>,
}

#[derive(Debug, Clone)]
struct Flight {
    page: PageRange,
    tries: u32,
    asked_ms: f64,
    is_kept: bool,
}

impl Schedule {
    /// A run over these pages, in their order.
    pub fn new(pages: Vec<PageRange>, limits: Limits) -> Self {
        Self {
            limits,
            pace: Pace::new(limits.spacing_ms, limits.max_spacing_ms),
            speed: Speed::default(),
            progress: Progress {
                rows_wanted: pages.iter().map(|page| u64::from(page.len)).sum(),
                ..Progress::default()
            },
            queue: Queue::new(pages),
            flights: Vec::new(),
            failures: Vec::new(),
            failures_in_a_row: 0,
            places: Places::default(),
            is_paused: false,
            is_cancelled: false,
            stopped: None,
        }
    }

    /// Says at which rows another place begins that rows are from; no page lies in two of them.
    #[must_use]
    pub fn with_places(mut self, firsts: impl IntoIterator<Item = u64>) -> Self {
        self.places = Places::beginning_at(firsts);
        self
    }

    /// Says which pages are in the cache: they come first, without pacing, and are never cut.
    #[must_use]
    pub fn with_cache(mut self, cached: &[PageRange]) -> Self {
        self.queue.trust_cache(cached);
        self
    }

    /// What to do now. Call again after every report and at the time of [`Next::Wait`].
    pub fn next(&mut self, now_ms: f64) -> Next {
        if self.is_cancelled || self.stopped.is_some() {
            return Next::Stopped;
        }
        if self.is_paused {
            return Next::Paused;
        }
        if self.queue.is_empty() && self.flights.is_empty() {
            return Next::Done;
        }
        if self.queue.is_empty() || self.flights.len() >= self.limits.at_once.max(1) {
            return Next::Busy;
        }
        if let Some(page) = self.queue.pop_kept() {
            return self.ask(page, 0, now_ms, true);
        }
        let asked = self.flights.iter().filter(|flight| !flight.is_kept);
        if asked.count() >= self.may_fly() {
            return Next::Busy;
        }
        let until_ms = self.queue.next_due_ms().max(self.pace.opens_ms());
        if until_ms > now_ms {
            return Next::Wait { until_ms };
        }
        match self.queue.pop_due(now_ms, self.pace.is_probing()) {
            Some((page, tries)) => {
                self.pace.asked(now_ms);
                self.ask(page, tries, now_ms, false)
            }
            None => Next::Busy,
        }
    }

    /// Notes an answer. Of a short one the rest is asked for again; an empty one is the end of the split.
    pub fn answered(&mut self, page: PageRange, answer: Answered) {
        let Some(flight) = self.land(page) else {
            return;
        };
        let rows = answer.rows.min(page.len);
        self.progress.rows_done += u64::from(rows);
        self.progress.bytes = self.progress.bytes.saturating_add(answer.bytes);
        if answer.from_cache {
            self.progress.from_cache_rows += u64::from(rows);
        } else {
            self.failures_in_a_row = 0;
            self.pace.answered();
            self.speed.note(answer.now_ms, rows);
            self.mistrust_cache(&flight);
            if answer.took_ms > self.limits.slow_ms || answer.bytes > self.limits.large_bytes {
                self.queue.shorten(page);
            }
        }
        let end = page.start.saturating_add(u64::from(rows));
        if rows > 0 {
            self.places.see(page.start, end);
        }
        let missing = page.len - rows;
        if missing > 0 {
            self.fell_short(page, PageRange::rows(end, missing));
        }
    }

    /// Notes a failure. `random` in 0..1 spreads the next tries over time, so that many clients don't come at once.
    pub fn failed(&mut self, page: PageRange, error: &HubError, now_ms: f64, random: f64) {
        let Some(flight) = self.land(page) else {
            return;
        };
        self.mistrust_cache(&flight);
        self.count_failure(error);
        if error.ends_the_run() || self.failures_in_a_row >= self.limits.max_failures_in_a_row {
            self.queue.put_first(page);
            self.stopped = Some((page, error.clone()));
            return;
        }
        let tries = flight.tries.saturating_add(1);
        let retry = error.retry(self.limits.max_tries);
        let jitter = (1.0 + 0.25 * random.clamp(0.0, 1.0)) * self.limits.wait_scale;
        let is_outage = self.failures_in_a_row as usize >= self.limits.in_flight;
        if error.kind == ErrorKind::Limited || (error.is_passing() && is_outage) {
            let wait_ms = |refusals| retry.wait_ms(refusals) * jitter;
            let asked_ms = flight.asked_ms;
            self.pace.refused(&error.cause, asked_ms, now_ms, wait_ms);
        }
        let due_ms = match error.kind {
            ErrorKind::Limited => self.pace.opens_ms(),
            _ => now_ms + retry.wait_ms(tries) * jitter,
        };
        let is_given_up = tries >= retry.tries;
        if error.asks_for_less() {
            self.queue.shorten(page);
        }
        match halve(page).filter(|_| is_worth_halving(error, tries, is_given_up)) {
            Some((first, second)) => {
                self.try_again(first, 0, due_ms, error);
                self.try_again(second, 0, due_ms, error);
            }
            None if is_given_up => self.give_up(page, error.clone()),
            None => self.try_again(page, tries, due_ms, error),
        }
    }

    /// Compares the commit of an answer that holds `row` with that of the place that the row is from; another one pauses
    /// the run.
    ///
    /// The first commit is the place's. Whoever wants to go on with the new one begins a new run.
    pub fn revision(&mut self, row: u64, revision: Option<&str>) -> RevisionCheck {
        match self.places.other_commit(row, revision) {
            None => RevisionCheck::Same,
            Some((from, to)) => {
                self.is_paused = true;
                RevisionCheck::Changed { from, to }
            }
        }
    }

    /// Halts the run; what is under way may still be reported.
    pub fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Goes on after a pause, or after an error that stopped the run.
    pub fn resume(&mut self) {
        self.is_paused = false;
        self.stopped = None;
        self.failures_in_a_row = 0;
        self.pace.reopen();
        self.speed.forget();
    }

    /// Ends the run; what is under way is no longer waited for.
    pub fn cancel(&mut self) {
        self.is_cancelled = true;
        self.flights.clear();
    }

    /// Asks once more for a page that was given up, and goes on if the run was stopped.
    pub fn retry(&mut self, page: PageRange) {
        let Some(at) = self.failures.iter().position(|(failed, _)| *failed == page) else {
            return;
        };
        self.failures.remove(at);
        self.queue.put_first(page);
        self.resume();
    }

    /// Asks once more for every page that was given up.
    pub fn retry_all(&mut self) {
        for page in self
            .failures
            .iter()
            .map(|(page, _)| *page)
            .collect::<Vec<_>>()
        {
            self.retry(page);
        }
    }

    /// The pages that were given up, each with its last error.
    pub fn failures(&self) -> &[(PageRange, HubError)] {
        &self.failures
    }

    /// The error that ended the run.
    pub fn stopped(&self) -> Option<&HubError> {
        self.stopped.as_ref().map(|(_, error)| error)
    }

    /// The page that the run ended at by an error.
    pub fn stopped_at(&self) -> Option<PageRange> {
        self.stopped.as_ref().map(|(page, _)| *page)
    }

    /// The most rows that a page is asked for with, after slow and large answers.
    pub fn longest_page(&self) -> u32 {
        self.queue.longest().min(MAX_PAGE_ROWS)
    }

    /// How far the run is.
    pub fn progress(&self, now_ms: f64) -> Progress {
        let rows_failed = self
            .failures
            .iter()
            .map(|(page, _)| u64::from(page.len))
            .sum::<u64>();
        let gone = self.progress.rows_done.saturating_add(rows_failed);
        let left = self.progress.rows_wanted.saturating_sub(gone);
        Progress {
            rows_failed,
            pages_failed: self.failures.len(),
            waiting: self.waiting(now_ms),
            eta_ms: self.speed.time_for(left, now_ms),
            ..self.progress.clone()
        }
    }

    /// Why nothing, or not everything, is asked for now.
    fn waiting(&self, now_ms: f64) -> Option<Waiting> {
        self.pace.waiting(now_ms).or_else(|| {
            let soonest = self.queue.soonest()?;
            (soonest.due_ms > now_ms).then(|| Waiting {
                why: soonest.why.clone(),
                until_ms: soonest.due_ms,
            })
        })
    }

    /// How many pages that are not in the cache may be asked for at once.
    fn may_fly(&self) -> usize {
        if self.pace.is_probing() {
            1
        } else {
            self.limits.in_flight.max(1)
        }
    }

    fn ask(&mut self, page: PageRange, tries: u32, now_ms: f64, is_kept: bool) -> Next {
        self.flights.push(Flight {
            page,
            tries,
            asked_ms: now_ms,
            is_kept,
        });
        Next::Ask {
            page,
            attempt: tries.saturating_add(1),
        }
    }

    /// Takes a page out of those under way; `None` for one that nobody waits for.
    fn land(&mut self, page: PageRange) -> Option<Flight> {
        let at = self.flights.iter().position(|flight| flight.page == page)?;
        Some(self.flights.swap_remove(at))
    }

    /// A page that should have been in the cache was not: it was emptied, and what is left needs pacing after all.
    fn mistrust_cache(&mut self, flight: &Flight) {
        if flight.is_kept {
            self.queue.mistrust_cache();
            // Those under way ask the server, too.
            let flights = self.flights.iter_mut();
            flights.for_each(|flight| flight.is_kept = false);
        }
    }

    fn count_failure(&mut self, error: &HubError) {
        // An error that is final at once is an answer after all: the server is there. Work without an end is different:
        // where a chat template is made so, every page of the run costs minutes, and none comes.
        let is_endless = error.code.as_deref() == Some(ENDLESS);
        let is_final = error.retry(self.limits.max_tries).tries <= 1;
        let is_answer = error.kind == ErrorKind::Page && is_final && !is_endless;
        self.failures_in_a_row = if is_answer {
            0
        } else {
            self.failures_in_a_row.saturating_add(1)
        };
    }

    fn try_again(&mut self, page: PageRange, tries: u32, due_ms: f64, error: &HubError) {
        self.queue.put_again(Again {
            page,
            tries,
            due_ms,
            why: error.cause.clone(),
        });
    }

    fn give_up(&mut self, page: PageRange, error: HubError) {
        self.failures.push((page, error));
    }

    /// The answer to `page` lacks the rows of `rest`.
    fn fell_short(&mut self, page: PageRange, rest: PageRange) {
        let (seen_end, next) = self.places.ends_of(page.start);
        if page.bytes.is_some() {
            // A file is not asked twice: it was changed, and the rows are gone.
            self.want_less(u64::from(rest.len));
        } else if rest.len < page.len {
            self.queue.put_first(rest);
        } else if page.start < seen_end {
            self.give_up(page, HubError::no_rows());
        } else {
            self.want_less(u64::from(rest.len));
            self.ends_at(page.start..next);
        }
    }

    /// Drops every row behind the end of a split, up to where the next place begins.
    fn ends_at(&mut self, gone: Range<u64>) {
        let mut dropped = self.queue.ends_at(&gone);
        self.failures
            .retain_mut(|(page, _)| keep_before(&gone, page, &mut dropped));
        self.want_less(dropped);
    }

    fn want_less(&mut self, rows: u64) {
        self.progress.rows_wanted = self.progress.rows_wanted.saturating_sub(rows);
    }
}

/// Whether both halves of a page may come where the whole does not: it was too much at once, or one row spoils it.
fn is_worth_halving(error: &HubError, tries: u32, is_given_up: bool) -> bool {
    let is_cut_again = error.code.as_deref() == Some(CUT_SHORT) && tries > 1;
    let is_damaged = error.code.as_deref() == Some(DAMAGED);
    error.asks_for_less()
        || is_cut_again
        || (is_given_up && error.kind == ErrorKind::Page && !is_damaged)
}
