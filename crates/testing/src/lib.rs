//! What tests of several packages share: a Python environment, Parquet files that PyArrow makes, trajectories made by hand,
//! how work grows.
//! The other side of a comparison is never the code under test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that lacks what it needs fails and says so"
)]

pub mod fuzz; // readers against mutated inputs
pub mod growth; // how work grows with its input
pub mod parquet; // Parquet files of JSON rows, and what PyArrow sees in them
pub mod python; // the one Python environment of all tests
pub mod trajectory; // trajectories made by hand

#[cfg(test)]
mod tests; // the makers do what their options say
