//! What is known of a row beside the row itself: its config, its split, and the user's own map of fields.
//! Configs and splits of many datasets name the harness, the teacher or the outcome.

use serde::{Deserialize, Serialize};

use super::Thread;

/// What the place of a row says of it, and what the user said where the row's shape is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowContext {
    /// The dataset's config; in Open-SWE-Traces this is the harness.
    pub config: String,
    /// The dataset's split; in Open-SWE-Traces this is the teacher.
    pub split: String,
    /// The dataset or the file that the row is from; empty where it is not worth a label.
    #[serde(default)]
    pub source: String,
    /// Which thread of a session the row is.
    #[serde(default)]
    pub thread: Thread,
    /// The user's own map of fields.
    pub map: FieldMap,
}

/// Which column (or message field) holds what, where detection by shape is not enough. Empty: detect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMap {
    /// `(what, field)` pairs; `what` is one of [`FieldMap::WHAT`].
    pub fields: Vec<(String, String)>,
}

impl FieldMap {
    /// What can be mapped: columns of the row; then fields of a message, and the words by which it names the agent and a
    /// tool's answer; then the calls of a message, and the fields of a call. A field that lies deeper is written with dots.
    pub const WHAT: [&'static str; 16] = [
        "messages",
        "tools",
        "outcome",
        "patch",
        "reference",
        "instance",
        "role",
        "text",
        "reasoning",
        "agent",
        "observation",
        "calls",
        "name",
        "arguments",
        "id",
        "result",
    ];

    /// The field that holds `what`, where the user said so.
    pub fn get(&self, what: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(w, _)| w == what)
            .map(|(_, f)| f.as_str())
    }
}
