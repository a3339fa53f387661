//! A body of an answer → a type.

use serde::Deserialize;

use super::CommitError;

/// Reads an answer.
///
/// # Errors
/// [`CommitError::Unreadable`] where it is something else.
pub fn read<T: for<'a> Deserialize<'a>>(body: &str) -> Result<T, CommitError> {
    serde_json::from_str(body).map_err(|_| CommitError::Unreadable)
}
