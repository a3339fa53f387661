//! The files that are published: those that a folder would take, as blobs.
//! The lines go into blobs page by page, so that no file is ever whole in this memory.

use futures_util::future::LocalBoxFuture;
use js_sys::Array;
use web_sys::Blob;

use super::chosen::Chosen;
use super::destination::Destination;
use super::export::{Export, ExportResult, Setting};
use crate::app::store::Store;
use tracesift_hub::commit::NewFile;

/// A file to publish.
#[derive(Debug)]
pub struct Published {
    /// Path, size and, where known, checksum.
    pub file: NewFile,
    /// Its bytes, in the browser's own store.
    pub blob: Blob,
}

/// Makes the files of chosen rows, or says why not (`None`: it was cancelled). The export's signals say how far it is
/// and take the wish to end it.
pub type Files =
    fn(Store, Chosen, Export) -> LocalBoxFuture<'static, Result<Vec<Published>, Option<String>>>;

/// The lines with the card, the manifest and what the trainer needs.
pub fn files(
    store: Store,
    chosen: Chosen,
    export: Export,
) -> LocalBoxFuture<'static, Result<Vec<Published>, Option<String>>> {
    Box::pin(async move {
        let destination = Destination::Kept(Vec::new());
        let setting = Setting::of(&chosen, false, true).await.map_err(Some)?;
        // The rows need not be held any more.
        drop(chosen);
        export.end_check().await;
        let written = export.write(store, setting, destination).await?;
        let files = written.kept.iter();
        files
            .map(|(name, pieces)| published(&written, name, pieces))
            .collect()
    })
}

fn published(
    written: &ExportResult,
    name: &str,
    pieces: &Array,
) -> Result<Published, Option<String>> {
    let refused = |_| Some("the browser has no room for the files".to_owned());
    let blob = Blob::new_with_blob_sequence(pieces).map_err(refused)?;
    let manifest = written.manifest.iter();
    let known = manifest
        .flat_map(|manifest| &manifest.files)
        .find(|file| file.file.file == name);
    let file = NewFile {
        path: name.to_owned(),
        bytes: blob.size() as u64,
        sha256: known.map(|file| file.file.sha256.clone()),
    };
    Ok(Published { file, blob })
}
