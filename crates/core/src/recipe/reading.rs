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
    /// More datasets, whose rows come after those of the first one.
    pub more: Vec<Place>,
    /// How many rows to read of each dataset.
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
            more: Vec::new(),
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

/// One dataset that rows are read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// As [`Reading::dataset`]; empty while a person has not named it yet.
    pub dataset: String,
    /// As [`Reading::config`].
    pub config: String,
    /// As [`Reading::split`].
    pub split: String,
}

impl Place {
    /// How many datasets one run reads at most.
    pub const MOST: usize = 20;
}

impl Reading {
    /// The dataset of a line of the form, counted from 0, named or not.
    pub fn place(&self, line: usize) -> Option<Place> {
        let Some(at) = line.checked_sub(1) else {
            return Some(Place {
                dataset: self.dataset.clone(),
                config: self.config.clone(),
                split: self.split.clone(),
            });
        };
        self.more.get(at).cloned()
    }

    /// Puts a dataset into a line of the form; one more line where there is none such.
    pub fn put(&mut self, line: usize, place: Place) {
        match line.checked_sub(1) {
            None => {
                (self.dataset, self.config, self.split) = (place.dataset, place.config, place.split)
            }
            Some(at) => match self.more.get_mut(at) {
                Some(known) => *known = place,
                None => self.more.push(place),
            },
        }
    }

    /// All datasets, the first one first. One that is not named yet is none.
    pub fn places(&self) -> Vec<Place> {
        let more = self.more.iter().filter(|place| !place.dataset.is_empty());
        let first = self.place(0).into_iter();
        first.chain(more.cloned()).collect()
    }

    /// The same reading of these datasets; of none it stays as it is.
    #[must_use]
    pub fn of_places(&self, places: &[Place]) -> Self {
        let Some((first, more)) = places.split_first() else {
            return self.clone();
        };
        Self {
            dataset: first.dataset.clone(),
            config: first.config.clone(),
            split: first.split.clone(),
            more: more.to_vec(),
            ..self.clone()
        }
    }

    /// Whether several datasets are read.
    pub fn is_mixture(&self) -> bool {
        self.more.iter().any(|place| !place.dataset.is_empty())
    }

    /// Whether nothing but the demo is read.
    pub fn is_demo(&self) -> bool {
        self.dataset == "demo" && !self.is_mixture()
    }

    /// Whether the seed has a say in which rows are read; else it only decides draws among them.
    pub fn is_drawn(&self) -> bool {
        let is_demo = |place: &Place| place.dataset == "demo";
        self.sample == Sample::Random || self.places().iter().any(is_demo)
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

    /// Whether another reading reads the same rows in the same way: then what was measured can stay. Datasets that are
    /// not named yet change nothing.
    pub fn is_same_run(&self, other: &Self) -> bool {
        let other = other.of_places(&other.places());
        self.of_places(&self.places()).with_draws_of(&other) == other
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
    /// The files that were uploaded, opened as local ones are.
    Files,
}
