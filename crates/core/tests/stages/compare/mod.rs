//! How two groups of rows differ, against scipy, numpy and statsmodels, and against counting by hand.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod groups;
mod statistics;
