//! The page in a real Chromium, against a stand-in for the Hub's two APIs.
//! The page that is driven is the one that `cargo run` serves, in the folder that `tracesift dist --quick` writes.
#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod browser; // a headless Chromium, driven
mod dialects; // rows in the dialects of the real files
mod rows; // rows, and what they hold
mod standin; // the two APIs, with faults on demand
mod steps; // what many scenarios share
use tracesift_testing as support; // Parquet files

mod axe; // what keeps anyone from using the page
mod charts; // the charts under a hand
mod choosing; // which rows, and what the choice does
mod counting; // what tokens are counted with
mod exports; // what trainers get
mod faults; // what goes wrong at the servers
mod files; // the Parquet route
mod hostile; // text that wants to be more than text
mod info; // definitions behind a button
mod job; // from a name to a file
mod links; // the address holds everything
mod look; // pictures, keyboard, names
mod memory; // what the tab holds
mod mixture; // several datasets in one run
mod one_run; // what is shown, written and linked is of one run
mod opening; // local files, folders and archives
mod publish; // the selection into a repository of the Hub
mod reading; // rows and reader, beside each other
mod reload; // what is kept in the browser
mod repository; // datasets without a table, by their files
mod shift; // what moves while the page fills
mod sources; // which rows, from where
mod thread; // what the page's own thread has to do
mod whole_job; // the whole job, with what is felt of it
mod workbench; // places, the bar, texts that are searched, a job by its clicks
