//! The reader's head, which stays in sight: which run it is, what came of it, and the way to the next in the table's order.
//! Its buttons stay the same from run to run, so that whoever presses one can press it again.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::beside::Others;
use super::table::mark_of;
use super::workbench::bench;
use crate::app::busy::Busy;
use crate::app::frame;
use crate::app::store::{Store, store};
use crate::app::{address, browser};
use crate::worker::frame::PlaceOf;
use tracesift_core::ground::words;
use tracesift_core::recipe::PagePlace;
use tracesift_core::view::{DiffView, View};

/// Which row, the way to the next one, its link.
#[component]
pub fn Head(row: Memo<Option<u64>>, heading: NodeRef<html::H2>) -> impl IntoView {
    let store = store();
    let standing = bench().standing;
    let title = move || {
        let row = row.get()?;
        let run = store.run.shown.get();
        let file = run.and_then(|run| {
            let file = run.file_of(row)?;
            Some(format!(" · {}", words::cut(file, 120)))
        });
        Some(format!("Row {row}{}", file.unwrap_or_default()))
    };
    let place = move || {
        let standing = standing.get();
        let of = words::count(standing.len as u64);
        match standing.at {
            Some(at) => format!("{} of {of}", words::count(at as u64 + 1)),
            None => "not in the table".to_owned(),
        }
    };
    let has_none = move |is_after: bool| {
        let standing = standing.get();
        let next = if is_after {
            standing.after
        } else {
            standing.before
        };
        next.is_none()
    };
    view! {
        <header>
            <h2 node_ref=heading tabindex="-1">{title}</h2>
            <div class="steps">
                <button type="button" class="bare" aria-label="Previous run (left arrow)" aria-disabled=move || has_none(false).to_string()
                    on:click=move |_| step(store, false)>"‹"</button>
                <span role="status">{place}</span>
                <button type="button" class="bare" aria-label="Next run (right arrow)" aria-disabled=move || has_none(true).to_string()
                    on:click=move |_| step(store, true)>"›"</button>
            </div>
            <Others row/>
            <div class="buttons">
                <button type="button" class="bare" on:click=move |_| browser::copy(&address::link(store))
                    aria-label="Copy link to this row">"Copy link"</button>
                <button type="button" class="bare close" on:click=move |_| close(store) aria-label="Close">"✕"</button>
            </div>
        </header>
    }
}

/// Moves to the run before or after in the table's order. Steps that are taken before the last one is done are done after it.
pub fn step(store: Store, is_after: bool) {
    thread_local! {
        static STEPS: RefCell<VecDeque<bool>> = RefCell::default();
    }
    let is_first = STEPS.with_borrow_mut(|steps| {
        steps.push_back(is_after);
        steps.len() == 1
    });
    if !is_first {
        return;
    }
    let busy = Busy::begin();
    spawn_local(async move {
        while let Some(is_after) = STEPS.with_borrow(|steps| steps.front().copied()) {
            let place = store.run.recipe.with_untracked(|recipe| {
                let order = recipe.table.order.clone();
                recipe.row.map(|row| PlaceOf { row, order })
            });
            if let Some(place) = place
                && let Ok(standing) = frame::ask(store, place).await
            {
                let next = match is_after {
                    true => standing.after,
                    false => standing.before,
                };
                next.into_iter().for_each(|next| store.open(next));
            }
            STEPS.with_borrow_mut(VecDeque::pop_front);
        }
        drop(busy);
    });
}

/// Closes the reader.
pub fn close(store: Store) {
    store.choose(|recipe| {
        recipe.row = None;
        recipe.step = None;
        recipe.beside.clear();
        recipe.go_to(PagePlace::Rows);
    });
}

/// What the run was and what came of it, in one line.
#[component]
pub fn Gist(view: StoredValue<Arc<View>>) -> impl IntoView {
    view.with_value(|view| {
        let measured = &view.measured;
        let labels = &measured.labels;
        let task = labels
            .instance_id
            .as_deref()
            .map(|task| words::cut(task, 80));
        let patch = view
            .patch
            .as_ref()
            .map_or_else(|| "no patch".to_owned(), patch_words);
        let failed = match measured.errors {
            0 => String::new(),
            errors => format!(", {errors} failed"),
        };
        let calls = words::plural(measured.calls.into(), "call", "calls");
        let tokens = measured.tokens.map(|tokens| {
            let all = tokens.total_with_template();
            format!("{} tokens", words::short(all as f64))
        });
        let by = [&labels.harness, &labels.teacher];
        let by = by
            .into_iter()
            .filter_map(|label| Some(words::cut(label.as_deref()?, 40)));
        let rest: Vec<String> = [patch, format!("{calls}{failed}")]
            .into_iter()
            .chain(tokens)
            .chain(by)
            .collect();
        let outcome = measured.outcome.name();
        view! {
            <p class="gist">
                {task.map(|task| view! { <strong>{task}</strong> })}
                <span>{mark_of(outcome)}{outcome}</span>
                {rest.into_iter().map(|words| view! { <span>{words}</span> }).collect_view()}
            </p>
        }
    })
}

/// `2 files, +12 −3`.
pub fn patch_words(patch: &DiffView) -> String {
    let (added, deleted) = patch.files.iter().fold((0, 0), |sum, file| {
        (sum.0 + file.added, sum.1 + file.deleted)
    });
    match patch.total_files {
        0 => "empty patch".to_owned(),
        files => format!(
            "{}, +{} −{}",
            words::plural(files as u64, "file", "files"),
            words::count(added as u64),
            words::count(deleted as u64)
        ),
    }
}
