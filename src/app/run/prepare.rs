//! From the recipe to a run that can start: the source is found, the pages of the sample are planned, and those
//! that are in the cache are laid out as they were kept.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::active::{Prepared, Stage};
use crate::app::source::{count, dataset, parquet, servers, token};
use crate::app::store::{Reading, Store};
use crate::wait;
use crate::worker::{Answer, Depth, PageAt, Question, WorkerError};
use tracesift_core::ground::FileAt;
use tracesift_core::ground::{ALL, MAX_PAGE_ROWS, PageRange, Sample, Source};
use tracesift_core::recipe::{Read, Recipe, Via};
use tracesift_core::source::demo;
use tracesift_core::trace::RowContext;
use tracesift_hub::answer::SplitSize;
use tracesift_hub::plan::{cover, page_len, sample_file_pages, sample_pages};
use tracesift_hub::schedule::{Limits, Schedule};
use tracesift_parquet::layout::Layout;

/// A survey can't see into conversations that are stored as one text.
const NO_SURVEY: &str = "In this data set every conversation is stored as one text, so a survey would have to read \
    all of it. Analyze a sample instead.";

/// Only files can be read one after the other.
const ONE_SPLIT: &str = "The row service serves one split at a time. Choose one, or read all of them from the Parquet \
    files.";

/// The source and the pages that the recipe asks for.
///
/// # Errors
/// Why there is nothing to read, in words.
///
/// `by_files`: the row service can't give these rows, whatever the recipe prefers.
pub async fn prepare(store: Store, by_files: bool) -> Result<Prepared, String> {
    let recipe = store.recipe.get_untracked();
    if !by_files {
        store.route.set(None);
    }
    match recipe.reading.dataset.as_str() {
        "demo" => Ok(prepare_demo(store, &recipe)),
        "file" => prepare_file(store, &recipe).await,
        _ => prepare_hub(store, &recipe, by_files).await,
    }
}

fn prepare_demo(store: Store, recipe: &Recipe) -> Prepared {
    let source = Source::Demo {
        seed: recipe.reading.seed,
    };
    let size = SplitSize {
        rows: Some(demo::ROWS),
        ..SplitSize::default()
    };
    let pages = sample_pages(
        recipe.reading.sample,
        recipe.reading.seed,
        size.rows,
        recipe.reading.rows,
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
    if parquet::is_parquet(&file).await {
        return prepare_parquet_file(store, recipe, &file).await;
    }
    if recipe.reading.read != Read::Sample {
        return Err("Only Parquet files can be surveyed: in this file each row is one text. Analyze it instead.".into());
    }
    let answer = store
        .workers()
        .ask(&Question::Index, store.attachment())
        .await;
    let (Answer::Indexed(pages), _) = answer.map_err(|error| error.to_string())? else {
        return Err(WorkerError::Protocol.to_string());
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
    let pages = sample_file_pages(
        recipe.reading.sample,
        recipe.reading.seed,
        &pages,
        recipe.reading.rows,
    );
    Ok(prepared(recipe, source, pages, "", ""))
}

/// A Parquet file of the user's: its rows are read by slices.
async fn prepare_parquet_file(
    store: Store,
    recipe: &Recipe,
    file: &web_sys::File,
) -> Result<Prepared, String> {
    let at = FileAt {
        name: file.name(),
        size: file.size() as u64,
        ..FileAt::default()
    };
    let source = Source::File {
        name: at.name.clone(),
        size: at.size,
    };
    let layout = parquet::layout_of(store, vec![at.clone()], None).await?;
    store.reading.set(Reading {
        source: Some(source.clone()),
        total: Some(layout.rows()),
        ..Reading::default()
    });
    let size = SplitSize {
        rows: Some(layout.rows()),
        // What is packed in the file is some three times as long as text.
        bytes_memory: Some(at.size.saturating_mul(3)),
        ..SplitSize::default()
    };
    by_layout(recipe, source, layout, &size, &[])
}

/// A run whose rows come out of Parquet files.
fn by_layout(
    recipe: &Recipe,
    source: Source,
    layout: Rc<Layout>,
    size: &SplitSize,
    cached: &[PageRange],
) -> Result<Prepared, String> {
    let page_len = page_len(size);
    let is_survey = recipe.reading.read != Read::Sample;
    if is_survey && !layout.cost().has_roles {
        return Err(NO_SURVEY.to_owned());
    }
    let pages = match is_survey {
        true => layout.survey_pages(),
        false => {
            let total = Some(layout.rows());
            let wanted = sample_pages(
                recipe.reading.sample,
                recipe.reading.seed,
                total,
                recipe.reading.rows,
                page_len,
            );
            layout.cut(&cover(&wanted, cached, page_len), cached)
        }
    };
    let mut run = prepared(recipe, source, pages.clone(), &size.config, &size.split);
    run.schedule = Schedule::new(pages, limits_of_files());
    if is_survey {
        run.stage = Stage::Survey(Depth::Metadata, None);
    } else {
        run.schedule = run.schedule.with_cache(cached);
    }
    run.layout = Some(layout);
    run.page_len = page_len;
    Ok(run)
}

/// Why rows are read out of the Parquet files; `None`: they are not.
fn reason_for_files(recipe: &Recipe, split: &SplitSize, by_files: bool) -> Option<&'static str> {
    /// So many rows take more than a minute by the row service, which gives some tens a second.
    const MANY: u64 = 5_000;
    let most = |rows: u64| recipe.reading.rows.min(rows) >= MANY && recipe.reading.rows >= rows / 2;
    match recipe.reading.via {
        _ if by_files => Some(
            "The row service can't serve these rows; they are read from the Parquet files instead.",
        ),
        Via::Parquet => Some("Read from the Parquet files."),
        _ if recipe.reading.read != Read::Sample || split.split == ALL => {
            Some("Read from the Parquet files.")
        }
        Via::Auto if split.rows.is_some_and(most) && split.bytes_parquet.is_some() => {
            Some("So many rows are read faster from the Parquet files.")
        }
        Via::Auto | Via::Rows => None,
    }
}

async fn prepare_hub(store: Store, recipe: &Recipe, by_files: bool) -> Result<Prepared, String> {
    let described = dataset::described(store, false).await?;
    let splits = described.chosen(&recipe.reading.config, &recipe.reading.split)?;
    let mut split = SplitSize::together(&splits).unwrap_or_default();
    if splits.len() > 1 && recipe.reading.via == Via::Rows {
        return Err(ONE_SPLIT.to_owned());
    }
    let source = Source::Hub {
        endpoint: servers::endpoint(recipe),
        dataset: recipe.reading.dataset.clone(),
        config: split.config.clone(),
        split: split.split.clone(),
    };
    let reason = reason_for_files(recipe, &split, by_files);
    let mut described = described;
    let mut layout = None;
    if let Some(reason) = reason {
        let listed = parquet::files_of(store, recipe, &splits).await?;
        described.revision = listed.revision.clone().or(described.revision);
        described.partial = listed.partial;
        layout =
            Some(parquet::layout_of(store, listed.files, described.revision.as_deref()).await?);
        store.route.set(Some(reason.to_owned()));
    } else if split.rows.is_none() && recipe.reading.sample != Sample::Head {
        split.rows = count_rows(store, recipe, &source).await?;
    }
    let question = Question::Cached {
        source: source.clone(),
        revision: described.revision.clone(),
    };
    let (revision, cached) = match store.hub_worker().ask(&question, JsValue::UNDEFINED).await {
        Ok((Answer::Cached { revision, pages }, _)) => (revision, pages),
        _ => (described.revision.clone(), Vec::new()),
    };
    store.choose(|recipe| {
        recipe.reading.config.clone_from(&split.config);
        recipe.reading.split.clone_from(&split.split);
    });
    store.reading.set(Reading {
        source: Some(source.clone()),
        config: split.config.clone(),
        split: split.split.clone(),
        revision: revision.clone(),
        total: layout.as_ref().map(|layout| layout.rows()).or(split.rows),
        partial: described.partial,
        files_tried: false,
    });
    if let Some(layout) = layout {
        store
            .reading
            .update(|reading| reading.revision = described.revision.clone());
        let mut run = by_layout(recipe, source, layout, &split, &cached)?;
        run.schedule.revision(described.revision.as_deref());
        return Ok(run);
    }
    let wanted = sample_pages(
        recipe.reading.sample,
        recipe.reading.seed,
        split.rows,
        recipe.reading.rows,
        page_len(&split),
    );
    let pages = cover(&wanted, &cached, page_len(&split));
    let mut run = prepared(recipe, source, pages, &split.config, &split.split);
    if !cached.is_empty() {
        // Kept pages are of this commit; without any, the first answer says which commit the run reads.
        run.schedule.revision(revision.as_deref());
    }
    run.schedule = run.schedule.with_cache(&cached);
    Ok(run)
}

/// Of a server of files only the number of requests matters, which the worker bounds.
pub fn limits_of_files() -> Limits {
    Limits {
        wait_scale: wait::scale(),
        ..Limits::local()
    }
}

/// The rows of a split whose size the server did not tell: its first row comes with their number. Without it a link
/// to a sample would lead to the first rows, and to others when the size is there.
async fn count_rows(store: Store, recipe: &Recipe, source: &Source) -> Result<Option<u64>, String> {
    let at = PageAt {
        source: source.clone(),
        range: PageRange::rows(0, 1),
        place: RowContext::default(),
        first: 0,
        revision: None,
        token: token::token_for(store, &servers::endpoint(recipe)),
        pieces: Vec::new(),
    };
    let question = Question::Measure {
        at,
        counting: count::counting(store, recipe),
        only: None,
    };
    match dataset::ask_until_told(store, &store.workers_of(&question), &question).await? {
        Answer::Measured(measured) => Ok(measured.total),
        _ => Err(WorkerError::Protocol.to_string()),
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
        place: RowContext {
            config: config.to_owned(),
            split: split.to_owned(),
            map: recipe.reading.map.clone(),
        },
        layout: None,
        stage: Stage::Whole,
        page_len: MAX_PAGE_ROWS,
    }
}

/// Only a server needs to be spared.
pub fn limits_of(source: &Source) -> Limits {
    match source {
        Source::Hub { .. } => Limits {
            wait_scale: wait::scale(),
            ..Limits::default()
        },
        Source::Demo { .. } | Source::File { .. } => Limits::local(),
    }
}
