//! The files of a dataset as they were uploaded, for datasets of which the Hub has no table: what there is, and the bytes.
//! They are kept for the tab by their commit, so that a run that was cancelled, or asks for other rows, fetches no file twice.

use std::collections::{HashMap, HashSet};
use std::pin::pin;

use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::file::Chosen;
use super::lookup::{Unanswered, ask_until_told};
use super::servers;
use super::token::token_for_file;
use crate::app::store::Store;
use crate::wait::wait_unless;
use crate::worker::{Answer, Question, RawFiles, WorkerError};
use tracesift_core::ground::words;
use tracesift_core::recipe::Reading;
use tracesift_core::source::inventory::Skipped;
use tracesift_hub::address;
use tracesift_hub::answer::RepoFile;
use tracesift_hub::error::{ErrorKind, HubError};

/// Files that are fetched at once: as many as a browser asks of one server.
const AT_ONCE: usize = 6;
/// A file is asked for so often where the trouble may pass.
const TRIES: u32 = 6;

/// How often is looked how much has come, in milliseconds.
const LOOK_MS: u32 = 300;

/// What was fetched of one dataset.
#[derive(Clone, Default)]
pub struct Fetched {
    /// The files by their addresses, which name their commit.
    files: HashMap<String, Blob>,
    /// All of them together, as they were opened last.
    chosen: Option<Chosen>,
}

/// What the files of a reading's first dataset are now.
///
/// # Errors
/// Why they can't be listed, in words.
pub async fn listed(store: Store, reading: &Reading) -> Result<RawFiles, Unanswered> {
    let dataset = reading.dataset.clone();
    let hub = servers::hub(reading);
    let question = Question::Repository {
        token: token_for_file(store, &servers::endpoint(reading), &hub),
        hub,
        dataset: dataset.clone(),
    };
    let answer = ask_until_told(store, &store.hub_worker(), &question, JsValue::UNDEFINED).await?;
    let Answer::Repository(files) = answer else {
        return Err(WorkerError::Protocol.into());
    };
    store.run.repositories.update(|known| {
        known.insert(dataset, files.clone());
    });
    Ok(files)
}

/// Forgets the files of datasets that are not named any more.
pub fn forget(store: Store, is_named: impl Fn(&String) -> bool) {
    let repositories = store.run.repositories;
    repositories.update(|known| known.retain(|name, _| is_named(name)));
    let fetched = store.run.fetched;
    fetched.update_value(|fetched| fetched.retain(|name, _| is_named(name)));
}

/// The files of a reading's first dataset, to be opened as local ones are. What could not be fetched is listed among them.
///
/// # Errors
/// Why no more of them can be fetched, in words; also once `is_on` says that nobody waits for them.
pub async fn fetched(
    store: Store,
    reading: &Reading,
    raw: &RawFiles,
    is_on: impl Fn() -> bool,
) -> Result<Chosen, String> {
    let dataset = &reading.dataset;
    let place = Place {
        store,
        hub: servers::hub(reading),
        endpoint: servers::endpoint(reading),
        dataset,
        commit: &raw.commit,
    };
    let kept = store
        .run
        .fetched
        .with_value(|fetched| fetched.get(dataset).cloned());
    let mut kept = kept.unwrap_or_default();
    let now: HashSet<String> = raw.fetched.iter().map(|file| place.url(file)).collect();
    kept.files.retain(|url, _| now.contains(url));
    let mut missing = raw.skipped(dataset);
    let ended = place.fetch_all(raw, &mut kept, &mut missing, is_on).await;
    store.run.looking_up.set(None);
    let chosen = match ended {
        Ok(()) => place.chosen(raw, &mut kept, missing),
        Err(why) => {
            // Whether it hears of it or not, nobody waits for the rest.
            let _ = ask(store, &Question::StopFetching).await;
            Err(why)
        }
    };
    store.run.fetched.update_value(|fetched| {
        fetched.insert(dataset.clone(), kept);
    });
    chosen
}

const CANCELLED: &str = "Fetching the files was cancelled. Analyze again to go on.";

/// The bytes that have come of files that are not whole yet.
async fn ask(store: Store, question: &Question) -> u64 {
    match store.hub_worker().ask(question, JsValue::UNDEFINED).await {
        Ok((Answer::Fetching(bytes), _)) => bytes,
        _ => 0,
    }
}

/// Where files are fetched from.
struct Place<'p> {
    store: Store,
    hub: String,
    endpoint: String,
    dataset: &'p str,
    commit: &'p str,
}

impl Place<'_> {
    fn url(&self, file: &RepoFile) -> String {
        address::dataset_file(&self.hub, self.dataset, self.commit, &file.path)
    }

    /// Fetches what is not there yet, some files at a time.
    ///
    /// # Errors
    /// Why no more can be had, or that nobody waits for them.
    async fn fetch_all(
        &self,
        raw: &RawFiles,
        kept: &mut Fetched,
        missing: &mut Vec<Skipped>,
        is_on: impl Fn() -> bool,
    ) -> Result<(), String> {
        let open = raw.fetched.iter();
        let open = open.filter(|file| !kept.files.contains_key(&self.url(file)));
        let open: Vec<&RepoFile> = open.collect();
        let mut count = Count::of(raw, &open);
        let is_on = &is_on;
        let each = open
            .into_iter()
            .map(|file| async move { (file, self.fetch(file, is_on).await) });
        let mut each = stream::iter(each).buffer_unordered(AT_ONCE);
        let looking_up = self.store.run.looking_up;
        looking_up.set(Some(count.words(0)));
        while is_on() {
            let look = pin!(wait_unless(LOOK_MS, || !is_on()));
            match select(each.next(), look).await {
                Either::Left((None, _)) => return Ok(()),
                Either::Left((Some((file, Ok(blob))), _)) => {
                    kept.files.insert(self.url(file), blob);
                    count.add(file);
                }
                Either::Left((Some((file, Err(error))), _)) => missing.push(Skipped {
                    name: RawFiles::name(self.dataset, &file.path),
                    why: why_missing(error)?,
                }),
                Either::Right(_) => {
                    let under_way = ask(self.store, &Question::Fetching).await;
                    looking_up.set(Some(count.words(under_way)));
                }
            }
        }
        Err(CANCELLED.to_owned())
    }

    /// A file; asked for again where the trouble may pass.
    async fn fetch(&self, file: &RepoFile, is_on: impl Fn() -> bool) -> Result<Blob, WorkerError> {
        let url = self.url(file);
        let question = Question::FetchFile {
            token: token_for_file(self.store, &self.endpoint, &url),
            url,
            size: file.size,
        };
        let mut tries = 1;
        loop {
            let worker = self.store.hub_worker();
            let asked = worker.ask_for_blob(&question, JsValue::UNDEFINED, |_| {});
            let error = match asked.await {
                Ok((_, blob)) => return Ok(blob),
                Err(WorkerError::Hub(error)) => error,
                // It was meant for files of a run before.
                Err(WorkerError::Interrupted) if is_on() && tries < TRIES => {
                    HubError::interrupted()
                }
                Err(error) => return Err(error),
            };
            let retry = error.retry(TRIES);
            let wait = retry.wait_ms(tries) as u32;
            if tries >= retry.tries || !wait_unless(wait, || !is_on()).await {
                return Err(WorkerError::Hub(error));
            }
            tries += 1;
        }
    }

    /// What was fetched, and the names of what need not be; the same files as before need not be opened again.
    fn chosen(
        &self,
        raw: &RawFiles,
        kept: &mut Fetched,
        missing: Vec<Skipped>,
    ) -> Result<Chosen, String> {
        let name = |path: &str| RawFiles::name(self.dataset, path);
        let files = raw.fetched.iter().filter_map(|file| {
            let blob = kept.files.get(&self.url(file))?;
            Some((name(&file.path), blob.clone()))
        });
        let empty = Blob::new().map_err(|error| format!("{error:?}"))?;
        let named = raw.named.iter().map(|path| (name(path), empty.clone()));
        let files = files.chain(named).collect();
        let now = Chosen::named(self.dataset.to_owned(), files, missing);
        let known = kept.chosen.take().filter(|known| known.is_same(&now));
        Ok(kept.chosen.insert(known.unwrap_or(now)).clone())
    }
}

/// Why one file is left out.
///
/// # Errors
/// Why no other file can be had, either.
fn why_missing(error: WorkerError) -> Result<String, String> {
    let is_of_all = |error: &HubError| matches!(error.kind, ErrorKind::Access | ErrorKind::Limited);
    match error {
        WorkerError::Hub(error) if is_of_all(&error) => Err(format!(
            "{error} The files that were fetched are kept: analyze again to go on."
        )),
        WorkerError::Hub(error) => Ok(format!(
            "not fetched: {}",
            error.cause.trim_end_matches('.')
        )),
        error => Err(error.to_string()),
    }
}

/// How much is fetched.
struct Count {
    files: u64,
    bytes: u64,
    of_files: usize,
    of_bytes: u64,
}

impl Count {
    fn of(raw: &RawFiles, open: &[&RepoFile]) -> Self {
        let bytes = open.iter().map(|file| file.size);
        Self {
            files: (raw.fetched.len() - open.len()) as u64,
            bytes: raw.bytes().saturating_sub(bytes.sum()),
            of_files: raw.fetched.len(),
            of_bytes: raw.bytes(),
        }
    }

    fn add(&mut self, file: &RepoFile) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(file.size);
    }

    /// In words; so many bytes of others have come.
    fn words(&self, under_way: u64) -> String {
        format!(
            "Fetching the files: {} of {}, {} of {} …",
            words::count(self.files),
            words::count(self.of_files as u64),
            words::bytes(self.bytes.saturating_add(under_way)),
            words::bytes(self.of_bytes)
        )
    }
}
