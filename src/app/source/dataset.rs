//! Which dataset, config and split: names are suggested while one is typed, sizes stand beside the splits.
//! What the Hub says of a dataset is looked up once and kept.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::lookup::{described, is_without_rows};
use super::{repository, servers};
use crate::app::browser;
use crate::app::store::{Store, store};
use crate::worker::{Answer, Question, RawFiles};
use tracesift_core::ground::ALL;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Place, Read, Reading, Via};
use tracesift_hub::address::{Named, read_dataset};
use tracesift_hub::answer::{SplitSize, Suggestion};

/// In place of a name: the file that a person chose.
const FILE: &str = "file";
/// The Hub is asked when nothing was typed for so long.
const TYPED: Duration = Duration::from_millis(350);

/// The name of a control of a line of the form: the first line's has no number.
fn numbered(name: &str, line: usize) -> String {
    match line {
        0 => name.to_owned(),
        line => format!("{name} {}", line + 1),
    }
}

/// The same as an id.
fn id_of(name: &str, line: usize) -> String {
    numbered(name, line).replace(' ', "-")
}

/// The field with its suggestions; `line` is which of the form's datasets it is of, counted from 0.
#[component]
pub fn DatasetField(line: usize) -> impl IntoView {
    let store = store();
    let suggestions = RwSignal::new(Vec::<Suggestion>::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |event: web_sys::Event| {
        let text = browser::value_of(&event);
        choose_in(store, line, &text);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let ask = move || {
            suggest(store, text.clone(), suggestions);
            describe_line(store, line, false);
        };
        timer.set_value(set_timeout_with_handle(ask, TYPED).ok());
    };
    let named = move || {
        let place = store.run.recipe.with(|recipe| recipe.reading.place(line));
        place.unwrap_or_default().dataset
    };
    let (id, list) = (id_of("dataset", line), id_of("suggestions", line));
    view! {
        <div class="field wide">
            <label for=id.clone()>{numbered("Data set", line)}</label>
            <input id=id type="text" list=list.clone() autocomplete="off" spellcheck="false"
                placeholder="owner/name, for example nvidia/Open-SWE-Traces"
                prop:value=named
                on:input=typed/>
            <datalist id=list>
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

/// Takes one dataset in the place of all: a name, or the address of a dataset's page. A file goes beside the others
/// where there are several.
pub fn choose(store: Store, text: &str) {
    if text == FILE {
        let line = store
            .run
            .recipe
            .with_untracked(|recipe| line_for_file(&recipe.reading));
        return choose_in(store, line, text);
    }
    let has_more = store
        .run
        .recipe
        .with_untracked(|recipe| !recipe.reading.more.is_empty());
    if has_more {
        store.choose(|recipe| recipe.reading.more.clear());
    }
    choose_in(store, 0, text);
}

/// The line that a file goes into: the one that says so already, one that is not named yet, or a new one.
fn line_for_file(reading: &Reading) -> usize {
    if reading.more.is_empty() {
        return 0;
    }
    let lines = || (0..=reading.more.len()).filter_map(|line| Some((line, reading.place(line)?)));
    let file = lines().find(|(_, place)| place.dataset == FILE);
    let line = file.or_else(|| lines().find(|(_, place)| place.dataset.is_empty()));
    line.map_or(1 + reading.more.len(), |(line, _)| line)
}

/// Takes what was typed into a line.
fn choose_in(store: Store, line: usize, text: &str) {
    let named = read_dataset(text).unwrap_or_else(|_| Named {
        dataset: text.trim().to_owned(),
        ..Named::default()
    });
    let is_known = store.run.recipe.with_untracked(|recipe| {
        let place = recipe.reading.place(line);
        place.is_some_and(|place| place.dataset == named.dataset)
    });
    if is_known {
        return;
    }
    store.choose(|recipe| {
        let place = Place {
            dataset: named.dataset,
            config: named.config.unwrap_or_default(),
            split: named.split.unwrap_or_default(),
        };
        recipe.reading.put(line, place);
        recipe.run = false;
        recipe.reading.read = Read::Sample;
        if recipe.reading.via == Via::Files {
            // That was said of another dataset, which need not have had a table.
            recipe.reading.via = Via::Auto;
        }
    });
    forget_others(store);
    store.run.survey_cost.set(None);
}

/// Forgets what is known of datasets that the form does not name any more.
fn forget_others(store: Store) {
    let places = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.reading.places());
    let is_named = |name: &String| places.iter().any(|place| place.dataset == *name);
    store
        .run
        .described
        .update(|known| known.retain(|name, _| is_named(name)));
    repository::forget(store, is_named);
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

/// Looks up the datasets' configs and splits for the pickers.
pub fn describe(store: Store, fresh: bool) {
    let more = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.reading.more.len());
    for line in 0..=more {
        describe_line(store, line, fresh);
    }
}

fn describe_line(store: Store, line: usize, fresh: bool) {
    let one = store.run.recipe.with_untracked(|recipe| {
        let place = recipe.reading.place(line)?;
        // Of the first line it is said what is wrong with an empty name.
        let is_asked = line == 0 || is_on_hub(&place);
        is_asked.then(|| recipe.reading.of_places(&[place]))
    });
    let Some(reading) = one else { return };
    spawn_local(async move {
        // The pickers show why there is nothing to pick.
        // No server knows these.
        if matches!(reading.dataset.as_str(), "demo" | "file") {
            return;
        }
        let described = described(store, &reading, fresh).await;
        if is_without_rows(&described) && matches!(reading.via, Via::Auto | Via::Files) {
            // Without a list of the files only the reason is said.
            let _ = repository::listed(store, &reading).await;
        }
    });
}

/// Whether a line names a dataset of the Hub.
pub fn is_on_hub(place: &Place) -> bool {
    !["", "demo", FILE].contains(&place.dataset.as_str())
}

/// The pickers of config and split, with rows and sizes.
#[component]
pub fn SplitPickers(line: usize) -> impl IntoView {
    let store = store();
    let place = Memo::new(move |_| {
        let place = store.run.recipe.with(|recipe| recipe.reading.place(line));
        place.unwrap_or_default()
    });
    let described = Memo::new(move |_| {
        let name = place.get().dataset;
        store.run.described.with(|known| known.get(&name).cloned())
    });
    let splits = Memo::new(move |_| match described.get() {
        Some(Ok(described)) => described.splits,
        _ => Vec::new(),
    });
    // What a run would read now: names that are left open are the first ones.
    let chosen = Memo::new(move |_| {
        let Place { config, split, .. } = place.get();
        let described = described.get().and_then(Result::ok);
        let found = described.and_then(|described| described.chosen(&config, &split).ok());
        match found.and_then(|splits| SplitSize::together(&splits)) {
            // One split of all that there may be is all of them, too.
            Some(found) if config != ALL && split != ALL => (found.config, found.split),
            Some(found) if config != ALL => (found.config, ALL.to_owned()),
            _ => (config, split),
        }
    });
    let raw = Memo::new(move |_| raw_files(store, &place.get().dataset));
    let put = move |config: String, split: String| {
        let dataset = place.get_untracked().dataset;
        let place = Place {
            dataset,
            config,
            split,
        };
        store.choose(|recipe| recipe.reading.put(line, place));
    };
    let choose_config = move |event| put(browser::value_of(&event), String::new());
    let choose_split = move |event| {
        let config = place.get_untracked().config;
        put(config, browser::value_of(&event));
    };
    // All options are made at once: the browser chooses one by itself where the chosen one comes later.
    let configs = move || {
        let mut names: Vec<String> = splits.with(|s| s.iter().map(|s| s.config.clone()).collect());
        names.dedup();
        let all = (names.len() > 1).then(|| {
            let words = splits.with(|all| all_words("All configs", all));
            (ALL.to_owned(), words)
        });
        let (config, _) = chosen.get();
        let unknown = names.is_empty().then(|| as_named(&config, "First config"));
        let names = names.into_iter().map(|name| (name.clone(), name));
        options(names.chain(unknown).chain(all).collect(), config)
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
        let is_unknown = !is_all && of_config.is_empty();
        let unknown = is_unknown.then(|| as_named(&split, "First split"));
        options(names.chain(unknown).chain(all).collect(), split)
    };
    let (config, split) = (id_of("config", line), id_of("split", line));
    let pickers = move || {
        view! {
            <div class="field">
                <label for=config.clone()>{numbered("Config", line)}</label>
                <select id=config.clone() on:change=choose_config>{configs}</select>
            </div>
            <div class="field">
                <label for=split.clone()>{numbered("Split", line)}</label>
                <select id=split.clone() on:change=choose_split disabled=move || chosen.with(|(config, _)| config == ALL)>
                    {splits_of_config}
                </select>
            </div>
        }
    };
    view! {
        {move || match raw.get() {
            None => pickers().into_any(),
            Some(files) => view! {
                <p class="hint raw" role="status" id=id_of("raw files", line)>{format!(
                    "The Hub has no table of this dataset, but {} that can be opened here. “Analyze” fetches and reads them.",
                    files.words()
                )}</p>
            }.into_any(),
        }}
        // A run that ended by it says it already.
        {move || match described.get() {
            Some(Err(why)) if raw.with(Option::is_none) && store.run.trouble.with(Option::is_none) => {
                Some(view! { <p class="hint error" role="alert">{why}</p> })
            }
            _ => None,
        }}
    }
}

/// The files that are read of a dataset without a table; `None`: it has one, or nothing of it can be opened, or it is not
/// known.
pub fn raw_files(store: Store, dataset: &str) -> Option<RawFiles> {
    let has_rows = store.run.described.with(|known| match known.get(dataset)? {
        Ok(described) => Some(!described.is_without_rows()),
        Err(_) => Some(false),
    });
    let files = store
        .run
        .repositories
        .with(|known| known.get(dataset).cloned());
    files.filter(|files| files.is_readable() && has_rows == Some(false))
}

/// The only option while nobody knows what there is: what the link names, or what is read where it names nothing.
fn as_named(name: &str, first: &str) -> (String, String) {
    let words = if name.is_empty() { first } else { name };
    (name.to_owned(), words.to_owned())
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
