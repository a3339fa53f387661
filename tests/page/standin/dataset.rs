//! The datasets that the stand-in serves: rows as JSON texts, given or made when they are asked for.
//! Sizes are what the rows weigh unless a test declares others.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Value, json};

use super::arrow::Type;
use super::parquet::File;

/// The commit that a dataset is served from unless a test says another.
pub const REVISION: &str = "9c0e4579a4ee0effa3e5f7a552494a045f29377d";

/// One dataset.
pub struct DataSet {
    /// `namespace/name`.
    pub id: String,
    /// The commit in `X-Revision`.
    pub revision: String,
    /// Whether a token is needed.
    pub gated: bool,
    /// Downloads in the last month, for the Hub's search.
    pub downloads: u64,
    /// Whether the server holds only a part of it.
    pub partial: bool,
    /// Its splits, in order.
    pub splits: Vec<Split>,
    /// The files that were uploaded, by their paths.
    pub raw: Vec<(String, File)>,
    /// Configs that the server could not read, each with the error's text.
    pub failed: Vec<(String, String)>,
    /// Configs that the server has not read yet.
    pub pending: Vec<String>,
}

/// One split of one config.
pub struct Split {
    /// The config.
    pub config: String,
    /// The split's name.
    pub name: String,
    /// The type of its rows.
    pub row_type: Type,
    /// Bytes of the rows in memory, as `/size` says.
    pub bytes: u64,
    /// The true number of rows where only a part is held.
    pub estimated_rows: Option<u64>,
    /// Its Parquet files, in order: `0000.parquet`, `0001.parquet` and so on.
    pub files: Vec<File>,
    /// Whether its rows are too big to be paged.
    pub is_too_big: bool,
    rows: Rows,
    truncated: Vec<(u64, String)>,
}

enum Rows {
    Texts(Vec<String>),
    Made(u64, Arc<dyn Fn(u64) -> String + Send + Sync>),
}

impl DataSet {
    /// An open dataset without splits.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            revision: REVISION.to_owned(),
            gated: false,
            downloads: 1000,
            partial: false,
            splits: Vec::new(),
            raw: Vec::new(),
            failed: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// With one more split.
    pub fn with(mut self, split: Split) -> Self {
        self.splits.push(split);
        self
    }

    /// With a file as it was uploaded.
    pub fn with_raw(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw.push((path.to_owned(), File::from(bytes.into())));
        self
    }

    /// One that only `Authorization: Bearer hf_good` opens.
    pub fn gated(mut self) -> Self {
        self.gated = true;
        self
    }

    /// With a config that the server could not read.
    pub fn with_failed(mut self, config: &str, error: &str) -> Self {
        self.failed.push((config.to_owned(), error.to_owned()));
        self
    }

    /// With a config that the server has not read yet.
    pub fn with_pending(mut self, config: &str) -> Self {
        self.pending.push(config.to_owned());
        self
    }

    /// Its configs, in order.
    pub fn configs(&self) -> Vec<&str> {
        let mut configs: Vec<&str> = self.splits.iter().map(|s| s.config.as_str()).collect();
        configs.dedup();
        configs
    }
}

impl Split {
    /// Rows as the server gives them after reading JSON files: with a null for every key that other rows have.
    pub fn of(config: &str, name: &str, rows: &[String]) -> Self {
        let values: Vec<Value> = rows
            .iter()
            .map(|row| serde_json::from_str(row).expect("a row of a test is JSON"))
            .collect();
        let row_type = values
            .iter()
            .map(Type::of)
            .fold(Type::Struct(Vec::new()), Type::join);
        let texts = values
            .into_iter()
            .map(|value| row_type.fill(value).to_string())
            .collect();
        Self::verbatim(config, name, row_type, texts)
    }

    /// Rows that are given out byte by byte as they are, whatever they are.
    pub fn verbatim(config: &str, name: &str, row_type: Type, texts: Vec<String>) -> Self {
        let bytes = texts.iter().map(|text| text.len() as u64).sum();
        Self::new(config, name, row_type, bytes, Rows::Texts(texts))
    }

    /// `count` rows, each made when it is asked for; the first one says what columns there are and how big a row is.
    pub fn made(
        config: &str,
        name: &str,
        count: u64,
        make: impl Fn(u64) -> String + Send + Sync + 'static,
    ) -> Self {
        let first = make(0);
        let row_type = serde_json::from_str(&first).map_or(Type::Json, |row| Type::of(&row));
        let bytes = first.len() as u64 * count;
        Self::new(
            config,
            name,
            row_type,
            bytes,
            Rows::Made(count, Arc::new(make)),
        )
    }

    fn new(config: &str, name: &str, row_type: Type, bytes: u64, rows: Rows) -> Self {
        Self {
            config: config.to_owned(),
            name: name.to_owned(),
            row_type,
            bytes,
            estimated_rows: None,
            files: Vec::new(),
            is_too_big: false,
            rows,
            truncated: Vec::new(),
        }
    }

    /// With Parquet files, each a path or its bytes. Whether they hold the same rows is up to the test.
    pub fn with_files(mut self, files: impl IntoIterator<Item = impl Into<File>>) -> Self {
        self.files.extend(files.into_iter().map(Into::into));
        self
    }

    /// One whose rows the server can't page: only the files give them.
    pub fn too_big(mut self) -> Self {
        self.is_too_big = true;
        self
    }

    /// Declares what the rows weigh.
    pub fn weighing(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// Shortens one cell to the first 100 bytes of its JSON, as `/first-rows` does.
    pub fn truncating(mut self, row: u64, column: &str) -> Self {
        self.truncated.push((row, column.to_owned()));
        self
    }

    /// How many rows there are.
    pub fn len(&self) -> u64 {
        match &self.rows {
            Rows::Texts(texts) => texts.len() as u64,
            Rows::Made(count, _) => *count,
        }
    }

    /// Bytes of its Parquet files, as `/size` says.
    pub fn bytes_parquet(&self) -> u64 {
        if self.files.is_empty() {
            return self.bytes / 3;
        }
        self.files.iter().map(File::size).sum()
    }

    /// The row items of an answer, one JSON text each; a range past the end gives fewer, or none.
    pub fn items(&self, range: Range<u64>) -> Vec<String> {
        (range.start..range.end.min(self.len()))
            .map(|index| self.item(index))
            .collect()
    }

    fn item(&self, index: u64) -> String {
        let text = match &self.rows {
            Rows::Texts(texts) => texts[index as usize].clone(),
            Rows::Made(_, make) => make(index),
        };
        let columns: Vec<&str> = self
            .truncated
            .iter()
            .filter(|(row, _)| *row == index)
            .map(|(_, column)| column.as_str())
            .collect();
        let text = columns
            .iter()
            .fold(text, |text, column| shortened(&text, column));
        let columns = json!(columns);
        format!(r#"{{"row_idx":{index},"row":{text},"truncated_cells":{columns}}}"#)
    }
}

/// The row with one cell replaced by the first 100 bytes of its JSON.
pub fn shortened(row: &str, column: &str) -> String {
    let mut row: Value = serde_json::from_str(row).expect("a row with truncated cells is JSON");
    let whole = row[column].to_string();
    let end = (0..=100).rev().find(|&at| whole.is_char_boundary(at));
    row[column] = json!(&whole[..end.unwrap_or(0)]);
    row.to_string()
}
