//! Bytes that are put where the browser keeps them: blobs, one after the other, as one in the end.
//! What is not yet in one is all that this program's own memory holds of them.

use std::io;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::buffer;

/// So many bytes make a blob.
const BLOB: usize = 8 << 20;

/// Blobs one after the other, and bytes that are not yet in one.
#[derive(Default)]
pub(super) struct Blobs {
    pieces: Vec<(Blob, u64)>,
    /// The bytes of the pieces.
    bytes: u64,
    tail: Vec<u8>,
}

impl Blobs {
    /// How many bytes there are so far.
    pub fn len(&self) -> u64 {
        self.bytes + self.tail.len() as u64
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// Where the browser has no room for them.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tail.extend_from_slice(bytes);
        self.flush_if_full()
    }

    /// Adds bytes of the browser's.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn copy(&mut self, bytes: &Uint8Array) -> io::Result<()> {
        let from = self.tail.len();
        self.tail.resize(from + bytes.length() as usize, 0);
        if let Some(place) = self.tail.get_mut(from..) {
            bytes.copy_to(place);
        }
        self.flush_if_full()
    }

    /// Adds a blob of so many bytes, which stay where they are.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn refer(&mut self, blob: Blob, bytes: u64) -> io::Result<()> {
        self.flush()?;
        self.push(blob, bytes);
        Ok(())
    }

    /// Forgets what was added since that position.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn truncate(&mut self, position: u64) -> io::Result<()> {
        if let Some(kept) = position.checked_sub(self.bytes) {
            self.tail
                .truncate(usize::try_from(kept).unwrap_or(usize::MAX));
            return Ok(());
        }
        self.tail.clear();
        while let Some((blob, bytes)) = self.pieces.pop() {
            self.bytes -= bytes;
            let Some(kept) = position.checked_sub(self.bytes) else {
                continue;
            };
            if kept > 0 {
                let part = blob.slice_with_f64_and_f64(0.0, kept as f64);
                self.push(part.map_err(|error| no_room(&error))?, kept);
            }
            break;
        }
        Ok(())
    }

    /// All of it as one.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn all(mut self) -> io::Result<Blob> {
        self.flush()?;
        if let [(blob, _)] = self.pieces.as_slice() {
            return Ok(blob.clone());
        }
        let pieces: Array = self.pieces.iter().map(|(blob, _)| blob).collect();
        Blob::new_with_blob_sequence(&pieces).map_err(|error| no_room(&error))
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        match self.tail.len() >= BLOB {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.tail.is_empty() {
            return Ok(());
        }
        let bytes = Uint8Array::from(self.tail.as_slice());
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes));
        buffer::release(&bytes.buffer());
        let blob = blob.map_err(|error| no_room(&error))?;
        self.push(blob, self.tail.len() as u64);
        self.tail.clear();
        Ok(())
    }

    fn push(&mut self, blob: Blob, bytes: u64) {
        self.pieces.push((blob, bytes));
        self.bytes += bytes;
    }
}

fn no_room(error: &JsValue) -> io::Error {
    io::Error::other(reason(error))
}

/// The browser's own words.
pub(super) fn reason(error: &JsValue) -> String {
    let words = js_sys::Reflect::get(error, &"message".into()).ok();
    let words = words.and_then(|words| words.as_string());
    words.unwrap_or_else(|| "no reason given".to_owned())
}
