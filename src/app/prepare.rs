//! From the recipe to a run that can start: the source is found, the pages of the sample are planned, and those
//! that are in the cache are laid out as they were kept.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::store::{Reading, Store};
use super::{dataset, run, token};
use crate::hub::answer::SplitSize;
use crate::recipe::{Recipe, Via};
use crate::source::plan::{cover, page_len, sample_file_pages, sample_pages};
use crate::source::schedule::{Limits, Schedule};
use crate::source::{PageRange, Sample, Source, demo};
use crate::trace::Place;
use crate::worker::{Answer, PageAt, Question, WorkerError};

/// A run that can start.
pub struct Prepared {
    /// The pages, in the order in which they are asked for.
    pub schedule: Schedule,
    /// Where they are from.
    pub source: Source,
    /// What their place says of them.
    pub place: Place,
}

/// The source and the pages that the recipe asks for.
///
/// # Errors
/// Why there is nothing to read, in words.
pub async fn prepare(store: Store) -> Result<Prepared, String> {
    let recipe = store.recipe.get_untracked();
    match recipe.dataset.as_str() {
        "demo" => Ok(prepare_demo(store, &recipe)),
        "file" => prepare_file(store, &recipe).await,
        _ => prepare_hub(store, &recipe).await,
    }
}

fn prepare_demo(store: Store, recipe: &Recipe) -> Prepared {
    let source = Source::Demo { seed: recipe.seed };
    let size = SplitSize {
        rows: Some(demo::ROWS),
        ..SplitSize::default()
    };
    let pages = sample_pages(
        recipe.sample,
        recipe.seed,
        size.rows,
        recipe.rows,
        page_len(&size),
    );
    store.reading.set(Reading {
        source: Some(source.clone()),
        total: size.rows,
        ..Reading::default()
    });
    prepared(recipe, source, pages, "", "")
}

async fn prepare_file(store: Store, recipe: &Recipe) -> Result<Prepared, String> {
    let file = store
        .file
        .get_value()
        .ok_or("Choose the file again: a page can't open it by itself.")?;
    let answer = store
        .workers()
        .ask(&Question::Index, store.attachment())
        .await;
    let (Answer::Indexed(pages), _) = answer.map_err(|error| error.to_string())? else {
        return Err(WorkerError::Mismatch.to_string());
    };
    if pages.is_empty() {
        return Err(
            "This file holds no rows. It should be JSONL or a JSON array of objects.".into(),
        );
    }
    let source = Source::File {
        name: file.name(),
        size: file.size() as u64,
    };
    store.reading.set(Reading {
        source: Some(source.clone()),
        total: pages.last().map(PageRange::end),
        ..Reading::default()
    });
    let pages = sample_file_pages(recipe.sample, recipe.seed, &pages, recipe.rows);
    Ok(prepared(recipe, source, pages, "", ""))
}

async fn prepare_hub(store: Store, recipe: &Recipe) -> Result<Prepared, String> {
    if recipe.via == Via::Parquet {
        return Err(
            "Reading the Parquet files directly is not built yet. Choose another way to fetch."
                .into(),
        );
    }
    let described = dataset::described(store, false).await?;
    let mut split = described.split(&recipe.config, &recipe.split)?.clone();
    let source = Source::Hub {
        endpoint: run::endpoint(recipe),
        dataset: recipe.dataset.clone(),
        config: split.config.clone(),
        split: split.split.clone(),
    };
    if split.rows.is_none() && recipe.sample != Sample::Head {
        split.rows = count_rows(store, recipe, &source).await?;
    }
    let question = Question::Cached {
        source: source.clone(),
        revision: described.revision.clone(),
    };
    let (revision, cached) = match store.scout().ask(&question, JsValue::UNDEFINED).await {
        Ok((Answer::Cached { revision, pages }, _)) => (revision, pages),
        _ => (described.revision.clone(), Vec::new()),
    };
    let wanted = sample_pages(
        recipe.sample,
        recipe.seed,
        split.rows,
        recipe.rows,
        page_len(&split),
    );
    let pages = cover(&wanted, &cached, page_len(&split));
    store.choose(|recipe| {
        recipe.config.clone_from(&split.config);
        recipe.split.clone_from(&split.split);
    });
    store.reading.set(Reading {
        source: Some(source.clone()),
        config: split.config.clone(),
        split: split.split.clone(),
        revision: revision.clone(),
        total: split.rows,
        partial: described.partial,
    });
    let mut run = prepared(recipe, source, pages, &split.config, &split.split);
    if !cached.is_empty() {
        // Kept pages are of this commit; without any, the first answer says which commit the run reads.
        run.schedule.revision(revision.as_deref());
    }
    run.schedule = run.schedule.with_cache(&cached);
    Ok(run)
}

/// The rows of a split whose size the server did not tell: its first row comes with their number. Without it a link
/// to a sample would lead to the first rows, and to others when the size is there.
async fn count_rows(store: Store, recipe: &Recipe, source: &Source) -> Result<Option<u64>, String> {
    let at = PageAt {
        source: source.clone(),
        range: PageRange::rows(0, 1),
        place: Place::default(),
        revision: None,
        token: token::token_for(store, &run::endpoint(recipe)),
    };
    let question = Question::Measure {
        at,
        tokenizer: recipe.tokenizer,
    };
    match dataset::ask_until_told(store, &store.workers(), &question).await? {
        Answer::Measured(measured) => Ok(measured.total),
        _ => Err(WorkerError::Mismatch.to_string()),
    }
}

fn prepared(
    recipe: &Recipe,
    source: Source,
    pages: Vec<PageRange>,
    config: &str,
    split: &str,
) -> Prepared {
    Prepared {
        schedule: Schedule::new(pages, limits_of(&source)),
        source,
        place: Place {
            config: config.to_owned(),
            split: split.to_owned(),
            map: recipe.map.clone(),
        },
    }
}

/// Only a server needs to be spared.
pub fn limits_of(source: &Source) -> Limits {
    match source {
        Source::Hub { .. } => Limits::default(),
        Source::Demo { .. } | Source::File { .. } => Limits::local(),
    }
}
