//! Chat templates: what they write is what `transformers` writes, whatever is asked of them comes to an end, and nothing
//! panics.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod counts; // the same counts as Python's
mod equality; // the same text as Python's
mod hostile; // templates and conversations that nobody would write
mod oracle; // Python's side
#[path = "../../trainers/rows.rs"]
#[allow(dead_code)] // each of the tests takes its own share of the rows
mod rows;
mod shared; // rows as trajectories, and a few made for templates
