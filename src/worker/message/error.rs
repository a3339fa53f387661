//! Why a question has no answer, in words for the page: what happened, to which row or file, and what to do next.
//! It travels from the worker to the page as it is.

use serde::{Deserialize, Serialize};

use tracesift_core::tokens::model::ModelError;
use tracesift_core::trace::RowError;
use tracesift_hub::error::HubError;
use tracesift_parquet::ParquetError;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum WorkerError {
    /// The Hub gave none.
    #[error("{0}")]
    Hub(HubError),
    /// The model that shall count can't be had.
    #[error("{0}")]
    Model(ModelError),
    /// Nothing was published; why, in words.
    #[error("{0}")]
    Publish(String),
    /// A Parquet file could not be read.
    #[error("{name}: {error}")]
    Parquet {
        /// The file's name.
        name: String,
        /// Why.
        error: ParquetError,
    },
    /// A `.zip` could not be written.
    #[error("{0}")]
    Archive(String),
    /// The local file could not be read.
    #[error("The file could not be read: {0}. Choose it again.")]
    File(String),
    /// The row is not among those that the page gave.
    #[error("Row {0} is not in the page that should hold it. Analyze again.")]
    NoRow(u64),
    /// The row could not be read.
    #[error("Row {row}: {error}")]
    BadRow {
        /// Its index.
        row: u64,
        /// Why.
        error: RowError,
    },
    /// The data set is of another commit than the one that was measured.
    #[error(
        "The data set changed since these rows were read (from version {from} to {to}). Analyze again."
    )]
    Changed {
        /// The commit that was measured.
        from: String,
        /// The commit that there is now.
        to: String,
    },
    /// The worker broke down; it was started anew.
    #[error(
        "A part of the page broke down while it worked on this ({0}). It was started again; try once more."
    )]
    Crashed(String),
    /// The worker answered with something else.
    #[error("The page and its worker are of different versions. Reload the page.")]
    Mismatch,
}
