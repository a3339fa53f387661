//! Files of models at the Hub's resolve route, as far as the page asks for them: those beside the weights.
//! A model that there is not is told from a private one by no answer.

use std::collections::BTreeMap;

use super::answer::{Answer, Cors};
use super::hub;
use super::log::Asked;

/// The models, by name, with their files.
#[derive(Default)]
pub struct Models(BTreeMap<String, BTreeMap<String, String>>);

impl Models {
    /// Adds a model.
    pub fn add(&mut self, model: &str, files: &[(&str, &str)]) {
        let files = files.iter();
        let files = files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        self.0.insert(model.to_owned(), files.collect());
    }

    /// The answer to a question about a file of a model; `None` for any other question.
    pub fn answer(&self, asked: &Asked) -> Option<Answer> {
        let (model, file) = asked.path.split_once("/resolve/main/")?;
        let Some(files) = self.0.get(model.trim_start_matches('/')) else {
            return Some(hub::not_found());
        };
        let missing = || Answer::error(404, "EntryNotFound", "Entry not found").by_hub();
        let found = files.get(file);
        Some(found.map_or_else(missing, |text| Answer::text(200, text, Cors::Hub)))
    }
}
