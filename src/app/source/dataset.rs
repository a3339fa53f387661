//! Which data set, config and split: names are suggested while one is typed, sizes stand beside the splits.
//! What the Hub says of a data set is looked up once and kept.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::servers;
use super::token::token_for;
use crate::app::browser;
use crate::app::store::{Phase, Store, store};
use crate::wait::wait_unless;
use crate::worker::pool::Pool;
use crate::worker::{Answer, Question, WorkerError};
use tracesift_core::ground::ALL;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Read, Reading};
use tracesift_hub::address::{Named, read_dataset};
use tracesift_hub::answer::{Described, SplitSize, Suggestion};

/// A description is asked for so often where the trouble may pass.
const TRIES: u32 = 6;
/// The Hub is asked when nothing was typed for so long.
const TYPED: Duration = Duration::from_millis(350);

/// The field with its suggestions.
#[component]
pub fn DatasetField() -> impl IntoView {
    let store = store();
    let suggestions = RwSignal::new(Vec::<Suggestion>::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |event: web_sys::Event| {
        let text = browser::value_of(&event);
        choose(store, &text);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let ask = move || {
            suggest(store, text.clone(), suggestions);
            describe(store, false);
        };
        timer.set_value(set_timeout_with_handle(ask, TYPED).ok());
    };
    view! {
        <div class="field wide">
            <label for="dataset">"Data set"</label>
            <input id="dataset" type="text" list="suggestions" autocomplete="off" spellcheck="false"
                placeholder="owner/name, for example nvidia/Open-SWE-Traces"
                prop:value=move || store.run.recipe.with(|recipe| recipe.reading.dataset.clone())
                on:input=typed/>
            <datalist id="suggestions">
                <For each=move || suggestions.get() key=|suggestion| suggestion.id.clone() let:suggestion>
                    <option value=suggestion.id.clone()>{words_of(&suggestion)}</option>
                </For>
                <option value="nvidia/Open-SWE-Traces">"agent runs on software tasks"</option>
                <option value="demo">"made-up runs, built in"</option>
            </datalist>
        </div>
    }
}

fn words_of(suggestion: &Suggestion) -> String {
    let downloads = words::count(suggestion.downloads);
    let gated = if suggestion.gated {
        ", access on request"
    } else {
        ""
    };
    format!("{downloads} downloads last month{gated}")
}

/// Takes what was typed: a name, or the address of a data set's page.
pub fn choose(store: Store, text: &str) {
    let named = read_dataset(text).unwrap_or_else(|_| Named {
        dataset: text.trim().to_owned(),
        ..Named::default()
    });
    if store
        .run
        .recipe
        .with_untracked(|recipe| recipe.reading.dataset == named.dataset)
    {
        return;
    }
    store.run.described.set(None);
    store.choose(|recipe| {
        recipe.reading.dataset = named.dataset;
        recipe.reading.config = named.config.unwrap_or_default();
        recipe.reading.split = named.split.unwrap_or_default();
        recipe.run = false;
        recipe.reading.read = Read::Sample;
    });
    store.run.survey_cost.set(None);
}

fn suggest(store: Store, query: String, suggestions: RwSignal<Vec<Suggestion>>) {
    if query.trim().len() < 2 {
        return;
    }
    let hub = store
        .run
        .recipe
        .with_untracked(|recipe| servers::hub(&recipe.reading));
    spawn_local(async move {
        let answer = store
            .hub_worker()
            .ask(&Question::Suggest { hub, query }, JsValue::UNDEFINED)
            .await;
        // Without suggestions the field is as useful as any other.
        if let Ok((Answer::Suggestions(found), _)) = answer {
            suggestions.set(found);
        }
    });
}

/// Looks up the data set's configs and splits for the pickers.
pub fn describe(store: Store, fresh: bool) {
    spawn_local(async move {
        // The pickers show why there is nothing to pick.
        let reading = store
            .run
            .recipe
            .with_untracked(|recipe| recipe.reading.clone());
        // No server knows these.
        if matches!(reading.dataset.as_str(), "demo" | "file") {
            return;
        }
        let _ = described(store, &reading, fresh).await;
    });
}

/// The data set's configs and splits.
///
/// # Errors
/// Why they can't be had, in words.
pub async fn described(store: Store, reading: &Reading, fresh: bool) -> Result<Described, String> {
    let known = store.run.described.get_untracked();
    if let (Some(Ok(known)), false) = (known, fresh)
        && known.dataset == reading.dataset
        && known.is_whole()
    {
        return Ok(known);
    }
    let dataset = read_dataset(&reading.dataset)
        .map_err(|error| error.to_string())?
        .dataset;
    let endpoint = servers::endpoint(reading);
    let question = Question::Describe {
        token: token_for(store, &endpoint),
        endpoint,
        dataset: dataset.clone(),
        fresh,
    };
    let described =
        match ask_until_told(store, &store.hub_worker(), &question, JsValue::UNDEFINED).await {
            Ok(Answer::Described(described)) => Ok(described),
            Ok(_) => Err(WorkerError::Protocol.to_string()),
            Err(why) => Err(why),
        };
    if store
        .run
        .recipe
        .with_untracked(|recipe| recipe.reading.dataset == dataset)
    {
        store.run.described.set(Some(described.clone()));
    }
    described
}

/// Asks what a run has to know before it starts, again and visibly where the trouble may pass.
///
/// # Errors
/// Why there is no answer, in words.
pub async fn ask_until_told(
    store: Store,
    pool: &Pool,
    question: &Question,
    attachment: JsValue,
) -> Result<Answer, String> {
    let answer = ask_visibly(store, pool, question, &attachment).await;
    store.run.looking_up.set(None);
    answer
}

async fn ask_visibly(
    store: Store,
    pool: &Pool,
    question: &Question,
    attachment: &JsValue,
) -> Result<Answer, String> {
    // What the pickers look up while no run is on is not cancelled with one.
    let is_of_run = store.run.phase.get_untracked() == Phase::Running;
    let mut tries = 1;
    loop {
        let error = match pool.ask(question, attachment.clone()).await {
            Ok((answer, _)) => return Ok(answer),
            Err(WorkerError::Hub(error)) => error,
            Err(error) => return Err(error.to_string()),
        };
        let retry = error.retry(TRIES);
        if tries >= retry.tries {
            return Err(error.to_string());
        }
        let wait = retry.wait_ms(tries);
        let seconds = wait / 1000.0;
        store.run.looking_up.set(Some(format!(
            "{} Trying again in {seconds:.0} s.",
            error.cause
        )));
        let is_cancelled = || is_of_run && store.run.phase.get_untracked() != Phase::Running;
        if !wait_unless(wait as u32, is_cancelled).await {
            return Err("Looking up the data set was cancelled. Analyze again.".to_owned());
        }
        tries += 1;
    }
}

/// The pickers of config and split, with rows and sizes.
#[component]
pub fn SplitPickers() -> impl IntoView {
    let store = store();
    let splits = Memo::new(move |_| match store.run.described.get() {
        Some(Ok(described)) => described.splits,
        _ => Vec::new(),
    });
    // What a run would read now: names that are left open are the first ones.
    let chosen = Memo::new(move |_| {
        let named = |reading: &Reading| (reading.config.clone(), reading.split.clone());
        let (config, split) = store.run.recipe.with(|recipe| named(&recipe.reading));
        let described = store.run.described.get().and_then(Result::ok);
        let found = described.and_then(|described| described.chosen(&config, &split).ok());
        match found.and_then(|splits| SplitSize::together(&splits)) {
            // One split of all that there may be is all of them, too.
            Some(found) if config != ALL && split != ALL => (found.config, found.split),
            Some(found) if config != ALL => (found.config, ALL.to_owned()),
            _ => (config, split),
        }
    });
    let choose_config = move |event| {
        let config = browser::value_of(&event);
        store.choose(|recipe| {
            recipe.reading.config = config;
            recipe.reading.split.clear();
        });
    };
    let choose_split = move |event| {
        let split = browser::value_of(&event);
        store.choose(|recipe| recipe.reading.split = split);
    };
    // All options are made at once: the browser chooses one by itself where the chosen one comes later.
    let configs = move || {
        let mut names: Vec<String> = splits.with(|s| s.iter().map(|s| s.config.clone()).collect());
        names.dedup();
        let all = (names.len() > 1).then(|| {
            let words = splits.with(|all| all_words("All configs", all));
            (ALL.to_owned(), words)
        });
        let names = names.into_iter().map(|name| (name.clone(), name));
        options(names.chain(all).collect(), chosen.get().0)
    };
    let splits_of_config = move || {
        let (config, split) = chosen.get();
        let is_all = config == ALL;
        let of_config: Vec<SplitSize> = splits.with(|splits| {
            let of_config = splits.iter().filter(|split| split.config == config);
            of_config.cloned().collect()
        });
        let all = (is_all || of_config.len() > 1).then(|| {
            let words = all_words("All splits", &of_config);
            (ALL.to_owned(), words)
        });
        let names = of_config
            .iter()
            .map(|split| (split.split.clone(), split_words(split)));
        let split = if is_all { ALL.to_owned() } else { split };
        options(names.chain(all).collect(), split)
    };
    view! {
        <div class="field">
            <label for="config">"Config"</label>
            <select id="config" on:change=choose_config>{configs}</select>
        </div>
        <div class="field">
            <label for="split">"Split"</label>
            <select id="split" on:change=choose_split disabled=move || chosen.with(|(config, _)| config == ALL)>
                {splits_of_config}
            </select>
        </div>
        // A run that ended by it says it already.
        {move || match store.run.described.get() {
            Some(Err(why)) if store.run.trouble.with(Option::is_none) => Some(view! { <p class="hint error" role="alert">{why}</p> }),
            _ => None,
        }}
    }
}

/// Options by value and words; one of them is chosen.
fn options(options: Vec<(String, String)>, chosen: String) -> impl IntoView + use<> {
    let option = |(value, words): (String, String)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen prop:selected=is_chosen>{words}</option> }
    };
    options.into_iter().map(option).collect_view()
}

/// All of several splits, with their rows and size.
fn all_words(name: &str, splits: &[SplitSize]) -> String {
    let all = SplitSize::together(splits).unwrap_or_default();
    split_words(&SplitSize {
        split: name.to_owned(),
        ..all
    })
}

/// A split's name with its rows and size.
fn split_words(split: &SplitSize) -> String {
    let rows = split
        .rows
        .map(|rows| format!(" · {} rows", words::count(rows)));
    let size = split.bytes_parquet.or(split.bytes_memory);
    let size = size.map(|bytes| format!(" · {}", words::bytes(bytes)));
    format!(
        "{}{}{}",
        split.split,
        rows.unwrap_or_default(),
        size.unwrap_or_default()
    )
}
