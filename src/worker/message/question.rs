//! What the page asks of its workers, and what a question carries: where a page of rows lies, what counts its tokens.
//! Files, blobs and texts travel beside it, as its attachment.

use serde::{Deserialize, Serialize};

use tracesift_core::export::{Options, Origin};
use tracesift_core::ground::FileAt;
use tracesift_core::ground::{PageRange, Source};
use tracesift_core::search::{Part, TextQuery};
use tracesift_core::source::item::Item;
use tracesift_core::tokens::Method;
use tracesift_core::trace::RowContext;
use tracesift_hub::commit::{NewFile, Target};
use tracesift_hub::signin::Code;
use tracesift_parquet::layout::Piece;

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Datasets whose name holds `query`.
    Suggest {
        /// The Hub's address.
        hub: String,
        /// What was typed.
        query: String,
    },
    /// The splits of a dataset and their sizes.
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
    /// The files of a dataset as they were uploaded, and which of them can be opened.
    Repository {
        /// The Hub's address.
        hub: String,
        /// `namespace/name`.
        dataset: String,
        /// The user's access token.
        token: Option<String>,
    },
    /// One file as it is; it is the answer's attachment.
    FetchFile {
        /// Where it is.
        url: String,
        /// Its bytes.
        size: u64,
        /// The user's access token.
        token: Option<String>,
    },
    /// How much has come of the files that are being fetched.
    Fetching,
    /// To fetch these no longer.
    StopFetching,
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
    BeginSignIn {
        /// The Hub's address.
        hub: String,
        /// The page's id at the Hub.
        client: String,
        /// The page's own address.
        back: String,
    },
    /// The token for a code that a user came back with.
    SignIn(Code),
    /// What the attached files hold, an array in the order of their names; all that holds runs is the answer's attachment.
    Open {
        /// Their names, with the folders that they are in.
        names: Vec<String>,
        /// Their bytes together.
        bytes: u64,
        /// What is known of their rows beforehand.
        context: RowContext,
    },
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
    PairSide {
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
    /// Which rows of a page hold something in their texts.
    Search {
        /// The page.
        at: PageAt,
        /// What is looked for.
        query: TextQuery,
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
    /// Where the texts of a row hold what someone looks for.
    Find {
        /// Its page.
        at: PageAt,
        /// The row.
        row: u64,
        /// What is looked for.
        wanted: TextQuery,
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
    /// The export lines of some rows of a page; they are the answer's attachment.
    Encode {
        /// The page that holds them.
        at: PageAt,
        /// The rows, in order, each with what its line says of its origin.
        rows: Vec<Origin>,
        /// How they are written.
        options: Options,
        /// The seed of the sides.
        seed: u64,
        /// What tokens are counted with; `None`: nothing is counted, which some options need.
        counting: Option<Counting>,
    },
    /// The attached bytes belong to a file that the page writes by itself: its size and checksum so far.
    CountFile {
        /// The file's name.
        name: String,
        /// Whether these are its first bytes.
        is_new: bool,
    },
    /// The attached lines go into an export's files, in the order in which they come. The worker that is asked keeps the
    /// files' running checksums.
    Write {
        /// With the first lines of an export: files and checksums start anew.
        begin: Option<Box<Begin>>,
    },
    /// The last bytes of an export's files; asked until the end is told.
    Finish,
    /// What goes beside an export's files: into the `.zip`, whose last bytes these are, or wherever they are.
    Close {
        /// The manifest, as JSON.
        manifest: String,
        /// The Hub's address, for rows of a dataset on it: the card names its licence.
        hub: Option<String>,
    },
}

impl Question {
    /// Whether a model of the Hub counts.
    pub fn is_for_model(&self) -> bool {
        let counting = self.counting();
        counting.is_some_and(|counting| counting.method.model.is_some())
    }

    /// The row group of a Parquet file that this begins in, of questions that read it: whoever answered one about the same
    /// row group has it open.
    pub fn row_group(&self) -> Option<RowGroup> {
        let piece = self.page()?.pieces.first();
        piece.map(|piece| RowGroup {
            file: piece.file.clone(),
            group: piece.group,
        })
    }

    /// Whether another worker than the one that has the row group open would have to fetch again what comes before.
    pub fn stays_with_its_row_group(&self) -> bool {
        let pieces = self.page().map_or(&[][..], |at| &at.pieces);
        let is_costly = |piece: &Piece| !piece.is_indexed && !piece.file.url.is_empty();
        pieces.iter().any(is_costly)
    }

    /// How many rows this is about, and their bytes as far as they are known before they are read.
    pub fn size(&self) -> (u32, u64) {
        if let Self::Open { bytes, .. } = self {
            return (0, *bytes);
        }
        let Some(at) = self.page() else {
            return (0, 0);
        };
        let bytes = at.range.bytes.map_or(0, |(_, length)| length);
        (at.range.len, bytes)
    }

    /// What this is about, in words that fit into a sentence.
    pub fn about(&self) -> String {
        if let Self::Open { .. } = self {
            return "the opened files".to_owned();
        }
        let Some(at) = self.page() else {
            return "this".to_owned();
        };
        let rows = at.rows();
        let (first, last) = (rows.start, rows.end().saturating_sub(1));
        let rows = match first >= last {
            true => format!("row {first}"),
            false => format!("rows {first} to {last}"),
        };
        match self.counting() {
            Some(counting) if counting.method.has_template() => {
                format!("{rows}, {},", counting.method.template_words())
            }
            _ => rows,
        }
    }

    fn counting(&self) -> Option<&Counting> {
        match self {
            Self::Measure { counting, .. }
            | Self::Read { counting, .. }
            | Self::Preview { counting, .. } => Some(counting),
            Self::Encode { counting, .. } | Self::PairSide { counting, .. } => counting.as_ref(),
            _ => None,
        }
    }

    /// The page of rows that is asked about, for questions about one.
    pub fn page(&self) -> Option<&PageAt> {
        match self {
            Self::Measure { at, .. }
            | Self::Survey { at, .. }
            | Self::Read { at, .. }
            | Self::Preview { at, .. }
            | Self::PairSide { at, .. }
            | Self::Search { at, .. }
            | Self::Unfold { at, .. }
            | Self::MoreDiff { at, .. }
            | Self::Find { at, .. }
            | Self::Encode { at, .. } => Some(at),
            _ => None,
        }
    }
}

/// Where a page of rows lies and what is needed to read it.
///
/// The token travels with the question and is kept nowhere else; it is never part of a cache key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageAt {
    /// The source; for a file its handle is the question's attachment.
    pub source: Source,
    /// Which rows, by their numbers in the source.
    pub range: PageRange,
    /// The number that the source's first row has in the run: not 0 where the rows of several sources are counted on.
    #[serde(default)]
    pub offset: u64,
    /// What the rows' place says of them.
    pub place: RowContext,
    /// The number in the run of the split's first row: not 0 where the rows of several splits are counted on.
    #[serde(default)]
    pub first: u64,
    /// The commit that the run reads, once it is known.
    pub revision: Option<String>,
    /// The user's access token.
    pub token: Option<String>,
    /// Where the rows lie in Parquet files; empty for rows that come otherwise.
    #[serde(default)]
    pub pieces: Vec<Piece>,
    /// The opened files that the rows are of; empty for rows that come otherwise.
    #[serde(default)]
    pub items: Vec<Item>,
}

impl PageAt {
    /// Which rows, by their numbers in the run.
    pub fn rows(&self) -> PageRange {
        PageRange {
            start: self.range.start.saturating_add(self.offset),
            ..self.range
        }
    }
}

/// A row group of a Parquet file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGroup {
    file: FileAt,
    group: usize,
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
    Metadata,
    /// That, and the patches.
    Patches,
}

/// What an export begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Begin {
    /// The name of its files, without ending.
    pub base: String,
    /// Whether they go into one `.zip`.
    pub is_zip: bool,
    /// How they are written.
    pub options: Options,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracesift_core::tokens::{Templated, Tokenizer};

    fn measure(range: PageRange, template: Templated) -> Question {
        let at = PageAt {
            source: Source::Demo { seed: 1 },
            range,
            offset: 0,
            place: RowContext::default(),
            first: 0,
            revision: None,
            token: None,
            pieces: Vec::new(),
            items: Vec::new(),
        };
        let method = Method {
            tokenizer: Tokenizer::Qwen2,
            template,
            ..Method::default()
        };
        let counting = Counting {
            method,
            model: None,
        };
        Question::Measure {
            at,
            counting,
            only: None,
        }
    }

    #[test]
    fn a_question_says_which_rows_and_which_chat_template_it_is_about() {
        let rows = measure(PageRange::rows(20, 10), Templated::None);
        assert_eq!(rows.about(), "rows 20 to 29");
        let row = measure(PageRange::rows(7, 1), Templated::Own);
        assert_eq!(row.about(), "row 7, with the chat template of Qwen 3,");
        assert_eq!(Question::Finish.about(), "this");
        let mut later = measure(PageRange::rows(20, 10), Templated::None);
        if let Question::Measure { at, .. } = &mut later {
            at.offset = 500;
        }
        assert_eq!(later.about(), "rows 520 to 529");
    }

    #[test]
    fn a_question_knows_its_rows_and_the_bytes_that_are_told_beforehand() {
        let range = PageRange {
            bytes: Some((5, 700)),
            ..PageRange::rows(0, 3)
        };
        assert_eq!(measure(range, Templated::None).size(), (3, 700));
        assert_eq!(Question::CacheSize.size(), (0, 0));
    }
}
