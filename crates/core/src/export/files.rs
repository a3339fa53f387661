//! The files of an export while they are written: one per split, or several where a file may have so many megabytes only.
//! Each file's size, lines and checksums are known when its last byte is, and nothing is read again for them.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use super::features::FIRST_BLOCK;
use super::file::{File, FileCounter, Unpacked};
use super::options::{Compression, Options};
use super::shape::LineShape;
use super::split::Split;
use super::writer::Line;

/// Which file of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId {
    /// The split.
    pub split: Split,
    /// Which of the split's files, counted from 0.
    pub shard: u32,
}

impl FileId {
    /// The file's name; `base` is the export's name without ending.
    pub fn name(self, base: &str, options: &Options) -> String {
        let target = options.format.target();
        let is_one = Split::of(options.shares).len() == 1;
        let split = Some(self.split).filter(|_| !is_one);
        let shard = Some(self.shard).filter(|_| Most::of(options).is_some());
        let name = target.file_name(base, split, shard);
        match options.compression {
            Compression::None => name,
            Compression::Gzip => format!("{name}.gz"),
        }
    }
}

/// A line on its way into a file.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'l> {
    /// Its split.
    pub split: Split,
    /// The line, without its line break.
    pub text: &'l str,
    /// What decides its keys.
    pub shape: LineShape,
}

impl<'l> From<&'l Line> for Entry<'l> {
    fn from(line: &'l Line) -> Self {
        Self {
            split: line.split,
            text: &line.text,
            shape: line.shape,
        }
    }
}

/// A line of which nothing else is known.
impl<'l> From<(Split, &'l str)> for Entry<'l> {
    fn from((split, text): (Split, &'l str)) -> Self {
        Self {
            split,
            text,
            shape: LineShape::default(),
        }
    }
}

/// What occurs in the lines of a split.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// In those of which a loader takes the keys: that begin in the first [`FIRST_BLOCK`] bytes of the first file.
    pub first: LineShape,
    /// In all.
    pub all: LineShape,
}

/// Bytes that follow each other in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The file.
    pub file: FileId,
    /// The bytes; there may be none yet of a file that is compressed.
    pub bytes: Vec<u8>,
}

/// The files that are being written.
#[derive(Debug, Default)]
pub struct Files {
    most: Most,
    compression: Compression,
    open: BTreeMap<Split, OpenFile>,
    whole: BTreeMap<FileId, File>,
    seen: BTreeMap<Split, Seen>,
}

/// What a file may have at most, before it is compressed.
#[derive(Debug, Clone, Copy, Default)]
struct Most {
    bytes: Option<u64>,
    lines: Option<u64>,
}

impl Most {
    fn of(options: &Options) -> Self {
        if !options.format.target().takes_shards() {
            return Self::default();
        }
        let bytes = |megabytes: u64| megabytes.saturating_mul(1_000_000);
        Self {
            bytes: options.shard.map(bytes),
            lines: options.shard_rows,
        }
    }

    fn is_some(self) -> bool {
        self.bytes.is_some() || self.lines.is_some()
    }

    /// Whether a file that holds this has no place for a line of `size` bytes more. A line longer than a file may be
    /// has a file of its own.
    fn is_full(self, written: &FileCounter, size: u64) -> bool {
        let (lines, bytes) = (written.lines(), written.bytes().saturating_add(size));
        lines > 0
            && (self.lines.is_some_and(|most| lines >= most)
                || self.bytes.is_some_and(|most| bytes > most))
    }
}

impl Files {
    /// No file yet.
    pub fn new(options: &Options) -> Self {
        Self {
            most: Most::of(options),
            compression: options.compression,
            ..Self::default()
        }
    }

    /// Adds lines in their order: what is to be written now, in the order of the files.
    pub fn add<'l, E: Into<Entry<'l>>>(
        &mut self,
        lines: impl IntoIterator<Item = E>,
    ) -> Vec<Chunk> {
        let mut chunks = BTreeMap::<FileId, Vec<u8>>::new();
        for line in lines {
            let Entry { split, text, shape } = line.into();
            let size = text.len() as u64 + 1;
            let most = self.most;
            let is_full = |open: &&mut OpenFile| most.is_full(&open.plain, size);
            if let Some(full) = self.open.get_mut(&split).filter(|open| is_full(open)) {
                let next = OpenFile::new(full.shard.saturating_add(1), self.compression);
                let full = std::mem::replace(full, next);
                let id = full.id(split);
                let file = full.close(chunks.entry(id).or_default());
                self.whole.insert(id, file);
            }
            let open = self
                .open
                .entry(split)
                .or_insert_with(|| OpenFile::new(0, self.compression));
            let seen = self.seen.entry(split).or_default();
            seen.all |= shape;
            if open.is_in_first_block() {
                seen.first |= shape;
            }
            open.add(text, chunks.entry(open.id(split)).or_default());
        }
        chunks_of(chunks)
    }

    /// Ends all files: their last bytes. From now on [`Self::files`] has all of them.
    pub fn finish(&mut self) -> Vec<Chunk> {
        let mut chunks = BTreeMap::<FileId, Vec<u8>>::new();
        for (split, open) in std::mem::take(&mut self.open) {
            let id = open.id(split);
            let file = open.close(chunks.entry(id).or_default());
            self.whole.insert(id, file);
        }
        chunks_of(chunks)
    }

    /// What occurs in the lines so far, per split.
    pub fn seen(&self) -> &BTreeMap<Split, Seen> {
        &self.seen
    }

    /// The files that are whole, with their names.
    pub fn files(&self, base: &str, options: &Options) -> Vec<(FileId, File)> {
        let named = self.whole.iter().map(|(id, file)| {
            let file = File {
                file: id.name(base, options),
                ..file.clone()
            };
            (*id, file)
        });
        named.collect()
    }
}

fn chunks_of(chunks: BTreeMap<FileId, Vec<u8>>) -> Vec<Chunk> {
    let chunks = chunks.into_iter();
    chunks.map(|(file, bytes)| Chunk { file, bytes }).collect()
}

/// A file that is not whole yet.
#[derive(Debug)]
struct OpenFile {
    shard: u32,
    /// Its lines.
    plain: FileCounter,
    /// What becomes of them, where they are compressed.
    packed: Option<(GzEncoder<Vec<u8>>, FileCounter)>,
}

impl OpenFile {
    fn new(shard: u32, compression: Compression) -> Self {
        // Without a name or a time in its head, the same lines are the same bytes.
        let encoder = || GzEncoder::new(Vec::new(), flate2::Compression::default());
        Self {
            shard,
            plain: FileCounter::default(),
            packed: (compression == Compression::Gzip).then(|| (encoder(), FileCounter::default())),
        }
    }

    fn id(&self, split: Split) -> FileId {
        FileId {
            split,
            shard: self.shard,
        }
    }

    /// Whether a loader takes the keys of the next line for those of all: it begins in the first block, or right after it.
    fn is_in_first_block(&self) -> bool {
        self.shard == 0 && self.plain.bytes() <= FIRST_BLOCK
    }

    fn add(&mut self, line: &str, out: &mut Vec<u8>) {
        for part in [line.as_bytes(), b"\n"] {
            self.plain.add(part);
            match &mut self.packed {
                None => out.extend_from_slice(part),
                Some((encoder, written)) => {
                    // Writing to memory does not fail.
                    let _ = encoder.write_all(part);
                    let bytes = std::mem::take(encoder.get_mut());
                    written.add(&bytes);
                    out.extend(bytes);
                }
            }
        }
    }

    fn close(self, out: &mut Vec<u8>) -> File {
        let plain = self.plain.file("");
        let Some((encoder, mut written)) = self.packed else {
            return plain;
        };
        let end = encoder.finish().unwrap_or_default();
        written.add(&end);
        out.extend(end);
        File {
            lines: plain.lines,
            unpacked: Some(Unpacked {
                bytes: plain.bytes,
                sha256: plain.sha256,
            }),
            ..written.file("")
        }
    }
}
