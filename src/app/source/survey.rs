//! All rows of a split without their texts: the button, what it would read, and what comes after a survey.
//! What it would read is said before it starts: the list of files and one footer tell it.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::dataset::raw_files;
use super::parquet;
use crate::app::run;
use crate::app::store::{Phase, Store, store};
use crate::worker::frame::Shown;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Place, Read, Reading};
use tracesift_hub::answer::SplitSize;

/// The button beside "Analyze", with what each of the two reads.
#[component]
pub fn SurveyButton() -> impl IntoView {
    let store = store();
    let is_surveyable = Memo::new(move |_| {
        let dataset = store
            .run
            .recipe
            .with(|recipe| recipe.reading.dataset.clone());
        dataset != "demo" && !is_of_lines(store, &dataset) && raw_files(store, &dataset).is_none()
    });
    let is_mixture =
        Memo::new(move |_| store.run.recipe.with(|recipe| recipe.reading.is_mixture()));
    // Which split is chosen, once it is known what there is.
    let chosen = Memo::new(move |_| {
        let Place {
            dataset,
            config,
            split,
        } = store.run.recipe.with(|recipe| recipe.reading.place(0))?;
        let described = store
            .run
            .described
            .with(|known| known.get(&dataset).cloned());
        described?.ok()?.chosen(&config, &split).ok()
    });
    Effect::new(move |_| {
        let splits = chosen.get();
        store.run.survey_cost.set(None);
        if let Some(splits) = splits
            && !is_mixture.get()
            && store.run.phase.get_untracked() == Phase::Idle
        {
            estimate(store, splits);
        }
    });
    let is_many = move || chosen.with(|splits| splits.as_ref().is_some_and(|all| all.len() > 1));
    view! {
        <Show when=move || is_mixture.get()>
            <span class="hint" id="no-survey">"A survey reads one dataset at a time."</span>
        </Show>
        <Show when=move || is_surveyable.get() && !is_mixture.get()>
            <button type="button" data-action="survey" on:click=move |_| run::analyze_by(store, Read::Survey)
                title="Outcomes, languages, tools and turns of every row, without reading the texts">
                {move || if is_many() { "Quick scan of all these splits (no text)" } else { "Quick scan of the whole split (no text)" }}
            </button>
            {move || store.run.survey_cost.get().map(|cost| view! { <span class="hint" id="survey-cost">{cost}</span> })}
        </Show>
    }
}

/// Whether the dataset is files of lines: these have to be read whole, whatever is wanted of them.
fn is_of_lines(store: Store, dataset: &str) -> bool {
    let is_parquet = |name: &str| name.ends_with(".parquet");
    dataset == "file"
        && store.run.chosen.with_value(|chosen| {
            let chosen = chosen.as_ref();
            chosen.is_some_and(|chosen| !is_parquet(&chosen.name))
        })
}

/// Finds out what a survey would read: the sizes of all files, and of the first one how much of it is metadata.
fn estimate(store: Store, splits: Vec<SplitSize>) {
    let reading = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.reading.clone());
    spawn_local(async move {
        let words = words_of_cost(store, &reading, &splits).await;
        let is_current = store
            .run
            .recipe
            .with_untracked(|now| now.reading.places() == reading.places());
        if is_current && store.run.phase.get_untracked() == Phase::Idle {
            store.run.looking_up.set(None);
            store.run.survey_cost.set(words);
        }
    });
}

/// `None` where nothing can be said: the files can't be had, and a survey would say why.
async fn words_of_cost(store: Store, reading: &Reading, splits: &[SplitSize]) -> Option<String> {
    let listed = parquet::files_of(store, reading, splits).await.ok()?;
    let first = listed.files.first()?;
    let one = std::slice::from_ref(first);
    let shapes = parquet::shapes_of(store, reading, one, None, listed.revision.as_deref()).await;
    let shape = shapes.ok()?.into_iter().next()?;
    let all: u64 = listed.files.iter().map(|file| file.size).sum();
    let share = shape.cost.metadata as f64 / shape.cost.all.max(1) as f64;
    let light = (all as f64 * share) as u64;
    if !shape.cost.has_roles {
        return Some(format!(
            "A survey would have to read all {}, because each conversation is stored as one text.",
            words::bytes(all)
        ));
    }
    let sample = sample_bytes(reading, &SplitSize::together(splits)?)
        .map_or_else(String::new, |bytes| {
            format!("; this sample about {}", words::bytes(bytes))
        });
    Some(format!(
        "A survey reads about {} of {}{sample}.",
        words::bytes(light),
        words::bytes(all)
    ))
}

/// What a sample's answers take, by the size of rows in memory.
fn sample_bytes(reading: &Reading, split: &SplitSize) -> Option<u64> {
    let rows = split.rows.filter(|rows| *rows > 0)?;
    let row = split.bytes_memory? / rows;
    Some(row.saturating_mul(reading.rows.min(rows)))
}

/// What is said of rows that were only surveyed, and the way on.
#[component]
pub fn Surveyed() -> impl IntoView {
    let store = store();
    let is_survey = Memo::new(move |_| store.rows.shown.with(Shown::is_survey));
    let is_done = Memo::new(move |_| store.run.phase.get() == Phase::Done);
    let selected = move || store.rows.kept.get();
    let bytes = move || {
        let layout = store.run.shown.get()?.layout()?.clone();
        let rows = layout.rows().max(1);
        Some(layout.cost().all / rows * selected())
    };
    let words = move || {
        let about = bytes().map(|bytes| format!(" (about {})", words::bytes(bytes)));
        format!(
            "{}{}",
            words::plural(
                selected(),
                "row passes the filters",
                "rows pass the filters"
            ),
            about.unwrap_or_default()
        )
    };
    view! {
        <Show when=move || is_survey.get()>
            <section class="surveyed" aria-label="Survey">
                <p>
                    "This is a survey: the texts of the rows were not read, so tokens, errors, patches and whatever else needs them are not known yet."
                </p>
                <p>{words}"."</p>
                <div class="buttons">
                    <button type="button" class="primary" data-action="load-selection" disabled=move || selected() == 0 || !is_done.get()
                        on:click=move |_| run::measure_selection(store)>
                        "Load full text of these rows"
                    </button>
                </div>
            </section>
        </Show>
    }
}
