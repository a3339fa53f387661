//! What the page and its workers say to each other: a question, then one answer with the same number.
//! The scout answers what needs no vocabulary; the Parquet worker turns files into pages of rows; the workers read,
//! measure and encode pages.

pub mod answer; // rows out of Parquet files as an answer of `/rows`
pub mod page; // a page's text → its rows' measurements, view or export lines

#[cfg(target_arch = "wasm32")]
pub mod files; // the files that an export writes
#[cfg(target_arch = "wasm32")]
pub mod job; // what a worker does for each question
#[cfg(target_arch = "wasm32")]
pub mod model; // the same with the tokenizer of a model
#[cfg(target_arch = "wasm32")]
pub mod parquet; // what the worker for Parquet files does for each question
#[cfg(target_arch = "wasm32")]
pub mod pool; // the page's side: workers, and one future a question
#[cfg(target_arch = "wasm32")]
pub mod publish; // puts files into a repository, for the scout
#[cfg(target_arch = "wasm32")]
pub mod scout; // what the scout does for each question
#[cfg(target_arch = "wasm32")]
pub mod serve; // the worker's side: listens, answers, says when it breaks

use serde::{Deserialize, Serialize};

use crate::export::files::FileId;
use crate::export::manifest::File;
use crate::export::preference::{Half, PairFault};
use crate::export::tally::Tally;
use crate::export::{Options, Origin};
use crate::hub::answer::{Described, SplitFiles, Suggestion};
use crate::hub::commit::{Committed, NewFile, Progress, Secret, Target};
use crate::hub::error::HubError;
use crate::hub::signin::{Code, Door};
use crate::measure::Measurements;
use crate::source::parquet::ParquetError;
use crate::source::parquet::layout::{self, FileAt, FileShape};
use crate::source::{PageRange, Source};
use crate::tokens::Method;
use crate::tokens::model::ModelError;
use crate::trace::{Place, RowError};
use crate::view::{DiffLine, Part, View};

/// Where a page of rows lies and what is needed to read it.
///
/// The token travels with the question and is kept nowhere else; it is never part of a cache key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageAt {
    /// The source; for a file its handle is the question's attachment.
    pub source: Source,
    /// Which rows.
    pub range: PageRange,
    /// What the rows' place says of them.
    pub place: Place,
    /// The number of the split's first row: not 0 where the rows of several splits are counted on.
    #[serde(default)]
    pub first: u64,
    /// The commit that the run reads, once it is known.
    pub revision: Option<String>,
    /// The user's access token.
    pub token: Option<String>,
    /// Where the rows lie in Parquet files; empty for rows that come otherwise.
    #[serde(default)]
    pub pieces: Vec<layout::Piece>,
}

/// What tokens are counted with, and where that is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    /// The method.
    pub method: Method,
    /// Where the model's files are, where the method names one.
    #[serde(default)]
    pub model: Option<ModelAt>,
}

/// Where the files of a model are: at the Hub, or those that a person chose, by addresses that the browser made for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelAt {
    /// `tokenizer.json`.
    pub tokenizer: String,
    /// `tokenizer_config.json`.
    pub config: Option<String>,
    /// `chat_template.jinja`.
    pub template: Option<String>,
    /// The user's access token, where the server may know it.
    pub token: Option<String>,
}

/// How much of each row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Depth {
    /// What a survey reads: no text.
    Light,
    /// That, and the patches.
    Patches,
}

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Data sets whose name holds `query`.
    Suggest {
        /// The Hub's address.
        hub: String,
        /// What was typed.
        query: String,
    },
    /// The splits of a data set and their sizes.
    Describe {
        /// The datasets server's address.
        endpoint: String,
        /// `namespace/name`.
        dataset: String,
        /// The user's access token.
        token: Option<String>,
        /// Whether a kept answer must not be used.
        fresh: bool,
    },
    /// What the server can do with a split whose rows it did not give.
    Explain {
        /// The datasets server's address.
        endpoint: String,
        /// `namespace/name`.
        dataset: String,
        /// The config.
        config: String,
        /// The split.
        split: String,
        /// The user's access token.
        token: Option<String>,
    },
    /// The Parquet files of splits.
    Files {
        /// The datasets server's address.
        endpoint: String,
        /// `namespace/name`.
        dataset: String,
        /// Config and split of each.
        splits: Vec<(String, String)>,
        /// The user's access token.
        token: Option<String>,
        /// Whether a kept answer must not be used.
        fresh: bool,
    },
    /// What the footers of Parquet files say.
    Shapes {
        /// The files; one without an address is the attached one.
        files: Vec<FileAt>,
        /// The commit that it is of.
        revision: Option<String>,
        /// The user's access token.
        token: Option<String>,
    },
    /// The measurements of rows without their texts.
    Survey {
        /// The rows.
        at: PageAt,
        /// How much of them is read.
        depth: Depth,
        /// The rows that are wanted, rising; `None`: all.
        only: Option<Vec<u64>>,
    },
    /// A page of rows out of Parquet files; the text is the answer's attachment, as `/rows` would give it.
    Bring {
        /// The page.
        at: PageAt,
        /// Rows of the whole split.
        total: u64,
    },
    /// Pages of a source that are in the cache.
    Cached {
        /// The source.
        source: Source,
        /// The commit that is wanted; `None`: the one that was kept last.
        revision: Option<String>,
    },
    /// How much the cache holds.
    CacheSize,
    /// Empties the cache.
    ClearCache,
    /// To put files into a repository of the Hub; their blobs are the attachment, an array in the same order.
    Publish {
        /// Where to.
        target: Target,
        /// The files.
        files: Vec<NewFile>,
    },
    /// How far that is.
    Publishing,
    /// To end it; too late for what is being committed.
    StopPublishing,
    /// The way to the Hub's page where a user signs in.
    Door {
        /// The Hub's address.
        hub: String,
        /// The page's id at the Hub.
        client: String,
        /// The page's own address.
        back: String,
    },
    /// The token for a code that a user came back with.
    SignIn(Code),
    /// The pages of the attached file.
    Index,
    /// The measurements of a page's rows.
    Measure {
        /// The page.
        at: PageAt,
        /// What tokens are counted with.
        counting: Counting,
        /// The rows that are wanted, rising; `None`: all.
        only: Option<Vec<u64>>,
    },
    /// One row as the reader shows it.
    Read {
        /// The page that holds it.
        at: PageAt,
        /// Its index.
        row: u64,
        /// What tokens are counted with.
        counting: Counting,
    },
    /// One row as an export writes it.
    Preview {
        /// The page that holds it.
        at: PageAt,
        /// Where it is from.
        origin: Origin,
        /// How it is written.
        options: Options,
        /// The seed of the sides.
        seed: u64,
        /// What tokens are counted with.
        counting: Counting,
    },
    /// One row of a pair, by its rules for writing.
    Half {
        /// The page that holds it.
        at: PageAt,
        /// Where it is from.
        origin: Origin,
        /// How it is written.
        options: Options,
        /// The seed of the sides.
        seed: u64,
        /// What tokens are counted with; `None`: nothing is counted.
        counting: Option<Counting>,
    },
    /// A folded text of one row, whole.
    Unfold {
        /// The page that holds the row.
        at: PageAt,
        /// The row's index.
        row: u64,
        /// The message's index.
        message: usize,
        /// Which of its texts.
        part: Part,
    },
    /// More lines of a row's patch.
    MoreDiff {
        /// The page that holds the row.
        at: PageAt,
        /// The row's index.
        row: u64,
        /// Whether the reference patch is meant.
        reference: bool,
        /// The first line wanted.
        from: usize,
    },
    /// The export lines of some rows of a page. The worker that is asked keeps the running checksum.
    Encode {
        /// The page that holds them.
        at: PageAt,
        /// The rows, in order, each with what its line says of its origin.
        rows: Vec<Origin>,
        /// With the first page of an export: files and checksums start anew.
        begin: Option<Begin>,
        /// How they are written.
        options: Options,
        /// The seed of the sides.
        seed: u64,
        /// What tokens are counted with; `None`: nothing is counted, which some options need.
        counting: Option<Counting>,
    },
    /// The last bytes of an export's files; asked until the end is told.
    Finish,
    /// What goes beside an export's files: into the `.zip`, whose last bytes these are, or wherever they are.
    Close {
        /// The manifest, as JSON.
        manifest: String,
        /// The Hub's address, for rows of a data set on it: the card names its licence.
        hub: Option<String>,
    },
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
    pub tally: Tally,
    /// What must be known of the files, in words.
    pub warnings: Vec<String>,
    /// What was not written, a line each and why: CSV, or nothing.
    pub report: String,
    /// Rows that could not be read again.
    pub bad: u64,
}

/// What an export begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// The name of its files, without ending.
    pub base: String,
    /// Whether they go into one `.zip`.
    pub is_zip: bool,
}

impl Question {
    /// Whether a model of the Hub counts, for questions in which something is counted.
    pub fn is_for_model(&self) -> Option<bool> {
        let is_model = |counting: &Counting| counting.method.model.is_some();
        match self {
            Self::Measure { counting, .. }
            | Self::Read { counting, .. }
            | Self::Preview { counting, .. } => Some(is_model(counting)),
            Self::Encode { counting, .. } | Self::Half { counting, .. } => {
                Some(counting.as_ref().is_some_and(is_model))
            }
            _ => None,
        }
    }

    /// The page of rows that is asked about, for questions about one.
    pub fn page(&self) -> Option<&PageAt> {
        match self {
            Self::Measure { at, .. }
            | Self::Read { at, .. }
            | Self::Preview { at, .. }
            | Self::Half { at, .. }
            | Self::Unfold { at, .. }
            | Self::MoreDiff { at, .. }
            | Self::Encode { at, .. } => Some(at),
            _ => None,
        }
    }
}

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
    /// To [`Question::Shapes`], in the order of the files.
    Shapes(Vec<FileShape>),
    /// To [`Question::Bring`]; the text is the answer's attachment.
    Brought(Brought),
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
    /// To [`Question::Door`].
    Door(Door),
    /// To [`Question::SignIn`]: the token, and whose it is.
    SignedIn(Secret, String),
    /// To [`Question::Index`].
    Indexed(Vec<PageRange>),
    /// To [`Question::Measure`] and [`Question::Survey`].
    Measured(Measured),
    /// To [`Question::Read`]; boxed because it is by far the largest.
    Read(Box<View>),
    /// To [`Question::Preview`]: a line each, or why it is not written.
    Preview(Vec<Preview>),
    /// To [`Question::Half`]: the half, or why the row is in no pair.
    Half(Box<Result<Half, PairFault>>),
    /// To [`Question::Unfold`].
    Unfolded(String),
    /// To [`Question::MoreDiff`].
    MoreDiff(Vec<DiffLine>),
    /// To [`Question::Encode`]; the bytes to write are the answer's attachment.
    Encoded {
        /// How many bytes of the attachment go to which file, in their order; in a `.zip` all go to it.
        chunks: Vec<(FileId, u64)>,
    },
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

/// How a page of rows came out of Parquet files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// Bytes that were asked for.
    pub fetched: u64,
    /// Whether the page was kept from before.
    pub from_cache: bool,
    /// Why it could not be kept, where it could not.
    pub cache_off: Option<String>,
}

/// The rows of a page, measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The rows that could be read.
    pub rows: Vec<Measurements>,
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

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its index.
    pub row: u64,
    /// Why.
    pub error: RowError,
}

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
