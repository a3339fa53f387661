//! A text of an opened file: read once, told what it holds, and put into the output where it holds runs.
//! A table becomes lines of JSON on the way, and what is one run of several files one line.

use std::io::{self, Cursor, Read};

use tracesift_core::source::index::{Found, Indexer, TooLarge};

use crate::bytes::{head_of, read_some};
use crate::open::{CHUNK, Opener};
use crate::table;

impl Opener<'_> {
    /// Takes a text, which may hold runs; `input` is the opened file that it is, byte by byte.
    pub fn text(&mut self, shown: &str, path: &str, text: &mut dyn Read, input: Option<usize>) {
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
        let is_named_so = self.is_only && is_json_name(path);
        if !found.is_json && !is_named_so {
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

    /// Puts one object there as a line, with a text before and behind it.
    pub fn line(
        &mut self,
        shown: &str,
        json: &mut dyn Read,
        around: (&str, &str),
        kind: &'static str,
    ) {
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
