//! One row of any dialect becomes one Trajectory: nothing of it is lost, every call finds its observation.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod cases;
mod chats;
mod dialects;
mod generated;
mod guesses;
mod properties;
mod readings;
mod real;
mod shared;
mod text_calls;
