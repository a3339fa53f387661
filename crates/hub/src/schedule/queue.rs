//! The pages of a run that are still to come, in the order in which they are asked for.
//! What is in the cache comes first, then what failed and is due again, then what was never asked for.

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use tracesift_core::ground::PageRange;

/// Pages still to come.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    /// In the cache: asked for as they are.
    kept: VecDeque<PageRange>,
    /// Not asked for yet.
    fresh: VecDeque<PageRange>,
    /// Failed, and waiting for the next try.
    again: Vec<Again>,
    /// Longer pages are cut before they are asked for.
    longest: u32,
}

/// A page that failed.
#[derive(Debug, Clone)]
pub(super) struct Again {
    pub page: PageRange,
    /// How often it was asked for.
    pub tries: u32,
    /// When it may be asked for again.
    pub due_ms: f64,
    /// What went wrong, in a sentence.
    pub why: String,
}

impl Queue {
    pub(super) fn new(pages: Vec<PageRange>) -> Self {
        Self {
            kept: VecDeque::new(),
            fresh: pages.into(),
            again: Vec::new(),
            longest: u32::MAX,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.fresh.is_empty() && self.again.is_empty()
    }

    /// Moves the pages that are in the cache to the front.
    pub(super) fn trust_cache(&mut self, cached: &[PageRange]) {
        let cached: HashSet<_> = cached.iter().collect();
        let pages = std::mem::take(&mut self.fresh).into_iter();
        (self.kept, self.fresh) = pages.partition(|page| cached.contains(page));
    }

    /// What was thought to be in the cache is treated as never asked for.
    pub(super) fn mistrust_cache(&mut self) {
        self.kept.append(&mut self.fresh);
        std::mem::swap(&mut self.kept, &mut self.fresh);
    }

    pub(super) fn pop_kept(&mut self) -> Option<PageRange> {
        self.kept.pop_front()
    }

    /// When the next page that is not in the cache is due: at once where one was never asked for.
    pub(super) fn next_due_ms(&self) -> f64 {
        match self.soonest() {
            _ if !self.fresh.is_empty() => f64::NEG_INFINITY,
            Some(again) => again.due_ms,
            None => f64::INFINITY,
        }
    }

    /// The page that failed and is due first.
    pub(super) fn soonest(&self) -> Option<&Again> {
        self.again.get(self.soonest_at()?)
    }

    fn soonest_at(&self) -> Option<usize> {
        let again = self.again.iter().enumerate();
        let soonest = again.min_by(|(_, a), (_, b)| a.due_ms.total_cmp(&b.due_ms))?;
        Some(soonest.0)
    }

    /// The next page that is due, and how often it was tried.
    ///
    /// While the server is only probed, pages that were never asked for go first: so no page uses up its tries alone.
    pub(super) fn pop_due(&mut self, now_ms: f64, is_probing: bool) -> Option<(PageRange, u32)> {
        let fresh_first = is_probing && !self.fresh.is_empty();
        let is_due = self.soonest().is_some_and(|again| again.due_ms <= now_ms);
        if is_due && !fresh_first {
            let again = self.again.remove(self.soonest_at()?);
            return Some((again.page, again.tries));
        }
        let page = self.fresh.pop_front()?;
        if page.len <= self.longest || page.bytes.is_some() {
            return Some((page, 0));
        }
        let first = PageRange::rows(page.start, self.longest);
        let rest = PageRange::rows(first.end(), page.len.saturating_sub(first.len));
        self.fresh.push_front(rest);
        Some((first, 0))
    }

    /// Puts a page where it is asked for next.
    pub(super) fn put_first(&mut self, page: PageRange) {
        self.fresh.push_front(page);
    }

    pub(super) fn put_again(&mut self, again: Again) {
        self.again.push(again);
    }

    /// Pages that were never asked for are at most half as long as this one.
    pub(super) fn shorten(&mut self, page: PageRange) {
        self.longest = self.longest.min((page.len / 2).max(1));
    }

    pub(super) fn longest(&self) -> u32 {
        self.longest
    }

    /// Drops every row of `gone`, which reaches to the end of a place; returns how many they were.
    pub(super) fn ends_at(&mut self, gone: &Range<u64>) -> u64 {
        let mut dropped = 0;
        self.kept
            .retain_mut(|page| keep_before(gone, page, &mut dropped));
        self.fresh
            .retain_mut(|page| keep_before(gone, page, &mut dropped));
        self.again
            .retain_mut(|again| keep_before(gone, &mut again.page, &mut dropped));
        dropped
    }
}

/// Cuts a page where rows that are gone begin and counts what is cut off; whether anything is left. No page begins
/// before them and ends behind them.
pub(super) fn keep_before(gone: &Range<u64>, page: &mut PageRange, dropped: &mut u64) -> bool {
    if page.start >= gone.end {
        return true;
    }
    let left = u32::try_from(gone.start.saturating_sub(page.start)).unwrap_or(u32::MAX);
    let len = page.len.min(left);
    *dropped = dropped.saturating_add(u64::from(page.len.saturating_sub(len)));
    page.len = len;
    len > 0
}
