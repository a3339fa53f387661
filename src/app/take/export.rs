//! Writes the selection, page by page and in order, to a destination: all workers encode, one keeps the files and their
//! checksums. The lines of a few pages are held at a time, whatever the size.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::chosen::Chosen;
use super::destination::Destination;
use crate::app::address::link_of;
use crate::app::run::value::Run;
use crate::app::run::{ask, limits_of};
use crate::app::store::Store;
use crate::buffer;
use crate::wait::wait_unless;
use crate::worker::pool::Answered;
use crate::worker::{Answer, Begin, Counting, End, Question, WorkerError};
use tracesift_core::export::file::SplitFile;
use tracesift_core::export::files::FileId;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::{Options, Origin};
use tracesift_core::ground::PageRange;
use tracesift_core::manifest::Manifest;
use tracesift_core::recipe::{Made, Recipe};

/// A page that can't be had for a passing reason is asked for so often.
const TRIES: u32 = 5;

/// The worker keeps the files of one export.
const BUSY: &str = "other files are being written. Wait until they are done, or cancel them.";

/// What an export needs to know, taken when it starts: what the user changes meanwhile has no part in it.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The name of the files, without ending.
    pub base: String,
    /// Whether they go into one `.zip`.
    pub is_zip: bool,
    /// What tokens are counted with; `None`: nothing is counted.
    pub counting: Option<Counting>,
    /// The run that the rows are of.
    pub run: Arc<Run>,
    /// How it is made; files and counts come with the lines.
    pub manifest: Manifest,
    /// The rows by page, each with where it is from, in order.
    pub rows: Vec<(PageRange, Vec<Origin>)>,
    /// What the link to it says.
    pub recipe: Recipe,
}

impl Setting {
    /// The files of chosen rows. `counts`: tokens are counted even where nothing that is chosen needs them, as whatever
    /// goes to a trainer tells its longest row.
    ///
    /// # Errors
    /// Why the rows can't be had, in words.
    pub async fn of(chosen: &Chosen, is_zip: bool, counts: bool) -> Result<Self, String> {
        let recipe = chosen.recipe.clone();
        Ok(Self {
            base: chosen.base_name(),
            is_zip,
            counting: chosen.counting(counts || recipe.export.is_counted()),
            run: chosen.run.clone(),
            manifest: chosen.manifest(),
            rows: chosen.by_page().await?,
            recipe,
        })
    }

    fn len(&self) -> u64 {
        self.rows.iter().map(|(_, rows)| rows.len() as u64).sum()
    }
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct ExportResult {
    /// How it was made, with its files.
    pub manifest: Option<Manifest>,
    /// What was not written: CSV, or nothing.
    pub report: String,
    /// Rows that could not be read again.
    pub bad: u64,
    /// The files in blobs, if that was the destination.
    pub kept: Vec<(String, Array)>,
}

impl ExportResult {
    /// Counts of what was written and what was not.
    pub fn tally(&self) -> Tally {
        self.manifest
            .as_ref()
            .map(|manifest| manifest.written.clone())
            .unwrap_or_default()
    }
}

/// How far the page's export is: there is one at a time, whoever wants it.
#[derive(Clone, Copy)]
pub struct Export {
    /// Rows written and rows to write; `None` while no export is on.
    pub progress: RwSignal<Option<(u64, u64)>>,
    /// Whether the user wants it to end.
    pub is_cancelled: RwSignal<bool>,
    /// Whether it is a check that runs by itself, which gives way to whatever a person asks for.
    pub is_checking: RwSignal<bool>,
}

impl Export {
    /// No export yet.
    pub fn new() -> Self {
        Self {
            progress: RwSignal::new(None),
            is_cancelled: RwSignal::new(false),
            is_checking: RwSignal::new(false),
        }
    }

    /// Whether something is written that a person asked for.
    pub fn is_writing(self) -> bool {
        self.progress.with(Option::is_some) && !self.is_checking.get()
    }

    /// Ends a check that runs by itself, if one does.
    pub async fn end_check(self) {
        while self.is_checking.get_untracked() {
            self.is_cancelled.set(true);
            TimeoutFuture::new(20).await;
        }
    }

    /// The page's export, from any component.
    pub fn of_the_page() -> Self {
        expect_context()
    }

    /// Writes the selection to `destination`. On failure or cancel what was written is dropped.
    ///
    /// # Errors
    /// Why nothing was written, in words; `None`: it was cancelled.
    pub async fn write(
        self,
        store: Store,
        setting: Setting,
        mut destination: Destination,
    ) -> Result<ExportResult, Option<String>> {
        if self.progress.with_untracked(Option::is_some) {
            destination.abort().await;
            return Err(Some(BUSY.to_owned()));
        }
        self.is_cancelled.set(false);
        self.progress.set(Some((0, setting.len())));
        let result = self.lines_and_more(store, setting, &mut destination).await;
        self.progress.set(None);
        match result {
            Ok(mut written) => {
                written.kept = destination.close().await.map_err(Some)?;
                Ok(written)
            }
            Err(why) => {
                destination.abort().await;
                Err(why)
            }
        }
    }

    async fn lines_and_more(
        self,
        store: Store,
        setting: Setting,
        destination: &mut Destination,
    ) -> Result<ExportResult, Option<String>> {
        let all = setting.len();
        let encoding = Encoding {
            store,
            is_cancelled: self.is_cancelled,
            run: setting.run.clone(),
            options: setting.manifest.options.clone(),
            seed: setting.manifest.provenance.seed,
            counting: setting.counting,
        };
        let mut begin = Some(Box::new(Begin {
            base: setting.base.clone(),
            is_zip: setting.is_zip,
            options: setting.manifest.options.clone(),
        }));
        let mut writing = Writing {
            store,
            run: setting.run,
            destination,
            manifest: setting.manifest,
            recipe: setting.recipe,
            base: setting.base,
            written: ExportResult::default(),
        };

        let pages = setting.rows.into_iter();
        let encoded = stream::iter(pages.map(|(page, rows)| encoding.page(page, rows)));
        let mut encoded = encoded.buffered(at_once(store, &encoding.run));
        let mut done = 0;
        while let Some(page) = encoded.next().await {
            if self.is_cancelled.get_untracked() {
                return Err(None);
            }
            let (lines, rows) = page.map_err(Some)?;
            writing.lines(lines, begin.take()).await.map_err(Some)?;
            done += rows;
            self.progress.set(Some((done, all)));
        }
        if begin.is_some() {
            return Err(Some(
                "none of the rows can be read again. Analyze again.".to_owned(),
            ));
        }
        if self.is_cancelled.get_untracked() {
            return Err(None);
        }
        writing.finish().await.map_err(Some)?;
        writing.extras(setting.is_zip).await.map_err(Some)?;
        writing.written.manifest = Some(writing.manifest);
        Ok(writing.written)
    }
}

/// How many pages of a run are read again at once: one for each worker and one that waits, and no more than its server may be
/// asked for. The lines of all of them are held.
pub fn at_once(store: Store, run: &Run) -> usize {
    let enough = store.readers().workers() + 1;
    limits_of(store, run).in_flight.clamp(1, enough)
}

/// How pages become lines.
struct Encoding {
    store: Store,
    is_cancelled: RwSignal<bool>,
    run: Arc<Run>,
    options: Options,
    seed: u64,
    counting: Option<Counting>,
}

impl Encoding {
    /// The lines of a page's rows, as the worker reads them that keeps the files, and how many rows they are of.
    async fn page(&self, page: PageRange, rows: Vec<Origin>) -> Result<(Uint8Array, u64), String> {
        let at = self.run.page_at(self.store, page);
        let at = at.ok_or_else(|| WorkerError::NoRow(page.start).to_string())?;
        let count = rows.len() as u64;
        let question = Question::Encode {
            at,
            rows,
            options: self.options.clone(),
            seed: self.seed,
            counting: self.counting.clone(),
        };
        let answer = self.ask_again(&question).await;
        match answer.map_err(|error| error.to_string())? {
            (Answer::Encoded, Some(lines)) => Ok((lines, count)),
            _ => Err(WorkerError::Protocol.to_string()),
        }
    }

    /// Asks about rows, again where the trouble may pass.
    async fn ask_again(&self, question: &Question) -> Answered {
        let is_cancelled = || self.is_cancelled.get_untracked();
        let mut attempt = 1;
        loop {
            match ask::about(self.store, &self.run, question).await {
                Err(error) if error.is_passing() && attempt < TRIES => {
                    if !wait_unless(1_000 << attempt, is_cancelled).await {
                        return Err(error);
                    }
                    attempt += 1;
                }
                answered => return answered,
            }
        }
    }
}

/// An export under way.
struct Writing<'p> {
    store: Store,
    run: Arc<Run>,
    destination: &'p mut Destination,
    manifest: Manifest,
    recipe: Recipe,
    base: String,
    written: ExportResult,
}

impl Writing<'_> {
    /// Adds lines to the files.
    async fn lines(&mut self, lines: Uint8Array, begin: Option<Box<Begin>>) -> Result<(), String> {
        let answer = self.ask(&Question::Write { begin }, lines.into()).await;
        let (Answer::Written { chunks }, bytes) = answer.map_err(|error| error.to_string())? else {
            return Err(WorkerError::Protocol.to_string());
        };
        self.write(&chunks, bytes).await
    }

    async fn ask(&self, question: &Question, lines: JsValue) -> Answered {
        self.store.writer().ask(question, lines).await
    }

    /// Ends the files: what the manifest says of them is known then.
    async fn finish(&mut self) -> Result<(), String> {
        loop {
            let answer = self.ask(&Question::Finish, JsValue::UNDEFINED).await;
            let (Answer::Finished { chunks, end }, bytes) =
                answer.map_err(|error| error.to_string())?
            else {
                return Err(WorkerError::Protocol.to_string());
            };
            self.write(&chunks, bytes).await?;
            if let Some(end) = end {
                self.end(*end);
                return Ok(());
            }
        }
    }

    fn end(&mut self, end: End) {
        let files = end.files.into_iter().map(|(id, file)| SplitFile {
            split: id.split,
            file,
        });
        self.manifest.files = files.collect();
        self.manifest.written = end.tally;
        self.manifest.warnings = end.warnings;
        let first = self.manifest.files.first();
        self.recipe.made = Made {
            revisions: self.run.revisions(),
            sha256: first.map(|file| file.file.sha256.clone()),
        };
        self.manifest.provenance.recipe = link_of(self.recipe.clone());
        self.written.report = end.report;
        self.written.bad = end.bad;
    }

    /// What goes beside the rows, if the destination can hold it.
    async fn extras(&mut self, is_zip: bool) -> Result<(), String> {
        if !is_zip
            && !matches!(
                self.destination,
                Destination::Folder(_) | Destination::Kept(_)
            )
        {
            return Ok(());
        }
        let manifest = self.manifest.to_json();
        let hub = self.run.hub();
        let answer = self
            .ask(&Question::Close { manifest, hub }, JsValue::UNDEFINED)
            .await;
        let (Answer::Closed(extras), bytes) = answer.map_err(|error| error.to_string())? else {
            return Err(WorkerError::Protocol.to_string());
        };
        self.write(&[], bytes).await?;
        for (name, text) in extras {
            let bytes = Uint8Array::from(text.as_bytes());
            self.destination.write(&name, &bytes).await?;
        }
        Ok(())
    }

    /// Writes each file's bytes to it; what belongs to no file is of the `.zip`.
    async fn write(
        &mut self,
        chunks: &[(FileId, u64)],
        bytes: Option<Uint8Array>,
    ) -> Result<(), String> {
        let Some(bytes) = bytes.filter(|bytes| bytes.length() > 0) else {
            return Ok(());
        };
        let mut from = 0;
        for (id, len) in chunks {
            let end = from + u32::try_from(*len).unwrap_or(u32::MAX);
            let name = id.name(&self.base, &self.manifest.options);
            self.destination
                .write(&name, &bytes.subarray(from, end))
                .await?;
            from = end;
        }
        if chunks.is_empty() {
            self.destination.write("", &bytes).await?;
        }
        buffer::release(&bytes.buffer());
        Ok(())
    }
}
