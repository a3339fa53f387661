//! The form at the top: which data set or file, which rows of it, and what tokens are counted with.
//! What is chosen here says what a run reads; nothing is read before a person asks for it.

pub mod count; // what tokens are counted with
pub mod dataset; // which data set, config and split
pub mod drop; // files dropped anywhere on the page
pub mod file; // a local file as the data set
pub mod head; // the form itself
pub mod lookup; // what the Hub says of a data set
pub mod mapping; // the panel for rows of an unknown shape
pub mod more; // more data sets beside the first one
pub mod parquet; // Parquet files as the source of rows
pub mod repository; // the files of a data set without a table
pub mod servers; // the two servers that a recipe names
pub mod start; // what a visitor without a link sees first
pub mod survey; // all rows without their texts: the button, what it costs, and what comes after
pub mod token; // the access token for data sets that ask for one
