//! The form at the top: which dataset or file, which rows of it, and what tokens are counted with.
//! What is chosen here says what a run reads; nothing is read before a person asks for it.

pub mod count; // what tokens are counted with
pub mod dataset; // which dataset, config and split
pub mod drop; // files dropped anywhere on the page
pub mod file; // a local file as the dataset
pub mod head; // the form itself
pub mod lookup; // what the Hub says of a dataset
pub mod mapping; // the panel for rows of an unknown shape
pub mod more; // more datasets beside the first one
pub mod parquet; // Parquet files as the source of rows
pub mod repository; // the files of a dataset without a table
pub mod servers; // the two servers that a recipe names
pub mod start; // what a visitor without a link sees first
pub mod survey; // all rows without their texts: the button, what it costs, and what comes after
pub mod token; // the access token for datasets that ask for one
