//! Opens files in memory and reads their rows page by page, as the page does.

use std::io::{self, Cursor};

use tracesift_core::ground::PageRange;
use tracesift_core::source::inventory::Inventory;
use tracesift_core::source::item::each_row;
use tracesift_core::trace::{self, Repair, Repairs, RowContext, Thread};
use tracesift_files::{Input, Output, open};

/// A row, by what a page gives of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub index: u64,
    pub name: String,
    pub json: String,
    pub thread: Thread,
    pub repairs: Repairs,
}

impl Row {
    /// Roles and texts of its messages, or why it can't be read.
    pub fn said(&self) -> Result<Vec<(String, String)>, String> {
        let read = trace::with(&self.json, &RowContext::default(), &self.repairs, |t| {
            let said = t
                .messages
                .iter()
                .map(|m| (m.role.name().to_owned(), m.text.to_string()));
            said.collect()
        });
        read.map_err(|error| error.to_string())
    }

    /// How often it was mended in that way.
    pub fn repaired(&self, repair: Repair) -> u32 {
        let read = trace::with(&self.json, &RowContext::default(), &self.repairs, |t| {
            let found = t.repairs.0.iter().find(|(known, _)| *known == repair);
            found.map_or(0, |(_, times)| *times)
        });
        read.unwrap()
    }
}

/// What was opened.
pub struct Opened {
    pub inventory: Inventory,
    pub rows: Vec<Row>,
}

impl Opened {
    /// Names and reasons of what was left out.
    pub fn skipped(&self) -> Vec<(&str, &str)> {
        let skipped = self.inventory.skipped.iter();
        skipped
            .map(|skipped| (&*skipped.name, &*skipped.why))
            .collect()
    }

    /// The rows' texts.
    pub fn texts(&self) -> Vec<&str> {
        self.rows.iter().map(|row| &*row.json).collect()
    }

    /// The names of the rows' files.
    pub fn names(&self) -> Vec<&str> {
        self.rows.iter().map(|row| &*row.name).collect()
    }
}

/// All in one vector.
struct Memory<'f> {
    files: &'f [(String, Vec<u8>)],
    bytes: Vec<u8>,
}

impl Output for Memory<'_> {
    fn position(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn refer(&mut self, input: usize, bytes: u64) -> io::Result<()> {
        let bytes = usize::try_from(bytes).unwrap();
        self.bytes.extend_from_slice(&self.files[input].1[..bytes]);
        Ok(())
    }

    fn truncate(&mut self, position: u64) -> io::Result<()> {
        self.bytes.truncate(usize::try_from(position).unwrap());
        Ok(())
    }
}

/// Opens files, and reads every page by itself.
pub fn open_all(files: &[(&str, &[u8])]) -> Opened {
    let files: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect();
    let mut inputs: Vec<Input> = files
        .iter()
        .map(|(name, bytes)| Input {
            name: name.clone(),
            size: bytes.len() as u64,
            bytes: Box::new(Cursor::new(bytes)),
        })
        .collect();
    let mut output = Memory {
        files: &files,
        bytes: Vec::new(),
    };
    let inventory = open(
        &mut inputs,
        &RowContext::default(),
        &mut output,
        &mut |_| {},
    );
    let bytes = output.bytes;
    let mut rows = Vec::new();
    for page in &inventory.pages {
        let (start, len) = page.bytes.unwrap();
        let (start, len) = (
            usize::try_from(start).unwrap(),
            usize::try_from(len).unwrap(),
        );
        let before = rows.len();
        each_row(
            &bytes[start..start + len],
            page,
            inventory.items_of(page),
            |row| {
                rows.push(Row {
                    index: row.row.index,
                    name: row.name.to_owned(),
                    json: row.row.json.to_owned(),
                    thread: row.thread,
                    repairs: row.repairs.clone(),
                });
            },
        );
        assert_eq!(rows.len() - before, page.len as usize, "{page:?}");
        // A sample may want fewer rows of a page.
        let fewer = PageRange {
            len: page.len / 2,
            ..*page
        };
        let mut count = 0;
        let (items, bytes) = (inventory.items_of(&fewer), &bytes[start..start + len]);
        each_row(bytes, &fewer, items, |_| count += 1);
        assert_eq!(count, fewer.len, "{fewer:?}");
    }
    for (row, at) in rows.iter().zip(0..) {
        assert_eq!(row.index, at);
        let item = inventory.item_of(at).expect("every row has a file");
        assert_eq!(item.name, row.name);
    }
    assert_eq!(rows.len() as u64, inventory.rows());
    Opened { inventory, rows }
}

/// Opens one file.
pub fn open_one(name: &str, bytes: impl AsRef<[u8]>) -> Opened {
    open_all(&[(name, bytes.as_ref())])
}

/// A row of two messages.
pub fn row(text: &str) -> String {
    format!(
        r#"{{"messages":[{{"role":"user","content":"{text}"}},{{"role":"assistant","content":"yes"}}]}}"#
    )
}

/// Rows as lines.
pub fn lines(texts: &[&str]) -> String {
    texts.iter().map(|text| row(text) + "\n").collect()
}
