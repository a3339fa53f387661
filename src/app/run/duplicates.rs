//! Has the rows that are alike looked for, whenever the rows have settled: at once where the run is done.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::app::frame::change;
use crate::app::store::{Phase, Store};
use crate::worker::frame::{FindDuplicates, Shown};

/// While rows are read they have settled when none came for so long.
const SETTLED: Duration = Duration::from_millis(300);

/// Keeps the signs of alike rows in step with the rows from now on.
pub fn follow(store: Store) {
    let rows = Memo::new(move |_| {
        let shown = |shown: &Shown| (shown.rows_version, shown.is_compared || shown.is_empty());
        store.rows.shown.with(shown)
    });
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let (_, is_compared) = rows.get();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        store.rows.is_comparing.set(!is_compared);
        if is_compared {
            return;
        }
        let find = move || spawn_local(change(store, FindDuplicates, JsValue::UNDEFINED));
        match store.run.phase.get() {
            Phase::Done => find(),
            _ => timer.set_value(set_timeout_with_handle(find, SETTLED).ok()),
        }
    });
}
