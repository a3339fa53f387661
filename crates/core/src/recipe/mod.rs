//! The recipe: every choice a person makes, as one value that the address writes and reads.
//! From a recipe and the frame comes the selection: which rows pass, and what each rule costs.

pub mod address; // the recipe as the address' query, both ways
pub mod balance; // shares that values are to have, or how much of the selection one may be
mod comparison; // which two groups are compared
pub mod cost; // what training on the selection costs
pub mod difficulty; // how hard an instance is, by the outcomes of its runs
pub mod draw; // which rows of one instance are kept where not all may be
mod edit; // how a person changes the rules
mod failures; // which rules each row fails, as bits
pub mod filter; // the rules: lists, ranges, presence of a patch, rows an instance
pub mod funnel; // the selection: rows left after each rule, rows that a rule alone removes
mod key; // a key of the address: how a value of its kind is read and written
pub mod keys; // the keys of the address: what each is, which choice it reads and writes
pub mod limits; // token limits that are worth a look, and what is drawn of them
mod name; // names of data sets, models, servers, commits
pub mod pairs; // pairs of runs of one task: what makes one, which rows they are
pub mod preset; // choices of others, each a query of the address
mod rule; // the rules that are set: which rows fail each
pub mod signs; // which rows carry which quality sign
mod value; // the values of the address as text

pub use balance::{Balance, Cap};
pub use comparison::Comparison;
pub use cost::Cost;
pub use difficulty::Difficulty;
pub use draw::Preference;
pub use failures::Failures;
pub use filter::{Bounds, Filters, ListFilter, ListKey, PatchPresence, RangeKey};
pub use funnel::{Selection, select};
pub use pairs::{PairRule, Pairing, Pairs};

use crate::export::Options;
use crate::ground::Sample;
use crate::tokens::Method;
use crate::trace::FieldMap;

/// Every choice a person makes. Its default is the demo, unfiltered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// `namespace/name`; `demo` is the built-in one, `file` a local file.
    pub dataset: String,
    /// The config; empty: the first.
    pub config: String,
    /// The split; empty: the first.
    pub split: String,
    /// How many rows to read.
    pub rows: u64,
    /// Which of them.
    pub sample: Sample,
    /// The seed of every draw.
    pub seed: u64,
    /// What is read: a sample of rows, a survey of all, or the rows that pass of a survey.
    pub read: Read,
    /// The way by which rows are fetched.
    pub via: Via,
    /// Another datasets server.
    pub endpoint: Option<String>,
    /// Another Hub.
    pub hub: Option<String>,
    /// The rules.
    pub filters: Filters,
    /// What tokens are counted with.
    pub count: Method,
    /// The token budget that charts mark.
    pub budget: u64,
    /// What is drawn as a function of the token limit.
    pub curves: limits::CurveChoice,
    /// The two groups that are compared.
    pub compare: Comparison,
    /// What training costs.
    pub cost: Cost,
    /// How rows are exported.
    pub export: Options,
    /// Which rows become pairs for preference training.
    pub pairs: Pairs,
    /// The row that the reader shows.
    pub row: Option<u64>,
    /// The message that the reader shows.
    pub step: Option<u64>,
    /// Whether to start at once.
    pub run: bool,
    /// The user's own map of fields.
    pub map: FieldMap,
    /// What the link's maker had.
    pub made: Made,
}

/// What a link says of the file that its maker got, so that whoever opens it can tell whether theirs is the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The data set's commit.
    pub revision: Option<String>,
    /// The SHA-256 of the first file.
    pub sha256: Option<String>,
}

/// What is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Read {
    /// A sample of rows, whole.
    #[default]
    Sample,
    /// All rows of the split, without their texts.
    Survey,
    /// A survey, and then the rows that pass the rules, whole.
    Selection,
}

/// The way by which rows are fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Via {
    /// `/rows` where it can serve them.
    #[default]
    Auto,
    /// Only `/rows`.
    Rows,
    /// Only the Parquet files.
    Parquet,
}

impl Recipe {
    /// The choices that decide what is written of the selection: not what is shown, nor which rows become pairs, nor what
    /// a link says of its maker's file.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self {
            row: None,
            step: None,
            run: false,
            budget: Self::default().budget,
            curves: limits::CurveChoice::default(),
            compare: Comparison::default(),
            cost: Cost::default(),
            pairs: Pairs::default(),
            made: Made::default(),
            ..self.clone()
        }
    }

    /// Whether the other recipe asks for the same rows, read the same way: then what was measured can stay.
    pub fn is_same_run(&self, other: &Self) -> bool {
        self.dataset == other.dataset
            && self.config == other.config
            && self.split == other.split
            && self.rows == other.rows
            && self.sample == other.sample
            && self.seed == other.seed
            && self.read == other.read
            && self.via == other.via
            && self.endpoint == other.endpoint
            && self.hub == other.hub
            && self.map == other.map
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            dataset: "demo".to_owned(),
            config: String::new(),
            split: String::new(),
            rows: 500,
            sample: Sample::default(),
            seed: 1,
            read: Read::default(),
            via: Via::default(),
            endpoint: None,
            hub: None,
            filters: Filters::default(),
            count: Method::default(),
            budget: 32_768,
            curves: limits::CurveChoice::default(),
            compare: Comparison::default(),
            cost: Cost::default(),
            export: Options::default(),
            pairs: Pairs::default(),
            row: None,
            step: None,
            run: false,
            map: FieldMap::default(),
            made: Made::default(),
        }
    }
}
