//! A commit: lines of JSON, of which one says what is to be replaced, then one per file.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::log::Asked;
use super::repos::Repos;
use super::{Answer, Outcome, Places, Sent, error};

pub fn commit(repos: &mut Repos, asked: &Asked, sent: &Sent, id: &str, at: &Places) -> Outcome {
    repos.writable(id, asked)?;
    let invalid = |words: &str| error(400, "", words);
    if sent.content_type != "application/x-ndjson" {
        return Err(error(415, "", "Content-Type must be application/x-ndjson"));
    }
    let text = String::from_utf8(sent.body.clone()).map_err(|_| invalid("Malformed UTF-8"))?;
    let lines: Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
    let lines = lines.map_err(|_| invalid("Malformed JSON"))?;
    let Some((header, operations)) = lines
        .split_first()
        .filter(|(first, _)| first["key"] == "header")
    else {
        return Err(invalid("The first line must be the header"));
    };
    let title = header["value"]["summary"]
        .as_str()
        .filter(|title| !title.is_empty());
    let title = title.ok_or_else(|| invalid("summary is required"))?;
    let head = repos.repos[id]
        .commits
        .last()
        .map(|commit| commit.id.as_str());
    let parent = header["value"]["parentCommit"].as_str();
    if parent.is_some() && parent != head {
        return Err(error(
            412,
            "",
            "A commit has happened since. Please refresh and try again.",
        ));
    }
    let mut files = BTreeMap::new();
    for operation in operations {
        let value = &operation["value"];
        let path = value["path"]
            .as_str()
            .ok_or_else(|| invalid("path is required"))?;
        let bytes = match operation["key"].as_str() {
            Some("file") if value["encoding"] == "base64" => {
                let content = value["content"].as_str().unwrap_or_default();
                STANDARD
                    .decode(content)
                    .map_err(|_| invalid("Malformed base64"))?
            }
            Some("lfsFile") if value["algo"] == "sha256" => {
                let bytes = value["oid"].as_str().and_then(|oid| repos.stored.get(oid));
                let bytes = bytes.filter(|bytes| value["size"] == bytes.len());
                bytes
                    .cloned()
                    .ok_or_else(|| invalid("LFS pointer pointed to a file that does not exist"))?
            }
            _ => return Err(invalid("Invalid operation")),
        };
        files.insert(path.to_owned(), bytes);
    }
    if files.is_empty() {
        return Err(invalid("No files have been modified"));
    }
    let message = header["value"]["description"].as_str().unwrap_or_default();
    let oid = repos.record(id, title, message, files);
    let url = format!("{}/datasets/{id}/commit/{oid}", at.hub);
    Ok(Answer::hub_json(
        &json!({"success": true, "commitOid": oid, "commitUrl": url, "hookOutput": ""}),
    ))
}
