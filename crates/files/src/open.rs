//! The walk over all that was opened: each file is named, unpacked where need be, and what holds runs is put into one output.
//! Nothing is held in memory whole but single runs, and archives in archives; what can't be read is left out with its reason.

use std::io::{self, Cursor, Read, Seek};

use tracesift_core::source::index::MOST_WHOLE;
use tracesift_core::source::inventory::{Builder, Inventory};
use tracesift_core::trace::RowContext;

use crate::archive::{ArchiveError, Entry, Tar, Zip};
use crate::bytes::{all_of, head_of};
use crate::compress::{Budget, decoder};
use crate::kind::{Kind, Packing, kind};
use crate::plan::{Plan, Role};
use crate::sample;
use crate::trial::Trial;
use crate::utf16::Utf16;

/// So much is read at a time, in bytes.
pub(crate) const CHUNK: usize = 1 << 20;
/// Archives may lie in archives so deep.
const DEEPEST: u8 = 2;
/// What a log may say of all its samples, in bytes.
const LONGEST_HEADER: u64 = 64_000_000;

/// Bytes that can be read from any place on.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A file that was opened.
pub struct Input<'i> {
    /// Its name; with its folders where a folder was opened, parted by `/`.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// To read it by.
    pub bytes: Box<dyn ReadSeek + 'i>,
}

/// Where what holds runs is put, one after the other.
pub trait Output {
    /// How many bytes there are so far.
    fn position(&self) -> u64;

    /// Adds bytes.
    ///
    /// # Errors
    /// Where there is no room for them.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Adds the first bytes of an opened file, which stay where they are.
    ///
    /// # Errors
    /// Where that can't be done.
    fn refer(&mut self, input: usize, bytes: u64) -> io::Result<()>;

    /// Forgets what was added since that position.
    ///
    /// # Errors
    /// Where that can't be done.
    fn truncate(&mut self, position: u64) -> io::Result<()>;
}

/// How far the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'n> {
    /// The file that is read.
    pub name: &'n str,
    /// Files so far.
    pub files: u64,
    /// Bytes that were read of files so far, unpacked.
    pub bytes: u64,
}

/// Finds what opened files hold, and puts it into `output`. `context` is what is known of the rows beforehand; `told` is
/// told the progress after each megabyte.
///
/// Files are taken in the order of their names. What can't be read is among [`Inventory::skipped`].
pub fn open(
    inputs: &mut [Input],
    context: &RowContext,
    output: &mut dyn Output,
    told: &mut dyn FnMut(Progress),
) -> Inventory {
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by(|a, b| names.get(*a).cmp(&names.get(*b)));
    let mut opener = Opener {
        context,
        output,
        told,
        builder: Builder::default(),
        is_only: inputs.len() == 1,
        bytes: 0,
    };
    let mut group = Group::of(&names, "", 0);
    for at in order {
        if let Some(input) = inputs.get_mut(at) {
            let source = Source::Seek(&mut *input.bytes, input.size, Some(at));
            opener.entry(&mut group, &input.name, source);
        }
    }
    opener.end(group);
    opener.builder.finish()
}

/// A file's bytes.
enum Source<'s> {
    /// From any place on; their number, and the opened file that they are.
    Seek(&'s mut dyn ReadSeek, u64, Option<usize>),
    /// Once, from the first to the last.
    Stream(&'s mut dyn Read),
}

impl Source<'_> {
    fn read(&mut self) -> &mut dyn Read {
        match self {
            Source::Seek(bytes, ..) => bytes,
            Source::Stream(bytes) => bytes,
        }
    }
}

/// The files of a folder, or of an archive.
struct Group {
    plan: Plan,
    trials: Vec<Trial>,
    /// How a sample of this log begins.
    beginning: Option<String>,
    /// The archive's name; empty for a folder.
    archive: String,
    depth: u8,
}

impl Group {
    fn of(names: &[String], archive: &str, depth: u8) -> Self {
        let plan = Plan::of(names);
        Self {
            trials: plan.trials.iter().map(|_| Trial::default()).collect(),
            plan,
            beginning: None,
            archive: archive.to_owned(),
            depth,
        }
    }

    /// The name that a path of it is shown by.
    fn shown(&self, path: &str) -> String {
        match (self.archive.is_empty(), path.is_empty()) {
            (true, _) => path.to_owned(),
            (false, true) => self.archive.clone(),
            (false, false) => format!("{}/{path}", self.archive),
        }
    }
}

pub(crate) struct Opener<'o> {
    pub context: &'o RowContext,
    pub output: &'o mut dyn Output,
    pub told: &'o mut dyn FnMut(Progress),
    pub builder: Builder,
    /// Whether a single file was opened: what is wrong with it is then said in the words of its rows.
    pub is_only: bool,
    pub bytes: u64,
}

impl Opener<'_> {
    /// Takes a file of a group.
    fn entry(&mut self, group: &mut Group, path: &str, mut source: Source) {
        let shown = group.shown(path);
        match group.plan.role(path) {
            Role::Nothing => {}
            Role::Alone => self.file(&shown, path, group.depth, source),
            Role::Header => {
                let header = all_of(source.read(), LONGEST_HEADER).unwrap_or_default();
                group.beginning = Some(sample::beginning(Some(&header)));
            }
            Role::Sample => {
                let beginning = group.beginning.clone();
                let beginning = beginning.unwrap_or_else(|| sample::beginning(None));
                self.sample(&shown, &beginning, source.read());
            }
            Role::Part(at) => match all_of(source.read(), MOST_WHOLE as u64) {
                Ok(bytes) => self.part(group, at, path, bytes),
                Err(error) => self.builder.skip(&shown, error.to_string()),
            },
        }
    }

    /// Takes a part of a trial, and the trial with its last part.
    fn part(&mut self, group: &mut Group, at: usize, path: &str, bytes: Vec<u8>) {
        let Some((trial, place)) = group.trials.get_mut(at).zip(group.plan.trials.get(at)) else {
            return;
        };
        let inner = path.strip_prefix(&place.folder).unwrap_or(path);
        let inner = inner.trim_start_matches('/').to_owned();
        trial.parts.push((inner, bytes));
        if trial.parts.len() == place.parts {
            self.trial(group, at);
        }
    }

    fn trial(&mut self, group: &mut Group, at: usize) {
        let Some((trial, place)) = group.trials.get_mut(at).zip(group.plan.trials.get(at)) else {
            return;
        };
        let trial = std::mem::take(trial);
        let folder = place.folder.clone();
        let shown = group.shown(&folder);
        let shown = if shown.is_empty() { "trial" } else { &shown };
        let name = shown.rsplit('/').next().unwrap_or(shown);
        match trial.object(name) {
            Some(object) => {
                self.line(shown, &mut object.as_bytes(), ("", ""), "trial");
            }
            None => {
                for (path, bytes) in &trial.parts {
                    let path = format!("{folder}/{path}");
                    let path = path.trim_start_matches('/');
                    let mut bytes = bytes.as_slice();
                    self.file(
                        &group.shown(path),
                        path,
                        group.depth,
                        Source::Stream(&mut bytes),
                    );
                }
            }
        }
    }

    /// The trials of a group of which not all parts came: an archive that was cut.
    fn end(&mut self, mut group: Group) {
        for at in 0..group.trials.len() {
            let has_parts = group
                .trials
                .get(at)
                .is_some_and(|trial| !trial.parts.is_empty());
            if has_parts {
                self.trial(&mut group, at);
            }
        }
    }

    fn sample(&mut self, shown: &str, beginning: &str, sample: &mut dyn Read) {
        self.line(shown, sample, (beginning, sample::END), "Inspect sample");
    }

    /// Takes a file; `path` is what its ending is told by.
    fn file(&mut self, shown: &str, path: &str, depth: u8, source: Source) {
        let taken = match source {
            Source::Seek(bytes, size, input) => {
                self.seekable(shown, path, depth, bytes, size, input)
            }
            Source::Stream(bytes) => self.stream(shown, path, depth, bytes),
        };
        if let Err(error) = taken {
            self.builder.skip(shown, error.to_string());
        }
    }

    fn seekable(
        &mut self,
        shown: &str,
        path: &str,
        depth: u8,
        bytes: &mut dyn ReadSeek,
        size: u64,
        input: Option<usize>,
    ) -> Result<(), ArchiveError> {
        let head = head_of(bytes)?;
        bytes.rewind()?;
        match kind(path, &head) {
            Kind::Zip => self.zip(shown, depth, bytes, size),
            Kind::Tar => self.tar(shown, depth, Tar::new(bytes, None, size)),
            Kind::Packed(packing) => {
                let inner = inner_name(path, packing);
                let budget = Budget::of(size);
                let head = head_of(&mut decoder(packing, &mut *bytes))?;
                bytes.rewind()?;
                if kind(inner, &head) == Kind::Tar {
                    return self.tar(shown, depth, Tar::new(bytes, Some(packing), size));
                }
                let mut unpacked = budget.counted(decoder(packing, bytes));
                self.stream(shown, inner, deeper(depth)?, &mut unpacked)
            }
            Kind::Utf16(is_big_endian) => {
                let mut text = Utf16::new(io::BufReader::new(bytes), is_big_endian);
                self.text(shown, path, &mut text, None);
                Ok(())
            }
            Kind::Text => {
                self.text(shown, path, bytes, input);
                Ok(())
            }
            other => {
                self.builder.skip(shown, words_of(other));
                Ok(())
            }
        }
    }

    fn stream(
        &mut self,
        shown: &str,
        path: &str,
        depth: u8,
        bytes: &mut dyn Read,
    ) -> Result<(), ArchiveError> {
        let head = head_of(bytes)?;
        let found = kind(path, &head);
        let mut all = Cursor::new(head).chain(bytes);
        match found {
            Kind::Zip | Kind::Tar => {
                let held = all_of(&mut all, MOST_WHOLE as u64)?;
                let size = held.len() as u64;
                self.seekable(shown, path, depth, &mut Cursor::new(held), size, None)
            }
            Kind::Packed(packing) => {
                let mut unpacked = decoder(packing, all);
                self.stream(
                    shown,
                    inner_name(path, packing),
                    deeper(depth)?,
                    &mut unpacked,
                )
            }
            Kind::Utf16(is_big_endian) => {
                self.text(shown, path, &mut Utf16::new(all, is_big_endian), None);
                Ok(())
            }
            Kind::Text => {
                self.text(shown, path, &mut all, None);
                Ok(())
            }
            other => {
                self.builder.skip(shown, words_of(other));
                Ok(())
            }
        }
    }

    fn zip(
        &mut self,
        shown: &str,
        depth: u8,
        bytes: &mut dyn ReadSeek,
        size: u64,
    ) -> Result<(), ArchiveError> {
        let depth = deeper(depth)?;
        let mut zip = Zip::open(bytes)?;
        let mut entries = zip.entries();
        let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
        let mut group = Group::of(&names, shown, depth);
        // What is said of all samples comes before them.
        entries.sort_by_cached_key(|entry| {
            let is_header = group.plan.role(&entry.name) == Role::Header;
            (!is_header, entry.name.clone())
        });
        self.is_only = false;
        let budget = Budget::of(size);
        for entry in &entries {
            self.zip_entry(&mut zip, entry, &mut group, &budget);
        }
        self.end(group);
        Ok(())
    }

    fn zip_entry(&mut self, zip: &mut Zip, entry: &Entry, group: &mut Group, budget: &Budget) {
        if group.plan.role(&entry.name) == Role::Nothing {
            return;
        }
        let shown = group.shown(&entry.name);
        let read = zip.read(entry, budget, |bytes| {
            self.entry(group, &entry.name, Source::Stream(bytes));
        });
        if let Err(error) = read {
            self.builder.skip(&shown, error.to_string());
        }
    }

    fn tar(&mut self, shown: &str, depth: u8, mut tar: Tar) -> Result<(), ArchiveError> {
        let depth = deeper(depth)?;
        let mut group = Group::of(&tar.names()?, shown, depth);
        self.is_only = false;
        let read = tar.each(|name, bytes| {
            self.entry(&mut group, name, Source::Stream(bytes));
            Ok(())
        });
        self.end(group);
        read
    }

    /// Tells how far the walk is, once in a megabyte.
    pub fn tell(&mut self, name: &str, bytes: usize) {
        let before = self.bytes / CHUNK as u64;
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes / CHUNK as u64 > before {
            (self.told)(Progress {
                name,
                files: self.builder.files() as u64 + 1,
                bytes: self.bytes,
            });
        }
    }
}

fn deeper(depth: u8) -> Result<u8, ArchiveError> {
    match depth > DEEPEST {
        true => Err(ArchiveError::TooDeep),
        false => Ok(depth + 1),
    }
}

/// A compressed file's name without the ending that says so.
fn inner_name(name: &str, packing: Packing) -> &str {
    let lower = name.to_lowercase();
    let ending = packing
        .endings()
        .iter()
        .find(|ending| lower.ends_with(**ending));
    let length = ending.map_or(0, |ending| ending.len());
    name.get(..name.len().saturating_sub(length))
        .unwrap_or(name)
}

/// What holds no runs, in words.
fn words_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Parquet => "a Parquet file; open it by itself",
        Kind::Empty => "an empty file",
        Kind::Other(words) => words,
        _ => "a binary file",
    }
}
