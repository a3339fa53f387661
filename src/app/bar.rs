//! The bar that never leaves the screen: how much is selected, by which filters, and the way on.
//! Each filter is a mark that takes it back.

use leptos::prelude::*;

use super::address::link;
use super::browser;
use super::choose::filters::Fold;
use super::choose::undo::Undo;
use super::frame::asked;
use super::places::{Tabs, go_to};
use super::store::store;
use crate::worker::frame::TokensTogether;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Chip, PagePlace};

/// The bar, with the tabs.
#[component]
pub fn Bar() -> impl IntoView {
    let store = store();
    let undo = Undo::follow(store);
    let is_copied = RwSignal::new(false);
    let copy = move |_| {
        browser::copy(&link(store));
        is_copied.set(true);
        set_timeout(
            move || is_copied.set(false),
            std::time::Duration::from_secs(3),
        );
    };
    view! {
        <section class="topbar" id="bar" aria-label="Selection" hidden=move || !store.rows.has_rows.get()>
            <div class="chosen">
                <Fold/>
                <Counts/>
                <Chips/>
                <div class="buttons">
                    <Show when=move || undo.has_past()>
                        <button type="button" class="plain" data-action="undo" on:click=move |_| undo.back()
                            title="Takes back the last change of the filters">"Undo"</button>
                    </Show>
                    <button type="button" class="plain" data-action="copy-link" on:click=copy
                        title="The link opens this page with the same rows and filters">"Copy link"</button>
                    <button type="button" class="primary" data-action="export" on:click=move |_| go_to(store, PagePlace::Export)>"Export"</button>
                </div>
                <span class="unseen" role="status">
                    {move || is_copied.get().then_some("The link was copied: it opens this page with the same rows and filters.")}
                </span>
                <span class="copied" aria-hidden="true" hidden=move || !is_copied.get()>"Link copied"</span>
            </div>
            <Tabs/>
        </section>
    }
}

/// `40 of 500 runs · 494k tokens`.
#[component]
fn Counts() -> impl IntoView {
    let store = store();
    let tokens = asked(|| Some(TokensTogether));
    let runs = move || {
        let (kept, all) = store.rows.shown.with(|shown| (shown.kept, shown.len));
        match kept == all {
            true => (
                words::count(all),
                format!(" {}", if all == 1 { "run" } else { "runs" }),
            ),
            false => (
                words::count(kept),
                format!(" of {}", words::plural(all, "run", "runs")),
            ),
        }
    };
    view! {
        <p class="counts">
            <strong>{move || runs().0}</strong>{move || runs().1}
            <span data-stale=move || store.data_stale()>{move || {
                let tokens = tokens.get();
                (!tokens.is_empty()).then(|| format!(" · {tokens}"))
            }}</span>
        </p>
    }
}

/// The filters that are set, each with its way back.
#[component]
fn Chips() -> impl IntoView {
    let store = store();
    let chips = Memo::new(move |_| store.rows.filters.with(|filters| filters.chips()));
    let chip = move |chip: Chip| {
        let label = format!("Remove the filter {}: {}", chip.title, chip.words);
        let words = chip.words.clone();
        view! {
            <li><button type="button" class="chip" aria-label=label title=chip.title.clone()
                on:click=move |_| store.filter(|filters| chip.remove_from(filters))>
                {words}<span aria-hidden="true">" ×"</span>
            </button></li>
        }
    };
    view! {
        <ul class="chips" aria-label="Filters that are set">
            {move || chips.get().into_iter().map(chip).collect_view()}
            {move || chips.with(|chips| !chips.is_empty()).then(|| view! {
                <li><button type="button" class="plain" data-action="clear-filters"
                    on:click=move |_| store.filter(|filters| *filters = Default::default())>"Clear filters"</button></li>
            })}
        </ul>
    }
}
