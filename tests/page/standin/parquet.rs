//! Parquet files: their list on the datasets server, and the Hub's redirect to where their bytes are.
//! Their names and folders are those of the branch `refs/convert/parquet`.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::http::header::{self, HeaderName};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::answer::Answer;
use super::arrow::ListForm;
use super::cdn::{Cdn, hash_of};
use super::dataset::{DataSet, Split};
use super::log::Asked;
use super::{lock, server, tree};

/// The branch as it stands in a URL.
const BRANCH: &str = "refs%2Fconvert%2Fparquet";

/// A file that is served, in memory or on the disk.
#[derive(Debug, Clone)]
pub enum File {
    /// Its bytes.
    Bytes(Arc<[u8]>),
    /// Where it is.
    Path(PathBuf),
}

impl From<PathBuf> for File {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl File {
    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Path(path) => fs::metadata(path).expect("a served file exists").len(),
        }
    }

    /// Some of its bytes.
    pub fn read(&self, range: Range<u64>) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes[range.start as usize..range.end as usize].to_vec(),
            Self::Path(path) => {
                let mut part = vec![0; (range.end - range.start) as usize];
                let mut file = fs::File::open(path).expect("a served file opens");
                file.seek(SeekFrom::Start(range.start))
                    .and_then(|_| file.read_exact(&mut part))
                    .expect("a served file is as long as it was");
                part
            }
        }
    }
}

/// The answer of `/parquet`: the files of a dataset or of a config, by config, split and name.
pub fn list(dataset: &DataSet, config: Option<&str>, hub: &str) -> Answer {
    let mut splits = server::of_config(dataset, config);
    let first = splits.first().copied();
    splits.sort_by_key(|split| (&split.config, &split.name));
    let files: Value = splits
        .into_iter()
        .flat_map(|split| {
            split
                .files
                .iter()
                .enumerate()
                .map(move |file| (split, file))
        })
        .map(|(split, (number, file))| {
            let (filename, folder) = (name(number), folder(dataset, split));
            // As the service does, nothing but the branch is encoded.
            let url = format!(
                "{hub}/datasets/{}/resolve/{BRANCH}/{}/{folder}/{filename}",
                dataset.id, split.config
            );
            json!({"dataset": dataset.id, "config": split.config, "split": split.name, "url": url,
                   "filename": filename, "size": file.size()})
        })
        .collect();
    let mut body = json!({"parquet_files": files});
    match (config, first) {
        (Some(_), Some(split)) => body["features"] = split.row_type.feature(ListForm::Legacy),
        _ => {
            let (pending, failed) = server::missing(dataset, "config-parquet");
            body["pending"] = pending;
            body["failed"] = failed;
        }
    }
    body["partial"] = json!(dataset.partial);
    Answer::json(body.to_string())
}

fn name(number: usize) -> String {
    format!("{number:04}.parquet")
}

fn folder(dataset: &DataSet, split: &Split) -> String {
    let partial = if dataset.partial { "partial-" } else { "" };
    format!("{partial}{}", split.name)
}

/// The Hub's answer to the URL of a file: 302 to an address that is good for a while.
pub fn resolve(datasets: &[DataSet], asked: &Asked, cdn: &Mutex<Cdn>) -> Answer {
    let path = asked.path.strip_prefix("/datasets/").unwrap_or_default();
    let Some((id, rest)) = path.split_once("/resolve/") else {
        // A page for people, which other origins may not read.
        return Answer::html(404, "<h1>404</h1>", super::answer::Cors::None);
    };
    let id = percent_decode_str(id).decode_utf8_lossy();
    let dataset = match tree::accessible(datasets, &id, asked) {
        Ok(dataset) => dataset,
        Err(refused) => return refused,
    };
    if let Some(answer) = tree::resolve(dataset, rest, cdn) {
        return answer;
    }
    let Some(entry) = rest
        .strip_prefix(BRANCH)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return Answer::error(404, "RevisionNotFound", "Invalid rev id").by_hub();
    };
    let entry = percent_decode_str(entry).decode_utf8_lossy();
    let Some(file) = find(dataset, &entry) else {
        return Answer::error(404, "EntryNotFound", "Entry not found").by_hub();
    };
    let whole_name = format!("{id}/{entry}");
    let hash = hash_of(&whole_name);
    let address = lock(cdn).sign(&hash, file);
    Answer::redirect(&address)
        .with(HeaderName::from_static("x-repo-commit"), &dataset.revision)
        .with(
            HeaderName::from_static("x-linked-size"),
            &file.size().to_string(),
        )
        .with(
            HeaderName::from_static("x-linked-etag"),
            &format!("\"{hash}\""),
        )
        .with(HeaderName::from_static("x-xet-hash"), &hash)
        .with(header::ACCEPT_RANGES, "bytes")
}

fn find<'a>(dataset: &'a DataSet, entry: &str) -> Option<&'a File> {
    dataset.splits.iter().find_map(|split| {
        let before = format!("{}/{}/", split.config, folder(dataset, split));
        let wanted = entry.strip_prefix(&before)?;
        let number = (0..split.files.len()).find(|number| name(*number) == wanted)?;
        split.files.get(number)
    })
}
