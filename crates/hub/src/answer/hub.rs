//! What the Hub itself answers of datasets: those that a search finds, and the licence of one.
//! An item of another shape is left out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::read;
use crate::error::HubError;

/// A dataset that the Hub's search suggests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// `namespace/name`.
    pub id: String,
    /// Downloads in the last month.
    pub downloads: u64,
    /// Whether its owner must grant access.
    pub gated: bool,
}

/// The licence in the Hub's answer about a dataset, by its identifier there, such as `cc-by-4.0`; `None` where it says
/// none.
pub fn license(body: &str) -> Option<String> {
    let facts: Value = serde_json::from_str(body).ok()?;
    let tags = facts.get("tags")?.as_array()?.iter();
    let mut licenses = tags.filter_map(|tag| tag.as_str()?.strip_prefix("license:"));
    licenses.next().map(str::to_owned)
}

/// Reads the Hub's answer to a search; an item that is not a dataset is left out.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn suggestions(body: &str) -> Result<Vec<Suggestion>, HubError> {
    let items: Vec<Value> = read(body)?;
    let suggestion = |item: &Value| {
        Some(Suggestion {
            id: item.get("id")?.as_str()?.to_owned(),
            downloads: item.get("downloads").and_then(Value::as_u64).unwrap_or(0),
            // `false`, or who grants access: "auto" or "manual".
            gated: !matches!(
                item.get("gated"),
                None | Some(Value::Null | Value::Bool(false))
            ),
        })
    };
    Ok(items.iter().filter_map(suggestion).collect())
}
