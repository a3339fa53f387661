//! The manifest of a file of pairs: which rows are paired, and all that it takes to pair them again.
//! It says of the rows what [`Manifest`] says of an ordinary export's.

use serde::{Deserialize, Serialize};

use super::Options;
use super::manifest::{App, File, Manifest, Rule};
use crate::ground::Sample;
use crate::recipe::Preference;
use crate::recipe::pairs::{Pair, PairRule};
use crate::tokens::Tokenizer;

/// How a file of pairs was made. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairManifest {
    /// The program.
    #[serde(flatten)]
    pub app: App,
    /// The link that opens the page with the same pairs.
    pub recipe: String,
    /// `namespace/name`, `demo` or the file's name.
    pub dataset: String,
    /// The config.
    pub config: String,
    /// The split.
    pub split: String,
    /// The data set's commit, where known.
    pub revision: Option<String>,
    /// Which rows were taken.
    pub sample: Sample,
    /// The seed of every draw; it decides among equals.
    pub seed: u64,
    /// Rows that were asked for.
    pub rows_wanted: u64,
    /// Rows that were read and measured.
    pub rows_measured: u64,
    /// Rows that could not be read.
    pub rows_bad: u64,
    /// Rows that passed every rule, among which pairs were looked for.
    pub rows_selected: u64,
    /// One entry a rule that was set, in the order in which they were applied.
    pub funnel: Vec<Rule>,
    /// The tokenizer; `None` where a model's own counted.
    pub tokenizer: Option<Tokenizer>,
    /// The model of the Hub whose tokenizer counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How tokens were counted.
    pub token_method: String,
    /// How rows were written. The format, cuts, masks and shards have no part in a file of pairs.
    pub options: Options,
    /// What makes a pair, and how many one task has at most.
    #[serde(flatten)]
    pub rule: PairRule,
    /// By what one row is better than another, in the words of the address.
    pub prefer: Vec<String>,
    /// The rows of each pair, in the order of the lines.
    pub pairs: Vec<Pair>,
    /// What was written of them; `None` where nothing was written yet.
    pub written: Option<PairsWritten>,
}

impl PairManifest {
    /// The manifest of pairs among the rows of another one; nothing is written of them yet.
    pub fn of(rows: Manifest, rule: PairRule, prefer: &[Preference], pairs: Vec<Pair>) -> Self {
        let prefer = prefer.iter().map(|prefer| prefer.name().to_owned());
        Self {
            app: rows.app,
            recipe: rows.recipe,
            dataset: rows.dataset,
            config: rows.config,
            split: rows.split,
            revision: rows.revision,
            sample: rows.sample,
            seed: rows.seed,
            rows_wanted: rows.rows_wanted,
            rows_measured: rows.rows_measured,
            rows_bad: rows.rows_bad,
            rows_selected: rows.rows_selected,
            funnel: rows.funnel,
            tokenizer: rows.tokenizer,
            model: rows.model,
            token_method: rows.token_method,
            options: rows.options,
            rule,
            prefer: prefer.collect(),
            pairs,
            written: None,
        }
    }

    /// Whether another manifest is this one after its file was written.
    pub fn is_before(&self, other: &Self) -> bool {
        let unwritten = Self {
            written: self.written.clone(),
            ..other.clone()
        };
        *self == unwritten
    }

    /// The manifest as indented JSON, with a final line break.
    pub fn to_json(&self) -> String {
        // Texts and numbers only: there is nothing in it that can't be written as JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// What became of the pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairsWritten {
    /// Pairs of tasks that are kept apart for validation or test: not in the file.
    pub apart: u64,
    /// Pairs that could not be written, and why.
    pub refused: Vec<String>,
    /// The file: a line a pair.
    pub file: File,
}
