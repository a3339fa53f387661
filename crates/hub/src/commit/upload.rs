//! How files get to the Hub's storage: which of them go by Git LFS, to which addresses, in one piece or in parts.
//! After Git LFS' batch API, in the Hub's dialect.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use super::json::read;
use super::{CommitError, NewFile};

/// How much of a file's beginning the Hub looks at to tell texts from other files, in bytes.
pub const SAMPLE_BYTES: u32 = 512;
/// The most files that one question may be about.
pub const MOST_FILES: usize = 100;
/// The media type of all questions to Git LFS.
pub const LFS_JSON: &str = "application/vnd.git-lfs+json";
/// What is sent to [`Target::preupload_url`](super::Target::preupload_url): of each file path, size and the first [`SAMPLE_BYTES`].
pub fn preupload_body<'a>(files: impl Iterator<Item = (&'a NewFile, &'a [u8])>) -> String {
    let files: Value = files
        .map(|(file, sample)| {
            json!({"path": file.path, "size": file.bytes, "sample": BASE64.encode(sample)})
        })
        .collect();
    json!({ "files": files }).to_string()
}

/// The paths of the files that are too large, or no text, and are sent by Git LFS; all others are part of the commit's
/// own text.
///
/// # Errors
/// [`CommitError::Unreadable`].
pub fn ways(body: &str) -> Result<Vec<String>, CommitError> {
    #[derive(Deserialize)]
    struct Answer {
        files: Vec<File>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        path: String,
        upload_mode: String,
    }
    let files = read::<Answer>(body)?.files.into_iter();
    let large = files.filter(|file| file.upload_mode == "lfs");
    Ok(large.map(|file| file.path).collect())
}

/// What is sent to [`Target::batch_url`](super::Target::batch_url): of each file checksum and size.
pub fn batch_body<'a>(files: impl Iterator<Item = (&'a str, u64)>) -> String {
    let objects: Value = files
        .map(|(oid, size)| json!({"oid": oid, "size": size}))
        .collect();
    json!({"operation": "upload", "transfers": ["basic", "multipart"], "hash_algo": "sha_256",
           "ref": {"name": "main"}, "objects": objects})
    .to_string()
}

/// How a large file gets to the Hub's storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file's SHA-256.
    pub oid: String,
    /// The way.
    pub way: Way,
    /// Where the storage is told, with [`verify_body`], that the file is there.
    pub verify: Option<Address>,
}

/// The ways to the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// It has the file.
    IsThere,
    /// In one piece.
    Whole(Address),
    /// In pieces of so many bytes, the last one shorter; then [`complete_body`] is sent to `complete`.
    Parts {
        /// Bytes of a piece.
        size: u64,
        /// The address of each.
        parts: Vec<String>,
        /// Where the storage is told the pieces' marks.
        complete: String,
    },
}

/// An address, and the headers that it wants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// The address.
    pub href: String,
    /// The headers.
    #[serde(default)]
    pub header: std::collections::BTreeMap<String, Value>,
}

/// Reads the answer of Git LFS' batch API, in the Hub's dialect: an `upload` with a `chunk_size` among its headers is one
/// in parts, and the headers `00001`, `00002`, … are their addresses.
///
/// # Errors
/// [`CommitError::Unreadable`]; [`CommitError::Refused`] for a file that the Hub does not want.
pub fn uploads(body: &str) -> Result<Vec<Upload>, CommitError> {
    #[derive(Deserialize)]
    struct Answer {
        objects: Vec<Object>,
    }
    #[derive(Deserialize)]
    struct Object {
        oid: String,
        actions: Option<Actions>,
        error: Option<Refusal>,
    }
    #[derive(Deserialize)]
    struct Actions {
        upload: Option<Address>,
        verify: Option<Address>,
    }
    #[derive(Deserialize)]
    struct Refusal {
        code: u16,
        #[serde(default)]
        message: String,
    }
    let objects = read::<Answer>(body)?.objects;
    objects
        .into_iter()
        .map(|object| {
            if let Some(Refusal { code, message }) = object.error {
                return Err(CommitError::because(code, &message));
            }
            let actions = object.actions.map(|a| (a.upload, a.verify));
            let (upload, verify) = actions.unwrap_or_default();
            Ok(Upload {
                oid: object.oid,
                way: upload.map_or(Ok(Way::IsThere), way)?,
                verify,
            })
        })
        .collect()
}

fn way(address: Address) -> Result<Way, CommitError> {
    let Some(size) = address.header.get("chunk_size") else {
        return Ok(Way::Whole(address));
    };
    let size = match size {
        Value::String(text) => text.parse().ok(),
        size => size.as_u64(),
    };
    // The keys are sorted as texts; the service pads them, yet nothing says for ever.
    let numbered = address.header.iter().filter_map(|(key, href)| {
        let number: u64 = key.parse().ok()?;
        Some((number, href.as_str()?.to_owned()))
    });
    let mut parts: Vec<(u64, String)> = numbered.collect();
    parts.sort_unstable();
    let is_counted = parts.iter().zip(1..).all(|((number, _), at)| *number == at);
    match size {
        Some(size) if size > 0 && is_counted && !parts.is_empty() => Ok(Way::Parts {
            size,
            parts: parts.into_iter().map(|(_, href)| href).collect(),
            complete: address.href,
        }),
        _ => Err(CommitError::Unreadable),
    }
}

/// What is sent when all parts are there: each one's mark (`ETag`), in order.
pub fn complete_body(oid: &str, marks: &[String]) -> String {
    let parts: Value = marks
        .iter()
        .zip(1..)
        .map(|(mark, number)| json!({"partNumber": number, "etag": mark}))
        .collect();
    json!({"oid": oid, "parts": parts}).to_string()
}

/// What is sent when a file is there.
pub fn verify_body(oid: &str, size: u64) -> String {
    json!({"oid": oid, "size": size}).to_string()
}
