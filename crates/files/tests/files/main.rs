//! Opened files, folders and archives, by what comes out of them: rows, their names, and what was left out.
//! Archives are made here by the same libraries' writers, or are files that other programs wrote.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod agents;
mod archives; // zip, tar and compressed files, also damaged and hostile ones
mod encodings; // text in other forms than UTF-8 JSON lines
mod folders; // many files, trials and logs
mod kinds; // what is something else
mod opened; // what these tests open and read by
mod properties; // what holds of any files
mod sessions; // one file as one run, or several
mod wanted; // what is fetched of a folder elsewhere
