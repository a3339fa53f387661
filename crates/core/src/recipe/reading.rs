//! The part of a recipe that says which rows are read, and how; filters and export choices are the other part.
//! A run is made by it and by nothing else: two equal readings of one commit read the same rows.

use crate::ground::Sample;
use crate::trace::FieldMap;

/// Which rows are read, and how. Its default is the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
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
    /// The user's own map of fields.
    pub map: FieldMap,
}

impl Default for Reading {
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
            map: FieldMap::default(),
        }
    }
}

impl Reading {
    /// Whether the seed has a say in which rows are read; else it only decides draws among them.
    pub fn is_drawn(&self) -> bool {
        self.dataset == "demo" || self.sample == Sample::Random
    }

    /// The same rows, with the seed of another reading where it has no say in which rows these are.
    #[must_use]
    pub fn with_draws_of(&self, other: &Self) -> Self {
        let seed = match self.is_drawn() {
            true => self.seed,
            false => other.seed,
        };
        Self {
            seed,
            ..self.clone()
        }
    }

    /// Whether another reading reads the same rows in the same way: then what was measured can stay.
    pub fn is_same_run(&self, other: &Self) -> bool {
        self.with_draws_of(other) == *other
    }
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
