//! One row of any dialect becomes one Trajectory: nothing of it is lost, every call finds its observation.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod atif;
mod cases;
mod chats;
mod contents;
mod dialects;
mod generated;
mod growth;
mod guesses;
mod harness_properties;
mod harnesses;
mod kept_words;
mod mapped;
mod mend;
mod properties;
mod readings;
mod real;
mod results;
mod sessions;
mod sessions_any;
mod sessions_at_hand;
mod sessions_parted;
mod shared;
mod text_calls;
