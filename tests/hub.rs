//! The Hub's answers and errors as they are documented, and as hostile or broken servers give them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "hub/answer.rs"]
mod answer;
#[path = "hub/commit.rs"]
mod commit;
#[path = "hub/error.rs"]
mod error;
