//! Rows as values whose texts stand as they are, one after the other: what comes out of Parquet files and is kept of it.
//! A reader borrows every text, so that a row becomes a trajectory without a detour through JSON.

mod embedded; // JSON that stands in a text, as the value that it is
mod json; // a row as the JSON that it stands for
mod read; // a row as serde reads it
mod write; // values, one after the other

use serde::{Deserialize, Serialize};

pub use read::{AS_VALUE, Item, Reader, Texts};
pub use write::Writer;

/// Some rows, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The names of all fields, and texts that come again and again, each once.
    words: Vec<String>,
    rows: Vec<Start>,
    /// What the values are, without names and texts.
    shape: Vec<u8>,
    /// The texts of all rows, one after the other.
    texts: String,
}

/// Where a row begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Start {
    index: u64,
    json_bytes: u64,
    shape: usize,
    texts: usize,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        self.shape.len() + self.texts.len() + self.rows.len() * size_of::<Start>()
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|start| Row {
            index: start.index,
            json_bytes: start.json_bytes,
            words: &self.words,
            shape: self.shape.get(start.shape..).unwrap_or_default(),
            texts: self.texts.get(start.texts..).unwrap_or_default(),
        })
    }
}

/// One row: an object.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its number, as it was written.
    pub index: u64,
    /// Bytes of the JSON that it stands for.
    pub json_bytes: u64,
    words: &'a [String],
    /// Its shape and its texts; those of the rows behind it follow.
    shape: &'a [u8],
    texts: &'a str,
}

/// What stands before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Null,
    False,
    True,
    /// 8 bytes.
    Negative,
    /// Seven bits a byte, as all lengths and places are.
    Whole,
    /// 8 bytes.
    Float,
    /// The text's bytes.
    Text,
    /// The text's place among the words.
    Word,
    EmptyList,
    EmptyObject,
    /// How many items follow, and how many bytes of the shape and of the texts they take: 4 bytes each.
    List,
    /// As of a list; each field is its name's place among the words, and a value.
    Object,
}

impl Tag {
    const ALL: [Tag; 12] = [
        Tag::Null,
        Tag::False,
        Tag::True,
        Tag::Negative,
        Tag::Whole,
        Tag::Float,
        Tag::Text,
        Tag::Word,
        Tag::EmptyList,
        Tag::EmptyObject,
        Tag::List,
        Tag::Object,
    ];

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }
}
