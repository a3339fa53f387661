//! What a file holds, found in one pass over its bytes: rows, the events of a session, or one object.
//! A file of rows may be of any size, since only its beginning is kept; a session or an object is read whole.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::file::{Splitter, text_of};
use super::item::Form;
use super::scanner::RowSpan;
use super::values::{Values, is_container, readable_object};
use crate::ground::PageRange;
use crate::trace::{
    self, Repairs, RowContext, RowError, TELLING_VALUES, object_runs, runs_in_object, session_name,
    session_runs,
};

/// So much of a file is kept before two values of it are enough to tell what it is, in bytes.
const HEAD: usize = 8_000_000;
/// A session or an object may have so many bytes: it is held in memory whenever one of its rows is read.
pub const MOST_WHOLE: usize = 512_000_000;
/// So many rows are looked at to tell whether a file holds runs.
const LOOKED_AT: usize = 3;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How its rows lie.
    pub form: Form,
    /// Whose session it is, `Codex session`; empty for other files.
    pub session: &'static str,
    /// Its events; 0 for other files.
    pub events: u64,
    /// Lines that are left out since they are no events: a last line that was cut, a program's own words.
    pub broken: u64,
    /// Its pages, counted from its own first row and byte.
    pub pages: Vec<PageRange>,
    /// Its bytes.
    pub bytes: u64,
    /// Whether any of its first values is a JSON object or list.
    pub is_json: bool,
    /// Whether any of its first rows is a run.
    pub has_runs: bool,
}

impl Found {
    /// A file whose one line is a run.
    pub fn line(bytes: u64) -> Self {
        Self {
            form: Form::Rows,
            session: "",
            events: 0,
            broken: 0,
            pages: vec![PageRange {
                start: 0,
                len: 1,
                bytes: Some((0, bytes)),
            }],
            bytes,
            is_json: true,
            has_runs: true,
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.pages.last().map_or(0, PageRange::end)
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "one run or one object of more than 512 MB, which a browser's tab can't hold; part it first"
)]
pub struct TooLarge;

/// Finds what a file holds, which is handed over in pieces of any size.
#[derive(Debug)]
pub struct Indexer<'c> {
    context: &'c RowContext,
    splitter: Splitter,
    first_rows: Vec<RowSpan>,
    /// The file so far, as long as it is not known to be a file of rows.
    kept: Vec<u8>,
    bytes: u64,
    told: Option<Told>,
    /// Whether only the end can tell.
    is_open: bool,
}

/// What the beginning of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    form: Form,
    is_json: bool,
    has_runs: bool,
}

impl<'c> Indexer<'c> {
    /// At the beginning of a file; what is known of its rows beforehand helps to tell whether they are runs.
    pub fn new(context: &'c RowContext) -> Self {
        Self {
            context,
            splitter: Splitter::new(),
            first_rows: Vec::new(),
            kept: Vec::new(),
            bytes: 0,
            told: None,
            is_open: false,
        }
    }

    /// Reads on.
    ///
    /// # Errors
    /// [`TooLarge`] for a session or an object that is too large to be held.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        self.bytes += bytes.len() as u64;
        if !self.is_whole() {
            let first_rows = &mut self.first_rows;
            self.splitter.push_each(bytes, |row| {
                if first_rows.len() < TELLING_VALUES {
                    first_rows.push(row);
                }
            });
        }
        if self.told.is_some() && !self.is_whole() {
            return Ok(());
        }
        if self.kept.len() + bytes.len() > MOST_WHOLE {
            return Err(TooLarge);
        }
        self.kept.extend_from_slice(bytes);
        let is_much = self.kept.len() >= HEAD;
        let is_line_open = self.begins_with(b'[') && !self.kept.contains(&b'\n');
        let is_enough = match self.first_rows.len() {
            TELLING_VALUES.. => is_much || !is_line_open,
            2.. => is_much,
            _ => false,
        };
        if self.told.is_none() && is_enough && !self.is_open {
            self.tell(false);
        }
        Ok(())
    }

    /// Whether the file holds JSON, once its beginning was read.
    pub fn is_json(&self) -> Option<bool> {
        self.told.map(|told| told.is_json)
    }

    /// What the file holds, at its end.
    pub fn finish(mut self) -> Found {
        if self.told.is_none() {
            let last = self.splitter.end();
            self.first_rows.extend(last);
            self.tell(true);
        }
        let told = self.told.unwrap_or(Told {
            form: Form::Rows,
            is_json: false,
            has_runs: false,
        });
        match told.form {
            Form::Rows | Form::Lists => {
                let pages = std::mem::take(&mut self.splitter).finish();
                self.found(told, pages)
            }
            Form::Session => self.session(told),
            Form::Object => {
                let (text, _) = text_of(&self.kept);
                let text = text.trim_start_matches('\u{feff}').trim();
                let rows = object_runs(&readable_object(text).0).len();
                self.found(told, self.one_page(rows))
            }
        }
    }

    fn session(&self, told: Told) -> Found {
        let values = Values::of(&self.kept);
        let texts = values.readable();
        Found {
            session: session_name(&texts).unwrap_or_default(),
            events: texts.len() as u64,
            broken: values.broken,
            ..self.found(told, self.one_page(session_runs(&texts).len()))
        }
    }

    fn found(&self, told: Told, pages: Vec<PageRange>) -> Found {
        Found {
            form: told.form,
            session: "",
            events: 0,
            broken: 0,
            pages,
            bytes: self.bytes,
            is_json: told.is_json,
            has_runs: told.has_runs,
        }
    }

    /// The page of a file that is read whole; none where it has no rows.
    fn one_page(&self, rows: usize) -> Vec<PageRange> {
        let page = PageRange {
            start: 0,
            len: u32::try_from(rows).unwrap_or(u32::MAX),
            bytes: Some((0, self.bytes)),
        };
        Vec::from_iter((rows > 0).then_some(page))
    }

    /// Whether the file is one that is read whole.
    fn is_whole(&self) -> bool {
        self.told
            .is_some_and(|told| matches!(told.form, Form::Session | Form::Object))
    }

    /// Whether this is the file's first byte, but for a mark and white space.
    fn begins_with(&self, byte: u8) -> bool {
        let text = self
            .kept
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.kept);
        text.trim_ascii_start().first() == Some(&byte)
    }

    /// Whether the file's first line is a whole list, and another one follows.
    fn is_lines_of_lists(&self) -> bool {
        let text = self
            .kept
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.kept);
        let text = text.trim_ascii_start();
        let Some(end) = text.iter().position(|byte| *byte == b'\n') else {
            return false;
        };
        let (first, rest) = text.split_at(end);
        let is_next = rest.trim_ascii_start().first() == Some(&b'[');
        is_next && first.starts_with(b"[") && is_container(&text_of(first.trim_ascii()).0)
    }

    /// Takes what was read as lines.
    fn take_lists(&mut self) {
        self.splitter = Splitter::of_lines();
        self.first_rows.clear();
        let first_rows = &mut self.first_rows;
        self.splitter
            .push_each(&self.kept, |row| first_rows.push(row));
        first_rows.truncate(TELLING_VALUES);
        let values = first_rows.iter().take(LOOKED_AT);
        let texts: Vec<_> = values.map(|row| text_of(row.of(&self.kept)).0).collect();
        let has_runs = texts.iter().any(|row| self.is_run(row));
        self.told = Some(Told {
            form: Form::Lists,
            is_json: true,
            has_runs,
        });
        self.kept = Vec::new();
    }

    /// Tells the file's form by what of it was read, which is all of it where `is_end`.
    fn tell(&mut self, is_end: bool) {
        if self.is_lines_of_lists() {
            return self.take_lists();
        }
        let rows = self
            .first_rows
            .iter()
            .map(|row| text_of(row.of(&self.kept)));
        let rows: Vec<(Cow<str>, u32)> = rows.collect();
        let is_cut = rows.first().is_some_and(|(text, _)| is_cut_object(text)) && rows.len() > 1;
        if is_cut && !is_end {
            // An object over several lines, or a first line that is broken.
            self.is_open = true;
            return;
        }
        if is_cut && let Some(told) = self.one_object() {
            self.told = Some(told);
            return;
        }
        let texts: Vec<Cow<str>> = rows.iter().map(|(text, _)| text.clone()).collect();
        let values = Values::from_rows(rows);
        let readable = values.readable();
        let told = |form, has_runs| Told {
            form,
            is_json: !readable.is_empty(),
            has_runs,
        };
        let told = match (readable.as_slice(), texts.as_slice()) {
            (values, _) if session_name(values).is_some() => told(Form::Session, true),
            ([object], [_]) if is_end && self.begins_with(b'{') => {
                let has_runs = !runs_in_object(object).is_empty() || self.is_run(object);
                told(Form::Object, has_runs)
            }
            (values, _) => {
                let has_runs = values.iter().take(LOOKED_AT).any(|row| self.is_run(row));
                told(Form::Rows, has_runs)
            }
        };
        self.told = Some(told);
        if told.form == Form::Rows {
            self.kept = Vec::new();
        }
    }

    /// The whole file as one object over several lines, the first of which is not a brace alone.
    fn one_object(&self) -> Option<Told> {
        let (text, _) = text_of(&self.kept);
        let text = text.trim_start_matches('\u{feff}').trim();
        let (text, _) = readable_object(text);
        is_container(&text).then(|| Told {
            form: Form::Object,
            is_json: true,
            has_runs: !runs_in_object(&text).is_empty() || self.is_run(&text),
        })
    }

    fn is_run(&self, row: &str) -> bool {
        let read = trace::with(row, self.context, &Repairs::default(), |_| ());
        !matches!(
            read,
            Err(RowError::NoMessages(_) | RowError::Json(_) | RowError::NotAnObject(_))
        )
    }
}

/// Whether the text is the beginning of a JSON object.
fn is_cut_object(text: &str) -> bool {
    let read = serde_json::from_str::<IgnoredAny>(text);
    text.starts_with('{') && read.is_err_and(|error| error.is_eof())
}

/// A file's events as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Events {
    /// The JSON text of the list.
    pub list: String,
    /// Whether they are told to be a session of any dialect.
    pub is_known: bool,
}

/// The events in a file: its lines or elements that are JSON objects. `None` where there are none.
pub fn events_of(file: &[u8]) -> Option<Events> {
    let values = Values::of(file);
    let texts = values.readable();
    if texts.is_empty() {
        return None;
    }
    Some(Events {
        list: format!("[{}]", texts.join(",")),
        is_known: session_name(&texts).is_some(),
    })
}
