//! A commit to a repository of the Hub: what its requests say and what their answers mean, without the asking.
//! Steps and shapes follow `commit.ts` and `create-repo.ts` of `@huggingface/hub` and Git LFS' batch API.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

mod error; // what the Hub refuses, and what to do about it

pub use error::{Asking, CommitError, refused};

use super::address::dataset_page;

/// How much of a file's beginning the Hub looks at to tell texts from other files, in bytes.
pub const SAMPLE_BYTES: u32 = 512;
/// The most files that one question may be about.
pub const MOST_FILES: usize = 100;
/// The media type of all questions to Git LFS.
pub const LFS_JSON: &str = "application/vnd.git-lfs+json";
/// The media type of a commit: one JSON text a line.
pub const NDJSON: &str = "application/x-ndjson";

/// A token that no log shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// Where a commit goes, and who makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The Hub's address.
    pub hub: String,
    /// `namespace/name`, checked.
    pub repo: String,
    /// The user's access token.
    pub token: Secret,
    /// Whether others must not see the repository; one that is there already is never changed.
    pub private: bool,
    /// The commit's title.
    pub title: String,
}

/// A file of a commit; its bytes travel beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// Its path in the repository.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits; `None`: not known yet.
    pub sha256: Option<String>,
}

/// How far a commit is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// The file that it is done with.
    pub file: String,
    /// Bytes that the Hub has.
    pub sent: u64,
    /// Bytes of all files.
    pub all: u64,
}

/// What is done for a commit, in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Token and repository are looked at.
    #[default]
    Checking,
    /// The repository is created.
    Creating,
    /// The files are made ready.
    Preparing,
    /// Large files are sent.
    Sending,
    /// Small files are sent and all are put into the repository: from here on there is no way back.
    Committing,
}

/// A commit that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// The repository's page.
    pub page: String,
    /// The commit.
    pub commit: String,
    /// Whether the repository was created for it.
    pub created: bool,
}

impl Target {
    /// Who the token belongs to; answered with [`who`].
    pub fn whoami_url(&self) -> String {
        whoami_url(&self.hub)
    }

    /// The repository as it is; answered with [`repository`].
    pub fn look_url(&self) -> String {
        self.api("?expand=sha&expand=private")
    }

    /// Where repositories are created.
    pub fn create_url(&self) -> String {
        format!("{}/api/repos/create", self.hub)
    }

    /// Where it is asked how each file is sent; answered with [`ways`].
    pub fn preupload_url(&self) -> String {
        self.api("/preupload/main")
    }

    /// Where it is asked to where large files are sent; answered with [`uploads`].
    pub fn batch_url(&self) -> String {
        format!("{}.git/info/lfs/objects/batch", self.page())
    }

    /// Where the commit is made; answered with [`committed`].
    pub fn commit_url(&self) -> String {
        self.api("/commit/main")
    }

    /// The newest commits; answered with [`found`].
    pub fn commits_url(&self) -> String {
        self.api("/commits/main?limit=20")
    }

    /// The repository's page.
    pub fn page(&self) -> String {
        dataset_page(&self.hub, &self.repo)
    }

    /// Whether an address is one of this Hub, which may be told the token.
    pub fn is_of_hub(&self, url: &str) -> bool {
        url.strip_prefix(&self.hub)
            .is_some_and(|rest| rest.starts_with('/'))
    }

    fn api(&self, rest: &str) -> String {
        let page = self.page();
        let path = page.strip_prefix(&self.hub).unwrap_or_default();
        format!("{}/api{path}{rest}", self.hub)
    }

    /// What is sent to [`Target::create_url`].
    pub fn create_body(&self) -> String {
        let (namespace, name) = self.repo.split_once('/').unwrap_or(("", &self.repo));
        let visibility = if self.private { "private" } else { "public" };
        json!({"type": "dataset", "organization": namespace, "name": name, "visibility": visibility})
            .to_string()
    }
}

/// Who a token belongs to, by the address of the Hub; answered with [`who`].
pub fn whoami_url(hub: &str) -> String {
    format!("{hub}/api/whoami-v2")
}

/// Who a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The user's name.
    pub name: String,
    /// The names of the user's organisations.
    pub organisations: Vec<String>,
    /// Whether the token can write somewhere, as far as the Hub says.
    pub may_write: bool,
}

/// Reads the answer of `/api/whoami-v2`.
///
/// Of a fine-grained token only a lack of every right to write is taken as a no: what a right covers is for the Hub to
/// decide.
///
/// # Errors
/// [`CommitError::Unreadable`].
pub fn who(body: &str) -> Result<Who, CommitError> {
    #[derive(Deserialize)]
    struct Answer {
        name: String,
        #[serde(default)]
        orgs: Vec<Organisation>,
        auth: Option<Auth>,
    }
    #[derive(Deserialize)]
    struct Organisation {
        name: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Auth {
        access_token: Option<Token>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Token {
        role: Option<String>,
        fine_grained: Option<Rights>,
    }
    let answer: Answer = read(body)?;
    let token = answer.auth.and_then(|auth| auth.access_token);
    let may_write = token.is_none_or(|token| match token.role.as_deref() {
        Some("read") => false,
        Some("fineGrained") => token.fine_grained.is_none_or(|rights| rights.may_write()),
        _ => true,
    });
    Ok(Who {
        name: answer.name,
        organisations: answer.orgs.into_iter().map(|org| org.name).collect(),
        may_write,
    })
}

/// What a fine-grained token is good for.
#[derive(Deserialize)]
struct Rights {
    #[serde(default)]
    global: Vec<String>,
    #[serde(default)]
    scoped: Vec<Scope>,
}

/// The same for a user, an organisation or a repository.
#[derive(Deserialize)]
struct Scope {
    #[serde(default)]
    permissions: Vec<String>,
}

impl Rights {
    fn may_write(&self) -> bool {
        let scoped = self.scoped.iter().flat_map(|scope| &scope.permissions);
        scoped
            .chain(&self.global)
            .any(|right| right == "repo.write")
    }
}

/// A repository that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its newest commit.
    pub head: Option<String>,
    /// Whether only its owners see it.
    pub is_private: bool,
}

/// Reads what the Hub says of a repository.
///
/// # Errors
/// [`CommitError::Unreadable`], also where it does not say whether the repository is private: nothing is sent to a
/// place that may be open to all.
pub fn repository(body: &str) -> Result<Repository, CommitError> {
    #[derive(Deserialize)]
    struct Answer {
        sha: Option<String>,
        private: bool,
    }
    let answer: Answer = read(body)?;
    Ok(Repository {
        head: answer.sha,
        is_private: answer.private,
    })
}

/// What is sent to [`Target::preupload_url`]: of each file path, size and the first [`SAMPLE_BYTES`].
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

/// What is sent to [`Target::batch_url`]: of each file checksum and size.
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

fn read<T: for<'a> Deserialize<'a>>(body: &str) -> Result<T, CommitError> {
    serde_json::from_str(body).map_err(|_| CommitError::Unreadable)
}
