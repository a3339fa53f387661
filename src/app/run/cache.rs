//! What the browser keeps of earlier runs: asked of the hub worker, shown under the progress, cleared by a button.
//! Nothing but the two questions; the keeping itself is done in the workers.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::app::store::Store;
use crate::worker::{Answer, Question};

/// Shows how much is kept now.
pub fn show(store: Store) {
    ask(store, Question::CacheSize);
}

/// Forgets all of it.
pub fn clear(store: Store) {
    ask(store, Question::ClearCache);
}

fn ask(store: Store, question: Question) {
    spawn_local(async move {
        // Without an answer the page shows what it knew.
        if let Ok((Answer::CacheSize(size), _)) =
            store.hub_worker().ask(&question, JsValue::UNDEFINED).await
        {
            store.account.cache.set(size);
        }
    });
}
