//! From the recipe to a run that can start: each dataset is found, the pages of its sample are planned, and those
//! that are in the cache are laid out as they were kept.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

use super::active::Stage;
use super::join::{Joining, Ready};
use super::repository;
use super::value::Run;
use crate::app::source::lookup::Unanswered;
use crate::app::source::{count, file, lookup, parquet, servers, token};
use crate::app::store::{Known, Store};
use crate::wait;
use crate::worker::{Answer, Depth, PageAt, Question, WorkerError};
use tracesift_core::ground::FileAt;
use tracesift_core::ground::{ALL, MAX_PAGE_ROWS, PageRange, Sample, Source, words};
use tracesift_core::recipe::{Read, Reading, Via};
use tracesift_core::source::demo;
use tracesift_core::trace::RowContext;
use tracesift_hub::answer::SplitSize;
use tracesift_hub::plan::{cover, page_len, sample_file_pages, sample_pages};
use tracesift_hub::schedule::Limits;
use tracesift_parquet::layout::Layout;

/// A survey can't see into conversations that are stored as one text.
const NO_SURVEY: &str = "In this dataset every conversation is stored as one text, so a survey would have to read \
    all of it. Analyze a sample instead.";

/// Only files can be read one after the other.
const ONE_SPLIT: &str = "The row service serves one split at a time. Choose one, or read all of them from the Parquet \
    files.";

/// A survey goes through the files of one dataset.
const ONE_SURVEY: &str = "A survey reads one dataset at a time. Take the others out of the form, or analyze a sample \
    of each.";

/// One dataset whose rows can be read: its rows are counted from 0.
pub struct Prepared {
    /// What it reads.
    pub run: Run,
    /// The pages, in their order.
    pub pages: Vec<PageRange>,
    /// The pages that are in the cache.
    pub cached: Vec<PageRange>,
    /// What its server allows.
    pub limits: Limits,
    /// The commit that the rows must be of, where that is settled before the first answer.
    pub revision: Option<String>,
    /// What is done with each page.
    pub stage: Stage,
    /// How many rows are asked for at once where they are read whole.
    pub page_len: u32,
    /// What is known of the rows.
    pub known: Known,
    /// By which way they are read, and why, where that is worth saying.
    pub route: Option<String>,
}

/// The datasets, counted from 0, whose rows the row service can't give, as was found when they were asked for, and the way
/// by which they are read instead, whatever the reading prefers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detours(pub Vec<(usize, Via)>);

impl Detours {
    fn of(&self, place: usize) -> Option<Via> {
        let mut all = self.0.iter();
        all.find(|(at, _)| *at == place).map(|(_, way)| *way)
    }
}

/// The run that a reading asks for, with the pages to read; `id` is its number.
///
/// # Errors
/// Why there is nothing to read, in words.
pub async fn prepare(
    store: Store,
    id: u64,
    asked: Reading,
    detours: Detours,
) -> Result<Ready, String> {
    let places = asked.places();
    if places.len() > 1 && asked.read != Read::Sample {
        return Err(ONE_SURVEY.to_owned());
    }
    let mut joining = Joining::default();
    for (at, place) in places.iter().enumerate() {
        let one = asked.of_places(std::slice::from_ref(place));
        let one = prepare_place(store, id, one, detours.of(at), places.len() > 1).await;
        let one = one.and_then(|one| joining.add(one));
        one.map_err(|why| match places.len() {
            1 => why,
            _ => format!("{}: {why}", words::cut(&place.dataset, 80)),
        })?;
    }
    joining.done(id, asked)
}

async fn prepare_place(
    store: Store,
    id: u64,
    asked: Reading,
    detour: Option<Via>,
    is_counted: bool,
) -> Result<Prepared, String> {
    match asked.dataset.as_str() {
        "demo" => Ok(prepare_demo(store, id, asked)),
        "file" => prepare_file(store, id, asked).await,
        _ if detour.unwrap_or(asked.via) == Via::Files => {
            repository::prepare(store, id, asked, None).await
        }
        _ => {
            let by_files = detour == Some(Via::Parquet);
            let prepared = prepare_hub(store, id, &asked, by_files, is_counted).await;
            match prepared {
                Err(why) if why.is_without_rows && asked.via == Via::Auto => {
                    repository::prepare(store, id, asked, Some(why.words)).await
                }
                prepared => prepared.map_err(String::from),
            }
        }
    }
}

fn prepare_demo(store: Store, id: u64, asked: Reading) -> Prepared {
    let size = SplitSize {
        rows: Some(demo::ROWS),
        ..SplitSize::default()
    };
    let pages = sample_pages(
        asked.sample,
        asked.seed,
        size.rows,
        asked.rows,
        page_len(&size),
    );
    let source = Source::Demo { seed: asked.seed };
    let known = Known {
        total: size.rows,
        ..Known::default()
    };
    prepared(store, Run::of(id, asked, source), pages, known)
}

async fn prepare_file(store: Store, id: u64, asked: Reading) -> Result<Prepared, String> {
    let chosen = store
        .run
        .chosen
        .get_value()
        .ok_or("Choose the files again: a page can't open them by itself.")?;
    let source = Source::File {
        name: chosen.name.clone(),
        size: chosen.bytes(),
    };
    let mut run = Run::of(id, asked, source);
    if let Some(file) = file::parquet_file(&chosen).await {
        for part in &mut run.parts {
            part.file = Some(SendWrapper::new(file.clone().into()));
        }
        return prepare_parquet_file(store, run, &file).await;
    }
    if run.reading.read != Read::Sample {
        return Err("Only Parquet files can be surveyed: in other files each row is one text. Analyze them instead.".into());
    }
    by_opened(store, run, &chosen).await
}

/// A run of the rows of files that are opened.
///
/// # Errors
/// Why nothing of them can be read, in words.
pub async fn by_opened(
    store: Store,
    mut run: Run,
    chosen: &file::Chosen,
) -> Result<Prepared, String> {
    let context = RowContext {
        map: run.reading.map.clone(),
        ..RowContext::default()
    };
    let opened = file::opened(store, chosen, context).await?;
    let known = Known {
        total: Some(opened.inventory.rows()),
        ..Known::default()
    };
    let Reading {
        sample, seed, rows, ..
    } = run.reading;
    let pages = sample_file_pages(sample, seed, &opened.inventory.pages, rows);
    for part in &mut run.parts {
        part.file = Some(SendWrapper::new(opened.bytes.clone()));
        part.inventory = Some(opened.inventory.clone());
    }
    Ok(prepared(store, run, pages, known))
}

/// A Parquet file of the user's: its rows are read by slices.
async fn prepare_parquet_file(
    store: Store,
    mut run: Run,
    file: &web_sys::File,
) -> Result<Prepared, String> {
    let at = FileAt {
        name: file.name(),
        size: file.size() as u64,
        ..FileAt::default()
    };
    let files = vec![at.clone()];
    let layout = parquet::layout_of(store, &run.reading, files, Some(file), None).await?;
    let known = Known {
        total: Some(layout.rows()),
        ..Known::default()
    };
    let size = SplitSize {
        rows: Some(layout.rows()),
        // What is packed in the file is some three times as long as text.
        bytes_memory: Some(at.size.saturating_mul(3)),
        ..SplitSize::default()
    };
    for part in &mut run.parts {
        part.layout = Some(layout.clone());
    }
    by_layout(store, run, known, &layout, &size, &[])
}

/// A run whose rows come out of Parquet files.
fn by_layout(
    store: Store,
    run: Run,
    known: Known,
    layout: &Layout,
    size: &SplitSize,
    cached: &[PageRange],
) -> Result<Prepared, String> {
    let page_len = page_len(size);
    let reading = &run.reading;
    let is_survey = reading.read != Read::Sample;
    if is_survey && !layout.cost().has_roles {
        return Err(NO_SURVEY.to_owned());
    }
    let pages = match is_survey {
        true => layout.survey_pages(),
        false => {
            let total = Some(layout.rows());
            let wanted = sample_pages(reading.sample, reading.seed, total, reading.rows, page_len);
            layout.cut(&cover(&wanted, cached, page_len), cached)
        }
    };
    let (stage, cached) = match is_survey {
        true => (Stage::Survey(Depth::Metadata, None), Vec::new()),
        false => (Stage::Whole, cached.to_vec()),
    };
    Ok(Prepared {
        cached,
        stage,
        page_len,
        ..prepared(store, run, pages, known)
    })
}

/// Why rows are read out of the Parquet files; `None`: they are not.
fn reason_for_files(reading: &Reading, split: &SplitSize, by_files: bool) -> Option<&'static str> {
    /// So many rows take more than a minute by the row service, which gives some tens per second.
    const MANY: u64 = 5_000;
    let most = |rows: u64| reading.rows.min(rows) >= MANY && reading.rows >= rows / 2;
    match reading.via {
        _ if by_files => Some(
            "The row service can't serve these rows; they are read from the Parquet files instead.",
        ),
        Via::Parquet => Some("Read from the Parquet files."),
        _ if reading.read != Read::Sample || split.split == ALL => {
            Some("Read from the Parquet files.")
        }
        Via::Auto if split.rows.is_some_and(most) && split.bytes_parquet.is_some() => {
            Some("So many rows are read faster from the Parquet files.")
        }
        Via::Auto | Via::Rows | Via::Files => None,
    }
}

async fn prepare_hub(
    store: Store,
    id: u64,
    asked: &Reading,
    by_files: bool,
    is_counted: bool,
) -> Result<Prepared, Unanswered> {
    let mut described = lookup::described(store, asked, false).await?;
    if described.is_without_rows() {
        let none = described.chosen(&asked.config, &asked.split).map(drop);
        return Err(Unanswered {
            words: none.err().unwrap_or_default(),
            is_without_rows: true,
        });
    }
    let splits = described.chosen(&asked.config, &asked.split)?;
    let mut split = SplitSize::together(&splits).unwrap_or_default();
    if splits.len() > 1 && asked.via == Via::Rows {
        return Err(ONE_SPLIT.to_owned().into());
    }
    let source = Source::Hub {
        endpoint: servers::endpoint(asked),
        dataset: asked.dataset.clone(),
        config: split.config.clone(),
        split: split.split.clone(),
    };
    let reason = reason_for_files(asked, &split, by_files);
    let mut layout = None;
    if reason.is_some() {
        let listed = parquet::files_of(store, asked, &splits).await?;
        described.revision = listed.revision.clone().or(described.revision);
        described.partial = listed.partial;
        let revision = described.revision.as_deref();
        layout = Some(parquet::layout_of(store, asked, listed.files, None, revision).await?);
    } else if split.rows.is_none() && (is_counted || asked.sample != Sample::Head) {
        split.rows = count_rows(store, asked, &source).await?;
    }
    let question = Question::Cached {
        source: source.clone(),
        revision: described.revision.clone(),
    };
    let answer = store.hub_worker().ask(&question, JsValue::UNDEFINED).await;
    let (mut revision, cached) = match answer {
        Ok((Answer::Cached { revision, pages }, _)) => (revision, pages),
        _ => (described.revision.clone(), Vec::new()),
    };
    if layout.is_some() {
        revision = described.revision.clone();
    }
    let mut run = Run::of(id, asked.clone(), source);
    run.reading.config.clone_from(&split.config);
    run.reading.split.clone_from(&split.split);
    for part in &mut run.parts {
        part.context.config.clone_from(&split.config);
        part.context.split.clone_from(&split.split);
        part.revision.clone_from(&revision);
        part.layout.clone_from(&layout);
    }
    let known = Known {
        total: layout.as_ref().map(|layout| layout.rows()).or(split.rows),
        partial: described.partial,
        files_tried: false,
    };
    let mut prepared = match layout {
        Some(layout) => by_layout(store, run, known, &layout, &split, &cached)?,
        None => by_rows(store, run, known, &split, &cached),
    };
    prepared.route = reason.map(str::to_owned);
    // Kept pages are of this commit; without any, the first answer says which commit the run reads.
    if prepared.run.layout().is_some() || !cached.is_empty() {
        prepared.revision = revision;
    }
    Ok(prepared)
}

/// A run whose rows come from the row service.
fn by_rows(
    store: Store,
    run: Run,
    known: Known,
    split: &SplitSize,
    cached: &[PageRange],
) -> Prepared {
    let reading = &run.reading;
    let len = page_len(split);
    let wanted = sample_pages(reading.sample, reading.seed, split.rows, reading.rows, len);
    Prepared {
        cached: cached.to_vec(),
        ..prepared(store, run, cover(&wanted, cached, len), known)
    }
}

/// The rows of a split whose size the server did not tell: its first row comes with their number. Without it a link
/// to a sample would lead to the first rows, and to others when the size is there.
async fn count_rows(
    store: Store,
    reading: &Reading,
    source: &Source,
) -> Result<Option<u64>, Unanswered> {
    let at = PageAt {
        source: source.clone(),
        range: PageRange::rows(0, 1),
        offset: 0,
        place: RowContext::default(),
        first: 0,
        revision: None,
        token: token::token_for(store, &servers::endpoint(reading)),
        pieces: Vec::new(),
        items: Vec::new(),
    };
    let recipe = store.run.recipe.get_untracked();
    let question = Question::Measure {
        at,
        counting: count::counting(store, &recipe),
        only: None,
    };
    let workers = store.readers();
    match lookup::ask_until_told(store, &workers, &question, JsValue::UNDEFINED).await? {
        Answer::Measured(measured) => Ok(measured.total),
        _ => Err(WorkerError::Protocol.into()),
    }
}

fn prepared(store: Store, run: Run, pages: Vec<PageRange>, known: Known) -> Prepared {
    Prepared {
        limits: limits_of(store, &run),
        run,
        pages,
        cached: Vec::new(),
        revision: None,
        stage: Stage::Whole,
        page_len: MAX_PAGE_ROWS,
        known,
        route: None,
    }
}

/// What a run allows itself: only a server needs to be spared. Of one of files only the number of requests matters, which
/// each worker bounds.
pub fn limits_of(store: Store, run: &Run) -> Limits {
    /// So many workers read files of a server at once.
    const OF_A_SERVER: usize = 6;
    let workers = store.readers().workers();
    let limits = run.parts.iter().map(|part| match part.source {
        Source::Hub { .. } if part.layout.is_some() => Limits::local(workers.min(OF_A_SERVER)),
        Source::Hub { .. } => Limits::default().for_workers(workers),
        Source::Demo { .. } | Source::Repository { .. } | Source::File { .. } => {
            Limits::local(workers)
        }
    });
    Limits {
        wait_scale: wait::scale(),
        ..limits.reduce(Limits::both).unwrap_or_default()
    }
}
