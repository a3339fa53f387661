//! What the two APIs answer, as far as the page needs it.
//! Unknown fields are passed over, and null stands for a field that is missing.

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::error::{HubError, plain};
use crate::source::parquet::layout::FileAt;
use crate::source::{ALL, PageRange, SourceRow};

/// One split of a data set and what is known of its size.
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

/// A data set as the pickers show it.
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
    /// Whether the server holds only a part of the data set.
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
            "This data set has no split {}. It has: {}{more}.",
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

    /// Why there is no split at all.
    fn why_empty(&self) -> String {
        let missing: Vec<_> = self
            .missing
            .iter()
            .take(SPLITS_LISTED)
            .map(|(config, why)| format!("{config}: {why}."))
            .collect();
        if missing.is_empty() {
            "The server finds no rows in this data set. Choose another one, or download its files from its page."
                .to_owned()
        } else {
            let is_read = self.missing.iter().any(|(_, why)| why == STILL_READING);
            let next = if is_read {
                " Try again in a few minutes."
            } else {
                ""
            };
            format!(
                "Nothing of this data set can be read yet. {}{next}",
                missing.join(" ")
            )
        }
    }
}

/// A data set that the Hub's search suggests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// `namespace/name`.
    pub id: String,
    /// Downloads in the last month.
    pub downloads: u64,
    /// Whether its owner must grant access.
    pub gated: bool,
}

/// What the server can do with a data set (`/is-valid`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Validity {
    /// Its first rows are there.
    #[serde(default, deserialize_with = "or_default")]
    pub preview: bool,
    /// Its rows are there, most likely: some are found too large only when they are asked for.
    #[serde(default, deserialize_with = "or_default")]
    pub viewer: bool,
}

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

/// A page of rows (`/rows`), borrowed from the answer's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsPage<'a> {
    /// The rows, in the server's order. One that can't be made out is there too, as the text that stood in its place.
    pub rows: Vec<SourceRow<'a>>,
    /// Rows of the whole split, as far as the server holds it.
    pub total: Option<u64>,
    /// Whether the server holds only a part of the split.
    pub partial: bool,
}

/// Reads an answer of `/rows`. Nothing is copied but the list of rows.
///
/// # Errors
/// [`HubError::cut_short`] where the body ends too early, [`HubError::unreadable_page`] where it is something else.
pub fn rows_page(body: &str) -> Result<RowsPage<'_>, HubError> {
    #[derive(Deserialize)]
    struct Page<T> {
        rows: Vec<T>,
        #[serde(default)]
        num_rows_total: Option<u64>,
        #[serde(default, deserialize_with = "or_default")]
        partial: bool,
    }

    let error = match serde_json::from_str::<Page<RowItem>>(body) {
        Ok(page) => {
            return Ok(RowsPage {
                rows: numbered(page.rows.into_iter().map(Ok)),
                total: page.num_rows_total,
                partial: page.partial,
            });
        }
        Err(error) if error.is_data() => error,
        Err(error) => return Err(unreadable(body, &error, HubError::unreadable_page)),
    };
    // One row of another shape than the rest must not take the page with it.
    let Ok(page) = serde_json::from_str::<Page<&RawValue>>(body) else {
        return Err(unreadable(body, &error, HubError::unreadable_page));
    };
    let items = page.rows.into_iter().map(|item| {
        let text = item.get();
        serde_json::from_str::<RowItem>(text).map_err(|_| text)
    });
    Ok(RowsPage {
        rows: numbered(items),
        total: page.num_rows_total,
        partial: page.partial,
    })
}

impl RowsPage<'_> {
    /// The same page with indices by which its rows can be asked for again: those of the server where each lies in
    /// the range that was asked for and after the one before, else the places in that range.
    ///
    /// A server that numbers from elsewhere would give one row's number to another, and both would be lost: the table
    /// holds one row a number, and the reader and the export look for a row in the page that its number lies in.
    #[must_use]
    pub fn placed_in(mut self, range: &PageRange) -> Self {
        self.rows
            .truncate(usize::try_from(range.len).unwrap_or(usize::MAX));
        let mut expected = range.start..range.end();
        let fits = self.rows.iter().all(|row| {
            let fits = expected.contains(&row.index);
            expected.start = row.index.saturating_add(1);
            fits
        });
        if !fits {
            for (row, index) in self.rows.iter_mut().zip(range.start..) {
                row.index = index;
            }
        }
        self
    }
}

#[derive(Deserialize)]
struct RowItem<'a> {
    #[serde(default)]
    row_idx: Option<u64>,
    #[serde(default, borrow)]
    row: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "or_default")]
    truncated_cells: Vec<String>,
}

/// Rows with their indices: the server's, or the one after the row before.
fn numbered<'a>(items: impl Iterator<Item = Result<RowItem<'a>, &'a str>>) -> Vec<SourceRow<'a>> {
    let mut next = 0_u64;
    let row = |item: Result<RowItem<'a>, &'a str>| {
        let row = match item {
            Ok(item) => SourceRow {
                index: item.row_idx.unwrap_or(next),
                json: item.row.map_or("null", RawValue::get),
                truncated: item.truncated_cells,
            },
            Err(json) => SourceRow {
                index: next,
                json,
                truncated: Vec::new(),
            },
        };
        next = row.index.saturating_add(1);
        row
    };
    items.map(row).collect()
}

/// Joins what `/splits` and `/size` say of a data set. Without a readable `/size` the splits are of unknown size.
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

/// Reads an answer of `/is-valid`.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn validity(body: &str) -> Result<Validity, HubError> {
    read(body)
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

/// What the server says it can do with a data set whose rows it does not give, in a sentence; empty where it says
/// nothing of use. `config` and `split` choose among the Parquet files.
pub fn explained(
    validity: Option<Validity>,
    files: &[ParquetFiles],
    config: &str,
    split: &str,
) -> String {
    let of_split = |file: &&ParquetFiles| file.config == config && file.split == split;
    let files = files.iter().find(of_split).map(|files| {
        let gigabytes = files.bytes as f64 / 1e9;
        format!(
            "Its Parquet files are {} in number and hold {gigabytes:.1} GB.",
            files.files
        )
    });
    let served = validity.map(|validity| match (validity.viewer, validity.preview) {
        (true, _) => "The server says that it can page through this data set.",
        (false, true) => "The server says that it has only a preview of this data set.",
        (false, false) => "The server says that it can't show this data set.",
    });
    let sentences = served.map(str::to_owned).into_iter().chain(files);
    sentences.collect::<Vec<_>>().join(" ")
}

/// The licence in the Hub's answer about a data set, by its identifier there, such as `cc-by-4.0`; `None` where it says
/// none.
pub fn license(body: &str) -> Option<String> {
    let facts: Value = serde_json::from_str(body).ok()?;
    let tags = facts.get("tags")?.as_array()?.iter();
    let mut licenses = tags.filter_map(|tag| tag.as_str()?.strip_prefix("license:"));
    licenses.next().map(str::to_owned)
}

/// Reads the Hub's answer to a search; an item that is no data set is left out.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn suggestions(body: &str) -> Result<Vec<Suggestion>, HubError> {
    let items: Vec<Value> = read(body)?;
    let suggestion = |item: &Value| {
        Some(Suggestion {
            id: item.get("id")?.as_str()?.to_owned(),
            downloads: item.get("downloads").and_then(Value::as_u64).unwrap_or(0),
            // `false`, or who grants access: "auto" or "manual".
            gated: !matches!(
                item.get("gated"),
                None | Some(Value::Null | Value::Bool(false))
            ),
        })
    };
    Ok(items.iter().filter_map(suggestion).collect())
}

fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, HubError> {
    serde_json::from_str(body).map_err(|error| unreadable(body, &error, HubError::unreadable))
}

/// A body that ends too early is asked for again, and so is another thing in its place: a gateway's page of HTML
/// that comes with a good status goes as it came.
fn unreadable(
    body: &str,
    error: &serde_json::Error,
    otherwise: impl Fn(&str) -> HubError,
) -> HubError {
    // A number or a word that is cut is no end to serde_json but an error of its own.
    let is_json = body.trim_start().starts_with(['{', '[']);
    let is_open = is_json && !body.trim_end().ends_with(['}', ']']);
    if error.is_eof() || is_open {
        HubError::cut_short()
    } else if is_json {
        otherwise(&error.to_string())
    } else {
        HubError::not_json(&error.to_string())
    }
}

/// Null is the same as nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
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
    /// None where the job is for the whole data set.
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
            url: super::address::file(&file.url),
            name: file.filename,
            size: file.size,
            config: file.config,
            split: file.split,
        }
    }
}
