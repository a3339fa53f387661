//! Rows of Parquet files: every row as the writer's own library reads it, in any order, and what that takes.
#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod access; // any order of rows, and the bytes that it takes
mod damaged; // real files, damaged at random
mod drive; // reads as a worker does
mod equality; // every layout and kind of value
mod forge; // files forged byte by byte
mod hostile; // lies, bombs and damage
mod layout; // where rows lie in a split's files
mod made; // files that PyArrow makes
mod plan; // which ranges are asked for together
use tracesift_testing as support;
mod survey; // what metadata columns say of rows
mod table; // the table that is downloaded
mod written; // files of the `parquet` crate's own writer
