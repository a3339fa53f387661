//! What is written for a trainer: the lines of each format, what is changed, masked and refused, splits, the table.
#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

pub mod shared; // what all of these tests use

mod atif;
mod check; // what is refused, and why
mod features; // every key of the lines and its type
mod files;
mod formats; // a line of each format, by hand
mod growth; // the work of a row of any size
mod harness_tools; // tools that are added
mod images; // images in their places
mod mask; // what is learned from
mod messages; // the default form
mod plain; // our own form reads back
mod preference; // pairs of runs
mod prepare; // what is changed in a row
mod properties; // what holds of any row in any format
mod read_back; // the lines are read again
mod split; // train, validation, test
mod table; // the frame as a table
mod templated; // tokens with a chat template
mod warning; // what is said of a file
