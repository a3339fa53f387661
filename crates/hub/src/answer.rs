//! What the two APIs answer, as far as the page needs it.
//! Unknown fields are passed over, and null stands for a field that is missing.

mod files; // datasets server: Parquet files
mod hub; // Hub: search, licence
mod json; // a body → a type, or why not
mod rows; // datasets server: a page of rows
mod splits; // datasets server: splits and sizes
mod tree; // Hub: the files of a repository
mod validity; // datasets server: what it can do with a dataset

pub use files::{ParquetFiles, SplitFiles, parquet, split_files};
pub use hub::{Suggestion, license, suggestions};
pub use rows::{RowsPage, rows_page};
pub use splits::{Described, SplitSize, describe, is_settled};
pub use tree::{RepoFile, commit, next_page, tree};
pub use validity::{Validity, explained, validity};
