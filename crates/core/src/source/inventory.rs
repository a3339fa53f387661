//! All opened files as one: what each holds, the pages of their rows, and what was left out and why.
//! Their bytes lie one after the other, so that a page is a range of them; many small files share a page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::Found;
use super::item::{Form, Item};
use crate::ground::words::{count, plural};
use crate::ground::{MAX_PAGE_ROWS, PageRange, TARGET_PAGE_BYTES};

/// So many kinds and reasons are named in the short words.
const NAMED: usize = 4;

/// What opened files hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// The files that hold rows, in the order of the rows.
    pub items: Vec<Item>,
    /// The pages of all rows, in their order.
    pub pages: Vec<PageRange>,
    /// The files that were left out.
    pub skipped: Vec<Skipped>,
    /// What the files are, each kind with its files and rows: `Codex session`.
    kinds: BTreeMap<String, Kind>,
    /// Lines of sessions that are no events.
    broken: u64,
}

/// How much there is of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kind {
    files: u64,
    rows: u64,
    events: u64,
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Its name, with the folders and the archive that it is in.
    pub name: String,
    /// What it is, or what is wrong with it, in words: `a picture`.
    pub why: String,
}

impl Inventory {
    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.items.last().map_or(0, Item::end)
    }

    /// The file that a row is of.
    pub fn item_of(&self, row: u64) -> Option<&Item> {
        let at = self.items.partition_point(|item| item.end() <= row);
        self.items.get(at).filter(|item| item.first <= row)
    }

    /// The files that a page has rows of.
    pub fn items_of(&self, page: &PageRange) -> &[Item] {
        let (start, len) = page.bytes.unwrap_or_default();
        let end = start.saturating_add(len);
        let first = self
            .items
            .partition_point(|item| item.bytes.0.saturating_add(item.bytes.1) <= start);
        let behind = self.items.partition_point(|item| item.bytes.0 < end);
        self.items.get(first..behind).unwrap_or_default()
    }

    /// What was found, in a few words: `1 Codex session, 95 events`; `12 files: 10 Claude Code sessions, 2 skipped (a
    /// picture)`. `None` for one file of rows, of which nothing need be said.
    pub fn words(&self) -> Option<String> {
        let is_plain = self.kinds.keys().all(|kind| kind == FILE_OF_ROWS);
        if self.items.len() <= 1 && is_plain && self.skipped.is_empty() {
            return None;
        }
        let files = (self.items.len() + self.skipped.len()) as u64;
        let mut kinds: Vec<(&String, &Kind)> = self.kinds.iter().collect();
        kinds.sort_by_key(|(_, kind)| std::cmp::Reverse(kind.rows));
        let mut parts: Vec<String> = kinds
            .iter()
            .take(NAMED)
            .map(|(name, kind)| kind.words(name))
            .collect();
        if kinds.len() > NAMED {
            parts.push("others".to_owned());
        }
        if self.broken > 0 {
            parts.push(format!(
                "{} left out that can't be read",
                plural(self.broken, "line", "lines")
            ));
        }
        if !self.skipped.is_empty() {
            let skipped = count(self.skipped.len() as u64);
            parts.push(format!("{skipped} skipped ({})", self.reasons()));
        }
        let files = match files {
            1 => String::new(),
            _ => format!("{}: ", plural(files, "file", "files")),
        };
        Some(format!("{files}{}", parts.join(", ")))
    }

    /// The reasons for which files were left out, the most frequent first.
    fn reasons(&self) -> String {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for skipped in &self.skipped {
            *reasons.entry(&skipped.why).or_default() += 1;
        }
        let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let more = if reasons.len() > NAMED { "; …" } else { "" };
        let named: Vec<&str> = reasons.iter().take(NAMED).map(|(why, _)| *why).collect();
        named.join("; ") + more
    }
}

impl Kind {
    fn words(&self, name: &str) -> String {
        let files = match name.strip_prefix("list of ") {
            Some(of) => plural(
                self.files,
                &format!("list of {of}"),
                &format!("lists of {of}"),
            ),
            None if name == FILE_OF_ROWS => plural(self.files, name, "files of rows"),
            None => plural(self.files, name, &format!("{name}s")),
        };
        let mut words = files;
        if self.events > 0 {
            words += &format!(", {}", plural(self.events, "event", "events"));
        }
        if self.rows != self.files {
            let what = if name == FILE_OF_ROWS {
                ("row", "rows")
            } else {
                ("run", "runs")
            };
            words += &format!(" ({})", plural(self.rows, what.0, what.1));
        }
        words
    }
}

/// What a file of rows is called.
const FILE_OF_ROWS: &str = "file of rows";

/// Puts what was found in each file together.
#[derive(Debug, Default)]
pub struct Builder {
    found: Vec<Entry>,
    skipped: Vec<Skipped>,
}

/// A file and what it holds.
#[derive(Debug)]
struct Entry {
    name: String,
    kind: Option<&'static str>,
    start: u64,
    found: Found,
}

impl Builder {
    /// Adds a file whose bytes begin at `start` among those of all; `kind` is what it is, where that is known beforehand.
    pub fn add(&mut self, name: &str, start: u64, found: Found, kind: Option<&'static str>) {
        self.found.push(Entry {
            name: name.to_owned(),
            kind,
            start,
            found,
        });
    }

    /// Adds a file that is left out.
    pub fn skip(&mut self, name: &str, why: impl Into<String>) {
        self.skipped.push(Skipped {
            name: name.to_owned(),
            why: why.into(),
        });
    }

    /// How many files there are so far.
    pub fn files(&self) -> usize {
        self.found.len() + self.skipped.len()
    }

    /// The inventory. Files that hold no run are left out beside others that do; where none does, all stay, so that it can
    /// be said what their rows look like.
    pub fn finish(self) -> Inventory {
        let mut inventory = Inventory {
            skipped: self.skipped,
            ..Inventory::default()
        };
        let is_run = |entry: &Entry| entry.kind.is_some() || entry.found.has_runs;
        let any_run = self.found.iter().any(is_run);
        let is_only = self.found.len() + inventory.skipped.len() == 1;
        let mut open: Option<PageRange> = None;
        for entry in self.found {
            let why = match () {
                () if entry.found.pages.is_empty() => Some("nothing in it"),
                () if any_run && !is_run(&entry) => Some("no run in it"),
                () if !entry.found.is_json && !is_only && entry.kind.is_none() => {
                    Some("no JSON in it")
                }
                () => None,
            };
            match why {
                Some(why) => inventory.skipped.push(Skipped {
                    name: entry.name,
                    why: why.to_owned(),
                }),
                None => inventory.add(entry, &mut open),
            }
        }
        inventory.pages.extend(open);
        inventory
    }
}

impl Inventory {
    fn add(&mut self, entry: Entry, open: &mut Option<PageRange>) {
        let Entry {
            name,
            kind,
            start,
            found,
        } = entry;
        let (first, rows) = (self.rows(), found.rows());
        for page in &found.pages {
            let placed = PageRange {
                start: first.saturating_add(page.start),
                bytes: page.bytes.map(|(at, len)| (start.saturating_add(at), len)),
                ..*page
            };
            *open = match open.take() {
                // Only files that are one page share it with others.
                Some(before) if found.pages.len() == 1 => match together(&before, &placed) {
                    Some(both) => Some(both),
                    None => {
                        self.pages.push(before);
                        Some(placed)
                    }
                },
                before => {
                    self.pages.extend(before);
                    Some(placed)
                }
            };
        }
        let named = match found.form {
            _ if kind.is_some() => kind.unwrap_or_default(),
            Form::Session => found.session,
            Form::Object if rows == 1 && found.has_runs => "run",
            Form::Object => "file",
            Form::Rows | Form::Lists => FILE_OF_ROWS,
        };
        let known = self.kinds.entry(named.to_owned()).or_default();
        known.files += 1;
        known.rows += rows;
        known.events += found.events;
        self.broken += found.broken;
        self.items.push(Item {
            name,
            form: found.form,
            first,
            rows,
            bytes: (start, found.bytes),
        });
    }
}

/// Both pages as one, where it is not too much.
fn together(before: &PageRange, next: &PageRange) -> Option<PageRange> {
    let (start, _) = before.bytes?;
    let (at, len) = next.bytes?;
    let bytes = at.saturating_add(len).checked_sub(start)?;
    let rows = before.len.saturating_add(next.len);
    (rows <= MAX_PAGE_ROWS && bytes <= TARGET_PAGE_BYTES).then_some(PageRange {
        start: before.start,
        len: rows,
        bytes: Some((start, bytes)),
    })
}
