//! The Parquet files of a dataset (`/parquet`): how many and how large, and those of chosen splits in the order of
//! their rows.

use serde::{Deserialize, Serialize};

use super::json::{or_default, read};
use crate::address;
use crate::error::HubError;
use tracesift_core::ground::FileAt;

/// The Parquet files of one split (`/parquet`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParquetFiles {
    /// The config it belongs to.
    pub config: String,
    /// The split.
    pub split: String,
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Reads an answer of `/parquet`: the splits in the server's order, each with the number and size of its files.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn parquet(body: &str) -> Result<Vec<ParquetFiles>, HubError> {
    let mut splits: Vec<ParquetFiles> = Vec::new();
    for file in read::<Parquet>(body)?.parquet_files {
        // Files of a split follow one another.
        match splits.last_mut() {
            Some(last) if last.config == file.config && last.split == file.split => {
                last.files += 1;
                last.bytes = last.bytes.saturating_add(file.size);
            }
            _ => splits.push(ParquetFiles {
                config: file.config,
                split: file.split,
                files: 1,
                bytes: file.size,
            }),
        }
    }
    Ok(splits)
}

/// The files of splits (`/parquet`), in the order of their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitFiles {
    /// The files.
    pub files: Vec<FileAt>,
    /// Whether they hold only the first part of the split.
    pub partial: bool,
    /// The commit that the server has read (`X-Revision`).
    pub revision: Option<String>,
}

/// Reads an answer of `/parquet` for the files of these splits: config and split of each.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn split_files(
    body: &str,
    splits: &[(String, String)],
    revision: Option<&str>,
) -> Result<SplitFiles, HubError> {
    let listed: Parquet = read(body)?;
    let place = |file: &ParquetFile| {
        let mut splits = splits.iter();
        splits.position(|(config, split)| *config == file.config && *split == file.split)
    };
    let files = listed.parquet_files.into_iter();
    let mut files: Vec<(usize, FileAt)> = files
        .filter_map(|file| Some((place(&file)?, file.into())))
        .collect();
    // Shards are numbered: rows follow one another in the order of the names.
    files.sort_by(|(a, file), (b, other)| (a, &file.url).cmp(&(b, &other.url)));
    Ok(SplitFiles {
        files: files.into_iter().map(|(_, file)| file).collect(),
        partial: listed.partial,
        revision: revision.map(str::to_owned),
    })
}

#[derive(Deserialize)]
struct Parquet {
    #[serde(deserialize_with = "or_default")]
    parquet_files: Vec<ParquetFile>,
    #[serde(default, deserialize_with = "or_default")]
    partial: bool,
}

#[derive(Deserialize)]
struct ParquetFile {
    config: String,
    split: String,
    #[serde(default, deserialize_with = "or_default")]
    url: String,
    #[serde(default, deserialize_with = "or_default")]
    filename: String,
    #[serde(default, deserialize_with = "or_default")]
    size: u64,
}

impl From<ParquetFile> for FileAt {
    fn from(file: ParquetFile) -> Self {
        Self {
            url: address::file(&file.url),
            name: file.filename,
            size: file.size,
            config: file.config,
            split: file.split,
        }
    }
}
