//! Opens files that the browser has: reads them piece by piece where they lie, and puts what was unpacked or put into another form into
//! blobs, which the browser keeps on its disk. What comes out is one blob, made of these and of the files themselves.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

use super::WorkerError;
use super::blobs::{Blobs, reason};
use super::serve::{busy, say};
use crate::buffer;
use tracesift_core::ground::words;
use tracesift_core::source::inventory::Inventory;
use tracesift_core::trace::RowContext;
use tracesift_files::{Input, Output, Progress};

/// So much of a file is read at a time where it is read in order, in bytes.
const AHEAD: u64 = 1 << 21;
/// The first time after a jump, which may be followed by another.
const NEAR: u64 = 1 << 15;
/// What is said of the progress, at most once in so long.
const SAID_MS: f64 = 200.0;

/// What the attached files hold, and the bytes of it.
///
/// # Errors
/// Where the files' handles are gone, or the browser can't keep what was unpacked.
pub(super) fn open(
    names: &[String],
    context: &RowContext,
    attachment: &JsValue,
) -> Result<(Inventory, Blob), WorkerError> {
    let gone = || WorkerError::File("its handle is gone".to_owned());
    let files: &Array = attachment.dyn_ref().ok_or_else(gone)?;
    let files: Vec<Blob> = files
        .iter()
        .filter_map(|file| file.dyn_into().ok())
        .collect();
    if files.len() != names.len() {
        return Err(gone());
    }
    busy();
    let mut inputs = Vec::with_capacity(files.len());
    for (file, name) in files.iter().zip(names) {
        inputs.push(Input {
            name: name.clone(),
            size: file.size() as u64,
            bytes: Box::new(Local::new(file.clone())?),
        });
    }
    let mut output = Made {
        files,
        blobs: Blobs::default(),
    };
    let mut said_ms = 0.0;
    let mut told = |progress: Progress| {
        let now = js_sys::Date::now();
        if now - said_ms > SAID_MS {
            said_ms = now;
            say(&format!(
                "Opening {} … {} in {}",
                words::cut(progress.name, 80),
                words::bytes(progress.bytes),
                words::plural(progress.files, "file", "files")
            ));
        }
    };
    let inventory = tracesift_files::open(&mut inputs, context, &mut output, &mut told);
    let all = output
        .blobs
        .all()
        .map_err(|error| WorkerError::File(error.to_string()))?;
    Ok((inventory, all))
}

/// A file, read where it lies.
struct Local {
    file: Blob,
    reader: FileReaderSync,
    size: u64,
    at: u64,
    /// The bytes that were read last, and where they begin.
    held: Vec<u8>,
    held_at: u64,
}

impl Local {
    fn new(file: Blob) -> Result<Self, WorkerError> {
        let reader = FileReaderSync::new().map_err(|error| WorkerError::File(reason(&error)))?;
        Ok(Self {
            size: file.size() as u64,
            file,
            reader,
            at: 0,
            held: Vec::new(),
            held_at: 0,
        })
    }

    fn held(&self) -> Option<&[u8]> {
        let from = usize::try_from(self.at.checked_sub(self.held_at)?).ok()?;
        self.held.get(from..).filter(|held| !held.is_empty())
    }

    fn fetch(&mut self) -> io::Result<()> {
        let is_in_order = self.at == self.held_at + self.held.len() as u64;
        let length = if is_in_order { AHEAD } else { NEAR };
        let end = self.at.saturating_add(length).min(self.size);
        let part = self.file.slice_with_f64_and_f64(self.at as f64, end as f64);
        let read = part.and_then(|part| self.reader.read_as_array_buffer(&part));
        let bytes = read.map_err(|error| io::Error::other(reason(&error)))?;
        self.held = buffer::take(&bytes);
        self.held_at = self.at;
        Ok(())
    }
}

impl Read for Local {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || to.is_empty() {
            return Ok(0);
        }
        if self.held().is_none() {
            self.fetch()?;
        }
        let held = self.held().unwrap_or_default();
        let count = held.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..count), held.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Local {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// What comes out: blobs of its own, and the opened files where they lie.
struct Made {
    files: Vec<Blob>,
    blobs: Blobs,
}

impl Output for Made {
    fn position(&self) -> u64 {
        self.blobs.len()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.blobs.write(bytes)
    }

    fn refer(&mut self, input: usize, bytes: u64) -> io::Result<()> {
        let file = self.files.get(input);
        let file = file.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let blob: Blob = match file.size() as u64 == bytes {
            true => file.clone(),
            false => file
                .slice_with_f64_and_f64(0.0, bytes as f64)
                .map_err(|error| io::Error::other(reason(&error)))?,
        };
        self.blobs.refer(blob, bytes)
    }

    fn truncate(&mut self, position: u64) -> io::Result<()> {
        self.blobs.truncate(position)
    }
}
