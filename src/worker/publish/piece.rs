//! A file that is published, as a blob, and the text of a commit made of such files.
//! Only some megabytes of a blob are in this memory at a time.

use js_sys::Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::progress::note;
use crate::buffer;
use tracesift_hub::commit::{self, CommitError, NewFile};

/// How much of a blob is in memory at a time, in bytes: a multiple of three, so that pieces in base 64 fit together.
const PIECE: f64 = 3_000_000.0;

type Outcome<T> = Result<T, CommitError>;

/// A file and its bytes.
pub struct Piece {
    /// What is known of it.
    pub file: NewFile,
    /// Its bytes, in the browser's own store.
    pub blob: Blob,
}

impl Piece {
    /// Its checksum; empty while that is not known.
    pub fn oid(&self) -> &str {
        self.file.sha256.as_deref().unwrap_or_default()
    }

    /// Makes its checksum known.
    pub async fn weigh(&mut self) -> Outcome<()> {
        if self.file.sha256.is_none() {
            note(|progress| progress.file.clone_from(&self.file.path));
            let mut hasher = Sha256::new();
            self.each(|bytes| hasher.update(bytes)).await?;
            let digest = hasher.finalize();
            self.file.sha256 = Some(digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        Ok(())
    }

    /// Goes through its bytes.
    async fn each(&self, mut with: impl FnMut(&[u8])) -> Outcome<()> {
        let mut start = 0.0;
        while start < self.blob.size() {
            with(&self.read(start, start + PIECE).await?);
            start += PIECE;
        }
        Ok(())
    }

    /// Some of its bytes.
    pub async fn read(&self, start: f64, end: f64) -> Outcome<Vec<u8>> {
        let buffer = JsFuture::from(self.slice(start, end)?.array_buffer());
        let buffer = buffer.await.map_err(|_| self.lost())?;
        Ok(buffer::take(buffer.unchecked_ref()))
    }

    /// Some of its bytes, as a blob without a media type.
    pub fn slice(&self, start: f64, end: f64) -> Outcome<Blob> {
        let slice = self.blob.slice_with_f64_and_f64(start, end);
        slice.map_err(|_| self.lost())
    }

    fn lost(&self) -> CommitError {
        CommitError::File(self.file.path.clone())
    }
}

/// The commit's text, as a blob of pieces.
///
/// # Errors
/// [`CommitError::File`] where a blob can't be read.
pub async fn commit_body(
    head: &str,
    files: &[Piece],
    is_large: impl Fn(&Piece) -> bool,
) -> Outcome<Blob> {
    let pieces = Array::new();
    let add = |text: &str| {
        pieces.push(&text.into());
    };
    add(head);
    for piece in files {
        let file = &piece.file;
        if is_large(piece) {
            add(&commit::large_line(&file.path, piece.oid(), file.bytes));
            continue;
        }
        add(&commit::small_start(&file.path));
        piece.each(|bytes| add(&commit::base64(bytes))).await?;
        add(commit::SMALL_END);
    }
    Blob::new_with_str_sequence(&pieces).map_err(|_| CommitError::Unreadable)
}
