//! The run that is on: what it reads, what is done with its pages, and where each of them lies.
//! There is one at most; whoever asks for a row's text, or goes on with the run, finds it here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::app::source::token::{token_for, token_of_file};
use crate::app::store::Store;
use crate::worker::{Counting, Depth, PageAt};
use tracesift_core::ground::{PageRange, Source};
use tracesift_core::trace::RowContext;
use tracesift_hub::schedule::Schedule;
use tracesift_parquet::layout::Layout;

thread_local! {
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
    static NEWEST: Cell<u64> = const { Cell::new(0) };
}

/// The run that is on. Another run has another number: what comes late for an older one is dropped.
pub struct Active {
    /// Its number.
    pub number: u64,
    /// What it reads.
    pub run: Prepared,
    /// What tokens are counted with.
    pub counting: Counting,
    /// The pages that are counted anew, all of them.
    pub again: Vec<PageRange>,
    /// Wakes the run where it waits.
    pub timer: Option<TimeoutHandle>,
}

/// A run that can start.
pub struct Prepared {
    /// The pages, in the order in which they are asked for.
    pub schedule: Schedule,
    /// Where they are from.
    pub source: Source,
    /// What their place says of them.
    pub place: RowContext,
    /// Where the rows lie in Parquet files, where they come out of such.
    pub layout: Option<Rc<Layout>>,
    /// What is done with the pages.
    pub stage: Stage,
    /// How many rows are asked for at once where they are read whole.
    pub page_len: u32,
}

/// What is done with the pages of a run.
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
    change(|active| act(&mut active.run.schedule))
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
    with(|active| active.run.layout.is_none() && matches!(active.run.source, Source::Hub { .. }))
        .unwrap_or_default()
}

/// Whether the pages that were asked for last are those of a survey.
pub fn is_surveying() -> bool {
    with(|active| matches!(active.run.stage, Stage::Survey(..))).unwrap_or_default()
}

/// Where the run's rows lie in Parquet files, where they come out of such.
pub fn layout() -> Option<Rc<Layout>> {
    with(|active| active.run.layout.clone())?
}

/// Where a page of the run lies; `None` while there is no run.
pub fn page_at(store: Store, range: PageRange) -> Option<PageAt> {
    let (source, mut place) = with(|active| (active.run.source.clone(), active.run.place.clone()))?;
    let layout = layout();
    let mut first = 0;
    if let Some(split) = layout
        .as_ref()
        .and_then(|layout| layout.split_of(range.start))
    {
        place.config.clone_from(&split.config);
        place.split.clone_from(&split.split);
        first = split.rows.start;
    }
    let pieces = layout.map_or_else(Vec::new, |layout| layout.pieces(&range));
    let revision = store
        .reading
        .with_untracked(|reading| reading.revision.clone());
    let token = match &source {
        Source::Hub { .. } if !pieces.is_empty() => pieces
            .first()
            .and_then(|piece| token_of_file(store, &piece.file.url)),
        Source::Hub { endpoint, .. } => token_for(store, endpoint),
        Source::Demo { .. } | Source::File { .. } => None,
    };
    Some(PageAt {
        source,
        range,
        place,
        first,
        revision,
        token,
        pieces,
    })
}
