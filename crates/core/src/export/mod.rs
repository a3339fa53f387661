//! The selected rows as a trainer's lines, what goes beside them, and the frame as a table.
//! [`writer::Writer`] writes a row in one of the [`format`]s.

pub mod archive; // several files as one .zip
pub mod check; // what is wrong with a prepared row
pub mod features; // every key of the lines and its type, for the card
pub mod file; // an exported file: size, lines, checksum
pub mod files; // the files while they are written
pub mod format; // the formats, one file per trainer: what each is called, writes, refuses
pub mod harness_tools; // the tools that known harnesses publish
pub mod mask; // which turns are learned from, and how many tokens that is
pub mod options; // every choice of an export
pub mod preference; // two runs of one task on a line: TRL's preference form
pub mod prepare; // a trajectory changed as the options say
pub mod report; // what was not written, as CSV
pub mod shape; // what of a row decides which keys its line has
pub mod split; // train, validation or test
pub mod table; // the table that is downloaded: its columns, its forms, the frame as CSV
pub mod tally; // what was written and what was not
pub mod warning; // what people must know of a file
pub mod writer; // one row → its lines, or why not
pub mod yaml; // texts as YAML

mod cells; // CSV that no spreadsheet runs
mod chat; // messages as OpenAI's API has them
mod images; // images in their places, for formats that have one
mod origin; // where a row comes from, in each line
mod schema; // tool schemas as trainers expect them
mod turns; // a row as strict turns

pub use format::Format;
pub use options::Options;
pub use origin::Origin;
