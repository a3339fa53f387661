//! One opened file, or one run that was put together of several, and its rows: what a page of rows is read by.
//! A row of a session is the JSON list of the events of one run, that of any other file the JSON of an object or a list.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::file;
use super::values::{Values, readable_object, replaced};
use crate::ground::{PageRange, SourceRow};
use crate::trace::{Repairs, Thread, object_runs, session_runs};

/// How rows lie in an opened file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// Each line, each element of the one list or each value is a row.
    Rows,
    /// Each line is a row, and the first one is a list.
    Lists,
    /// The lines, elements or values are the events of one session, or of several.
    Session,
    /// One object, which is a run or holds a list of runs.
    Object,
}

/// An opened file among others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name, with the folders and the archive that it is in.
    pub name: String,
    /// How rows lie in it.
    pub form: Form,
    /// The number of its first row among the rows of all.
    pub first: u64,
    /// How many rows it has.
    pub rows: u64,
    /// Its first byte among those of all, and how many it has.
    pub bytes: (u64, u64),
}

impl Item {
    /// The number after that of its last row.
    pub fn end(&self) -> u64 {
        self.first.saturating_add(self.rows)
    }
}

/// A row of an opened file.
#[derive(Debug)]
pub struct ItemRow<'a> {
    /// Its number and its text.
    pub row: SourceRow<'a>,
    /// The name of its file.
    pub name: &'a str,
    /// Which thread of a session it is.
    pub thread: Thread,
    /// What was mended in its text already.
    pub repairs: Repairs,
}

/// Calls `each` with every row of a page of opened files: `bytes` are those that [`PageRange::bytes`] names, `items` those
/// that the page has rows of. Without items the bytes are those of one file of rows. A page of which fewer rows are wanted
/// than its bytes hold gives its first ones.
pub fn each_row(bytes: &[u8], page: &PageRange, items: &[Item], mut each: impl FnMut(&ItemRow)) {
    let mut each = |row: &ItemRow| {
        if row.row.index < page.end() {
            each(row);
        }
    };
    if items.is_empty() {
        return each_of_rows(bytes, page, "", &mut each);
    }
    let (start, len) = page.bytes.unwrap_or_default();
    let page_bytes = start..start.saturating_add(len);
    for item in items {
        let whole = item.bytes.0..item.bytes.0.saturating_add(item.bytes.1);
        let part = page_bytes.start.max(whole.start)..page_bytes.end.min(whole.end);
        let Some(text) = cut(bytes, start, &part) else {
            continue;
        };
        match item.form {
            Form::Rows | Form::Lists => {
                let range = PageRange {
                    start: page.start.max(item.first),
                    bytes: Some((part.start - whole.start, text.len() as u64)),
                    ..*page
                };
                match item.form {
                    Form::Lists => each_of_lists(text, &range, &item.name, &mut each),
                    _ => each_of_rows(text, &range, &item.name, &mut each),
                }
            }
            Form::Session => each_of_session(text, item, &mut each),
            Form::Object => each_of_object(text, item, &mut each),
        }
    }
}

/// The bytes of a part, of those that begin at `start`; `None` where there are none.
fn cut<'b>(bytes: &'b [u8], start: u64, part: &Range<u64>) -> Option<&'b [u8]> {
    let at = |position: u64| usize::try_from(position.checked_sub(start)?).ok();
    let text = bytes.get(at(part.start)?..at(part.end)?)?;
    (!text.is_empty()).then_some(text)
}

fn each_of_rows(bytes: &[u8], range: &PageRange, name: &str, each: &mut impl FnMut(&ItemRow)) {
    file::each_row(bytes, range, |row| each(&of_row(row, name)));
}

fn each_of_lists(bytes: &[u8], range: &PageRange, name: &str, each: &mut impl FnMut(&ItemRow)) {
    file::each_line(bytes, range, |row| each(&of_row(row, name)));
}

/// Whether a file of that path is the trajectory of an agent that sums up for Terminus what its model was told so far:
/// `trajectory.summarization-1-summary.json`.
pub fn is_summing_up(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("trajectory.summarization-") && name.ends_with(".json")
}

/// The thread of a run in a file of that path; `own` is what the file itself says.
fn thread_in(path: &str, own: Thread) -> Thread {
    match is_summing_up(path) {
        true => Thread::Subagent,
        false => own,
    }
}

fn of_row<'a>(row: &SourceRow<'a>, name: &'a str) -> ItemRow<'a> {
    ItemRow {
        row: row.clone(),
        name,
        thread: thread_in(name, Thread::Main),
        repairs: replaced(row.replaced),
    }
}

fn each_of_session(bytes: &[u8], item: &Item, each: &mut impl FnMut(&ItemRow)) {
    let values = Values::of(bytes);
    // What was replaced is said of the first run, so that it is counted once.
    let mut repairs = replaced(values.replaced);
    let runs = session_runs(&values.readable());
    for (index, run) in (item.first..).zip(runs) {
        let json = values.list(&run.values);
        each(&ItemRow {
            row: SourceRow {
                index,
                json: &json,
                truncated: Vec::new(),
                replaced: 0,
            },
            name: &item.name,
            thread: run.thread,
            repairs: std::mem::take(&mut repairs),
        });
    }
}

fn each_of_object(bytes: &[u8], item: &Item, each: &mut impl FnMut(&ItemRow)) {
    let (text, times) = file::text_of(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    let (text, mended) = readable_object(text);
    let mut repairs = replaced(times);
    repairs.add_all(&mended);
    for (index, run) in (item.first..).zip(object_runs(&text)) {
        each(&ItemRow {
            row: SourceRow {
                index,
                json: &run.json,
                truncated: Vec::new(),
                replaced: 0,
            },
            name: &item.name,
            thread: thread_in(&item.name, run.thread),
            repairs: std::mem::take(&mut repairs),
        });
    }
}
