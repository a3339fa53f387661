//! The Hub's own API as far as the page asks it: the search for datasets, one dataset's head, its files.
//! What it says of a gated dataset can be read without a token.

use serde_json::{Value, json};

use super::answer::Answer;
use super::dataset::DataSet;
use super::log::Asked;
use super::tree;

/// Answers one request under `/api/`.
pub fn answer(datasets: &[DataSet], asked: &Asked) -> Answer {
    if let Some(file) = tree::kept(datasets, asked) {
        return file;
    }
    let rest = asked.path.strip_prefix("/api/datasets").unwrap_or("?");
    match rest.strip_prefix('/') {
        None if rest.is_empty() => search(datasets, asked),
        Some(rest) => tree::list(datasets, asked, rest).unwrap_or_else(|| one(datasets, rest)),
        None => not_found(),
    }
}

/// Whether it asks for a dataset with files that were uploaded before the test.
pub fn is_uploaded(datasets: &[DataSet], asked: &Asked) -> bool {
    let path = asked.path.strip_prefix("/api/datasets/");
    let is_of = |dataset: &&DataSet| {
        let rest = path.and_then(|path| path.strip_prefix(&*dataset.id));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut found = datasets.iter().filter(is_of);
    found.any(|dataset| !dataset.raw.is_empty())
}

/// Datasets whose name holds the words, the most downloaded first.
fn search(datasets: &[DataSet], asked: &Asked) -> Answer {
    let words = asked.parameter("search").unwrap_or_default().to_lowercase();
    let limit = asked.parameter("limit").and_then(|n| n.parse().ok());
    let mut found: Vec<&DataSet> = datasets
        .iter()
        .filter(|dataset| dataset.id.to_lowercase().contains(&words))
        .collect();
    found.sort_by_key(|dataset| std::cmp::Reverse(dataset.downloads));
    found.truncate(limit.unwrap_or(1000));
    Answer::hub_json(&found.into_iter().map(described).collect())
}

fn one(datasets: &[DataSet], id: &str) -> Answer {
    let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
    let id = id.split("/revision/").next().unwrap_or_default();
    match datasets.iter().find(|dataset| dataset.id == id) {
        Some(dataset) => Answer::hub_json(&described(dataset)),
        None => not_found(),
    }
}

fn described(dataset: &DataSet) -> Value {
    let gated = if dataset.gated {
        json!("auto")
    } else {
        json!(false)
    };
    json!({
        "_id": "665dd2a1c9a1b0a1c9a1b0a1",
        "id": dataset.id,
        "author": dataset.id.split('/').next(),
        "sha": dataset.revision,
        "private": false,
        "gated": gated,
        "downloads": dataset.downloads,
        "likes": 7,
        "lastModified": "2026-10-01T12:00:00.000Z",
        "tags": ["license:cc-by-4.0", "modality:text"],
    })
}

/// What the Hub says of a dataset that is not there.
pub fn not_found() -> Answer {
    // The Hub does not tell strangers whether a private dataset exists.
    Answer::error(401, "RepoNotFound", "Invalid username or password.").by_hub()
}
