//! The search in the open run, by words or a pattern as the filter by text has them: a worker looks through the whole texts,
//! folded ones too, and says where matches are; here they are counted, walked through and marked.

use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use super::messages::{Tab, messages};
use super::reader::open_row;
use crate::app::browser;
use crate::app::busy::Busy;
use crate::app::store::store;
use crate::worker::Question;
use tracesift_core::ground::words;
use tracesift_core::search::{Found, Hit, Place, TextQuery};

/// What is typed has settled when nothing was typed for so long.
const SETTLED: Duration = Duration::from_millis(200);

/// What is looked for, and what was found.
#[derive(Clone, Copy)]
pub struct Search {
    /// What is looked for; empty where nothing is.
    wanted: RwSignal<String>,
    found: RwSignal<Option<Result<Found, String>>>,
    /// Which of the matches is looked at.
    at: RwSignal<Option<usize>>,
    /// The match that is looked at.
    pub now: Memo<Option<Hit>>,
}

impl Search {
    /// Nothing is looked for yet.
    pub fn new() -> Self {
        let found = RwSignal::new(None::<Result<Found, String>>);
        let at = RwSignal::new(None::<usize>);
        let now = Memo::new(move |_| {
            let at = at.get()?;
            found.with(|found| {
                let found = found.as_ref()?.as_ref().ok()?;
                found.hits.get(at).copied()
            })
        });
        Self {
            wanted: RwSignal::new(String::new()),
            found,
            at,
            now,
        }
    }

    /// The match that is looked at, where it is in this text.
    pub fn now_in(self, place: Place) -> Memo<Option<Hit>> {
        Memo::new(move |_| self.now.get().filter(|now| now.place == place))
    }

    /// The matches in a text, in order.
    pub fn hits_in(self, place: Place) -> Vec<Hit> {
        self.found.with(|found| {
            let found = found.as_ref().and_then(|found| found.as_ref().ok());
            found.map_or_else(Vec::new, |found| found.hits_in(place).to_vec())
        })
    }

    /// Goes to the next match, or the one before, and round.
    fn step(self, is_after: bool) {
        let of = self.found.with_untracked(|found| match found {
            Some(Ok(found)) => found.hits.len(),
            _ => 0,
        });
        if of > 0 {
            let to = match (self.at.get_untracked(), is_after) {
                (Some(at), true) => (at + 1) % of,
                (Some(at), false) => (at + of - 1) % of,
                (None, _) => 0,
            };
            self.at.set(Some(to));
        }
    }
}

/// The search in the open run, from any component in the reader.
pub fn search() -> Search {
    expect_context()
}

/// The field, the count, and the way through the matches.
#[component]
pub fn FindInRun() -> impl IntoView {
    let store = store();
    let open = open_row();
    let (search, messages) = (search(), messages());
    let field = NodeRef::<html::Input>::new();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // What holds the match that is looked at is built, whatever is left out.
    Effect::new(move |former: Option<Option<Hit>>| {
        let now = search.now.get();
        match now.filter(|_| now != former.flatten()).map(|hit| hit.place) {
            Some(Place::Message(message, _)) => {
                messages.shows(message);
                messages.at.set(message);
            }
            Some(Place::PatchLine(_)) => messages.tab.set(Tab::Patch),
            None => {}
        }
        now
    });
    let look = move |wanted: String, goes: bool| {
        search.at.set(None);
        search.found.set(None);
        search.wanted.set(wanted.clone());
        let Some(open) = open.get_value().filter(|_| !wanted.trim().is_empty()) else {
            return;
        };
        let query = match TextQuery::within(&wanted) {
            Ok(query) => query,
            Err(why) => {
                let why = format!("This can't be looked for: {why}.");
                return search.found.set(Some(Err(why)));
            }
        };
        let busy = Busy::begin();
        spawn_local(async move {
            let question = |at, row| Question::Find {
                at,
                row,
                wanted: query,
            };
            let answer = open.ask(store, question).await;
            // Something else may be looked for by now, or the reader be closed.
            if search.wanted.try_with_untracked(|now| *now == wanted) == Some(true) {
                let found = answer.map_err(|error| error.to_string());
                let from = messages.at.get_untracked();
                let first = found.as_ref().ok().and_then(|found: &Found| {
                    let is_after = |hit: &Hit| match hit.place {
                        Place::Message(message, _) => message >= from,
                        Place::PatchLine(_) => true,
                    };
                    let after = found.hits.iter().position(is_after);
                    after.or((!found.hits.is_empty()).then_some(0))
                });
                search.found.set(Some(found));
                search.at.set(first.filter(|_| goes));
            }
            drop(busy);
        });
    };
    // What the rows were filtered by is found in them without being asked for again.
    let filtered_by = store.rows.filters.with_untracked(|filters| {
        let text = filters.text.as_ref().and_then(TextQuery::wanted);
        text.unwrap_or_default()
    });
    if !filtered_by.is_empty() {
        // A link to a message leads there all the same.
        let goes = store
            .run
            .recipe
            .with_untracked(|recipe| recipe.step.is_none());
        look(filtered_by.clone(), goes);
    }
    let typed = move |event| {
        let wanted = browser::value_of(&event);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(move || look(wanted, true), SETTLED).ok());
    };
    let pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            search.step(!event.shift_key());
        }
        // First it ends the search, then it closes the reader.
        "Escape"
            if field
                .get_untracked()
                .is_some_and(|field| !field.value().is_empty()) =>
        {
            event.prevent_default();
            event.stop_propagation();
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
            look(String::new(), false);
        }
        _ => {}
    };
    let count = move || {
        let at = search.at.get();
        search.found.with(|found| match found {
            None | Some(Err(_)) => String::new(),
            Some(Ok(found)) if found.hits.is_empty() => "none".to_owned(),
            Some(Ok(found)) => format!(
                "{}/{}{}",
                at.map_or(0, |at| at + 1),
                words::count(found.hits.len() as u64),
                if found.is_cut { "+" } else { "" }
            ),
        })
    };
    let trouble = move || {
        let why = search
            .found
            .with(|found| found.as_ref()?.as_ref().err().cloned());
        why.map(|why| view! { <p class="error" role="alert">{why}</p> })
    };
    let is_none = move || search.now.with(Option::is_none);
    view! {
        <div class="search" role="search">
            <input type="search" aria-label="Find in this run" placeholder="Find words or /a pattern/" spellcheck="false" value=filtered_by node_ref=field
                on:input=typed on:keydown=pressed/>
            <span class="count" role="status">{count}</span>
            <button type="button" class="bare" aria-label="Previous match" disabled=is_none
                on:click=move |_| search.step(false)>"‹"</button>
            <button type="button" class="bare" aria-label="Next match" disabled=is_none
                on:click=move |_| search.step(true)>"›"</button>
        </div>
        {trouble}
    }
}
