//! What the datasets server says it can do with a dataset (`/is-valid`), in words beside what its files hold:
//! said where it gives no rows.

use serde::Deserialize;

use super::files::ParquetFiles;
use super::json::{or_default, read};
use crate::error::HubError;

/// What the server can do with a dataset (`/is-valid`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Validity {
    /// Its first rows are there.
    #[serde(default, deserialize_with = "or_default")]
    pub preview: bool,
    /// Its rows are there, most likely: some are found too large only when they are asked for.
    #[serde(default, deserialize_with = "or_default")]
    pub viewer: bool,
}

/// Reads an answer of `/is-valid`.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn validity(body: &str) -> Result<Validity, HubError> {
    read(body)
}

/// What the server says it can do with a dataset whose rows it does not give, in a sentence; empty where it says
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
        (true, _) => "The server says that it can page through this dataset.",
        (false, true) => "The server says that it has only a preview of this dataset.",
        (false, false) => "The server says that it can't show this dataset.",
    });
    let sentences = served.map(str::to_owned).into_iter().chain(files);
    sentences.collect::<Vec<_>>().join(" ")
}
