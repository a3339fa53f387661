//! The selected rows as a trainer's lines, the manifest beside them, and the frame as a table.
//! One file a format; each turns a Trajectory into one line and knows nothing of where it came from.

pub mod manifest; // how the file was made: recipe, revision, counts, checksum
pub mod messages; // the OpenAI form: messages, tools, metadata
mod schema; // tool schemas as trainers expect them
pub mod table; // the frame as CSV
