//! Files of a repository as they were uploaded: the Hub's list of them, page by page, and the ways to their bytes.
//! Small texts lie in the repository itself, archives in the storage that the resolver leads to.

use std::sync::Mutex;

use axum::http::header;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::StandIn;
use super::answer::Answer;
use super::cdn::{Cdn, hash_of};
use super::client::{ORIGIN, ask_at, get};
use super::dataset::{DataSet, REVISION};
use super::log::Asked;
use super::parquet::File;
use super::{hub, lock, server};

/// So many entries are listed at once; the Hub lists 1,000.
pub const PAGE: usize = 5;
/// Where the Hub keeps what lies in a repository itself.
const CACHE: &str = "/api/resolve-cache/datasets/";

/// Answers a request for the tree at a commit or branch; `rest` is what stands behind `/api/datasets/`.
pub fn list(datasets: &[DataSet], asked: &Asked, rest: &str) -> Option<Answer> {
    let (id, revision) = rest.split_once("/tree/")?;
    let id = percent_decode_str(id).decode_utf8_lossy();
    let dataset = match accessible(datasets, &id, asked) {
        Ok(dataset) => dataset,
        Err(refused) => return Some(refused),
    };
    if !is_of(dataset, revision) {
        let error = format!("Invalid rev id: {revision}");
        return Some(Answer::error(404, "RevisionNotFound", &error).by_hub());
    }
    let all = entries(
        dataset,
        asked.parameter("recursive").as_deref() == Some("true"),
    );
    let from = asked.parameter("cursor");
    let from = from.map_or(0, |at| at.trim_start_matches("at=").parse().unwrap_or(0));
    let end = all.len().min(from + PAGE);
    let answer = Answer::hub_json(&all[from..end].iter().cloned().collect());
    if end == all.len() {
        return Some(answer);
    }
    // The Hub names itself, also where a mirror passes its answer on.
    let next = format!(
        "<https://huggingface.co/api/datasets/{id}/tree/{revision}?recursive=true&limit={PAGE}&cursor=at%3D{end}>; rel=\"next\""
    );
    Some(answer.with(header::LINK, &next))
}

/// The entries in the order of their paths: folders, and the files in them where it is recursive.
fn entries(dataset: &DataSet, is_recursive: bool) -> Vec<Value> {
    let mut all = std::collections::BTreeMap::new();
    for (path, file) in &dataset.raw {
        for (at, _) in path.match_indices('/') {
            let folder = json!({"type": "directory", "oid": &hash_of(&path[..at])[..40], "size": 0, "path": &path[..at]});
            all.insert(path[..at].to_owned(), folder);
        }
        let (oid, size) = (hash_of(path), file.size());
        let mut entry = json!({"type": "file", "oid": &oid[..40], "size": size, "path": path});
        if is_stored(path) {
            entry["lfs"] = json!({"oid": oid, "size": size, "pointerSize": 134});
            entry["xetHash"] = json!(oid);
        }
        all.insert(path.clone(), entry);
    }
    all.retain(|path, _| is_recursive || !path.contains('/'));
    all.into_values().collect()
}

/// Whether a file lies in the storage and not in the repository itself, as `.gitattributes` says by default.
fn is_stored(path: &str) -> bool {
    [".zip", ".gz", ".parquet", ".png"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// The resolver's answer for a file at a commit or branch; `None` for a revision that is not of these files.
pub fn resolve(dataset: &DataSet, rest: &str, cdn: &Mutex<Cdn>) -> Option<Answer> {
    let (revision, path) = rest.split_once('/')?;
    if !is_of(dataset, revision) {
        return None;
    }
    let entry = percent_decode_str(path).decode_utf8_lossy();
    let Some(file) = find(dataset, &entry) else {
        return Some(Answer::error(404, "EntryNotFound", "Entry not found").by_hub());
    };
    if is_stored(&entry) {
        let hash = hash_of(&format!("{}/{entry}", dataset.id));
        return Some(Answer::redirect(&lock(cdn).sign(&hash, file)));
    }
    let kept = format!("{CACHE}{}/{}/{path}", dataset.id, dataset.revision);
    Some(Answer::redirect(&kept))
}

/// The bytes of a file that lies in a repository itself.
pub fn kept(datasets: &[DataSet], asked: &Asked) -> Option<Answer> {
    let rest = asked.path.strip_prefix(CACHE)?;
    let found = datasets.iter().find_map(|dataset| {
        let path = rest.strip_prefix(&dataset.id)?.strip_prefix('/')?;
        let path = path.strip_prefix(&dataset.revision)?.strip_prefix('/')?;
        let path = percent_decode_str(path).decode_utf8_lossy();
        Some((dataset, find(dataset, &path)?))
    });
    let Some((dataset, file)) = found else {
        return Some(Answer::error(404, "EntryNotFound", "Entry not found").by_hub());
    };
    Some(match accessible(datasets, &dataset.id, asked) {
        Ok(_) => Answer::bytes(200, file.read(0..file.size())).by_hub(),
        Err(refused) => refused,
    })
}

fn is_of(dataset: &DataSet, revision: &str) -> bool {
    revision == "main" || revision == dataset.revision
}

fn find<'a>(dataset: &'a DataSet, path: &str) -> Option<&'a File> {
    let mut all = dataset.raw.iter();
    all.find(|(known, _)| known == path).map(|(_, file)| file)
}

/// The dataset, if the request's token opens its files.
pub fn accessible<'a>(
    datasets: &'a [DataSet],
    id: &str,
    asked: &Asked,
) -> Result<&'a DataSet, Answer> {
    let found = datasets.iter().find(|dataset| dataset.id == id);
    let dataset = found.ok_or_else(hub::not_found)?;
    if dataset.gated && asked.token.as_deref() != Some(server::TOKEN) {
        let error = format!(
            "Access to dataset {id} is restricted. You must have access to it and be authenticated to access it. Please log in."
        );
        return Err(Answer::error(401, "GatedRepo", &error).by_hub());
    }
    Ok(dataset)
}

#[test]
fn a_tree_comes_in_pages_and_leads_to_every_file() {
    let files = ["a.zip", "b/c/1.jsonl", "b/c/2.jsonl", "b/d.json", "e.md"];
    let set = files.iter().fold(DataSet::new("a/b"), |set, path| {
        set.with_raw(path, path.as_bytes())
    });
    let standin = StandIn::start(vec![set]);
    let (mut paths, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(
            &standin,
            &format!("/api/datasets/a/b/tree/{REVISION}?recursive=true{cursor}"),
        );
        let items = page.json();
        let items = items.as_array().expect("a list");
        assert!(items.len() <= PAGE);
        paths.extend(items.iter().map(|item| {
            (
                item["type"].as_str().expect("a type").to_owned(),
                item["path"].as_str().expect("a path").to_owned(),
                item["size"].as_u64().expect("a size"),
            )
        }));
        let Some(link) = page.header("link") else {
            break;
        };
        let (_, next) = link.split_once("&cursor=").expect("a cursor");
        cursor = format!("&cursor={}", next.split('>').next().expect("an end"));
    }
    let found: Vec<&str> = paths.iter().map(|(_, path, _)| path.as_str()).collect();
    assert_eq!(
        found,
        [
            "a.zip",
            "b",
            "b/c",
            "b/c/1.jsonl",
            "b/c/2.jsonl",
            "b/d.json",
            "e.md"
        ]
    );
    for (kind, path, size) in &paths {
        assert_eq!(kind == "directory", !files.contains(&&**path), "{path}");
        let way = get(
            &standin,
            &format!("/datasets/a/b/resolve/{REVISION}/{path}"),
        );
        if kind == "directory" {
            assert_eq!(way.code(), (404, "EntryNotFound"));
            continue;
        }
        assert_eq!((way.status, *size), (302, path.len() as u64));
        let address = way.header("location").expect("an address");
        let server = standin.cdn_url();
        let file = match address.strip_prefix(&server) {
            Some(target) => ask_at(&server, "GET", target, &[ORIGIN]).expect("an answer"),
            None => get(&standin, address),
        };
        assert_eq!((file.status, file.body.as_slice()), (200, path.as_bytes()));
    }
    let other = get(&standin, "/api/datasets/a/b/tree/other?recursive=true");
    assert_eq!(other.code(), (404, "RevisionNotFound"));
    let none = get(&standin, "/api/datasets/a/c/tree/main?recursive=true");
    assert_eq!(none.status, 401);
}
