//! How a run ends: done, by the user, or by an error, which is said in words. What was read stays.
//! What comes after it is only named here; whoever drives the run carries it out.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::active::{self, is_surveying};
use super::value::dataset_name;
use super::{cache, files, ingest, repository, stage};
use crate::app::source::token;
use crate::app::store::{Phase, Store};
use crate::worker::{Answer, Question};
use tracesift_core::ground::{Source, words};
use tracesift_core::recipe::Read;
use tracesift_hub::error::HubError;

/// What comes after a run that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum After {
    /// Nothing.
    Nothing,
    /// Its next stage, which has begun.
    NextStage,
    /// A run of the same rows out of the Parquet files.
    ByFiles,
    /// A look at whether the Parquet files hold more rows.
    LookIntoFiles,
    /// A look at whether the dataset holds files that can be opened, of which the row service has no rows.
    LookIntoRepository,
}

/// Ended by an error, or by the user: then what was read stays, and a reload does not start again.
pub async fn stop(store: Store) -> After {
    let is_over = || {
        let phase = store.run.phase.get_untracked();
        matches!(phase, Phase::Failed | Phase::Done | Phase::Idle)
    };
    if is_over() {
        return After::Nothing;
    }
    let number = active::newest_number();
    ingest::flush(store).await;
    if is_over() || !active::is_current(number) {
        return After::Nothing;
    }
    let error = active::with(|active| active.work.schedule.stopped().cloned()).flatten();
    match error {
        Some(error) if files::may_help(&error) => return After::ByFiles,
        Some(error) if repository::may_help(store, &error) => return After::LookIntoRepository,
        Some(error) => fail_by(store, &error),
        None => stay(store),
    }
    After::Nothing
}

/// Ends the run by the server's error, with whatever else the server says of it.
pub fn fail_by(store: Store, error: &HubError) {
    fail(store, named(error));
    spawn_local(explain(store));
}

/// The error, with the name of the dataset where there are several.
fn named(error: &HubError) -> String {
    let name = active::with(|active| {
        let part = active.ended_at().filter(|_| active.run.is_mixture());
        part.map(|part| words::cut(&dataset_name(&part.source), 80))
    });
    match name.flatten() {
        Some(name) => format!("{name}: {error}"),
        None => error.to_string(),
    }
}

/// Keeps what was read of a run that the user has ended.
fn stay(store: Store) {
    if store.rows.is_stale.get_untracked() {
        restore_pages(store);
        let words =
            "Counting was stopped; tokens in grey are those of the previous choice, or a mixture. ";
        store.run.stage.set(Some(words.to_owned()));
    }
    store.choose(|recipe| recipe.run = false);
    let has_rows = store.rows.has_rows.get_untracked();
    store
        .run
        .phase
        .set(if has_rows { Phase::Done } else { Phase::Idle });
}

/// All pages were read: then comes the next stage, or a look into the files; else the run is done.
pub async fn finish(store: Store) -> After {
    if store.run.changed.with_untracked(Option::is_some) {
        return After::Nothing;
    }
    let number = active::newest_number();
    ingest::flush(store).await;
    if !active::is_current(number) {
        return After::Nothing;
    }
    let is_selection = active::with(|active| active.run.reading.read == Read::Selection);
    if is_selection.unwrap_or_default() && is_surveying() {
        let has_begun = stage::begin_next(store).await;
        if has_begun || !active::is_current(number) {
            return if has_begun {
                After::NextStage
            } else {
                After::Nothing
            };
        }
    }
    if files::may_hold_more(store) {
        return After::LookIntoFiles;
    }
    store.rows.is_stale.set(false);
    store.run.stage.set(None);
    store.run.phase.set(Phase::Done);
    store.readers().rest();
    cache::show(store);
    After::Nothing
}

/// Ends the run with words on why.
pub fn fail(store: Store, why: String) {
    if store.rows.is_stale.get_untracked() {
        restore_pages(store);
    }
    store.run.trouble.set(Some(why));
    store.run.phase.set(Phase::Failed);
}

/// Of rows that were not counted anew, the texts can still be read.
pub fn restore_pages(store: Store) {
    let pages = active::with(|active| active.again.clone());
    store.rows.pages.set(pages.unwrap_or_default());
}

/// Adds what the server says of the split itself to the reason of a failure.
async fn explain(store: Store) {
    let source = active::with(|active| active.ended_at().map(|part| part.source.clone())).flatten();
    let Some(Source::Hub {
        endpoint,
        dataset,
        config,
        split,
    }) = source
    else {
        return;
    };
    let token = token::token_for(store, &endpoint);
    let question = Question::Explain {
        endpoint,
        dataset,
        config,
        split,
        token,
    };
    if let Ok((Answer::Explained(more), _)) =
        store.hub_worker().ask(&question, JsValue::UNDEFINED).await
        && store.run.phase.get_untracked() == Phase::Failed
        && !more.is_empty()
    {
        store.run.trouble.update(|trouble| {
            if let Some(why) = trouble {
                why.push(' ');
                why.push_str(&more);
            }
        });
    }
}
