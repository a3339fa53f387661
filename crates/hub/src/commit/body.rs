//! The text of a commit, one line per file, and the commit that came of it: as answered, or found again by its mark.
//! A small file is in its line; a large one is only named there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CommitError;
use super::json::read;

/// The media type of a commit: one JSON text a line.
pub const NDJSON: &str = "application/x-ndjson";

/// The first line of a commit. `mark`: what it is found again by (see [`found`]); `parent`: the commit that it must
/// follow, so that no one else's is passed over.
pub fn header_line(title: &str, mark: &str, parent: Option<&str>) -> String {
    let mut header = json!({"summary": title, "description": mark});
    if let (Some(parent), Some(header)) = (parent, header.as_object_mut()) {
        header.insert("parentCommit".to_owned(), parent.into());
    }
    line(&json!({"key": "header", "value": header}))
}

/// The line of a large file, which is in the storage.
pub fn large_line(path: &str, oid: &str, size: u64) -> String {
    line(
        &json!({"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": oid, "size": size}}),
    )
}

/// The line of a small file up to its bytes; those follow as [`base64`], then [`SMALL_END`].
pub fn small_start(path: &str) -> String {
    let path = Value::from(path);
    format!(r#"{{"key":"file","value":{{"path":{path},"encoding":"base64","content":""#)
}

/// The end of a small file's line.
pub const SMALL_END: &str = "\"}}\n";

/// Bytes in base 64: pieces whose length is a multiple of three may be put together.
pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// Reads the answer to a commit: the commit.
///
/// # Errors
/// [`CommitError::Unreadable`].
pub fn committed(body: &str) -> Result<String, CommitError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        commit_oid: String,
    }
    Ok(read::<Answer>(body)?.commit_oid)
}

/// Reads the list of the newest commits: the one that carries a mark.
///
/// # Errors
/// [`CommitError::Unreadable`].
pub fn found(body: &str, mark: &str) -> Result<Option<String>, CommitError> {
    #[derive(Deserialize)]
    struct Commit {
        id: String,
        #[serde(default)]
        title: String,
        #[serde(default)]
        message: String,
    }
    let commits = read::<Vec<Commit>>(body)?.into_iter();
    let has_mark = |commit: &Commit| {
        [&commit.title, &commit.message]
            .iter()
            .any(|text| text.contains(mark))
    };
    Ok(commits.filter(has_mark).map(|commit| commit.id).next())
}
