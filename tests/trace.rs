//! One row of any dialect becomes one Trajectory: nothing of it is lost, every call finds its observation.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "trace/chats.rs"]
mod chats;
#[path = "trace/dialects.rs"]
mod dialects;
#[path = "trace/generated.rs"]
mod generated;
#[path = "trace/guesses.rs"]
mod guesses;
#[path = "trace/properties.rs"]
mod properties;
#[path = "trace/real.rs"]
mod real;
#[path = "trace/shared.rs"]
mod shared;
