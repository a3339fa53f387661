//! The way of a file: inline or by Git LFS, whole or in parts, and the storage that takes it.

use axum::http::{Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::answer::Cors;
use super::super::log::Asked;
use super::repos::Repos;
use super::{Answer, Outcome, Places, Sent, digest, error, json_of};

/// The storage's path on the second origin.
pub const STORAGE: &str = "/lfs/";
/// The media type of Git LFS.
pub const LFS_JSON: &str = "application/vnd.git-lfs+json";

/// What the storage says when a browser asks whether it may send.
pub fn preflight(asked: &Asked) -> Option<Answer> {
    let is_here = asked.path.starts_with(STORAGE) && asked.method == Method::OPTIONS.as_str();
    let wanted = asked.wants_headers.clone().unwrap_or_default();
    is_here.then(|| {
        Answer::text(200, "", Cors::Cdn)
            .with(header::ACCESS_CONTROL_ALLOW_METHODS, "PUT, POST")
            .with(header::ACCESS_CONTROL_ALLOW_HEADERS, &wanted)
    })
}

pub fn preupload(repos: &Repos, asked: &Asked, sent: &Sent, id: &str) -> Outcome {
    repos.writable(id, asked)?;
    let wanted = json_of(sent, "application/json")?;
    let files = wanted["files"]
        .as_array()
        .filter(|files| files.len() <= 100);
    let files = files.ok_or_else(|| error(400, "", "Invalid input"))?;
    let mode = |file: &Value| {
        let sample = STANDARD.decode(file["sample"].as_str()?).ok()?;
        let size = file["size"].as_u64()?;
        let is_whole = sample.len() as u64 == size.min(512);
        let is_large = size > repos.inline_most || sample.contains(&0);
        let mode = if is_large { "lfs" } else { "regular" };
        is_whole.then(|| json!({"path": file["path"], "uploadMode": mode, "shouldIgnore": false, "oid": null}))
    };
    let files: Option<Vec<Value>> = files.iter().map(mode).collect();
    let files = files.ok_or_else(|| error(400, "", "Invalid input"))?;
    Ok(Answer::hub_json(&json!({ "files": files })))
}

pub fn batch(repos: &Repos, asked: &Asked, sent: &Sent, id: &str, at: &Places) -> Outcome {
    repos.writable(id, asked)?;
    let wanted = json_of(sent, LFS_JSON)?;
    if wanted["operation"] != "upload" || wanted["hash_algo"] != "sha_256" {
        return Err(error(422, "", "Invalid input"));
    }
    let transfers = wanted["transfers"].as_array().cloned().unwrap_or_default();
    let in_parts = transfers.contains(&json!("multipart"));
    let object = |object: &Value| {
        let (oid, size) = (object["oid"].as_str()?, object["size"].as_u64()?);
        let mut answer = json!({"oid": oid, "size": size, "authenticated": true});
        let parts = size.div_ceil(repos.part_bytes);
        let href = |part: u64| {
            format!(
                "{}{STORAGE}{oid}?part={part}&size={size}&X-Amz-Signature={}",
                at.storage,
                &oid[..8]
            )
        };
        if repos.stored.contains_key(oid) {
        } else if in_parts && parts > 1 {
            let mut header = json!({"chunk_size": repos.part_bytes.to_string()});
            for part in 1..=parts {
                header[format!("{part:05}")] = href(part).into();
            }
            let complete = format!("{}/api/complete_multipart?uploadId=1", at.hub);
            answer["actions"] = json!({"upload": {"href": complete, "header": header}});
        } else {
            let verify = format!("{}/datasets/{id}.git/info/lfs/verify", at.hub);
            answer["actions"] = json!({"upload": {"href": href(0)}, "verify": {"href": verify}});
        }
        Some(answer)
    };
    let objects = wanted["objects"].as_array().into_iter().flatten();
    let objects: Option<Vec<Value>> = objects.map(object).collect();
    let objects = objects.ok_or_else(|| error(422, "", "Invalid input"))?;
    Ok(Answer::hub_json(
        &json!({"transfer": "basic", "objects": objects}),
    ))
}

/// The storage takes what it was promised, from whoever has the address, and no token.
pub fn store(repos: &mut Repos, asked: &Asked, sent: &Sent, oid: &str) -> Outcome {
    let number = |key: &str| asked.parameter(key)?.parse::<u64>().ok();
    let (Some(part), Some(size)) = (number("part"), number("size")) else {
        return Err(Answer::xml(403, "AccessDenied", Cors::Cdn));
    };
    if asked.token.is_some() {
        return Err(Answer::xml(400, "InvalidArgument", Cors::Cdn));
    }
    let length = sent.body.len() as u64;
    let (is_right, of_all) = match part {
        0 => (digest(&sent.body) == oid, length == size),
        part => {
            let left = size.saturating_sub((part - 1) * repos.part_bytes);
            (length == left.min(repos.part_bytes), true)
        }
    };
    if !is_right || !of_all {
        return Err(Answer::xml(400, "BadDigest", Cors::Cdn));
    }
    let mark = format!("\"{}\"", &digest(&sent.body)[..32]);
    match part {
        0 => drop(repos.stored.insert(oid.to_owned(), sent.body.clone())),
        part => drop(
            repos
                .parts
                .insert((oid.to_owned(), part as usize), sent.body.clone()),
        ),
    }
    Ok(Answer::text(200, "", Cors::Cdn).with(header::ETAG, &mark))
}

pub fn complete(repos: &mut Repos, asked: &Asked, sent: &Sent) -> Outcome {
    if asked.token.is_some() {
        return Err(error(400, "", "This address is signed"));
    }
    let wanted = json_of(sent, LFS_JSON)?;
    let oid = wanted["oid"].as_str().unwrap_or_default().to_owned();
    let mut whole = Vec::new();
    for (part, at) in wanted["parts"].as_array().into_iter().flatten().zip(1..) {
        let bytes = repos.parts.get(&(oid.clone(), at));
        let bytes = bytes.filter(|bytes| {
            part["partNumber"] == at && part["etag"] == format!("\"{}\"", &digest(bytes)[..32])
        });
        whole.extend(bytes.ok_or_else(|| error(400, "", "InvalidPart"))?);
    }
    if digest(&whole) != oid {
        return Err(error(400, "", "BadDigest"));
    }
    repos.stored.insert(oid, whole);
    Ok(Answer::hub_json(&json!({"success": true})))
}

pub fn verify(repos: &Repos, asked: &Asked, sent: &Sent, id: &str) -> Outcome {
    repos.writable(id, asked)?;
    let wanted = json_of(sent, LFS_JSON)?;
    let bytes = wanted["oid"].as_str().and_then(|oid| repos.stored.get(oid));
    let is_there = bytes.is_some_and(|bytes| wanted["size"] == bytes.len());
    let gone = || error(404, "", "Object not found");
    is_there
        .then(|| Answer::hub_json(&json!({})))
        .ok_or_else(gone)
}
