//! The walk over all that was opened: each file is named, unpacked where need be, and what holds runs is put into one output.
//! Nothing is held in memory whole but single runs, and archives in archives; what can't be read is left out with its reason.

use std::io::{self, Cursor, Read, Seek};

use tracesift_core::source::index::{Found, Indexer, MOST_WHOLE, TooLarge};
use tracesift_core::source::inventory::{Builder, Inventory};
use tracesift_core::trace::RowContext;

use crate::archive::{ArchiveError, Entry, Tar, Zip};
use crate::compress::{Budget, decoder};
use crate::kind::{Kind, Packing, TELLING, kind};
use crate::plan::{Plan, Role};
use crate::trial::Trial;
use crate::utf16::Utf16;
use crate::{sample, table};

/// So much is read at a time, in bytes.
const CHUNK: usize = 1 << 20;
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

struct Opener<'o> {
    context: &'o RowContext,
    output: &'o mut dyn Output,
    told: &'o mut dyn FnMut(Progress),
    builder: Builder,
    /// Whether a single file was opened: what is wrong with it is then said in the words of its rows.
    is_only: bool,
    bytes: u64,
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

    /// Puts one object there as a line, with a text before and behind it.
    fn line(&mut self, shown: &str, json: &mut dyn Read, around: (&str, &str), kind: &'static str) {
        let start = self.output.position();
        let written = self.write_line(shown, json, around);
        let bytes = self.output.position().saturating_sub(start);
        match written {
            Ok(()) => {
                let found = Found::line(bytes);
                self.builder.add(shown, start, found, Some(kind));
            }
            Err(error) => self.give_up(shown, start, &error.to_string()),
        }
    }

    fn write_line(
        &mut self,
        shown: &str,
        json: &mut dyn Read,
        (before, behind): (&str, &str),
    ) -> io::Result<()> {
        self.output.write(before.as_bytes())?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let (count, error) = read_some(json, &mut chunk);
            if let Some(error) = error {
                return Err(error);
            }
            let Some(part) = chunk.get_mut(..count).filter(|part| !part.is_empty()) else {
                break;
            };
            // Line breaks of JSON stand between its values.
            for byte in part.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
                *byte = b' ';
            }
            self.output.write(part)?;
            self.tell(shown, count);
        }
        self.output.write(behind.as_bytes())?;
        self.output.write(b"\n")
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

    /// Takes a text, which may hold runs; `input` is the opened file that it is, byte by byte.
    fn text(&mut self, shown: &str, path: &str, text: &mut dyn Read, input: Option<usize>) {
        let start = self.output.position();
        let context = self.context;
        let mut indexer = Indexer::new(context);
        let read = match table::delimiter(path) {
            Some(delimiter) => self.table(shown, delimiter, text, &mut indexer),
            None => self.lines(shown, path, text, &mut indexer, input.is_none()),
        };
        let error = match read {
            Ok(Reading::Whole) => None,
            Ok(Reading::NoJson) => return self.give_up(shown, start, words_of_text(path)),
            Err(error) => Some(error.to_string()),
        };
        let found = indexer.finish();
        if !found.is_json && !(self.is_only && is_json_name(path)) {
            let why = error.as_deref().unwrap_or(words_of_text(path));
            return self.give_up(shown, start, why);
        }
        if let Some(input) = input.filter(|_| table::delimiter(path).is_none())
            && let Err(error) = self.output.refer(input, found.bytes)
        {
            return self.give_up(shown, start, &error.to_string());
        }
        // What came before the damage is read all the same.
        if let Some(error) = error {
            let why = format!("damaged; what stands before the damage is read ({error})");
            self.builder.skip(shown, why);
        }
        self.builder.add(shown, start, found, None);
    }

    fn lines(
        &mut self,
        shown: &str,
        path: &str,
        text: &mut dyn Read,
        indexer: &mut Indexer,
        is_written: bool,
    ) -> io::Result<Reading> {
        let mut chunk = vec![0; CHUNK];
        let may_be_other = !(self.is_only && is_json_name(path));
        loop {
            let (count, error) = read_some(text, &mut chunk);
            let part = chunk.get(..count).unwrap_or_default();
            if part.is_empty() && error.is_none() {
                return Ok(Reading::Whole);
            }
            indexer.push(part).map_err(too_large)?;
            if may_be_other && indexer.is_json() == Some(false) {
                return Ok(Reading::NoJson);
            }
            if is_written {
                self.output.write(part)?;
            }
            self.tell(shown, count);
            if let Some(error) = error {
                return Err(error);
            }
        }
    }

    fn table(
        &mut self,
        shown: &str,
        delimiter: u8,
        text: &mut dyn Read,
        indexer: &mut Indexer,
    ) -> io::Result<Reading> {
        let head = head_of(text)?;
        let all = Cursor::new(head.clone()).chain(text);
        table::each_line(all, delimiter, &head, |line| {
            indexer.push(line).map_err(too_large)?;
            self.output.write(line)?;
            self.tell(shown, line.len());
            Ok(())
        })?;
        Ok(Reading::Whole)
    }

    fn give_up(&mut self, shown: &str, start: u64, why: &str) {
        // What stays of it is of no row.
        let _ = self.output.truncate(start);
        self.builder.skip(shown, why);
    }

    fn tell(&mut self, name: &str, bytes: usize) {
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

/// How the reading of a text ended.
enum Reading {
    /// At its end.
    Whole,
    /// Early, since there is no JSON in it.
    NoJson,
}

fn too_large(error: TooLarge) -> io::Error {
    io::Error::other(error)
}

fn deeper(depth: u8) -> Result<u8, ArchiveError> {
    match depth > DEEPEST {
        true => Err(ArchiveError::TooDeep),
        false => Ok(depth + 1),
    }
}

/// The first bytes of a file.
fn head_of(bytes: &mut (impl Read + ?Sized)) -> io::Result<Vec<u8>> {
    let mut head = vec![0; TELLING];
    let (count, error) = read_some(bytes, &mut head);
    head.truncate(count);
    error.map_or(Ok(head), Err)
}

/// Reads until the room is full, the end has come or the bytes are damaged; how many bytes came before.
fn read_some(bytes: &mut (impl Read + ?Sized), room: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match bytes.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

/// All bytes, where they are not too many.
fn all_of(bytes: &mut dyn Read, most: u64) -> Result<Vec<u8>, ArchiveError> {
    let mut all = Vec::new();
    bytes.take(most.saturating_add(1)).read_to_end(&mut all)?;
    match all.len() as u64 > most {
        true => Err(ArchiveError::TooLarge),
        false => Ok(all),
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

/// Whether a file by its name should hold JSON.
fn is_json_name(name: &str) -> bool {
    let name = name.to_lowercase();
    [".json", ".jsonl", ".ndjson", ".traj"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// What a text without JSON is, by its name.
fn words_of_text(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match () {
        () if is_json_name(&name) => "no JSON in it",
        () if ends(&[".log"]) => "a log",
        () if ends(&[".yaml", ".yml", ".toml", ".ini", ".cfg", ".env"]) => "settings",
        () if ends(&[".patch", ".diff"]) => "a patch",
        () => "a text without JSON",
    }
}
