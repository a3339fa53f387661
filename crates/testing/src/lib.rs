//! What tests of several packages share: Python environments, Parquet files that PyArrow makes, trajectories made by hand,
//! how work grows.
//! The other side of a comparison is never the code under test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that lacks what it needs fails and says so"
)]

pub mod growth; // how work grows with its input
pub mod packages; // lists of Python packages
pub mod parquet; // Parquet files of JSON rows, and what PyArrow sees in them
pub mod pyarrow; // a Python with PyArrow, installed once
pub mod trajectory; // trajectories made by hand
pub mod venv; // a virtual environment in the target folder

#[cfg(test)]
mod tests; // the makers do what their options say
