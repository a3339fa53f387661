//! The Parquet route from the page's side: which files a split has, and what a survey of them costs.
//! The workers read the rows out of them.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::lookup::{Unanswered, ask_until_told};
use super::servers;
use super::token::{token_for, token_for_file};
use crate::app::browser;
use crate::app::store::Store;
use crate::worker::{Answer, Question, WorkerError};
use tracesift_core::ground::FileAt;
use tracesift_core::recipe::Reading;
use tracesift_hub::address::at_hub;
use tracesift_hub::answer::{SplitFiles, SplitSize};
use tracesift_parquet::layout::{FileShape, Layout};

/// The Parquet files of splits.
///
/// # Errors
/// Why they can't be had.
pub async fn files_of(
    store: Store,
    reading: &Reading,
    splits: &[SplitSize],
) -> Result<SplitFiles, Unanswered> {
    let endpoint = servers::endpoint(reading);
    let question = Question::Files {
        token: token_for(store, &endpoint),
        endpoint,
        dataset: reading.dataset.clone(),
        splits: splits
            .iter()
            .map(|split| (split.config.clone(), split.split.clone()))
            .collect(),
        fresh: false,
    };
    let answer = ask_until_told(store, &store.hub_worker(), &question, JsValue::UNDEFINED).await?;
    let Answer::Files(mut listed) = answer else {
        return Err(WorkerError::Protocol.into());
    };
    let hub = servers::hub(reading);
    for file in &mut listed.files {
        file.url = at_hub(&file.url, &hub);
    }
    let is_listed = |split: &&SplitSize| {
        let of_split = |file: &FileAt| (&file.config, &file.split) == (&split.config, &split.split);
        split.rows == Some(0) || listed.files.iter().any(of_split)
    };
    match splits.iter().find(|split| !is_listed(split)) {
        None => Ok(listed),
        Some(split) => Err(Unanswered::from(format!(
            "The server lists no Parquet files for {} / {}, so its rows can only be read from the row service.",
            split.config, split.split
        ))),
    }
}

/// Reads the footers of files, of which one without an address is `file`; together they say where every row lies.
///
/// # Errors
/// Why one can't be read, in words.
pub async fn layout_of(
    store: Store,
    reading: &Reading,
    files: Vec<FileAt>,
    file: Option<&File>,
    revision: Option<&str>,
) -> Result<Arc<Layout>, String> {
    let what = match files.len() {
        1 => "the Parquet file holds".to_owned(),
        count => format!("{count} Parquet files hold"),
    };
    store
        .run
        .looking_up
        .set(Some(format!("Finding out what {what} …")));
    let shapes = shapes_of(store, reading, &files, file, revision).await;
    store.run.looking_up.set(None);
    Ok(Arc::new(Layout::new(files.into_iter().zip(shapes?))))
}

/// What the files' footers say, in the order of the files.
///
/// # Errors
/// Why one can't be read, in words.
pub async fn shapes_of(
    store: Store,
    reading: &Reading,
    files: &[FileAt],
    file: Option<&File>,
    revision: Option<&str>,
) -> Result<Vec<FileShape>, String> {
    let question = Question::Shapes {
        files: files.to_vec(),
        revision: revision.map(str::to_owned),
        // The token was typed for the datasets server.
        token: files
            .first()
            .and_then(|file| token_for_file(store, &servers::endpoint(reading), &file.url)),
    };
    let attachment = file.map_or(JsValue::UNDEFINED, |file| file.clone().into());
    match ask_until_told(store, &store.readers(), &question, attachment).await? {
        Answer::Shapes(shapes) => Ok(shapes),
        _ => Err(WorkerError::Protocol.to_string()),
    }
}

/// Whether a local file is a Parquet file, by its first bytes.
pub async fn is_parquet(file: &File) -> bool {
    browser::first_bytes(file, 4).await.as_deref() == Some(b"PAR1")
}
