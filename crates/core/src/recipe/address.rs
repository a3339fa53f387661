//! The recipe as the query of the address, both ways: one definition per key.
//! What can't be read is left out with a [`Notice`]; a default is not written.

use std::collections::HashMap;

use super::Recipe;
pub use super::key::Key;
use super::keys;
use super::places::align;
use super::value::{decode, shown};

/// A key of the address that was left out, and why, in words for the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The key as it was typed; a very long one is cut.
    pub key: String,
    /// Why it was left out.
    pub why: String,
}

/// Reads a query (without `?`). Whatever it holds, a recipe comes out.
///
/// If a key is given twice, the last one counts. `+` is a space, as in forms. In a list, a comma
/// that belongs to a value is escaped with a backslash.
pub fn parse(query: &str) -> (Recipe, Vec<Notice>) {
    let pairs: Vec<(String, &str)> = pairs(query).collect();
    let last: HashMap<&str, usize> = pairs
        .iter()
        .enumerate()
        .map(|(at, (key, _))| (key.as_str(), at))
        .collect();
    let mut recipe = Recipe::default();
    let mut notices = Vec::new();
    for (at, (name, raw)) in pairs.iter().enumerate() {
        let why = match keys::find(name) {
            None => vec!["the address has no such key".to_owned()],
            Some(_) if last.get(name.as_str()) != Some(&at) => {
                vec!["it is given more than once; only the last one counts".to_owned()]
            }
            Some(key) => key.read(&mut recipe, raw),
        };
        notices.extend(why.into_iter().map(|why| Notice {
            key: shown(name),
            why,
        }));
    }
    notices.extend(align(&mut recipe).into_iter().map(|(key, why)| Notice {
        key: key.to_owned(),
        why,
    }));
    (recipe, notices)
}

/// Writes a recipe as a query (without `?`): only what differs from the default, keys in a fixed order.
pub fn print(recipe: &Recipe) -> String {
    let default = Recipe::default();
    let pairs = keys::all().filter_map(|key| {
        let value = key.write(recipe);
        (value != key.write(&default)).then(|| format!("{}={value}", key.name))
    });
    pairs.collect::<Vec<String>>().join("&")
}

/// The recipe with a key's default.
pub fn without(recipe: &Recipe, name: &str) -> Recipe {
    let query = print(recipe);
    let kept = query.split('&').filter(|pair| {
        let key = pair.split_once('=').map_or(*pair, |(key, _)| key);
        key != name
    });
    parse(&kept.collect::<Vec<_>>().join("&")).0
}

/// The query's keys, decoded, with their values as they stand.
fn pairs(query: &str) -> impl Iterator<Item = (String, &str)> {
    query
        .strip_prefix('?')
        .unwrap_or(query)
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), value)
        })
}
