//! What came of a page, told to the schedule and to the store: its rows, or why there are none.
//! A page of another commit than the run's is not mixed with the others.

use std::sync::Arc;

use leptos::prelude::*;

use super::active::{self, Stage};
use super::ask::Rows;
use super::ingest;
use super::value::dataset_name;
use crate::app::browser;
use crate::app::store::{Changed, Phase, Store};
use crate::worker::Measured;
use tracesift_core::ground::PageRange;
use tracesift_hub::error::HubError;
use tracesift_hub::schedule::{Answered, RevisionCheck};

/// Takes a page's rows; `begun` is when it was asked for, in milliseconds.
pub fn handle_answer(
    store: Store,
    page: PageRange,
    (measured, rows): Rows,
    stage: &Stage,
    begun: f64,
) {
    let check = active::change_schedule(|schedule| {
        schedule.revision(page.start, measured.revision.as_deref())
    });
    if let Some(RevisionCheck::Changed { from, to }) = check {
        let dataset = active::with(|active| {
            let part = active.run.part(page.start);
            part.filter(|_| active.run.is_mixture())
                .map(|part| dataset_name(&part.source))
        });
        store.run.changed.set(Some(Changed {
            dataset: dataset.flatten(),
            from,
            to,
        }));
        store.run.phase.set(Phase::Paused);
        // The page is of the new commit: it is not mixed with the old one's.
        return;
    }
    active::change_schedule(|schedule| {
        schedule.answered(
            page,
            Answered {
                rows: measured.received,
                bytes: measured.bytes,
                took_ms: measured.fetch_ms.max(if measured.from_cache {
                    0.0
                } else {
                    browser::now() - begun
                }),
                from_cache: measured.from_cache,
                now_ms: browser::now(),
            },
        );
    });
    if let Some(why) = &measured.cache_off {
        store.account.cache_off.set(Some(why.clone()));
    }
    note_revision(store, page.start, &measured);
    ingest::facts(store, &measured);
    let is_whole = !matches!(stage, Stage::Survey(..));
    ingest::rows(store, is_whole.then_some(page), measured, rows);
}

/// Notes which commit is read of a row's dataset, once an answer says it.
fn note_revision(store: Store, row: u64, measured: &Measured) {
    let Some(revision) = measured.revision.as_deref() else {
        return;
    };
    let named = active::change(|active| {
        let known = active.run.part(row)?.revision.as_deref();
        if known == Some(revision) {
            return None;
        }
        active.run = Arc::new(active.run.at_revision(row, revision));
        Some(active.run.clone())
    });
    if let Some(run) = named.flatten() {
        store.run.shown.set(Some(run));
    }
}

/// Notes that a page could not be had: the schedule asks again, halves it or gives it up.
pub fn handle_failure(store: Store, page: PageRange, error: &HubError) {
    active::change_schedule(|schedule| {
        schedule.failed(page, error, browser::now(), js_sys::Math::random());
    });
    show_lost_pages(store);
}

/// Shows which pages were given up.
pub fn show_lost_pages(store: Store) {
    if let Some(lost) = active::with(|active| active.work.schedule.failures().to_vec()) {
        store.rows.lost_pages.set(lost);
    }
}

/// Shows how far the run is.
pub fn show_progress(store: Store) {
    let progress = active::with(|active| active.work.schedule.progress(browser::now()));
    if progress.is_some() {
        store.run.progress.set(progress);
    }
}
