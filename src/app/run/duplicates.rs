//! Looks for rows that are alike, in slices, whenever the rows have settled.
//! A search that the rows have overtaken is given up; the next one begins when they rest again.

use std::sync::Arc;
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::store::Store;
use tracesift_core::frame::duplicates::DuplicateSearch;

/// Rows have settled when none came for so long.
const SETTLED: Duration = Duration::from_millis(300);

/// Keeps the signs of alike rows in step with the rows from now on.
pub fn follow(store: Store) {
    let rows = Memo::new(move |_| {
        let counts = store
            .rows
            .frame
            .with(|frame| (frame.len(), frame.measured()));
        (counts, store.rows.counted.get())
    });
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let ((_, measured), _) = rows.get();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        store.rows.is_comparing.set(measured > 1);
        if measured > 1 {
            let begin = move || spawn_local(search(store, rows));
            timer.set_value(set_timeout_with_handle(begin, SETTLED).ok());
        }
    });
}

async fn search(store: Store, rows: Memo<((usize, usize), u32)>) {
    let begun_with = rows.get_untracked();
    let mut search = store
        .rows
        .frame
        .with_untracked(|frame| DuplicateSearch::new(frame));
    while store
        .rows
        .frame
        .with_untracked(|frame| search.advance(frame))
    {
        // The page draws and answers between slices.
        TimeoutFuture::new(0).await;
        if rows.get_untracked() != begun_with {
            return;
        }
    }
    store
        .rows
        .frame
        .update(|frame| search.put(Arc::make_mut(frame)));
    store.rows.is_comparing.set(false);
}
