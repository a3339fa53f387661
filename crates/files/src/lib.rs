//! Files, folders and archives as one inventory of runs: what each is, unpacked where need be, its text as UTF-8.
//! It reads by `Read` and `Seek` and writes into an [`Output`], so that the page and a program share it.

mod archive; // what archives hold, one entry after the other
mod bytes; // the first bytes of a stream, or all of them
mod compress; // compressed files, as they are read
mod kind; // what a file is, by its first bytes
mod open; // the walk over all that was opened
mod plan; // which files of a folder belong together
mod sample; // a sample of an Inspect log, with what the log says of all
mod table; // CSV and TSV as lines of JSON
mod text; // a text, and what it holds
mod trial; // a trial's folder as one run
mod utf16; // UTF-16 as UTF-8
mod wanted; // which files of a folder elsewhere are fetched

pub use kind::{Kind, kind};
pub use open::{Input, Output, Progress, ReadSeek, open};
pub use wanted::{Listed, Most, OPENABLE, Wanted, wanted};
