//! A key of the address: its name, what it chooses, and how values of its kind are read and written.
//! Values of one kind are read alike; which keys there are is a table of its own, [`super::keys`].

use super::Recipe;
use super::address;
use super::filter::{ListKey, RangeKey};
use super::list::{
    known_values, read_list, read_map, read_names, read_signs, write_list, write_map, write_names,
    write_signs,
};
use super::value::{decode, encode, read_range, write_range};

/// A key of the address.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it chooses, in plain words, as Markdown.
    pub what: &'static str,
    /// A value as it stands in an address.
    pub example: &'static str,
    pub(super) kind: Kind,
}

/// Which values a key takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// One of these words.
    OneOf(fn() -> Vec<&'static str>),
    /// Any of these words, separated by commas.
    AnyOf(fn() -> Vec<&'static str>),
    /// A value of this form, as Markdown.
    Form(&'static str),
}

/// How a key's value is read and written.
#[derive(Debug)]
pub(super) enum Kind {
    /// One text, a word or a number.
    Text {
        takes: Takes,
        read: fn(&mut Recipe, &str) -> Result<(), String>,
        write: fn(&Recipe) -> String,
    },
    /// Values of a column, some of them excluded.
    List(ListKey),
    /// Bounds of a column of numbers.
    Range(RangeKey),
    /// Which field holds what.
    Map,
    /// Thresholds of signs.
    Signs,
    /// Names of a user's own benchmark.
    Bench,
}

impl Key {
    /// Which values it takes.
    pub fn takes(&self) -> Takes {
        match self.kind {
            Kind::Text { takes, .. } => takes,
            Kind::List(ListKey::Outcome) => Takes::AnyOf(|| known_values(ListKey::Outcome)),
            Kind::List(ListKey::Difficulty) => Takes::AnyOf(|| known_values(ListKey::Difficulty)),
            Kind::List(ListKey::Flag) => Takes::Form("a list of signs, `none`"),
            Kind::List(_) => Takes::Form("a list, `none`"),
            Kind::Range(RangeKey::Overlap) => Takes::Form("a range from 0 to 1"),
            Kind::Range(_) => Takes::Form("a range"),
            Kind::Map => Takes::Form("`what:field` pairs"),
            Kind::Signs => Takes::Form("`sign:number` pairs"),
            Kind::Bench => Takes::Form("a list"),
        }
    }

    /// Reads a value as it stands in the address. What can't be used leaves the recipe as it is; the answer says
    /// why.
    pub(super) fn read(&self, recipe: &mut Recipe, raw: &str) -> Vec<String> {
        match self.kind {
            Kind::Text { read, .. } => read(recipe, &decode(raw)).err().into_iter().collect(),
            Kind::List(key) => {
                let (list, why) = read_list(key, raw);
                if list.is_set() {
                    recipe.filters.lists.insert(key, list);
                }
                why
            }
            Kind::Range(key) => match read_range(raw) {
                Ok(bounds) => {
                    recipe.filters.ranges.insert(key, bounds);
                    Vec::new()
                }
                Err(why) => vec![why],
            },
            Kind::Map => {
                let (map, why) = read_map(raw);
                recipe.reading.map = map;
                why
            }
            Kind::Signs => {
                let (thresholds, why) = read_signs(raw);
                recipe.filters.signs.thresholds = thresholds;
                why
            }
            Kind::Bench => {
                let (names, why) = read_names(raw);
                recipe.filters.signs.bench = names;
                why
            }
        }
    }

    /// The value of a key that holds one text, as a control shows it.
    pub(super) fn value(&self, recipe: &Recipe) -> String {
        match self.kind {
            Kind::Text { write, .. } => write(recipe),
            _ => String::new(),
        }
    }

    /// Chooses a value of a key that holds one text, as it was typed; the default where nothing is.
    ///
    /// # Errors
    /// Why it is not a value, in words; then the recipe stays as it is.
    pub(super) fn choose(&self, recipe: &mut Recipe, typed: &str) -> Result<(), String> {
        let typed = typed.trim();
        match self.kind {
            Kind::Text { read, .. } if !typed.is_empty() => read(recipe, typed),
            _ => {
                *recipe = address::without(recipe, self.name);
                Ok(())
            }
        }
    }

    /// The value as it stands in the address; empty where nothing is chosen.
    pub(super) fn write(&self, recipe: &Recipe) -> String {
        let filters = &recipe.filters;
        match self.kind {
            Kind::Text { write, .. } => encode(&write(recipe)),
            Kind::List(key) => filters.lists.get(&key).map(write_list).unwrap_or_default(),
            Kind::Range(key) => {
                let bounds = filters.ranges.get(&key).copied();
                bounds.map(write_range).unwrap_or_default()
            }
            Kind::Map => write_map(&recipe.reading.map),
            Kind::Signs => write_signs(&filters.signs.thresholds),
            Kind::Bench => write_names(&filters.signs.bench),
        }
    }
}

/// A key that holds one text.
pub(super) const fn text(
    name: &'static str,
    takes: Takes,
    what: &'static str,
    example: &'static str,
    read: fn(&mut Recipe, &str) -> Result<(), String>,
    write: fn(&Recipe) -> String,
) -> Key {
    Key {
        name,
        what,
        example,
        kind: Kind::Text { takes, read, write },
    }
}

/// A key that holds a list of a column's values.
pub(super) const fn list(key: ListKey, what: &'static str, example: &'static str) -> Key {
    Key {
        name: key.key(),
        what,
        example,
        kind: Kind::List(key),
    }
}

/// A key that holds bounds of a column.
pub(super) const fn range(key: RangeKey, what: &'static str, example: &'static str) -> Key {
    Key {
        name: key.key(),
        what,
        example,
        kind: Kind::Range(key),
    }
}
