//! Why a question has no answer, in words for the page: what happened, to which row or file, and what to do next.
//! It travels from the worker to the page as it is.

use serde::{Deserialize, Serialize};

use tracesift_core::search::BadPattern;
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
    /// The model to count with can't be had.
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
    /// What is looked for is no pattern.
    #[error("{0}")]
    Pattern(String),
    /// The row could not be read.
    #[error("Row {row}: {error}")]
    BadRow {
        /// Its index.
        row: u64,
        /// Why.
        error: RowError,
    },
    /// The dataset is of another commit than the one that was measured.
    #[error(
        "The dataset has changed since these rows were read (from version {from} to {to}). Analyze again."
    )]
    Changed {
        /// The commit that was measured.
        from: String,
        /// The commit that there is now.
        to: String,
    },
    /// The worker broke down over this; it is started again.
    #[error("Part of the page failed while it worked on this ({0}). It was restarted; try again.")]
    Crashed(String),
    /// The worker worked on this for too long without a word; it was ended, and is started again.
    #[error(
        "Work on {about} was stopped: it did not finish within {seconds} seconds. Count with another chat template or none, or leave these rows out."
    )]
    NoAnswer {
        /// What it worked on, as [`super::Question::about`] says it.
        about: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The worker was ended because of another question.
    #[error("Part of the page was restarted before it got to this. Try again.")]
    Interrupted,
    /// The worker that held the export that is being written was started again, and the export is gone with it.
    #[error(
        "The part of the page that was writing the files was restarted, and what it held of them is lost. Start the download again."
    )]
    LostExport,
    /// The browser gives no random numbers, without which nobody can be signed in safely.
    #[error(
        "This browser provides no random numbers, so it is not safe to sign in. Paste a token instead."
    )]
    NoRandom,
    /// The other side said something that is not an answer to what was asked.
    #[error(
        "Two parts of the page do not understand each other; they may be of different versions. Reload the page."
    )]
    Protocol,
}

impl WorkerError {
    /// Whether the same question may be answered a moment later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Hub(error) => error.is_passing(),
            Self::Interrupted => true,
            _ => false,
        }
    }
}

impl From<BadPattern> for WorkerError {
    fn from(error: BadPattern) -> Self {
        Self::Pattern(error.to_string())
    }
}
