//! The files of a dataset as they were uploaded: listed by the Hub's trees, and fetched one by one into blobs.
//! Which of them can be opened is told by their names; a list is of one commit, whatever is uploaded meanwhile.

use std::cell::Cell;
use std::io;
use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use web_sys::Blob;

use super::blobs::Blobs;
use super::serve::busy;
use super::{RawFiles, WorkerError};
use crate::net::fetch;
use crate::wait::wait_unless;
use tracesift_files::{Listed, Most, wanted};
use tracesift_hub::address;
use tracesift_hub::answer::{RepoFile, commit, next_page, tree};
use tracesift_hub::error::HubError;

/// What is fetched at most: the Hub answers 3,000 requests for files in five minutes to someone it does not know, and the
/// browser has to keep the bytes.
const MOST: Most = Most {
    files: 3_000,
    bytes: 2_000_000_000,
};
/// So many pages are listed at most, each with 1,000 files.
const MOST_PAGES: usize = 100;

/// The files of a dataset's newest commit, and which of them are to be fetched.
///
/// # Errors
/// [`HubError`] where the Hub does not list them.
pub(super) async fn list(
    hub: &str,
    dataset: &str,
    token: Option<&str>,
) -> Result<RawFiles, HubError> {
    let facts = fetch::get(&address::dataset_commit(hub, dataset), token).await?;
    let commit = commit(&facts.body)?;
    let mut files = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let url = address::tree(hub, dataset, &commit, cursor.as_deref());
        let (body, link) = fetch::get_listed(&url, token).await?;
        files.extend(tree(&body)?);
        cursor = next_page(&link);
        if cursor.is_none() {
            break;
        }
    }
    busy();
    Ok(RawFiles {
        commit,
        is_cut: cursor.is_some(),
        ..sorted_out(dataset, &files)
    })
}

fn sorted_out(dataset: &str, files: &[RepoFile]) -> RawFiles {
    let listed = files.iter().map(|file| Listed {
        name: RawFiles::name(dataset, &file.path),
        size: file.size,
    });
    let listed: Vec<Listed> = listed.collect();
    let wanted = wanted(&listed, MOST);
    let of = |places: &[usize]| {
        let files = places.iter().filter_map(|at| files.get(*at));
        files.cloned().collect::<Vec<_>>()
    };
    let left = of(&wanted.left);
    let left_bytes = left.iter().map(|file| file.size);
    let is_parquet = |file: &&RepoFile| file.path.to_lowercase().ends_with(".parquet");
    RawFiles {
        all: files.len() as u64,
        fetched: of(&wanted.fetched),
        named: of(&wanted.named)
            .into_iter()
            .map(|file| file.path)
            .collect(),
        left: (left.len() as u64, left_bytes.fold(0, u64::saturating_add)),
        too_large: of(&wanted.too_large),
        parquet: files.iter().filter(is_parquet).count() as u64,
        ..RawFiles::default()
    }
}

thread_local! {
    /// Bytes that have come of files that are not whole yet.
    static UNDER_WAY: Cell<u64> = const { Cell::new(0) };
    /// How often it was said that nobody waits for files any longer.
    static STOPS: Cell<u64> = const { Cell::new(0) };
}

/// How many bytes have come of the files that are being fetched.
pub(super) fn under_way() -> u64 {
    UNDER_WAY.get()
}

/// Ends what is being fetched.
pub(super) fn stop() {
    STOPS.set(STOPS.get() + 1);
}

/// A file, whole.
///
/// # Errors
/// Where the Hub does not give it, or the browser can't keep it; also when it is wanted no longer.
pub(super) async fn fetch(url: &str, size: u64, token: Option<&str>) -> Result<Blob, WorkerError> {
    let stops = STOPS.get();
    let mut fetching = Fetching::default();
    let fetched = {
        let pieces = fetch::get_pieces(url, token, size, |piece| fetching.take(piece));
        let stopped = wait_unless(u32::MAX, || stops != STOPS.get());
        match select(pin!(pieces), pin!(stopped)).await {
            Either::Left((fetched, _)) => fetched,
            Either::Right(_) => return Err(WorkerError::Interrupted),
        }
    };
    // A piece that could not be kept ends the request as well.
    let blob = fetching.whole();
    let blob = blob.map_err(|error| WorkerError::File(error.to_string()))?;
    fetched.map_err(WorkerError::Hub)?;
    Ok(blob)
}

/// A file as far as it has come.
#[derive(Default)]
struct Fetching {
    blobs: Blobs,
    error: Option<io::Error>,
    counted: u64,
}

impl Fetching {
    /// Keeps a piece; whether more is wanted.
    fn take(&mut self, piece: &Uint8Array) -> bool {
        let bytes = u64::from(piece.length());
        self.counted += bytes;
        UNDER_WAY.set(UNDER_WAY.get() + bytes);
        self.error = self.blobs.copy(piece).err();
        self.error.is_none()
    }

    fn whole(mut self) -> io::Result<Blob> {
        match self.error.take() {
            Some(error) => Err(error),
            None => std::mem::take(&mut self.blobs).all(),
        }
    }
}

impl Drop for Fetching {
    /// It is whole, or lost.
    fn drop(&mut self) {
        UNDER_WAY.set(UNDER_WAY.get().saturating_sub(self.counted));
    }
}
