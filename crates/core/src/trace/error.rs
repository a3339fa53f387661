//! Why a row could not be read: one bad row is counted and listed, and the run goes on.
//! A row of unknown shape tells its columns, so that the user can say which holds what.

use serde::{Deserialize, Serialize};

/// A field that was found in a row whose shape is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSeen {
    /// Its name.
    pub name: String,
    /// Its kind in words: `text`, `number`, `list of 12 objects with role, content`, …
    pub kind: String,
    /// The first 80 characters of its value.
    pub sample: String,
}

/// Why a row could not be read. The row is counted and listed, and the run goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RowError {
    /// Not JSON.
    #[error("this row is not valid JSON: {0}")]
    Json(String),
    /// JSON, but no object.
    #[error("this row is not a JSON object but {0}")]
    NotAnObject(String),
    /// An object without anything that looks like messages.
    #[error("no field of this row looks like a conversation{}", where_to_say(.0))]
    NoMessages(Vec<FieldSeen>),
    /// A run that ended before the agent did anything that was kept.
    #[error("this run holds no step of an agent: {0}")]
    Died(String),
    /// The part of the file that the row is in can't be read.
    #[error("{0}")]
    Damaged(String),
    /// The server shortened cells of this row.
    #[error("the server shortened these cells of the row: {0}")]
    Truncated(String),
}

impl FieldSeen {
    /// Whether messages may stand in the field, or deeper in it.
    pub fn may_hold_messages(&self) -> bool {
        let holds_objects = self.kind.starts_with("list of") && self.kind.contains("object");
        holds_objects || self.kind.starts_with("an object") || self.kind == "text that holds JSON"
    }
}

/// What to do, where something can be done.
fn where_to_say(fields: &[FieldSeen]) -> &'static str {
    match fields.iter().any(FieldSeen::may_hold_messages) {
        true => "; say below which field holds the messages",
        false => "",
    }
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its index.
    pub row: u64,
    /// Why.
    pub error: RowError,
}
