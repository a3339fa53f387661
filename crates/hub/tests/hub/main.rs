//! The Hub's answers and errors as they are documented, and as hostile or broken servers give them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod answer;
mod commit;
mod error;
mod faults;
mod patience;
mod plan;
mod retention;
mod schedule;
mod simulation;
mod tree;
