//! Rows of Parquet files, read by byte ranges: nothing here fetches; each part asks for ranges and is given bytes.
//! Pages, levels and values are decoded by the `parquet` crate; what a file claims of itself is checked here first. It also
//! writes the table that is downloaded.

mod chunk; // a column's part of a row group, written
pub mod codec; // a page's bytes, unpacked, never more than a limit
mod encoding; // a page's values as the decoder may have them
pub mod file; // the footer: rows, row groups, where the bytes of each leaf lie
mod footer; // a footer, checked before it is read
pub mod group; // one row group being read: asks for ranges, takes bytes, gives rows
mod header; // what stands before a page
pub mod layout; // a split's files: which rows lie in which row group
pub mod leaf; // one leaf of a row group: levels and values, row by row
mod pages; // a leaf's bytes cut into pages
pub mod plan; // which bytes to ask for together; what a survey costs
mod runs; // levels and indices, as they are written
pub mod schema; // the tree of columns; which of them are metadata
pub mod table; // the frame as a Parquet file
mod text; // texts, with a limit to a row's size
mod thrift; // the protocol of headers, indices and footers
mod value; // one value
mod write; // levels and values of all leaves → one row after the other

use serde::{Deserialize, Serialize};

/// Why a Parquet file, or a part of it, can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ParquetError {
    /// It does not end as Parquet files do.
    #[error("this is not a Parquet file: it does not end with the format's mark")]
    NotParquet,
    /// Its columns are encrypted.
    #[error("this Parquet file is encrypted, and the page has no key for it")]
    Encrypted,
    /// Its description is larger than any real one.
    #[error("the file's description takes {0} bytes, more than the page reads")]
    FooterTooLarge(u64),
    /// It was written by a compression that can't be read here.
    #[error("the column {column} is compressed by {codec}, which this page can't read")]
    Codec {
        /// The column's path.
        column: String,
        /// The compression.
        codec: String,
    },
    /// A single page is larger than the page's memory allows.
    #[error("part of the column {column} takes {bytes} bytes at once, more than the page reads")]
    PageTooLarge {
        /// The column's path.
        column: String,
        /// Its bytes, or those seen when reading stopped.
        bytes: u64,
    },
    /// A single row is larger than the page's memory allows.
    #[error("a row takes {0} bytes or more, more than the page reads")]
    RowTooLarge(u64),
    /// What the file says of itself does not fit together.
    #[error("the file is damaged: {0}")]
    Corrupt(String),
}

impl ParquetError {
    fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }
}

impl From<parquet::errors::ParquetError> for ParquetError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        let words = error.to_string();
        let words = words
            .split_once(": ")
            .map_or(words.as_str(), |(_, words)| words);
        Self::Corrupt(tracesift_core::ground::words::plain(words, 200))
    }
}

/// What can be said in one result.
pub type Result<T> = std::result::Result<T, ParquetError>;
