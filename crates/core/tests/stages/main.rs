//! The stages from a row to a trainer's line, each by its public interface; a module per stage.
//! One program, since linking takes longer than testing.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod align; // runs of one task beside each other
mod budget; // what a token limit keeps
mod code; // the colours of code in the reader
mod compare; // two groups
mod demo; // the built-in demo's rows
mod docs; // the tables of docs/
mod export; // lines for trainers
mod file; // local files cut into pages
mod frame; // columns of all rows
mod manifest; // how a selection was made
mod map; // the order of the modules
mod measure; // a row as numbers
mod mix; // what a choice does to the mix
mod packed; // rows whose texts are borrowed, beside their JSON
mod patch; // unified diffs, beside git
mod recipe; // the address, the filters, the funnel
mod search; // what is looked for in texts, found and marked
mod sign; // the signs of quality
mod template; // chat templates, beside transformers
mod token_lines; // counts line by line, beside those of whole texts
mod tokens; // counts of tokens
mod trace; // rows of every dialect
mod view; // the reader
