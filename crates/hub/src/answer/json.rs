//! An answer's body → a type: what is cut short or is not JSON is told apart from what has another shape.
//! Null stands for a field that is missing.

use serde::{Deserialize, Deserializer};

use crate::error::HubError;

/// Reads an answer.
///
/// # Errors
/// [`HubError`] where the body is cut short or is something else.
pub fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, HubError> {
    serde_json::from_str(body).map_err(|error| unreadable(body, &error, HubError::unreadable))
}

/// Why a body could not be read; `otherwise` makes the error of JSON of another shape.
///
/// A body that ends too early is asked for again, and so is another thing in its place: a gateway's page of HTML
/// that comes with a good status goes as it came.
pub fn unreadable(
    body: &str,
    error: &serde_json::Error,
    otherwise: impl Fn(&str) -> HubError,
) -> HubError {
    // To serde_json a number or a word that is cut is not an early end but an error of its own.
    let is_json = body.trim_start().starts_with(['{', '[']);
    let is_open = is_json && !body.trim_end().ends_with(['}', ']']);
    if error.is_eof() || is_open {
        HubError::cut_short()
    } else if is_json {
        otherwise(&error.to_string())
    } else {
        HubError::not_json(&error.to_string())
    }
}

/// Null is the same as nothing.
pub fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
