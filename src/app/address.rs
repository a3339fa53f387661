//! The recipe and the browser's address, in step: choices are written to the address when they settle, and
//! back and forward bring the recipe of that address back.

use std::cell::RefCell;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::store::{Phase, Store};
use super::{browser, run};
use tracesift_core::recipe::address::{parse, print};
use tracesift_core::recipe::{Made, Recipe};

/// A choice has settled when nothing was changed for so long.
const SETTLED: Duration = Duration::from_millis(250);

/// Keeps address and recipe in step from now on.
pub fn follow(store: Store) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let first = store
        .run
        .recipe
        .with_untracked(|recipe| print(&recipe.bare()));
    // What the link's maker had says nothing of another selection.
    Effect::new(move |_| {
        let is_other = store
            .run
            .recipe
            .with(|recipe| recipe.made != Made::default() && print(&recipe.bare()) != first);
        if is_other {
            store.choose(|recipe| recipe.made = Made::default());
        }
    });
    Effect::new(move |earlier: Option<()>| {
        let query = store.run.recipe.with(print);
        if earlier.is_none() {
            return;
        }
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let write = move || write(&query);
        timer.set_value(set_timeout_with_handle(write, SETTLED).ok());
    });
    window_event_listener(leptos::ev::popstate, move |_| go_to(store));
}

/// The link that brings another person to the rows that are shown, at once, whatever the form says by now.
pub fn link(store: Store) -> String {
    link_of(store.recipe_shown())
}

/// The link to a recipe.
pub fn link_of(mut recipe: Recipe) -> String {
    recipe.run = true;
    browser::address_with(&print(&recipe))
}

thread_local! {
    /// The field that was typed into when the last entry was written.
    static TYPED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Each settled choice is an entry of its own, so that *back* takes it back; a number that is typed with pauses is one. An
/// address that a person typed in another spelling says the same and is left as it is.
fn write(query: &str) {
    if query == print(&parse(&browser::query()).0) {
        return;
    }
    let typed = browser::typed_into();
    let is_same_field = TYPED.with_borrow_mut(|last| {
        let is_same = typed.is_some() && *last == typed;
        *last = typed;
        is_same
    });
    if let Some(Ok(history)) = web_sys::window().map(|window| window.history()) {
        let address = browser::address_with(query);
        let _ = match is_same_field {
            true => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
    }
}

fn go_to(store: Store) {
    let (recipe, left_out) = parse(&browser::query());
    let is_same_run = match store.run.shown.get_untracked() {
        Some(run) => run.is_of(&recipe.reading),
        None => store
            .run
            .recipe
            .with_untracked(|now| now.reading.is_same_run(&recipe.reading)),
    };
    let is_same_count = store
        .run
        .recipe
        .with_untracked(|now| now.count == recipe.count);
    store.run.left_out.set(left_out);
    store.run.recipe.set(recipe);
    if store.run.phase.get_untracked() == Phase::Idle {
        return;
    }
    if !is_same_run {
        run::analyze(store);
    } else if !is_same_count {
        run::recount(store);
    }
}
