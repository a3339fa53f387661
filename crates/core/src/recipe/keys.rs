//! The keys of the address: what each means, which values it takes, which choice of the recipe it reads and writes.
//! One entry per key: the address is read and written by these tables alone, and `docs/address.md` is made from them.

mod counting; // how rows are counted and compared
mod exporting; // what is exported
mod reading; // what is read
mod selecting; // which rows are selected
mod showing; // what is open

use super::Recipe;
pub use super::key::{Key, Takes};
use crate::frame::facet::Facet;

/// The value of a key that holds one text, as a control shows it.
pub fn value(name: &str, recipe: &Recipe) -> String {
    find(name).map(|key| key.value(recipe)).unwrap_or_default()
}

/// Chooses a value of a key that holds one text, as it was typed; the default where nothing is.
///
/// # Errors
/// Why it is not a value, in words; then the recipe stays as it is.
pub fn choose(name: &str, recipe: &mut Recipe, typed: &str) -> Result<(), String> {
    find(name).map_or(Ok(()), |key| key.choose(recipe, typed))
}

/// The key of a name.
pub fn find(name: &str) -> Option<&'static Key> {
    all().find(|key| key.name == name)
}

/// Every key, in the order in which an address is written.
pub fn all() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().flat_map(|section| section.keys)
}

/// Keys of one kind.
#[derive(Debug)]
pub struct Section {
    /// What they say, as a heading.
    pub title: &'static str,
    /// The keys.
    pub keys: &'static [Key],
}

/// The sections, in the order of the documentation and of an address.
pub const SECTIONS: [Section; 5] = [
    Section {
        title: "What is read",
        keys: reading::KEYS,
    },
    Section {
        title: "Which rows are selected",
        keys: selecting::KEYS,
    },
    Section {
        title: "How rows are counted and compared",
        keys: counting::KEYS,
    },
    Section {
        title: "What is exported",
        keys: exporting::KEYS,
    },
    Section {
        title: "What is open",
        keys: showing::KEYS,
    },
];

/// The words of a choice.
fn words<T: Copy>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|&(word, _)| word).collect()
}

fn facets() -> [(&'static str, Facet); Facet::ALL.len()] {
    Facet::ALL.map(|facet| (facet.name(), facet))
}

/// Puts a value that could be read into its place.
fn set<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    *place = value?;
    Ok(())
}

fn written(number: Option<impl ToString>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
