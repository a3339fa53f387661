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
use crate::app::frame::change;
use crate::app::store::{Phase, Store};
use crate::app::take::export::at_once;
use crate::worker::frame::NoteFound;
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

/// Looks through all pages that were not looked through yet, whatever is looked for by now.
async fn look(store: Store) {
    while let Some((sought, pages)) = left(store) {
        let known = store.rows.searching.get_untracked();
        if known.is_some_and(|known| !known.is_on()) {
            return;
        }
        let all = DONE.with_borrow(|done| done.1.len()) + pages.len();
        let show = move || {
            let done = DONE.with_borrow(|done| done.1.len());
            store
                .rows
                .searching
                .set(Some(Searching::Under { done, all }));
        };
        show();
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
        while let Some((page, answer)) = answers.next().await {
            let is_wanted = DONE.with_borrow(|done| done.0.as_ref() == Some(&sought));
            let is_on = store
                .rows
                .searching
                .with_untracked(|now| now.as_ref().is_some_and(Searching::is_on));
            if !is_wanted || !is_on {
                break;
            }
            match answer {
                Ok((Answer::Searched(searched), _)) => {
                    let note = NoteFound {
                        query: sought.0.clone(),
                        searched: searched.rows,
                        found: searched.found,
                    };
                    change(store, note, JsValue::UNDEFINED).await;
                    DONE.with_borrow_mut(|done| done.1.insert(page));
                    show();
                }
                Ok(_) => return fail(store, &WorkerError::Protocol),
                Err(error) => return fail(store, &error),
            }
        }
    }
    let is_on = |now: &Option<Searching>| now.as_ref().is_some_and(Searching::is_on);
    if store.rows.searching.with_untracked(is_on) {
        store.rows.searching.set(None);
    }
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
