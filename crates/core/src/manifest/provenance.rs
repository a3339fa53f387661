//! Which rows a file is made of: where they come from, what was read, which filters they passed, how tokens were counted.
//! The manifest of rows and that of pairs begin with it.

use serde::{Deserialize, Serialize};

use crate::ground::Sample;
use crate::recipe::funnel::Step;
use crate::tokens::Tokenizer;

/// Which rows a file is made of. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The program: [`App::this`].
    #[serde(flatten)]
    pub app: App,
    /// The link that opens the page with the same recipe.
    pub recipe: String,
    /// `namespace/name`, `demo` or the file's name; of several datasets all of them, separated by commas.
    pub dataset: String,
    /// The dataset's config; of several datasets one each, as in the address.
    pub config: String,
    /// The config's split; likewise.
    pub split: String,
    /// The dataset's commit, where known; of several datasets each source has its own.
    pub revision: Option<String>,
    /// The datasets, where there are several, in the order of their rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceRows>,
    /// The files, where several were opened, in the order of their rows.
    #[serde(default, skip_serializing_if = "OpenedFiles::is_empty")]
    pub opened: OpenedFiles,
    /// Which rows were taken.
    pub sample: Sample,
    /// The seed of every draw.
    pub seed: u64,
    /// Rows that were asked for.
    pub rows_wanted: u64,
    /// Rows that were read and measured.
    pub rows_measured: u64,
    /// Rows that could not be read.
    pub rows_bad: u64,
    /// Rows that passed every filter.
    pub rows_selected: u64,
    /// One entry per filter that was set, in the order in which they were applied.
    pub funnel: Vec<Rule>,
    /// The tokenizer; `None` where a model's own counted.
    pub tokenizer: Option<Tokenizer>,
    /// The model of the Hub whose tokenizer counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How tokens were counted: [`super::token_method`].
    pub token_method: String,
}

impl Provenance {
    /// The datasets' names, in the order of their rows.
    pub fn datasets(&self) -> Vec<&str> {
        match self.sources.is_empty() {
            true => vec![&self.dataset],
            false => self.sources.iter().map(|source| &*source.dataset).collect(),
        }
    }
}

/// One dataset of several, and what was read of it. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRows {
    /// `namespace/name`, `demo` or the file's name.
    pub dataset: String,
    /// The config.
    pub config: String,
    /// The split.
    pub split: String,
    /// The commit, where known.
    pub revision: Option<String>,
    /// The number that its first row has among the rows of all sources: they are counted on.
    pub first_row: u64,
    /// Rows that were read and measured.
    pub rows_measured: u64,
    /// Rows that passed every filter.
    pub rows_selected: u64,
}

/// The files that were opened, and what was read of each. Written in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedFiles {
    /// The first of them, at most [`Self::LISTED`].
    pub files: Vec<OpenedFile>,
    /// How many more there are.
    pub more_files: u64,
    /// Rows of these that were read and measured.
    pub more_rows_measured: u64,
    /// Rows of these that passed every filter.
    pub more_rows_selected: u64,
}

/// A file that was opened. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedFile {
    /// Its name, with the folders and the archive that it is in.
    pub file: String,
    /// Rows that were read and measured.
    pub rows_measured: u64,
    /// Rows that passed every filter.
    pub rows_selected: u64,
}

impl OpenedFiles {
    /// So many files are listed; of more, only their number and that of their rows.
    pub const LISTED: usize = 1_000;

    /// The files of rows that come file by file, each row with whether it passed every filter.
    pub fn of_rows<'f>(rows: impl IntoIterator<Item = (&'f str, bool)>) -> Self {
        let mut opened = Self::default();
        let mut last = None;
        for (file, is_selected) in rows {
            if last != Some(file) {
                last = Some(file);
                opened.begin(file);
            }
            let counts = match opened.files.last_mut().filter(|_| opened.more_files == 0) {
                Some(file) => (&mut file.rows_measured, &mut file.rows_selected),
                None => (
                    &mut opened.more_rows_measured,
                    &mut opened.more_rows_selected,
                ),
            };
            *counts.0 += 1;
            *counts.1 += u64::from(is_selected);
        }
        opened
    }

    fn begin(&mut self, file: &str) {
        if self.files.len() >= Self::LISTED {
            self.more_files += 1;
            return;
        }
        self.files.push(OpenedFile {
            file: file.to_owned(),
            rows_measured: 0,
            rows_selected: 0,
        });
    }

    /// Whether no file is listed.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// The program that wrote a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its name.
    pub app: String,
    /// Its version.
    pub version: String,
}

impl App {
    /// This program.
    pub fn this() -> Self {
        Self {
            app: "tracesift".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// One filter of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its key in the address.
    pub rule: String,
    /// The filter in words.
    pub words: String,
    /// Rows left after this filter and all before it.
    pub rows_left: u64,
    /// Rows that fail this filter and no other.
    pub rows_removed_alone: u64,
    /// Rows that fail this filter because their value is not known.
    pub rows_unknown: u64,
}

impl From<&Step> for Rule {
    fn from(step: &Step) -> Self {
        Self {
            rule: step.key.clone().into_owned(),
            words: step.words.clone(),
            rows_left: count(step.left),
            rows_removed_alone: count(step.alone),
            rows_unknown: count(step.unknown),
        }
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
