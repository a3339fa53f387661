//! The run that is on: which of its pages are still to be asked for, and what is done with them.
//! There is one at most; what goes on with it, or ends it, finds it here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::leptos_dom::helpers::TimeoutHandle;

use super::value::Run;
use crate::worker::{Counting, Depth};
use tracesift_core::ground::{PageRange, Source};
use tracesift_hub::schedule::Schedule;

thread_local! {
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
    static NEWEST: Cell<u64> = const { Cell::new(0) };
}

/// The run that is on. Another run has another number: what comes late for an older one is dropped.
pub struct Active {
    /// Its number.
    pub number: u64,
    /// What it reads.
    pub run: Arc<Run>,
    /// What is left to do.
    pub work: Work,
    /// What tokens are counted with.
    pub counting: Counting,
    /// The pages that are counted anew, all of them.
    pub again: Vec<PageRange>,
    /// Wakes the run where it waits.
    pub timer: Option<TimeoutHandle>,
}

/// What is done with the pages of a run.
pub struct Work {
    /// The pages, in the order in which they are asked for.
    pub schedule: Schedule,
    /// What is done with each.
    pub stage: Stage,
    /// How many rows are asked for at once where they are read whole.
    pub page_len: u32,
}

/// What is done with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// All rows of a page are measured.
    Whole,
    /// Rows are surveyed: all of them, or those that are listed.
    Survey(Depth, Option<Rc<Vec<u64>>>),
    /// Of a page's rows those that are listed are measured.
    Selected(Rc<Vec<u64>>),
}

/// Puts a run in the place of the one before, or none.
pub fn set(active: Option<Active>) {
    ACTIVE.set(active);
}

/// Looks at the run; `None` while there is none.
pub fn with<T>(look: impl FnOnce(&Active) -> T) -> Option<T> {
    ACTIVE.with_borrow(|active| active.as_ref().map(look))
}

/// Changes the run; `None` while there is none.
pub fn change<T>(change: impl FnOnce(&mut Active) -> T) -> Option<T> {
    ACTIVE.with_borrow_mut(|active| active.as_mut().map(change))
}

/// Changes the run's schedule; `None` while there is no run.
pub fn change_schedule<T>(act: impl FnOnce(&mut Schedule) -> T) -> Option<T> {
    change(|active| act(&mut active.work.schedule))
}

/// The number of a run that is to begin: all others are older from now on.
pub fn next_number() -> u64 {
    NEWEST.set(NEWEST.get() + 1);
    NEWEST.get()
}

/// The number that was given last.
pub fn newest_number() -> u64 {
    NEWEST.get()
}

/// Whether a run is not older than another.
pub fn is_current(number: u64) -> bool {
    NEWEST.get() == number
}

/// Whether the run's rows come from the row service.
pub fn is_by_rows() -> bool {
    let is_by_rows =
        |run: &Run| run.layout().is_none() && matches!(run.source(), Some(Source::Hub { .. }));
    with(|active| is_by_rows(&active.run)).unwrap_or_default()
}

/// Whether the pages that were asked for last are those of a survey.
pub fn is_surveying() -> bool {
    with(|active| matches!(active.work.stage, Stage::Survey(..))).unwrap_or_default()
}
