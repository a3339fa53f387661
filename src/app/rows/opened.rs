//! What is shown of the run that is open in the reader: what it is, and its messages, its patch, what is known of it, or the
//! line that an export makes of it, one at a time.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::chips::Chips;
use super::diff::Diff;
use super::head::Gist;
use super::messages::{CHUNK, Messages, Show, Tab, messages};
use super::outline::Strip;
use super::preview::Preview;
use super::search::{FindInRun, Search};
use super::turn::Turn;
use crate::app::browser;
use crate::app::busy::soon;
use crate::app::choose::funnel::LeftOut;
use crate::app::store::{Store, store};
use crate::worker::frame::AboutRow;
use tracesift_core::ground::words;
use tracesift_core::recipe::Filters;
use tracesift_core::sign::Sign;
use tracesift_core::tokens::TokenCounts;
use tracesift_core::view::View;

/// A run that was read.
#[component]
pub fn Opened(
    /// What is shown of it.
    view: Arc<View>,
    /// What is known of its row.
    about: Memo<Option<AboutRow>>,
) -> impl IntoView {
    let store = store();
    let messages = Messages::new(&view);
    provide_context(messages);
    provide_context(Search::new());
    let carried = carried(store, about, &view);
    let step = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.step));
    Effect::new(move |_| {
        if let Some(step) = step.get().and_then(|step| usize::try_from(step).ok()) {
            messages.bring(step);
        }
    });
    let pressed = move |event: KeyboardEvent| {
        let types = browser::target_of(&event).is_some_and(|target| target.tag_name() == "INPUT");
        match event.key().as_str() {
            "j" if !types => messages.step(store, true),
            "k" if !types => messages.step(store, false),
            _ => {}
        }
    };
    let view = StoredValue::new(view);
    let row = view.with_value(|view| view.measured.row);
    let tab = messages.tab;
    view! {
        <div class="opened" on:keydown=pressed>
            <Gist view/>
            <LeftOut about/>
            <Chips about carried/>
            <Strip carried/>
            <Tabs view/>
            <div class="body" node_ref=messages.body on:scroll=move |_| messages.scrolled() tabindex="-1">
                <div hidden=move || tab.get() != Tab::Messages><Turns view step carried/></div>
                {move || (tab.get() == Tab::Patch).then(|| view! { <Patches view/> })}
                <div hidden=move || tab.get() != Tab::About><About view/></div>
                <div id="preview" hidden=move || tab.get() != Tab::Written>
                    <Preview row is_open=Memo::new(move |_| tab.get() == Tab::Written)/>
                </div>
            </div>
        </div>
    }
}

/// Which part of the run is shown, and what goes through its messages.
#[component]
fn Tabs(view: StoredValue<Arc<View>>) -> impl IntoView {
    let store = store();
    let messages = messages();
    let (tab, show) = (messages.tab, messages.show);
    let patch = view.with_value(|view| view.patch.is_some() || view.reference.is_some());
    let named = [
        (Tab::Messages, "Messages", "Messages"),
        (Tab::Patch, "Patch", "Patch"),
        (Tab::About, "About", "About this run"),
        (Tab::Written, "Export line", "As it will be written"),
    ];
    let part = |(of, title, label): (Tab, &'static str, &'static str)| {
        view! {
            <button type="button" class="bare" aria-label=label aria-pressed=move || (tab.get() == of).to_string() on:click=move |_| tab.set(of)
                disabled=of == Tab::Patch && !patch>{title}</button>
        }
    };
    let errors = messages
        .all
        .with_value(|all| all.iter().filter(|message| message.is_error).count());
    let shows = [
        (Show::All, "All".to_owned(), "All messages"),
        (Show::Assistant, "Agent".to_owned(), "Only the assistant"),
        (Show::Errors, format!("Errors {errors}"), "Only errors"),
    ];
    let choice = move |(of, title, label): (Show, String, &'static str)| {
        view! {
            <button type="button" class="bare" aria-pressed=move || (show.get() == of).to_string() aria-label=label
                disabled=of == Show::Errors && errors == 0 on:click=move |_| show.set(of)>{title}</button>
        }
    };
    let is_messages = move || tab.get() == Tab::Messages;
    let of = messages.len().saturating_sub(1);
    view! {
        <div class="tools">
            <div class="switch" role="group" aria-label="What is shown of the run">{named.map(part).collect_view()}</div>
            <div class="switch" role="group" aria-label="Which messages are shown" hidden=move || !is_messages()>
                {shows.map(choice).collect_view()}
            </div>
            <div class="steps" hidden=move || !is_messages()>
                <button type="button" class="bare" aria-label="Previous message (k)" on:click=move |_| messages.step(store, false)>"‹"</button>
                <span>{move || format!("#{} of {of}", messages.at.get())}</span>
                <button type="button" class="bare" aria-label="Next message (j)" on:click=move |_| messages.step(store, true)>"›"</button>
            </div>
            <FindInRun/>
        </div>
    }
}

/// The messages, places for them at first.
#[component]
fn Turns(
    view: StoredValue<Arc<View>>,
    step: Memo<Option<u64>>,
    carried: Memo<Vec<Sign>>,
) -> impl IntoView {
    let messages = messages();
    let chunks = messages.chunks;
    let all = messages.len().div_ceil(CHUNK);
    // A chunk at a time, so that nothing waits for thousands of places.
    Effect::new(move |_| {
        if chunks.get() < all {
            soon(move || {
                chunks.try_update(|chunks| *chunks += 1);
            });
        }
    });
    let chunk = move |chunk: usize| {
        let turns = view.with_value(|view| {
            let turns = view.turns.iter().skip(chunk * CHUNK).take(CHUNK);
            turns.cloned().collect::<Vec<_>>()
        });
        turns
            .into_iter()
            .map(|turn| view! { <Turn turn step carried/> })
            .collect_view()
    };
    view! {
        <ol class="turns" data-show=move || messages.show.get().name()>
            <For each=move || 0..chunks.get().min(all) key=|chunk| *chunk let(index)>{chunk(index)}</For>
        </ol>
    }
}

/// The patch beside the reference.
#[component]
fn Patches(view: StoredValue<Arc<View>>) -> impl IntoView {
    let (patch, reference) = view.with_value(|view| (view.patch.clone(), view.reference.clone()));
    view! {
        <div class="patches">
            {patch.map(|patch| view! { <Diff title="Final patch".to_owned() patch is_reference=false/> })}
            {reference.map(|patch| view! { <Diff title="Reference patch".to_owned() patch is_reference=true/> })}
        </div>
    }
}

/// All that is known of the run.
#[component]
fn About(view: StoredValue<Arc<View>>) -> impl IntoView {
    let store = store();
    let method = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.count.words());
    let (facts, repairs) = view.with_value(|view| (facts(view, &method), view.repairs.clone()));
    view! {
        <ul class="facts">{facts.into_iter().map(|fact| view! { <li>{fact}</li> }).collect_view()}</ul>
        {(!repairs.is_empty()).then(|| view! {
            <h3>"What was normalized"</h3>
            <ul class="facts">{repairs.into_iter().map(|(words, times)| view! {
                <li>{format!("{words}: {}", words::plural(times.into(), "time", "times"))}</li>
            }).collect_view()}</ul>
        })}
    }
}

/// The signs that the row carries: by all rows, and where of those only a survey is known, by what was read here.
pub fn carried(store: Store, about: Memo<Option<AboutRow>>, view: &View) -> Memo<Vec<Sign>> {
    let measured = StoredValue::new(view.measured.clone());
    Memo::new(move |_| {
        let known = about.with(|about| {
            let about = about.as_ref().filter(|about| about.is_measured);
            about.map(|about| about.signs.clone())
        });
        known.unwrap_or_else(|| {
            let mut signs = Sign::ALL.to_vec();
            let carries = |sign: &Sign| {
                let number = measured.with_value(|measured| sign.of(measured));
                let rules = |filters: &Filters| filters.signs.thresholds.carry(*sign, number);
                store.rows.filters.with(rules)
            };
            signs.retain(carries);
            signs
        })
    })
}

/// What is known of the run, a phrase each.
fn facts(view: &View, method: &str) -> Vec<String> {
    let measured = &view.measured;
    let labels = &measured.labels;
    let named = [
        ("Task", &labels.instance_id),
        ("Run", &labels.trajectory_id),
        ("Repository", &labels.repo),
        ("Licence", &labels.license),
        ("Language", &labels.language),
        ("Harness", &labels.harness),
        ("Teacher", &labels.teacher),
        ("Kind", &labels.category),
        ("Source", &labels.source),
    ];
    let outcome = format!("Outcome: {}", measured.outcome.name());
    let calls = format!(
        "{}, {}",
        words::plural(measured.calls.into(), "tool call", "tool calls"),
        words::plural(measured.errors.into(), "error", "errors")
    );
    let tokens = measured.tokens.map(|tokens| tokens_words(tokens, method));
    let unrendered = measured.unrendered.as_ref();
    let unrendered = unrendered.map(|why| format!("What a chat template adds is not known: {why}"));
    let named = named.iter().filter_map(|(title, value)| {
        Some(format!("{title}: {}", words::cut(value.as_deref()?, 80)))
    });
    std::iter::once(outcome)
        .chain(named)
        .chain([calls])
        .chain(tokens)
        .chain(unrendered)
        .collect()
}

/// A row's tokens, by which method, and what the chat template adds apart.
fn tokens_words(tokens: TokenCounts, method: &str) -> String {
    let all = words::plural(tokens.total_with_template(), "token", "tokens");
    let Some(added) = tokens.template else {
        return format!("{all} ({method})");
    };
    let share = words::count(added.unsigned_abs().into());
    match added < 0 {
        false => format!("{all} ({method}), of which the template adds {share}"),
        true => format!("{all} ({method}); the template leaves out {share} more than it adds"),
    }
}
