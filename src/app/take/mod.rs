//! The selection leaves the page: as files, as pairs, into a repository of the Hub.
//! Rows are read again where they lie and written page by page, so that no file is ever whole in memory.

pub mod choices; // how the selection is written
pub mod chosen; // the chosen rows of one run at one moment
pub mod destination; // where the files of an export go
pub mod download; // the selection as files
pub mod export; // encodes the selection page by page into a file
pub mod pairs; // pairs of runs for preference training
pub mod publish; // the selection into a repository of the Hub
pub mod published; // the files that are published
pub mod report; // what an export gave
pub mod signin; // the way to the Hub's sign-in and back
pub mod sink; // where a download is written to
pub mod table; // the numbers of every selected run as one file
pub mod validate; // the check before anything is written, with remedies
