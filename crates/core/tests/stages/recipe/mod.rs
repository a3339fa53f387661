//! The recipe: its address both ways, and the selection that it makes, against brute force.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod address;
mod balance;
mod draw;
mod funnel;
mod pairs;
mod preset;
