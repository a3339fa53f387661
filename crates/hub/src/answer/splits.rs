//! The splits of a dataset and their sizes (`/splits`, `/size`), and which of them a name stands for.
//! Configs that the server has not read are listed with the reason, so that a wrong name and a slow server differ.

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::json::{or_default, read};
use tracesift_core::ground::words::plain;

use crate::error::HubError;
use tracesift_core::ground::ALL;

/// One split of a dataset and what is known of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitSize {
    /// The config it belongs to.
    pub config: String,
    /// Its name.
    pub split: String,
    /// Rows that `/rows` can give; `None` where `/size` does not say.
    pub rows: Option<u64>,
    /// Bytes of these rows in memory.
    pub bytes_memory: Option<u64>,
    /// Bytes of their Parquet files.
    pub bytes_parquet: Option<u64>,
    /// The true number of rows where the server holds only a part of them.
    pub estimated_rows: Option<u64>,
}

impl SplitSize {
    /// Several splits as one: a sum is known only where it is known of each.
    pub fn together(splits: &[Self]) -> Option<Self> {
        let (first, more) = splits.split_first()?;
        let add = |sum: Option<u64>, more: Option<u64>| Some(sum?.saturating_add(more?));
        let or_all = |same: bool, name: String| if same { name } else { ALL.to_owned() };
        let all = more.iter().fold(first.clone(), |all, split| Self {
            config: or_all(all.config == split.config, all.config),
            split: ALL.to_owned(),
            rows: add(all.rows, split.rows),
            bytes_memory: add(all.bytes_memory, split.bytes_memory),
            bytes_parquet: add(all.bytes_parquet, split.bytes_parquet),
            estimated_rows: add(all.estimated_rows, split.estimated_rows),
        });
        Some(all)
    }
}

/// A dataset as the pickers show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// `namespace/name`.
    pub dataset: String,
    /// The commit that the server has read (`X-Revision`).
    pub revision: Option<String>,
    /// Every split, in the server's order.
    pub splits: Vec<SplitSize>,
    /// Configs that the server is still reading, or could not read, each with the reason in words.
    pub missing: Vec<(String, String)>,
    /// Whether the server holds only a part of the dataset.
    pub partial: bool,
}

/// Splits are listed up to here where a wrong one was named.
const SPLITS_LISTED: usize = 20;

impl Described {
    /// The split that is meant: the named one, or the first.
    ///
    /// # Errors
    /// Why there is none, in words: what the server says of the config, or which splits there are.
    pub fn split(&self, config: &str, split: &str) -> Result<&SplitSize, String> {
        let all = |name: &str| name.is_empty() || name == ALL;
        let is_wanted = |size: &&SplitSize| {
            (all(config) || size.config == config) && (all(split) || size.split == split)
        };
        if let Some(found) = self.splits.iter().find(is_wanted) {
            return Ok(found);
        }
        if let Some((_, why)) = self.missing.iter().find(|(name, _)| name == config) {
            return Err(format!("The config {config} can't be read: {why}."));
        }
        if self.splits.is_empty() {
            return Err(self.why_empty());
        }
        let listed = self.splits.iter().take(SPLITS_LISTED);
        let listed: Vec<_> = listed
            .map(|s| format!("{} / {}", s.config, s.split))
            .collect();
        let more = match self.splits.len().saturating_sub(SPLITS_LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named: Vec<_> = [config, split]
            .into_iter()
            .filter(|n| !n.is_empty())
            .collect();
        Err(format!(
            "This dataset has no split {}. It has: {}{more}.",
            named.join(" / "),
            listed.join(", ")
        ))
    }

    /// The splits that these names stand for: one, or where a name is [`ALL`] all that there are, in the server's
    /// order. All configs come with all their splits unless a split is named.
    ///
    /// # Errors
    /// As [`split`](Self::split).
    pub fn chosen(&self, config: &str, split: &str) -> Result<Vec<SplitSize>, String> {
        let first = self.split(config, split)?;
        if config != ALL && split != ALL {
            return Ok(vec![first.clone()]);
        }
        let is_chosen = |size: &&SplitSize| {
            (config == ALL || size.config == first.config)
                && (split.is_empty() || split == ALL || size.split == split)
        };
        Ok(self.splits.iter().filter(is_chosen).cloned().collect())
    }

    /// Whether the server is done: what it is still reading may be there in a moment.
    pub fn is_whole(&self) -> bool {
        !self.missing.iter().any(|(_, why)| why == STILL_READING)
    }

    /// Whether the server is done and has found no split: there are no rows to ask for, nor will there be.
    pub fn is_without_rows(&self) -> bool {
        self.splits.is_empty() && self.is_whole()
    }

    /// Why there is no split at all.
    fn why_empty(&self) -> String {
        let missing: Vec<_> = self
            .missing
            .iter()
            .take(SPLITS_LISTED)
            .map(|(config, why)| format!("{config}: {why}."))
            .collect();
        if missing.is_empty() {
            "The server finds no rows in this dataset. Choose another one, or download its files from its page."
                .to_owned()
        } else {
            let is_read = self.missing.iter().any(|(_, why)| why == STILL_READING);
            let next = if is_read {
                " Try again in a few minutes."
            } else {
                ""
            };
            format!(
                "Nothing of this dataset can be read yet. {}{next}",
                missing.join(" ")
            )
        }
    }
}

/// Joins what `/splits` and `/size` say of a dataset. Without a readable `/size` the splits are of unknown size.
///
/// # Errors
/// [`HubError`] where the answer of `/splits` is cut short or is something else.
pub fn describe(
    dataset: &str,
    splits: &str,
    size: Option<&str>,
    revision: Option<&str>,
) -> Result<Described, HubError> {
    let listed: Splits = read(splits)?;
    let sizes: Sizes = size.and_then(|size| read(size).ok()).unwrap_or_default();
    let mut known: HashMap<(String, String), SplitSize> = HashMap::new();
    for sized in sizes.size.splits {
        let size = SplitSize::from(sized);
        known.insert((size.config.clone(), size.split.clone()), size);
    }
    let splits = listed.splits.into_iter().map(|item| {
        let key = (item.config, item.split);
        known.remove(&key).unwrap_or_else(|| SplitSize {
            config: key.0,
            split: key.1,
            ..SplitSize::default()
        })
    });
    let splits = splits.collect();
    let mut missing = Vec::new();
    for job in listed.pending.into_iter().chain(sizes.pending) {
        add_missing(&mut missing, job.config, STILL_READING);
    }
    for failed in listed.failed {
        let why = failed.error.words().unwrap_or_else(|| NOT_READ.to_owned());
        add_missing(&mut missing, failed.config, &why);
    }
    for job in sizes.failed {
        add_missing(&mut missing, job.config, NOT_READ);
    }
    Ok(Described {
        dataset: dataset.to_owned(),
        revision: revision.map(str::to_owned),
        splits,
        missing,
        partial: sizes.partial,
    })
}

const STILL_READING: &str = "the server is still reading it";
const NOT_READ: &str = "the server could not read its files";

fn add_missing(missing: &mut Vec<(String, String)>, config: Option<String>, why: &str) {
    let Some(config) = config else { return };
    if !missing.iter().any(|(known, _)| *known == config) {
        missing.push((config, why.to_owned()));
    }
}

/// Whether an answer of `/splits` or `/size` is complete: the server is not still at work on a part of it.
pub fn is_settled(body: &str) -> bool {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default, deserialize_with = "or_default")]
        pending: Vec<IgnoredAny>,
    }
    read::<Answer>(body).is_ok_and(|answer| answer.pending.is_empty())
}

#[derive(Deserialize)]
struct Splits {
    #[serde(deserialize_with = "or_default")]
    splits: Vec<SplitItem>,
    #[serde(default, deserialize_with = "or_default")]
    pending: Vec<Job>,
    #[serde(default, deserialize_with = "or_default")]
    failed: Vec<FailedConfig>,
}

#[derive(Deserialize)]
struct SplitItem {
    config: String,
    split: String,
}

/// Something that the server has to do, or failed to do, for a config.
#[derive(Deserialize)]
struct Job {
    /// None where the job is for the whole dataset.
    config: Option<String>,
}

#[derive(Deserialize)]
struct FailedConfig {
    config: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    error: Failure,
}

#[derive(Default, Deserialize)]
struct Failure {
    error: Option<String>,
    cause_message: Option<String>,
}

impl Failure {
    fn words(self) -> Option<String> {
        let words = self.cause_message.or(self.error)?;
        Some(plain(&words, 300)).filter(|words| !words.is_empty())
    }
}

#[derive(Default, Deserialize)]
struct Sizes {
    #[serde(default, deserialize_with = "or_default")]
    size: SizesOf,
    #[serde(default, deserialize_with = "or_default")]
    pending: Vec<Job>,
    #[serde(default, deserialize_with = "or_default")]
    failed: Vec<Job>,
    #[serde(default, deserialize_with = "or_default")]
    partial: bool,
}

#[derive(Default, Deserialize)]
struct SizesOf {
    #[serde(default, deserialize_with = "or_default")]
    splits: Vec<SizeItem>,
}

#[derive(Deserialize)]
struct SizeItem {
    config: String,
    split: String,
    num_rows: Option<u64>,
    num_bytes_memory: Option<u64>,
    num_bytes_parquet_files: Option<u64>,
    estimated_num_rows: Option<u64>,
}

impl From<SizeItem> for SplitSize {
    fn from(item: SizeItem) -> Self {
        Self {
            config: item.config,
            split: item.split,
            rows: item.num_rows,
            bytes_memory: item.num_bytes_memory,
            bytes_parquet: item.num_bytes_parquet_files,
            estimated_rows: item.estimated_num_rows,
        }
    }
}
