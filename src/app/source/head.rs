//! The page's head: which data set, which rows of it, counted how; and "Analyze".
//! What is chosen here is part of the address.

use leptos::prelude::*;

use super::{count, dataset, file, more, survey, token};
use crate::app::store::{Store, store};
use crate::app::{browser, run};
use tracesift_core::ground::Sample;
use tracesift_core::recipe::{Read, Recipe};

/// The form at the top.
#[component]
pub fn Head() -> impl IntoView {
    let store = store();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        run::analyze_by(store, Read::Sample);
    };
    let is_hub = Memo::new(move |_| {
        store
            .run
            .recipe
            .with(|recipe| recipe.reading.dataset != "demo" && recipe.reading.dataset != "file")
    });
    let any_hub = Memo::new(move |_| {
        let more = |recipe: &Recipe| recipe.reading.more.iter().any(dataset::is_on_hub);
        is_hub.get() || store.run.recipe.with(more)
    });
    view! {
        <form class="head" novalidate=true on:submit=submit aria-label="What to analyze">
            <dataset::DatasetField line=0/>
            <Show when=move || is_hub.get()>
                <dataset::SplitPickers line=0/>
            </Show>
            <more::MoreDatasets/>
            <SampleFields/>
            <count::CountFields/>
            <BudgetField/>
            <div class="buttons">
                <button type="submit" class="primary">"Analyze"</button>
                <survey::SurveyButton/>
                <button type="button" on:click=move |_| show_demo(store)>"Show the demo"</button>
                <file::FileButtons/>
            </div>
            <NotAnalyzed/>
            <Show when=move || any_hub.get()>
                <token::TokenField/>
            </Show>
        </form>
    }
}

/// The form says something else than what is shown.
#[component]
fn NotAnalyzed() -> impl IntoView {
    let store = store();
    view! {
        <p aria-live="polite" id="not-analyzed">
            {move || store.is_ahead().map(|run| view! {
                <strong>"Not analyzed yet. "</strong>
                {format!("What is shown below is still {}. Press “Analyze” to read what the form says now.", run.words())}
            })}
        </p>
    }
}

#[component]
fn SampleFields() -> impl IntoView {
    let store = store();
    let samples = [
        (Sample::Head, "head", "the first rows"),
        (Sample::Spread, "spread", "evenly spread"),
        (Sample::Random, "random", "drawn at random"),
    ];
    let choose_sample = move |event| {
        let name = browser::value_of(&event);
        let found = samples.iter().find(|(_, key, _)| *key == name);
        if let Some((sample, _, _)) = found {
            store.choose(|recipe| recipe.reading.sample = *sample);
        }
    };
    view! {
        <div class="field narrow">
            <label for="row-count">"Rows"</label>
            <input id="row-count" type="number" min="1" max="1000000"
                prop:value=move || store.run.recipe.with(|recipe| recipe.reading.rows.to_string())
                on:change=move |event| number_of(&event, |rows| {
                    store.choose(|recipe| recipe.reading.rows = rows.clamp(1, 1_000_000));
                })/>
        </div>
        <div class="field">
            <label for="sample">"Sample"</label>
            <select id="sample" on:change=choose_sample>
                {samples.map(|(sample, key, title)| view! {
                    <option value=key selected=move || store.run.recipe.with(|r| r.reading.sample == sample)>{title}</option>
                }).collect_view()}
            </select>
        </div>
        <div class="field narrow">
            <label for="seed" title="The same seed always draws the same rows">"Seed"</label>
            <input id="seed" type="number" min="0"
                prop:value=move || store.run.recipe.with(|recipe| recipe.reading.seed.to_string())
                on:change=move |event| number_of(&event, |seed| store.choose(|recipe| recipe.reading.seed = seed))/>
        </div>
    }
}

#[component]
fn BudgetField() -> impl IntoView {
    let store = store();
    view! {
        <div class="field narrow">
            <label for="budget" title="The most tokens that a training example may have; marked in the charts">
                "Token budget"
            </label>
            <input id="budget" type="number" min="1" step="1024"
                prop:value=move || store.run.recipe.with(|recipe| recipe.budget.to_string())
                on:change=move |event| number_of(&event, |budget| {
                    store.choose(|recipe| recipe.budget = budget.max(1));
                })/>
        </div>
    }
}

fn number_of(event: &web_sys::Event, take: impl FnOnce(u64)) {
    if let Ok(number) = browser::value_of(event).trim().parse() {
        take(number);
    }
}

fn show_demo(store: Store) {
    dataset::choose(store, "demo");
    run::analyze(store);
}
