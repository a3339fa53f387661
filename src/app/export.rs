//! Encodes the selection, page by page and in order, into a sink; one worker keeps the running checksum.
//! No page's text is held longer than it takes to write it.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::sink::Sink;
use super::store::Store;
use super::{parquet, run};
use crate::export::Origin;
use crate::export::manifest;
use crate::frame::Number;
use crate::source::{PageRange, Source};
use crate::worker::{Answer, BadRow, Question, WorkerError};

/// A page that can't be had for a passing reason is asked for so often.
const TRIES: u32 = 5;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// The file, without a name.
    pub file: manifest::File,
    /// Rows of the selection that could not be read again.
    pub bad: Vec<BadRow>,
}

/// How far an export is; dropped values end it.
#[derive(Clone, Copy)]
pub struct Export {
    /// Rows written and rows to write; `None` while no export is on.
    pub progress: RwSignal<Option<(u64, u64)>>,
    /// Whether the user wants it to end.
    pub is_cancelled: RwSignal<bool>,
}

impl Export {
    /// No export yet.
    pub fn new() -> Self {
        Self {
            progress: RwSignal::new(None),
            is_cancelled: RwSignal::new(false),
        }
    }

    /// Encodes the selection into `sink` and gives `then` what was written; on failure or cancel the sink is
    /// aborted and `then` gets the reason (`None`: cancelled).
    pub fn start(
        self,
        store: Store,
        sink: Sink,
        then: impl FnOnce(Result<Written, Option<String>>) + 'static,
    ) {
        self.is_cancelled.set(false);
        spawn_local(async move {
            let result = self.encode(store, sink).await;
            self.progress.set(None);
            then(result);
        });
    }

    async fn encode(self, store: Store, mut sink: Sink) -> Result<Written, Option<String>> {
        let jobs = jobs(store);
        let all = jobs.iter().map(|(_, rows)| rows.len() as u64).sum();
        let mut written = Written::default();
        let mut done = 0;
        for (index, (page, rows)) in jobs.into_iter().enumerate() {
            self.progress.set(Some((done, all)));
            done += rows.len() as u64;
            let piece = encode_page(store, page, rows, index == 0).await;
            let is_cancelled = self.is_cancelled.get_untracked();
            let outcome = match piece {
                _ if is_cancelled => Err(None),
                Ok(piece) => add(&mut sink, &mut written, piece).await.map_err(Some),
                Err(error) => Err(Some(error.to_string())),
            };
            if let Err(why) = outcome {
                sink.abort().await;
                return Err(why);
            }
        }
        sink.close().await.map_err(Some)?;
        Ok(written)
    }
}

struct Piece {
    so_far: Option<manifest::File>,
    bad: Vec<BadRow>,
    bytes: Option<js_sys::Uint8Array>,
}

async fn add(sink: &mut Sink, written: &mut Written, piece: Piece) -> Result<(), String> {
    if let Some(so_far) = piece.so_far {
        written.file = so_far;
    }
    written.bad.extend(piece.bad);
    match piece.bytes {
        Some(bytes) => sink.write(&bytes).await,
        None => Ok(()),
    }
}

/// The selected rows by page, both in the order of the split.
fn jobs(store: Store) -> Vec<(PageRange, Vec<Origin>)> {
    let mut pages = store.pages.get_untracked();
    pages.sort();
    let mut jobs: Vec<(PageRange, Vec<Origin>)> = Vec::new();
    let mut pages = pages.into_iter().peekable();
    for origin in origins(store) {
        while pages.next_if(|page| page.end() <= origin.row).is_some() {}
        let page = pages
            .peek()
            .filter(|page| page.start <= origin.row)
            .copied();
        // A row that was surveyed only is in no page yet.
        let Some(page) = page.or_else(|| store.page_of(origin.row)) else {
            continue;
        };
        match jobs.last_mut().filter(|(last, _)| *last == page) {
            Some((_, rows)) => rows.push(origin),
            None => jobs.push((page, vec![origin])),
        }
    }
    jobs
}

/// Where each selected row is from, by row index.
fn origins(store: Store) -> Vec<Origin> {
    let reading = store.reading.get_untracked();
    let dataset = match &reading.source {
        Some(Source::Hub { dataset, .. }) => dataset.clone(),
        Some(Source::File { name, .. }) => name.clone(),
        Some(Source::Demo { .. }) | None => "demo".to_owned(),
    };
    let selection = store.selection.get_untracked();
    let layout = run::layout();
    store.frame.with_untracked(|frame| {
        let (rows, tokens) = (frame.rows(), frame.number(Number::Tokens));
        let origin = |&at: &u32| {
            let tokens = tokens
                .get(at as usize)
                .copied()
                .filter(|tokens| tokens.is_finite());
            let row = *rows.get(at as usize)?;
            let split = layout.as_ref().and_then(|layout| layout.split_of(row));
            let (config, split) = match split {
                Some(at) => (&at.config, &at.split),
                None => (&reading.config, &reading.split),
            };
            Some(Origin {
                dataset: dataset.clone(),
                config: config.clone(),
                split: split.clone(),
                revision: reading
                    .revision
                    .clone()
                    .filter(|revision| !revision.is_empty()),
                row,
                tokens: tokens.map(|tokens| tokens as u64),
            })
        };
        selection.kept.iter().filter_map(origin).collect()
    })
}

async fn encode_page(
    store: Store,
    page: PageRange,
    rows: Vec<Origin>,
    first: bool,
) -> Result<Piece, WorkerError> {
    let at = run::page_at(store, page).ok_or(WorkerError::NoRow(page.start))?;
    let recipe = store.recipe.get_untracked();
    let question = Question::Encode {
        at,
        rows,
        first,
        tokenizer: recipe.export.needs_tokens().then_some(recipe.tokenizer),
        options: recipe.export,
        seed: recipe.seed,
    };
    let mut attempt = 1;
    loop {
        match parquet::ask_first(store, &question).await {
            // All lines go to one file yet, so that the last piece is the file as it stands.
            Ok((Answer::Encoded { pieces, bad, .. }, bytes)) => {
                let so_far = pieces.into_iter().last().map(|piece| piece.so_far);
                return Ok(Piece { so_far, bad, bytes });
            }
            Err(WorkerError::Hub(error)) if error.is_passing() && attempt < TRIES => {
                gloo_timers::future::TimeoutFuture::new(1_000 << attempt).await;
                attempt += 1;
            }
            Ok(_) => return Err(WorkerError::Mismatch),
            Err(error) => return Err(error),
        }
    }
}
