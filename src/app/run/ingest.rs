//! What came from the workers, put into the store: facts of the split, rows, repairs, rows that could not be read.
//! Rows wait a moment, so that many answers make one change of the page; no row is looked at here.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::future::join_all;
use js_sys::Uint8Array;
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::active;
use crate::app::frame;
use crate::app::store::Store;
use crate::worker::{Measured, Notes};
use tracesift_core::ground::PageRange;
use tracesift_core::trace::RowError;

/// Rows that could not be read are listed up to here.
const BAD_ROWS_LISTED: usize = 1_000;
/// So long rows wait for others.
const MOMENT: Duration = Duration::from_millis(150);

thread_local! {
    static WAITING: RefCell<Vec<Uint8Array>> = const { RefCell::new(Vec::new()) };
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what an earlier run, or an earlier count of the same rows, has left.
pub fn clear(store: Store) {
    WAITING.take();
    store.rows.pages.set(Vec::new());
    store.rows.lost_pages.set(Vec::new());
    store.rows.bad_rows.set(Vec::new());
    store.rows.bad_count.set(0);
    store.rows.unknown_shape.set(None);
    store.rows.notes.set(Notes::default());
}

/// Takes what an answer says of the whole split. Of several datasets all rows were counted before.
pub fn facts(store: Store, measured: &Measured) {
    let is_mixture = active::with(|active| active.run.is_mixture()).unwrap_or_default();
    store.run.known.update(|known| {
        known.total = match is_mixture {
            true => known.total,
            false => measured.total.or(known.total),
        };
        known.partial |= measured.partial;
    });
}

/// Takes the rows of an answer, which pass through unread, and those that could not be read. `page` is where the rows'
/// texts can be had again.
pub fn rows(store: Store, page: Option<PageRange>, measured: Measured, rows: Uint8Array) {
    if let Some(page) = page {
        let len = measured.received.max(1);
        store
            .rows
            .pages
            .update(|pages| pages.push(PageRange { len, ..page }));
    }
    store.rows.notes.update(|notes| notes.join(measured.notes));
    let unknown = measured.bad.iter().find_map(|bad| match &bad.error {
        RowError::NoMessages(fields) => Some(fields.clone()),
        _ => None,
    });
    if unknown.is_some() && store.rows.unknown_shape.with_untracked(Option::is_none) {
        store.rows.unknown_shape.set(unknown);
    }
    if !measured.bad.is_empty() {
        store
            .rows
            .bad_count
            .update(|count| *count += measured.bad.len() as u64);
        store.rows.bad_rows.update(|bad| {
            let room = BAD_ROWS_LISTED.saturating_sub(bad.len());
            bad.extend(measured.bad.iter().take(room).cloned());
        });
    }
    WAITING.with_borrow_mut(|waiting| waiting.push(rows));
    let flush_soon = move || spawn_local(flush(store));
    if !IS_ASKED.replace(true) && set_timeout_with_handle(flush_soon, MOMENT).is_err() {
        flush_soon();
    }
}

/// Sends the rows that wait to the worker that holds them; done when they are shown, and all that were sent before.
pub fn flush(store: Store) -> impl Future<Output = ()> {
    IS_ASKED.set(false);
    let rows = WAITING.take().into_iter();
    let pushed: Vec<_> = rows.map(|rows| frame::push(store, rows)).collect();
    let told = frame::tell_rules(store);
    async move {
        join_all(pushed).await;
        told.await;
    }
}
