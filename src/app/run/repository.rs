//! The files of a dataset as they were uploaded, where the datasets server has no rows of it: fetched, and opened as local
//! ones are. Only a recipe that leaves the way to the page falls back to them.

use leptos::prelude::*;

use super::active::{self, is_by_rows, is_current};
use super::files::leaves_way_open;
use super::prepare::{Prepared, by_opened};
use super::value::Run;
use crate::app::source::{repository, servers};
use crate::app::store::Store;
use crate::worker::RawFiles;
use tracesift_core::ground::Source;
use tracesift_core::recipe::{Read, Reading, Via};
use tracesift_hub::error::HubError;

/// Only Parquet files have columns that can be read without the texts.
const NO_SURVEY: &str = "The Hub has no table of this dataset, so it can't be surveyed: its files are read whole. Analyze it \
    instead.";

/// A run of the files; `why` there are no rows, in words, where these were asked for first.
///
/// # Errors
/// Why there is nothing to read, in words.
pub async fn prepare(
    store: Store,
    id: u64,
    asked: Reading,
    why: Option<String>,
) -> Result<Prepared, String> {
    let raw = match (repository::listed(store, &asked).await, &why) {
        (Ok(raw), _) => raw,
        // Why there are no rows says more than why there are no files, either.
        (Err(_), Some(why)) => return Err(why.clone()),
        (Err(error), None) => return Err(error.words),
    };
    if !raw.is_readable() {
        let why = why.map_or_else(String::new, |why| why + " ");
        return Err(format!("{why}{}", raw.why_not()));
    }
    if asked.read != Read::Sample {
        return Err(NO_SURVEY.to_owned());
    }
    let chosen = repository::fetched(store, &asked, &raw, || is_current(id)).await?;
    let source = Source::Repository {
        hub: servers::hub(&asked),
        dataset: asked.dataset.clone(),
    };
    let mut run = Run::of(id, asked, source);
    // A link to these rows leads to the files, also once the server has a table.
    run.reading.via = Via::Files;
    run.reading.config.clear();
    run.reading.split.clear();
    for part in &mut run.parts {
        part.revision = Some(raw.commit.clone());
    }
    let prepared = by_opened(store, run, &chosen).await?;
    Ok(Prepared {
        route: Some(route(&raw, why.is_some())),
        ..prepared
    })
}

/// How the rows are read.
fn route(raw: &RawFiles, is_detour: bool) -> String {
    let words = raw.words();
    match is_detour {
        true => format!("The Hub has no table of this dataset; read from {words} of it instead."),
        false => format!("Read from {words} of the dataset."),
    }
}

/// Whether files may give what the row service can't: it has no rows of the dataset that the run ended at, and gave none.
pub fn may_help(store: Store, error: &HubError) -> bool {
    let has_given = active::with(|active| {
        let ended_at = active.place_ended_at();
        store.rows.pages.with_untracked(|pages| {
            let mut pages = pages.iter();
            pages.any(|page| active.run.place_of(page.start) == ended_at)
        })
    });
    let is_sample = active::with(|active| active.run.reading.read == Read::Sample);
    error.is_without_rows()
        && has_given == Some(false)
        && is_sample == Some(true)
        && is_by_rows()
        && leaves_way_open()
}

/// Whether the dataset that the run ended at holds files that can be opened.
pub async fn is_readable(store: Store) -> bool {
    let reading = active::with(|active| {
        let at = active.place_ended_at()?;
        let asked = &active.run.asked;
        Some(asked.of_places(std::slice::from_ref(asked.places().get(at)?)))
    });
    let Some(reading) = reading.flatten() else {
        return false;
    };
    let raw = repository::listed(store, &reading).await;
    raw.is_ok_and(|raw| raw.is_readable())
}
