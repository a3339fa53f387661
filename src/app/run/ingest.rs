//! What came from the workers, put into the store: facts of the split, rows, repairs, rows that could not be read.
//! Rows wait a moment, so that many answers make one change of the page.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;

use super::active;
use crate::app::store::{MappedRows, Store};
use crate::worker::Measured;
use tracesift_core::ground::PageRange;
use tracesift_core::measure::Measurements;
use tracesift_core::trace::RowError;

/// Rows that could not be read are listed up to here.
const BAD_ROWS_LISTED: usize = 1_000;
/// So long rows wait for others.
const MOMENT: Duration = Duration::from_millis(150);

thread_local! {
    static WAITING: RefCell<Vec<Measurements>> = const { RefCell::new(Vec::new()) };
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what an earlier run, or an earlier count of the same rows, has left.
pub fn clear(store: Store) {
    WAITING.take();
    store.rows.pages.set(Vec::new());
    store.rows.lost_pages.set(Vec::new());
    store.rows.bad_rows.set(Vec::new());
    store.rows.bad_count.set(0);
    store.rows.repairs.update(|repairs| repairs.clear());
    store.rows.unknown_shape.set(None);
    store.rows.unread_calls.set(Default::default());
    store.rows.mapped.set(MappedRows::default());
    store.rows.unrendered.set((0, Vec::new()));
}

/// Takes what an answer says of the whole split. Of several data sets all rows were counted before.
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

/// Takes the rows of an answer, and those that could not be read. `page` is where the rows' texts can be had again.
pub fn rows(store: Store, page: Option<PageRange>, measured: Measured) {
    if let Some(page) = page {
        let len = measured.received.max(1);
        store
            .rows
            .pages
            .update(|pages| pages.push(PageRange { len, ..page }));
    }
    store.rows.repairs.update(|repairs| {
        for (repair, times) in measured.rows.iter().flat_map(|row| &row.repairs.0) {
            let (all, rows) = repairs.entry(*repair).or_default();
            *all += u64::from(*times);
            *rows += 1;
        }
    });
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
    note_unrendered(store, &measured.rows);
    note_unread(store, &measured.rows);
    note_mapped(store, &measured.rows);
    WAITING.with_borrow_mut(|waiting| waiting.extend(measured.rows));
    if !IS_ASKED.replace(true) && set_timeout_with_handle(move || flush(store), MOMENT).is_err() {
        flush(store);
    }
}

/// Notes runs without a call in which something looks like one.
fn note_unread(store: Store, rows: &[Measurements]) {
    let mut samples = rows.iter().filter_map(|row| row.unread_call.as_deref());
    let Some(first) = samples.next() else { return };
    let more = samples.count() as u64;
    store.rows.unread_calls.update(|(count, sample)| {
        if *count == 0 {
            first.clone_into(sample);
        }
        *count += 1 + more;
    });
}

/// Notes what looks as if a field was named wrongly.
fn note_mapped(store: Store, rows: &[Measurements]) {
    let is_one_speaker =
        |row: &&Measurements| row.messages > 1 && (row.turns == 0 || row.turns == row.messages);
    let is_nameless = |row: &&Measurements| row.tools.iter().any(|tool| tool.name.is_empty());
    store.rows.mapped.update(|mapped| {
        mapped.rows += rows.len() as u64;
        mapped.one_speaker += rows.iter().filter(is_one_speaker).count() as u64;
        mapped.nameless += rows.iter().filter(is_nameless).count() as u64;
    });
}

/// Notes the rows that the chat template does not take.
fn note_unrendered(store: Store, rows: &[Measurements]) {
    /// So many are listed.
    const LISTED: usize = 20;
    let refused = rows.iter().filter_map(|row| {
        let why = row.unrendered.as_ref()?;
        Some((row.row, why.to_string()))
    });
    let refused: Vec<_> = refused.collect();
    if refused.is_empty() {
        return;
    }
    store.rows.unrendered.update(|(count, listed)| {
        *count += refused.len() as u64;
        let room = LISTED.saturating_sub(listed.len());
        listed.extend(refused.into_iter().take(room));
    });
}

/// Puts the rows that wait into the frame.
pub fn flush(store: Store) {
    IS_ASKED.set(false);
    let rows = WAITING.take();
    if !rows.is_empty() {
        store
            .rows
            .frame
            .update(|frame| rows.iter().for_each(|row| Arc::make_mut(frame).push(row)));
    }
}
