//! The run that is on: which of its pages are still to be asked for, and what is done with them.
//! There is one at most; what goes on with it, or ends it, finds it here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::leptos_dom::helpers::TimeoutHandle;

use super::prepare::Detours;
use super::value::{Part, Run};
use crate::worker::{Counting, Depth};
use tracesift_core::ground::{PageRange, Source};
use tracesift_core::recipe::Via;
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

impl Active {
    /// The part that the run ended at by an error; else its first one.
    pub fn ended_at(&self) -> Option<&Part> {
        self.run.parts.get(self.place_ended_at()?)
    }

    /// Which of the datasets that is, counted from 0.
    pub fn place_ended_at(&self) -> Option<usize> {
        let page = self.work.schedule.stopped_at();
        self.run.place_of(page.map_or(0, |page| page.start))
    }

    /// The ways by which its datasets are read where the row service can't give them: of those that are read so already,
    /// and of the one that it ended at, which is to be read by `way`.
    pub fn detours(&self, way: Via) -> Detours {
        let ended_at = self.place_ended_at();
        let parts = self.run.parts.iter().enumerate();
        let each = parts.filter_map(|(at, part)| match &part.source {
            _ if Some(at) == ended_at => Some((at, way)),
            Source::Repository { .. } => Some((at, Via::Files)),
            _ => part.layout.is_some().then_some((at, Via::Parquet)),
        });
        Detours(each.collect())
    }
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

/// Whether rows of the run come from the row service: those that it ended at by an error, or else its first ones.
pub fn is_by_rows() -> bool {
    let is_by_rows =
        |part: &Part| part.layout.is_none() && matches!(part.source, Source::Hub { .. });
    with(|active| active.ended_at().is_some_and(is_by_rows)).unwrap_or_default()
}

/// Whether the pages that were asked for last are those of a survey.
pub fn is_surveying() -> bool {
    with(|active| matches!(active.work.stage, Stage::Survey(..))).unwrap_or_default()
}
