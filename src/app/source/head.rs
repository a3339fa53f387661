//! The page's head: which dataset, which rows of it, counted how; and "Analyze". While a run is shown it is one line.
//! What is chosen here is part of the address.

use leptos::prelude::*;

use super::{count, dataset, file, more, start, survey, token};
use crate::app::info::Info;
use crate::app::store::{Phase, Store, store};
use crate::app::{browser, run};
use tracesift_core::ground::{Sample, words};
use tracesift_core::recipe::{Read, Recipe};
use tracesift_core::tokens::Method;

/// Whether the form is open.
#[derive(Clone, Copy)]
pub struct Form {
    store: Store,
    /// The start page is a form until something else is read.
    is_start: RwSignal<bool>,
    /// As a person opened or closed it since the last run.
    is_open: RwSignal<Option<bool>>,
}

impl Form {
    /// The page's form. Whatever starts a run folds it.
    pub fn of_the_page(store: Store) -> Self {
        let form = Self {
            store,
            is_start: start::is_here(),
            is_open: RwSignal::new(None),
        };
        Effect::new(move |former: Option<Phase>| {
            let phase = store.run.phase.get();
            let is_new = matches!(former, Some(Phase::Idle | Phase::Done | Phase::Failed));
            if is_new && phase == Phase::Running {
                form.is_open.set(None);
                if !store
                    .run
                    .recipe
                    .with_untracked(|recipe| recipe.reading.is_demo())
                {
                    form.is_start.set(false);
                }
            }
            phase
        });
        form
    }

    fn is_shown(self) -> bool {
        let is_without_run = matches!(self.store.run.phase.get(), Phase::Idle | Phase::Failed);
        let is_open = self.is_open.get();
        is_open.unwrap_or(self.is_start.get() || is_without_run)
    }
}

/// The form in one line, while it is folded.
#[component]
pub fn OneLine(
    /// Whether it is.
    form: Form,
) -> impl IntoView {
    let store = store();
    view! {
        <div class="oneline" hidden=move || form.is_shown()>
            <p id="what-is-read">{move || what_is_read(store)}</p>
            <button type="button" class="plain" data-action="change" aria-expanded="false" aria-controls="form"
                on:click=move |_| form.is_open.set(Some(true))>"Change"</button>
        </div>
    }
}

/// The form at the top.
#[component]
pub fn Head(
    /// Whether it is open.
    form: Form,
) -> impl IntoView {
    let store = store();
    let Form {
        is_start, is_open, ..
    } = form;
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        is_open.set(None);
        is_start.set(false);
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
    // Only a change opens or closes the fold: a person may have done otherwise since.
    let wants_files = Memo::new(move |_| wants_files(store));
    let can_fold = move || {
        let has_run = !matches!(store.run.phase.get(), Phase::Idle | Phase::Failed);
        has_run && !is_start.get()
    };
    view! {
        <start::Hero is_start/>
        <form class="head" id="form" novalidate=true on:submit=submit aria-label="What to analyze" hidden=move || !form.is_shown()>
            <dataset::DatasetField line=0/>
            <Show when=move || is_hub.get()>
                <dataset::SplitPickers line=0/>
            </Show>
            <div class="buttons">
                <button type="submit" class="primary" data-action="analyze">"Analyze"</button>
                <survey::SurveyButton/>
                <file::FileButtons/>
                <Show when=move || is_hub.get()>
                    <button type="button" class="plain" on:click=move |_| show_demo(store)>"Show the demo"</button>
                </Show>
                <button type="button" class="plain" hidden=move || !can_fold() on:click=move |_| is_open.set(Some(false))>"Fold"</button>
            </div>
            <details class="options" prop:open=wants_files>
                <summary>"Options"<span class="hint">{move || options_words(store)}</span></summary>
                <div class="fields">
                    <SampleFields/>
                    <count::CountFields/>
                    <BudgetField/>
                </div>
                <more::MoreDatasets/>
            </details>
            <NotAnalyzed/>
            <Show when=move || any_hub.get()>
                <token::TokenField/>
            </Show>
        </form>
        <start::Cards is_start/>
    }
}

/// What is shown until there are rows: on the start page the demo's result as it was.
#[component]
pub fn Awaited(
    /// Whether the form is open.
    form: Form,
) -> impl IntoView {
    view! { <start::Picture is_start=form.is_start/> }
}

/// `demo · 500 rows · Qwen 3 tokens`: what is shown, in one line.
fn what_is_read(store: Store) -> String {
    let method = store.run.recipe.with(|recipe| recipe.count.words());
    let what = match store.run.shown.get() {
        Some(run) => run.in_a_line(),
        None => store
            .run
            .recipe
            .with(|recipe| recipe.reading.dataset.clone()),
    };
    format!("{what} · {method}")
}

/// Whether the link counts by a model's files, which a person has to choose.
fn wants_files(store: Store) -> bool {
    let is_file = |recipe: &Recipe| recipe.count.model.as_deref() == Some(Method::FILE);
    store.run.recipe.with(is_file)
}

/// What the options say while they are folded.
fn options_words(store: Store) -> String {
    store.run.recipe.with(|recipe| {
        format!(
            " {}, {}",
            words::plural(recipe.reading.rows, "row", "rows"),
            recipe.count.words()
        )
    })
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
            <span class="labelled"><label for="seed">"Seed"</label><Info of="Seed" words="The same seed always draws the same rows."/></span>
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
            <span class="labelled"><label for="budget">"Token budget"</label><Info of="Token budget" words="The most tokens that a training example may have; marked in the charts."/></span>
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
