//! Rows that need no network: the built-in demo's, and those of local files.
//! Each gives numbered pages of rows, each row the JSON text of one object, or of the list of a session's events.

pub mod demo; // rows made by a seeded generator
pub mod file; // pages of a local JSONL or JSON file
pub mod index; // what a file holds, found in one pass over its bytes
pub mod inventory; // all opened files as one: items, pages, what was left out
pub mod item; // the rows of one opened file: many, or those of a session, or of an object
mod scanner; // where the rows of a file lie
mod values; // a session's events, whatever their file's form
