//! What a worker answers, a kind for each question, and what such an answer holds.
//! Bytes to write and texts of pages travel beside it, as its attachment.

use serde::{Deserialize, Serialize};

use super::RawFiles;
use crate::worker::Notes;
use crate::worker::page::Searched;
use tracesift_core::export::file::File;
use tracesift_core::export::files::FileId;
use tracesift_core::export::preference::{PairFault, PairSide};
use tracesift_core::export::tally::Tally;
use tracesift_core::ground::PageRange;
use tracesift_core::measure::Measurements;
use tracesift_core::source::inventory::Inventory;
use tracesift_core::trace::BadRow;
use tracesift_hub::answer::{Described, SplitFiles, Suggestion};
use tracesift_hub::commit::{Committed, Progress, Secret};
use tracesift_hub::signin::SignInRequest;
use tracesift_parquet::layout::FileShape;

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Question::Suggest`].
    Suggestions(Vec<Suggestion>),
    /// To [`Question::Describe`].
    Described(Described),
    /// To [`Question::Explain`]: a sentence or two, or nothing.
    Explained(String),
    /// To [`Question::Files`].
    Files(SplitFiles),
    /// To [`Question::Repository`].
    Repository(RawFiles),
    /// To [`Question::FetchFile`]; the file is the answer's attachment.
    FileFetched,
    /// To [`Question::Fetching`] and [`Question::StopFetching`]: bytes of files that are not whole yet.
    Fetching(u64),
    /// To [`Question::Shapes`], in the order of the files.
    Shapes(Vec<FileShape>),
    /// To [`Question::Cached`]: the pages had, and the commit that they are of.
    Cached {
        /// The commit that was wanted, or the one that was kept last.
        revision: Option<String>,
        /// Its pages.
        pages: Vec<PageRange>,
    },
    /// To [`Question::CacheSize`] and [`Question::ClearCache`]; `None` where the browser has no cache.
    CacheSize(Option<CacheSize>),
    /// To [`Question::Publish`].
    Published(Committed),
    /// To [`Question::Publishing`] and [`Question::StopPublishing`].
    Publishing(Progress),
    /// To [`Question::BeginSignIn`].
    SignInBegun(SignInRequest),
    /// To [`Question::SignIn`]: the token, and whose it is.
    SignedIn(Secret, String),
    /// To [`Question::Open`]; the bytes that hold runs are the answer's attachment.
    Opened(Inventory),
    /// To [`Question::Measure`] and [`Question::Survey`].
    Measured(Measured),
    /// To [`Question::Read`], [`Question::Unfold`], [`Question::MoreDiff`] and [`Question::Find`]: what was asked for is the
    /// answer's attachment. Only the reader reads it, so that the code for it is fetched with the reader.
    OfRow,
    /// To [`Question::Preview`]: a line each, or why it is not written.
    Preview(Vec<Preview>),
    /// To [`Question::PairSide`]: the row as one side of a pair, or why the row is in no pair.
    PairSide(Box<Result<PairSide, PairFault>>),
    /// To [`Question::Search`].
    Searched(Searched),
    /// To [`Question::Encode`]; the lines are the answer's attachment, as the worker reads them that keeps the files.
    Encoded,
    /// To [`Question::Write`]; the bytes to write are the answer's attachment.
    Written {
        /// How many bytes of the attachment go to which file, in their order; in a `.zip` all go to it.
        chunks: Vec<(FileId, u64)>,
    },
    /// To [`Question::CountFile`].
    FileCounted(File),
    /// To [`Question::Finish`]; the bytes to write are the answer's attachment.
    Finished {
        /// How many bytes of the attachment go to which file.
        chunks: Vec<(FileId, u64)>,
        /// How it ended, once there is nothing more to write.
        end: Option<Box<End>>,
    },
    /// To [`Question::Close`]: names and texts. In a `.zip` they are in the bytes that are the answer's attachment.
    Closed(Vec<(String, String)>),
}

/// How much the browser's cache holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheSize {
    /// Answers kept.
    pub answers: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// The rows of a page, measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The rows that could be read. They travel beside the answer, as bytes that the page passes on.
    #[serde(skip)]
    pub rows: Vec<Measurements>,
    /// What the page notes of them.
    pub notes: Notes,
    /// The rows that could not.
    pub bad: Vec<BadRow>,
    /// Rows that the source gave, read or not.
    pub received: u32,
    /// Bytes of the answer.
    pub bytes: u64,
    /// Whether the answer came from the cache.
    pub from_cache: bool,
    /// Why the answer could not be kept, where it could not.
    pub cache_off: Option<String>,
    /// The commit that the answer is of.
    pub revision: Option<String>,
    /// Rows of the whole split, as the answer says.
    pub total: Option<u64>,
    /// Whether the server holds only a part of the split.
    pub partial: bool,
    /// Time from asking to the last byte, in milliseconds.
    pub fetch_ms: f64,
}

/// A line of an export, as the reader shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Where it goes and its tokens, or why it is not written, in words.
    pub words: String,
    /// The line as indented JSON, a very long one cut; empty where it is not written.
    pub json: String,
}

/// How an export ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// The files.
    pub files: Vec<(FileId, File)>,
    /// What was written and what was not.
    #[serde(with = "json")]
    pub tally: Tally,
    /// What must be known of the files, in words.
    pub warnings: Vec<String>,
    /// What was not written, a line each and why: CSV, or nothing.
    pub report: String,
    /// Rows that could not be read again.
    pub bad: u64,
}

/// What manifests hold leaves fields out that say nothing, which postcard can't: it travels as the JSON that it is there.
mod json {
    use serde::de::{DeserializeOwned, Error as _};
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(
        value: &impl Serialize,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(value).map_err(S::Error::custom)?;
        text.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, T: DeserializeOwned>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map_err(D::Error::custom)
    }
}
