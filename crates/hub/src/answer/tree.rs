//! The files of a dataset's repository (`/api/datasets/{id}/tree/{revision}`), which come in pages, and its newest commit.
//! As `listFiles` of `huggingface.js` and `list_repo_tree` of `huggingface_hub` read them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::read;
use crate::error::HubError;

/// A file of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepoFile {
    /// Its path, parted by `/`.
    pub path: String,
    /// Its bytes.
    pub size: u64,
}

/// The commit in the Hub's answer about a dataset.
///
/// # Errors
/// [`HubError`] where the answer is cut short, or names none.
pub fn commit(body: &str) -> Result<String, HubError> {
    let facts: Value = read(body)?;
    let sha = facts.get("sha").and_then(Value::as_str);
    sha.map(str::to_owned)
        .ok_or_else(|| HubError::unreadable("no commit is named"))
}

/// Reads a page of a tree: its files. Folders are left out, and so is an item of another shape.
///
/// # Errors
/// [`HubError`] where the answer is cut short or is something else.
pub fn tree(body: &str) -> Result<Vec<RepoFile>, HubError> {
    let items: Vec<Value> = read(body)?;
    let file = |item: &Value| {
        if item.get("type")?.as_str()? != "file" {
            return None;
        }
        // Of a file that LFS keeps, the repository itself holds a pointer.
        let size = item.get("lfs").and_then(|lfs| lfs.get("size"));
        let size = size.or_else(|| item.get("size"));
        Some(RepoFile {
            path: item.get("path")?.as_str()?.to_owned(),
            size: size.and_then(Value::as_u64).unwrap_or_default(),
        })
    };
    Ok(items.iter().filter_map(file).collect())
}

/// Where the next page of a tree begins, as the header `Link` of a page says: the `cursor` in the address that is
/// `rel="next"`. `None` after the last page.
///
/// Only the cursor is taken: the address itself may lead from a mirror to the Hub, or anywhere.
pub fn next_page(link: &str) -> Option<String> {
    let links = link.split(',');
    let mut next = links.filter(|link| link.contains("rel=\"next\""));
    let (_, address) = next.next()?.split_once('<')?;
    let (address, _) = address.split_once('>')?;
    let (_, query) = address.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, cursor) = pairs.find(|(key, _)| key == "cursor")?;
    Some(cursor.into_owned())
}
