//! The files of the export that this worker writes: lines become bytes of files, or of one `.zip` that holds them.
//! In a `.zip` one file follows the other, so that what belongs to a later one waits in blobs, outside of this memory.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::job::slice;
use super::serve::{Reply, busy};
use super::{Answer, Begin, End, Question, WorkerError};
use crate::buffer;
use tracesift_core::export::archive::{Archive, ArchiveError};
use tracesift_core::export::features::Feature;
use tracesift_core::export::files::{Chunk, FileId, Files};
use tracesift_core::export::report;
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::{of_files, of_rows};
use tracesift_core::manifest::{Manifest, card};
use tracesift_hub::address;
use tracesift_hub::answer::license;

use crate::net::fetch;
use crate::worker::page::Lines;

/// Bytes of a waiting file that go into the `.zip` at once.
const AT_ONCE: f64 = 4_000_000.0;

thread_local! {
    static EXPORT: RefCell<Option<Export>> = const { RefCell::new(None) };
}

/// What is to be written now: the bytes, and how many of them go to which file. In a `.zip` all go to the archive.
type WrittenBytes = (Vec<(FileId, u64)>, Vec<u8>);

/// Files by their names.
type Named = Vec<(String, String)>;

struct Export {
    begin: Begin,
    files: Files,
    archive: Option<Archive>,
    /// The file of the archive that is being written.
    current: Option<FileId>,
    waiting: VecDeque<(FileId, Array)>,
    /// The one of them that goes into the archive now.
    unpacked: Option<Waiting>,
    tally: Tally,
    report: String,
    bad: u64,
}

/// A file that waits, and from where on it does.
struct Waiting {
    id: FileId,
    blob: Blob,
    from: f64,
}

/// Answers the questions about an export's files.
///
/// # Errors
/// [`WorkerError::Archive`] where the `.zip` can't go on; [`WorkerError::LostExport`] where no export was begun here.
pub async fn answer(question: Question, attachment: &JsValue) -> Reply {
    let (answer, bytes) = match question {
        Question::Write { begin } => {
            busy();
            let lines = attachment.dyn_ref::<Uint8Array>();
            let lines = lines.map(|bytes| buffer::take(&bytes.buffer()));
            let lines = lines.and_then(|bytes| postcard::from_bytes(&bytes).ok());
            let (chunks, bytes) = add(
                begin.map(|begin| *begin),
                &lines.ok_or(WorkerError::Protocol)?,
            )?;
            (Answer::Written { chunks }, bytes)
        }
        Question::Finish => {
            let ((chunks, bytes), end) = finish().await?;
            (Answer::Finished { chunks, end }, bytes)
        }
        Question::Close { manifest, hub } => {
            let (extras, bytes) = close(&manifest, hub.as_deref()).await?;
            (Answer::Closed(extras), bytes)
        }
        _ => return Err(WorkerError::Protocol),
    };
    Ok((answer, Some(bytes.into())))
}

/// Adds lines; `begin` begins another export.
fn add(begin: Option<Begin>, lines: &Lines) -> Result<WrittenBytes, WorkerError> {
    if let Some(begin) = begin {
        EXPORT.set(Some(Export {
            files: Files::new(&begin.options),
            archive: begin.is_zip.then(Archive::new),
            current: None,
            waiting: VecDeque::new(),
            unpacked: None,
            tally: Tally::default(),
            report: String::new(),
            bad: 0,
            begin,
        }));
    }
    with_export(|export| {
        export.tally += &lines.tally();
        export.bad += lines.bad.len() as u64;
        let not_written = report::lines(&lines.rejected, &lines.bad, export.begin.options.csv);
        if export.report.is_empty() && !not_written.is_empty() {
            export.report.push_str(report::HEAD);
        }
        export.report.push_str(&not_written);
        let chunks = export.files.add(&lines.lines);
        export.write(chunks)
    })
}

/// Ends the files. What waited for its place in the archive comes in pieces: the export is finished when its end is
/// told.
async fn finish() -> Result<(WrittenBytes, Option<Box<End>>), WorkerError> {
    let (chunks, mut bytes) = with_export(|export| {
        let chunks = export.files.finish();
        export.write(chunks)
    })?;
    let Some(Waiting { id, blob, from }) = with_export(|export| Ok(export.next_waiting()))? else {
        let end = with_export(|export| Ok(Box::new(export.end())))?;
        return Ok(((chunks, bytes), Some(end)));
    };
    let end = (from + AT_ONCE).min(blob.size());
    let part = slice(&blob, from, end).await?;
    with_export(|export| {
        export.pack(id, &part)?;
        if end < blob.size() {
            let from = end;
            export.unpacked = Some(Waiting { id, blob, from });
        }
        bytes.extend(export.take());
        Ok(())
    })?;
    Ok(((chunks, bytes), None))
}

/// What goes beside the files, names and texts: put into the archive, of which these are the last bytes, or given back
/// where there is none.
async fn close(manifest: &str, hub: Option<&str>) -> Result<(Named, Vec<u8>), WorkerError> {
    let manifest: Manifest = serde_json::from_str(manifest).map_err(|_| WorkerError::Protocol)?;
    let export = EXPORT.take().ok_or(WorkerError::LostExport)?;
    let mut source = card::Source::default();
    for dataset in manifest.provenance.datasets() {
        source.licenses.push(license_of(dataset, hub).await);
    }
    let files = export.beside(&manifest, &source);
    let Some(mut archive) = export.archive else {
        return Ok((files, Vec::new()));
    };
    for (name, text) in &files {
        archive.begin(name).map_err(broken)?;
        archive.add(text.as_bytes()).map_err(broken)?;
    }
    Ok((Vec::new(), archive.finish().map_err(broken)?))
}

/// The licence of a dataset; a card without it says that it is not known.
async fn license_of(dataset: &str, hub: Option<&str>) -> Option<String> {
    let url = address::dataset_facts(hub?, dataset);
    let facts = fetch::get(&url, None).await.ok()?;
    license(&facts.body)
}

fn with_export<T>(
    act: impl FnOnce(&mut Export) -> Result<T, WorkerError>,
) -> Result<T, WorkerError> {
    EXPORT.with_borrow_mut(|export| act(export.as_mut().ok_or(WorkerError::LostExport)?))
}

fn broken(error: ArchiveError) -> WorkerError {
    WorkerError::Archive(error.to_string())
}

impl Export {
    fn end(&self) -> End {
        let mut warnings = of_rows(&self.begin.options, &self.tally);
        warnings.extend(of_files(&self.begin.options, &self.files));
        End {
            files: self.files.files(&self.begin.base, &self.begin.options),
            tally: self.tally.clone(),
            warnings: warnings.iter().map(ToString::to_string).collect(),
            report: self.report.clone(),
            bad: self.bad,
        }
    }

    /// What the trainer needs, the card, the manifest, and what was not written: names and texts.
    fn beside(&self, manifest: &Manifest, source: &card::Source) -> Named {
        let encoder = self.begin.options.format.encoder();
        let sidecars = encoder.sidecars(&manifest.files, &self.begin.options, &self.tally);
        let sidecars = sidecars.into_iter();
        let mut files: Named = sidecars
            .map(|sidecar| (sidecar.name, sidecar.text))
            .collect();
        let features = Feature::to_be_told(&self.begin.options, &self.files);
        let card = card::write(manifest, source, features.as_ref());
        files.push(("README.md".to_owned(), card));
        files.push(("manifest.json".to_owned(), manifest.to_json()));
        if !self.report.is_empty() {
            files.push(("not-written.csv".to_owned(), self.report.clone()));
        }
        files
    }

    fn write(&mut self, chunks: Vec<Chunk>) -> Result<WrittenBytes, WorkerError> {
        if self.archive.is_none() {
            let sizes = chunks
                .iter()
                .map(|chunk| (chunk.file, chunk.bytes.len() as u64));
            let sizes = sizes.collect();
            let mut bytes = chunks.into_iter().map(|chunk| chunk.bytes);
            // Mostly there is one, which is not copied.
            let mut all = bytes.next().unwrap_or_default();
            bytes.for_each(|more| all.extend(more));
            return Ok((sizes, all));
        }
        for chunk in chunks {
            match chunk.file.split {
                Split::Train => self.pack(chunk.file, &chunk.bytes)?,
                _ => self.wait(chunk)?,
            }
        }
        Ok((Vec::new(), self.take()))
    }

    fn pack(&mut self, id: FileId, bytes: &[u8]) -> Result<(), WorkerError> {
        let Some(archive) = &mut self.archive else {
            return Err(WorkerError::Protocol);
        };
        if self.current != Some(id) {
            let name = id.name(&self.begin.base, &self.begin.options);
            archive.begin(&name).map_err(broken)?;
            self.current = Some(id);
        }
        archive.add(bytes).map_err(broken)
    }

    fn take(&mut self) -> Vec<u8> {
        self.archive.as_mut().map_or_else(Vec::new, Archive::take)
    }

    fn wait(&mut self, chunk: Chunk) -> Result<(), WorkerError> {
        let bytes = Uint8Array::from(chunk.bytes.as_slice());
        let refused = |_| WorkerError::Archive("the browser keeps no more of it".to_owned());
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).map_err(refused)?;
        buffer::release(&bytes.buffer());
        match self.waiting.iter_mut().find(|(id, _)| *id == chunk.file) {
            Some((_, blobs)) => {
                blobs.push(&blob);
            }
            None => self.waiting.push_back((chunk.file, Array::of1(&blob))),
        }
        Ok(())
    }

    /// The file that has waited longest, as one blob, or what is left of it.
    fn next_waiting(&mut self) -> Option<Waiting> {
        if let Some(rest) = self.unpacked.take() {
            return Some(rest);
        }
        let (id, blobs) = self.waiting.pop_front()?;
        let blob = Blob::new_with_blob_sequence(&blobs).ok()?;
        Some(Waiting {
            id,
            blob,
            from: 0.0,
        })
    }
}
