//! The recipe: every choice a person makes, as one value that the address writes and reads.
//! From a recipe and the frame comes the selection: which rows pass, and what each rule costs.

pub mod address; // the recipe as the address' query, both ways
pub mod balance; // shares that values should have, or how much of the selection one may make up
mod chip; // the filters that are set as short marks
mod comparison; // which two groups are compared
pub mod cost; // what training on the selection costs
pub mod difficulty; // how hard an instance is, by the outcomes of its runs
pub mod draw; // which rows of one instance are kept where not all may be
mod edit; // how a person changes the rules
pub mod explore; // a chart of a person's own: what lies across, up, is told by colour
mod failures; // which rules each row fails, as bits
pub mod filter; // the rules: lists, ranges, presence of a patch, rows per instance
pub mod funnel; // the selection: rows left after each rule, rows that a rule alone removes
mod key; // a key of the address: how a value of its kind is read and written
pub mod keys; // the keys of the address: what each is, which choice it reads and writes
pub mod limits; // token limits that are worth a look, and what is drawn of them
mod list; // lists of the address as text
mod name; // names of datasets, models, servers, commits
pub mod pairs; // pairs of runs of one task: what makes one, which rows they are
mod place; // the places of the page
mod places; // several datasets in the address: lists aligned by position
mod pointed; // what something that is shown stands for, as a filter
pub mod preset; // choices that others published, each a query of the address
mod reading; // the part of a recipe that says which rows are read
mod rule; // the rules that are set: which rows fail each
pub mod signs; // which rows carry which quality sign
pub mod table; // the table of rows as it is arranged: columns, order
mod value; // words, numbers and ranges of the address as text

pub use balance::{Balance, Cap};
pub use chip::Chip;
pub use comparison::Comparison;
pub use cost::Cost;
pub use difficulty::Difficulty;
pub use draw::Preference;
pub use failures::Failures;
pub use filter::{Bounds, Filters, ListFilter, ListKey, PatchPresence, RangeKey};
pub use funnel::{Selection, select, select_found};
pub use pairs::{PairRule, Pairing, Pairs};
pub use place::PagePlace;
pub use pointed::Pointed;
pub use reading::{Place, Read, Reading, Via};

use crate::export::Options;
use crate::export::table::TableForm;
use crate::tokens::Method;

/// Every choice a person makes. Its default is the demo, unfiltered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Which rows are read, and how.
    pub reading: Reading,
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
    /// The chart of a person's own.
    pub explore: explore::Explored,
    /// What training costs.
    pub cost: Cost,
    /// How rows are exported.
    pub export: Options,
    /// The form of the table that is downloaded.
    pub table_form: TableForm,
    /// Which rows become pairs for preference training.
    pub pairs: Pairs,
    /// The place of the page that is open, where the rest of the recipe does not say it.
    pub place: Option<PagePlace>,
    /// How the table of rows is arranged.
    pub table: table::Table,
    /// The row that the reader shows.
    pub row: Option<u64>,
    /// The message that the reader shows.
    pub step: Option<u64>,
    /// The runs of the same task that are shown beside that row.
    pub beside: Vec<u64>,
    /// Whether to start at once.
    pub run: bool,
    /// What the link's maker had.
    pub made: Made,
}

/// What a link says of the file that its maker got, so that whoever opens it can tell whether theirs is the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The commit of each dataset, in their order; empty where it is not known.
    pub revisions: Vec<String>,
    /// The SHA-256 of the first file.
    pub sha256: Option<String>,
}

impl Recipe {
    /// The place of the page that is open: without a word on it, that of the open row, else the overview.
    pub fn place(&self) -> PagePlace {
        self.place.unwrap_or(match self.row {
            Some(_) => PagePlace::Rows,
            None => PagePlace::Overview,
        })
    }

    /// Opens a place; what goes without saying is not said.
    pub fn go_to(&mut self, place: PagePlace) {
        self.place = None;
        self.place = (self.place() != place).then_some(place);
    }

    /// Opens a row, where rows are read.
    pub fn open(&mut self, row: u64) {
        self.row = Some(row);
        self.step = None;
        self.beside.clear();
        self.go_to(PagePlace::Rows);
    }

    /// The choices that decide which lines are written of the selection: not what is shown, nor the form of the table, nor
    /// which rows become pairs, nor what a link says of its maker's file.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self {
            place: None,
            table: table::Table::default(),
            row: None,
            step: None,
            beside: Vec::new(),
            run: false,
            budget: Self::default().budget,
            curves: limits::CurveChoice::default(),
            compare: Comparison::default(),
            explore: explore::Explored::default(),
            cost: Cost::default(),
            table_form: TableForm::default(),
            pairs: Pairs::default(),
            made: Made::default(),
            ..self.clone()
        }
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            filters: Filters::default(),
            count: Method::default(),
            budget: 32_768,
            curves: limits::CurveChoice::default(),
            compare: Comparison::default(),
            explore: explore::Explored::default(),
            cost: Cost::default(),
            export: Options::default(),
            table_form: TableForm::default(),
            pairs: Pairs::default(),
            place: None,
            table: table::Table::default(),
            row: None,
            step: None,
            beside: Vec::new(),
            run: false,
            made: Made::default(),
        }
    }
}
