//! Looks through the texts of all rows for what a filter by text asks for: page by page, as rows are read again.
//! Pages that were looked through are not looked through again while the filter stays.

use std::cell::RefCell;
use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::ask;
use crate::app::browser;
use crate::app::frame::change;
use crate::app::store::{Phase, Store};
use crate::app::take::export::at_once;
use crate::worker::frame::NoteFound;
use crate::worker::page::Searched;
use crate::worker::{Answer, Question, WorkerError};
use tracesift_core::ground::PageRange;
use tracesift_core::search::TextQuery;

/// What is looked for, in the rows of which run.
type Sought = (TextQuery, u64);

thread_local! {
    /// The pages that were looked through.
    static DONE: RefCell<(Option<Sought>, BTreeSet<PageRange>)> = RefCell::default();
}

/// How far the search is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Searching {
    /// So many of so many pages were looked through.
    Under {
        /// Pages that were looked through.
        done: usize,
        /// All pages.
        all: usize,
    },
    /// A person ended it.
    Cancelled,
    /// It can't be done; why, in words.
    Failed(String),
}

impl Searching {
    /// Whether more will come.
    pub fn is_on(&self) -> bool {
        matches!(self, Self::Under { .. })
    }
}

/// Keeps what is found in step with the filter and the rows from now on.
pub fn follow(store: Store) {
    let is_looking = StoredValue::new(false);
    let sought = Memo::new(move |_| {
        let query = store.rows.filters.with(|filters| filters.text.clone())?;
        let run = store.run.shown.get()?;
        Some((query, run.id))
    });
    let has_rows = store.rows.has_rows;
    let is_over = Memo::new(move |_| !matches!(store.run.phase.get(), Phase::Running));
    Effect::new(move |_| {
        let now = sought.get();
        let is_new = DONE.with_borrow_mut(|done| {
            let is_new = done.0 != now;
            if is_new || !has_rows.get() {
                *done = (now.clone(), BTreeSet::new());
            }
            is_new
        });
        if is_new {
            store.rows.searching.set(None);
        }
        store.rows.pages.track();
        store.rows.rows_version.track();
        // Rows that are still being read come first.
        if !is_over.get() || is_looking.get_value() {
            return;
        }
        is_looking.set_value(true);
        spawn_local(async move {
            look(store).await;
            is_looking.set_value(false);
        });
    });
}

/// Ends the search; what was found stays.
pub fn cancel(store: Store) {
    store.rows.searching.set(Some(Searching::Cancelled));
}

/// What was found is told when so much time has passed, in milliseconds: each time the rows are selected anew.
const OFTEN: f64 = 500.0;

/// And no sooner than after so many times as long as it took the last time.
const SELDOM: f64 = 4.0;

/// What was found and not told yet.
struct Untold {
    sought: Sought,
    note: NoteFound,
    pages: Vec<PageRange>,
    /// When it is time to tell it.
    due: f64,
}

impl Untold {
    fn new(sought: Sought) -> Self {
        let note = NoteFound {
            query: sought.0.clone(),
            searched: Vec::new(),
            found: Vec::new(),
        };
        Self {
            sought,
            note,
            pages: Vec::new(),
            due: browser::now() + OFTEN,
        }
    }

    fn add(&mut self, page: PageRange, searched: Searched) {
        self.pages.push(page);
        self.note.searched.extend(searched.rows);
        self.note.found.extend(searched.found);
    }

    /// Tells it, and begins anew.
    async fn tell(&mut self, store: Store) {
        let next = Self::new(self.sought.clone());
        let Self { note, pages, .. } = std::mem::replace(self, next);
        if pages.is_empty() {
            return;
        }
        let began = browser::now();
        change(store, note, JsValue::UNDEFINED).await;
        if is_wanted(&self.sought) {
            DONE.with_borrow_mut(|done| done.1.extend(pages));
        }
        let now = browser::now();
        self.due = now + OFTEN.max(SELDOM * (now - began));
    }
}

/// Looks through all pages that were not looked through yet, whatever is looked for by now.
async fn look(store: Store) {
    while let Some((sought, pages)) = left(store) {
        let known = store.rows.searching.get_untracked();
        if known.is_some_and(|known| !known.is_on()) {
            return;
        }
        let before = DONE.with_borrow(|done| done.1.len());
        let all = before + pages.len();
        let show = move |done| {
            let searching = Searching::Under { done, all };
            store.rows.searching.set(Some(searching));
        };
        show(before);
        let Some(run) = store.run.shown.get_untracked() else {
            return;
        };
        let searches = pages.into_iter().map(|page| {
            let (run, query) = (run.clone(), sought.0.clone());
            async move {
                let at = run
                    .page_at(store, page)
                    .ok_or(WorkerError::NoRow(page.start));
                let answer = match at {
                    Ok(at) => ask::about(store, &run, &Question::Search { at, query }).await,
                    Err(error) => Err(error),
                };
                (page, answer)
            }
        });
        let mut answers = stream::iter(searches).buffered(at_once(store, &run));
        let mut untold = Untold::new(sought.clone());
        let mut trouble = None;
        let mut done = before;
        while let Some((page, answer)) = answers.next().await {
            if !is_wanted(&sought) || !is_on(store) {
                break;
            }
            match answer {
                Ok((Answer::Searched(searched), _)) => untold.add(page, searched),
                Ok(_) => trouble = Some(WorkerError::Protocol),
                Err(error) => trouble = Some(error),
            }
            if trouble.is_some() {
                break;
            }
            done += 1;
            show(done);
            if browser::now() >= untold.due {
                untold.tell(store).await;
            }
        }
        // What was found before it was cancelled stays.
        if is_wanted(&sought) {
            untold.tell(store).await;
        }
        if let Some(trouble) = trouble {
            return fail(store, &trouble);
        }
    }
    if is_on(store) {
        store.rows.searching.set(None);
    }
}

/// Whether it is still this that is looked for.
fn is_wanted(sought: &Sought) -> bool {
    DONE.with_borrow(|done| done.0.as_ref() == Some(sought))
}

fn is_on(store: Store) -> bool {
    let is_on = |now: &Option<Searching>| now.as_ref().is_some_and(Searching::is_on);
    store.rows.searching.with_untracked(is_on)
}

fn fail(store: Store, error: &WorkerError) {
    store
        .rows
        .searching
        .set(Some(Searching::Failed(error.to_string())));
}

/// What is looked for, and the pages that were not looked through yet; `None` where there is nothing to do.
fn left(store: Store) -> Option<(Sought, Vec<PageRange>)> {
    let is_survey = store.rows.shown.with_untracked(|shown| shown.is_survey());
    let is_over = store.run.phase.get_untracked() != Phase::Running;
    if is_survey || !is_over {
        return None;
    }
    DONE.with_borrow(|(sought, done)| {
        let sought = sought.clone()?;
        let pages = store.rows.pages.with_untracked(|pages| {
            let left = pages.iter().filter(|page| !done.contains(page));
            left.copied().collect::<Vec<_>>()
        });
        (!pages.is_empty()).then_some((sought, pages))
    })
}
