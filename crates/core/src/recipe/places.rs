//! Several datasets in the address: `dataset`, `config`, `split` and `revision` are lists then, aligned by position.
//! Where there is one dataset, each is one text as it stands, commas included.

use super::name::{dataset, digest};
use super::{Place, Recipe};

/// Reads `a/b,c/d`.
pub(super) fn read_datasets(recipe: &mut Recipe, text: &str) -> Result<(), String> {
    let names = items(text);
    if names.len() > Place::MOST {
        return Err(format!("it names more than {} datasets", Place::MOST));
    }
    let names: Result<Vec<String>, String> = names.iter().map(|name| dataset(name)).collect();
    let mut names = names?.into_iter();
    // What the other keys say may be read before or after this.
    recipe.reading.dataset = names.next().unwrap_or_default();
    let more = names.map(|dataset| Place {
        dataset,
        ..Place::default()
    });
    recipe.reading.more = more.collect();
    Ok(())
}

/// Gives each dataset its own config, split and commit, once all keys are read.
pub(super) fn align(recipe: &mut Recipe) -> Vec<(&'static str, String)> {
    let reading = &mut recipe.reading;
    let mut why = Vec::new();
    if reading.more.is_empty() {
        return why;
    }
    let all = 1 + reading.more.len();
    let mut list = |key: &'static str, text: &str| {
        let items = items(text);
        if items.len() > all {
            let words =
                format!("it lists more values than there are datasets; the first {all} count");
            why.push((key, words));
        }
        items.into_iter().chain(std::iter::repeat_with(String::new))
    };
    let mut configs = list("config", &reading.config);
    let mut splits = list("split", &reading.split);
    reading.config = configs.next().unwrap_or_default();
    reading.split = splits.next().unwrap_or_default();
    for (place, (config, split)) in reading.more.iter_mut().zip(configs.zip(splits)) {
        (place.config, place.split) = (config, split);
    }
    why
}

/// The datasets' names, not yet encoded.
pub(super) fn write_datasets(recipe: &Recipe) -> String {
    write(recipe, |place| &place.dataset)
}

/// Their configs.
pub(super) fn write_configs(recipe: &Recipe) -> String {
    write(recipe, |place| &place.config)
}

/// Their splits.
pub(super) fn write_splits(recipe: &Recipe) -> String {
    write(recipe, |place| &place.split)
}

fn write(recipe: &Recipe, value: fn(&Place) -> &String) -> String {
    let places = recipe.reading.places();
    match places.as_slice() {
        [only] => value(only).clone(),
        places => joined(places.iter().map(value)),
    }
}

/// Reads `commit,,commit`.
pub(super) fn read_revisions(text: &str) -> Result<Vec<String>, String> {
    let commits = items(text).into_iter().take(Place::MOST);
    let read = |commit: String| match commit.is_empty() {
        true => Ok(commit),
        false => digest(&commit),
    };
    let commits: Result<Vec<String>, String> = commits.map(read).collect();
    let mut commits = commits?;
    let known = commits.iter().rposition(|commit| !commit.is_empty());
    match known {
        None => digest(text).map(|commit| vec![commit]),
        Some(last) => {
            commits.truncate(last + 1);
            Ok(commits)
        }
    }
}

/// Writes commits.
pub(super) fn write_revisions(revisions: &[String]) -> String {
    joined(revisions.iter())
}

/// The items of a list, empty ones among them; a comma that belongs to an item is escaped with a backslash.
fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut item = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ',' => items.push(std::mem::take(&mut item)),
            '\\' => item.extend(chars.next()),
            c => item.push(c),
        }
    }
    items.push(item);
    items
}

/// A list as [`items`] reads it; nothing stands for empty items at its end.
fn joined<'t>(items: impl Iterator<Item = &'t String>) -> String {
    let mut items: Vec<String> = items
        .map(|item| item.replace('\\', "\\\\").replace(',', "\\,"))
        .collect();
    while items.last().is_some_and(String::is_empty) {
        items.pop();
    }
    items.join(",")
}
