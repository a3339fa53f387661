//! Rows that need no network: the built-in demo's, and those of a local file cut into pages.
//! Each gives numbered pages of rows, each row the JSON text of one object.

pub mod demo; // rows made by a seeded generator
pub mod file; // pages of a local JSONL or JSON file
