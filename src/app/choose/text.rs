//! The filter by what the texts hold: words or a regular expression, in which texts, and how far the search is.
//! The rows are read again for it, where they are kept first.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::run::search::{self, Searching};
use crate::app::store::store;
use crate::worker::frame::Shown;
use tracesift_core::search::{TextKind, TextQuery};

/// The field, with what it looks through.
#[component]
pub fn TextSearch() -> impl IntoView {
    let store = store();
    let query = Memo::new(move |_| store.rows.filters.with(|filters| filters.text.clone()));
    let wrong = RwSignal::new(None::<String>);
    // Which texts the next words are looked for in, while there are none.
    let kind = RwSignal::new(query.get_untracked().and_then(|query| query.kind));
    let is_excluded = RwSignal::new(query.get_untracked().is_some_and(|query| query.is_excluded));
    Effect::new(move |_| {
        if let Some(query) = query.get() {
            kind.set(query.kind);
            is_excluded.set(query.is_excluded);
        }
    });
    let words = move || {
        let bare = |query: TextQuery| {
            TextQuery {
                is_excluded: false,
                kind: None,
                ..query
            }
            .written()
        };
        query.get().map(bare).unwrap_or_default()
    };
    let choose = move |words: &str| {
        let kind = kind.get_untracked().map(|kind| format!("{}:", kind.name()));
        let mark = if is_excluded.get_untracked() { "!" } else { "" };
        let read = match words.trim().is_empty() {
            true => Ok(None),
            false => {
                TextQuery::read(&format!("{mark}{}{words}", kind.unwrap_or_default())).map(Some)
            }
        };
        match read {
            Ok(query) => {
                wrong.set(None);
                store.filter(|filters| filters.text = query);
            }
            Err(why) => wrong.set(Some(format!("This can't be looked for: {why}."))),
        }
    };
    let choose_kind = move |event| {
        let name = browser::value_of(&event);
        kind.set(TextKind::ALL.into_iter().find(|kind| kind.name() == name));
        choose(&untrack(words));
    };
    let exclude = move |_| {
        is_excluded.update(|is| *is = !*is);
        choose(&untrack(words));
    };
    let is_survey = move || store.rows.shown.with(Shown::is_survey);
    view! {
        <fieldset class="rule" class:set=move || query.with(Option::is_some)>
            <legend>"Text"</legend>
            <input type="search" id="text" aria-label="Text to look for" placeholder="words, or /a pattern/" autocomplete="off"
                spellcheck="false" prop:value=words on:change=move |event| choose(&browser::value_of(&event))/>
            <div class="segments">
                <select aria-label="In which texts" on:change=choose_kind>
                    <option value="" selected=move || kind.get().is_none()>"in all texts"</option>
                    {TextKind::ALL.map(|of| view! {
                        <option value=of.name() selected=move || kind.get() == Some(of)>{format!("in {}", of.title())}</option>
                    }).into_iter().collect_view()}
                </select>
                <label class="check"><input type="checkbox" prop:checked=move || is_excluded.get() on:change=exclude/>"exclude"</label>
            </div>
            {move || wrong.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
            <Show when=move || is_survey() && query.with(Option::is_some)>
                <p class="hint">"A quick scan has no texts: this filter waits until the full text is loaded."</p>
            </Show>
            <How/>
        </fieldset>
    }
}

/// How far the search is.
#[component]
fn How() -> impl IntoView {
    let store = store();
    move || {
        store.rows.searching.get().map(|searching| match searching {
            Searching::Under { done, all } => {
                let words = format!("Looking through the texts: {done} of {all} pages. ");
                view! {
                    <p class="hint" role="status">{words}
                        <button type="button" class="link" data-action="cancel-search" on:click=move |_| search::cancel(store)>"Cancel search"</button>
                    </p>
                }
                .into_any()
            }
            Searching::Cancelled => view! {
                <p class="hint" role="status">"The search was cancelled: runs that were not looked through are left out."</p>
            }
            .into_any(),
            Searching::Failed(why) => view! { <p class="error" role="alert">{why}</p> }.into_any(),
        })
    }
}
