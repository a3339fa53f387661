//! What every stage names: where rows come from, which of them are asked for, and words for people.
//! It knows no other module, so that whoever needs a name here needs nothing else.

pub(crate) mod hash; // hashes by which texts are compared
pub(crate) mod table; // an enum and the records of its variants, as one table
pub(crate) mod text; // a text cut to a number of bytes; its words
pub mod words; // numbers, sizes and names as people read them

use serde::{Deserialize, Serialize};

/// A place that rows can be read from. It names the place and holds no row and no token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Source {
    /// The built-in demo.
    Demo {
        /// The seed of its generator.
        seed: u64,
    },
    /// One split of a dataset on the Hub.
    Hub {
        /// The datasets server's address, without a final slash.
        endpoint: String,
        /// `namespace/name`.
        dataset: String,
        /// The config.
        config: String,
        /// The split.
        split: String,
    },
    /// The files of a dataset on the Hub, as they were uploaded; the bytes that were fetched travel beside this.
    Repository {
        /// The Hub's address, without a final slash.
        hub: String,
        /// `namespace/name`.
        dataset: String,
    },
    /// A file that the user chose; the browser's handle to it travels beside this.
    File {
        /// Its name.
        name: String,
        /// Its size in bytes.
        size: u64,
    },
}

/// In place of a config or split: all of them, one after the other. No config or split of the Hub can have this name.
pub const ALL: &str = "*";

/// The server's own limit of rows per answer.
pub const MAX_PAGE_ROWS: u32 = 100;
/// The size that an answer should have, in bytes.
pub const TARGET_PAGE_BYTES: u64 = 4_000_000;

/// Rows that are asked for together: `start..start + len` of the split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageRange {
    /// The first row's index.
    pub start: u64,
    /// How many rows, at least 1.
    pub len: u32,
    /// Where the page lies in a local file: first byte and length; `None` for other sources.
    pub bytes: Option<(u64, u64)>,
}

impl PageRange {
    /// A page of a source that is asked by row numbers.
    pub fn rows(start: u64, len: u32) -> Self {
        Self {
            start,
            len,
            bytes: None,
        }
    }

    /// The index after the last row.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(u64::from(self.len))
    }
}

/// One row as its source gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow<'a> {
    /// Its index in the split or file, from 0.
    pub index: u64,
    /// The JSON text of the object.
    pub json: &'a str,
    /// Columns that the server shortened; such a row can't be measured.
    pub truncated: Vec<String>,
    /// How many sequences of its bytes were not text (UTF-8) and were replaced by U+FFFD.
    pub replaced: u32,
}

/// Which rows of a split are taken when not all are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sample {
    /// The first rows.
    #[default]
    Head,
    /// Evenly spaced pages.
    Spread,
    /// Pages drawn by a seed.
    Random,
}

/// A Parquet file of a split.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAt {
    /// Where it is asked for; empty for a file that the user chose, whose handle travels beside a question.
    pub url: String,
    /// Its name, for messages.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// The config that its rows belong to; empty for a file that the user chose.
    pub config: String,
    /// The split.
    pub split: String,
}
