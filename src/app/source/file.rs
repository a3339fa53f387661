//! A local file as the data set: chosen by the picker or dropped on the form.
//! Only its handle is kept; workers read the pieces that they need.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement};

use super::dataset;
use crate::app::run;
use crate::app::store::{Store, store};

/// The button that opens the picker.
#[component]
pub fn FileButton() -> impl IntoView {
    let store = store();
    let chosen = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // Else the browser takes the same file, edited and chosen again, for no change.
        input.set_value("");
        if let Some(file) = file {
            open_file(store, file);
        }
    };
    let input = NodeRef::<html::Input>::new();
    let open = move |_| {
        if let Some(input) = input.get() {
            input.click();
        }
    };
    view! {
        <button type="button" on:click=open>"Open a file"</button>
        <input class="unseen" type="file" accept=".jsonl,.json,.ndjson,.parquet,application/json" tabindex="-1"
            aria-label="File" node_ref=input on:change=chosen/>
        <span class="hint">"JSONL, a JSON array or Parquet; or drop it here"</span>
    }
}

/// Takes a file that was dropped.
pub fn drop_file(store: Store, event: &DragEvent) {
    event.prevent_default();
    if let Some(file) = event.data_transfer().and_then(|data| data.files()?.get(0)) {
        open_file(store, file);
    }
}

fn open_file(store: Store, file: File) {
    store.run.file.set_value(Some(file));
    dataset::choose(store, "file");
    run::analyze(store);
}
