//! The Hub's side of publishing: who a token belongs to, repositories, Git LFS with its storage, commits, sign-in.
//! Shapes and refusals as `@huggingface/hub` and the Hub's documentation have them; all that was sent is kept.

mod tests; // it does what the Hub does

use std::collections::{BTreeMap, HashMap};
use std::sync::MutexGuard;

use axum::http::{Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer::{Answer, Cors};
use super::log::{Asked, Server};
use super::{StandIn, hub, lock};

/// The storage's path on the second origin.
pub const STORAGE: &str = "/lfs/";
/// The id of the page that may sign users in.
pub const CLIENT: &str = "page-of-a-space";
/// The token that a sign-in gives.
pub const SIGNED_IN: &str = "hf_by_sign_in";

const LFS_JSON: &str = "application/vnd.git-lfs+json";

/// What came with a `POST` or `PUT`.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// `Content-Type`.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// All repositories, and who may do what.
pub struct Repos {
    /// Small files up to so many bytes are part of a commit; larger ones go by Git LFS.
    pub inline_most: u64,
    /// Larger files go to the storage in parts of so many bytes.
    pub part_bytes: u64,
    /// Whether a user who is asked to sign in declines.
    pub declines: bool,
    accounts: Vec<Account>,
    repos: BTreeMap<String, Repo>,
    stored: HashMap<String, Vec<u8>>,
    parts: HashMap<(String, usize), Vec<u8>>,
    codes: HashMap<String, Asked>,
}

/// Whose token it is, and what for.
#[derive(Debug, Clone)]
struct Account {
    token: String,
    user: String,
    rights: Rights,
}

/// What a token may do.
#[derive(Debug, Clone)]
pub enum Rights {
    /// Read what the user can.
    Read,
    /// All that the user can.
    Write,
    /// Write to these namespaces and repositories.
    Fine(Vec<String>),
    /// Create repositories, and write to those that it created.
    App,
}

/// A repository.
#[derive(Debug, Clone, Default)]
pub struct Repo {
    /// Whether strangers don't see it.
    pub private: bool,
    /// Its files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Its commits, the oldest first.
    pub commits: Vec<Commit>,
    by: String,
}

/// A commit.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// Its first line.
    pub title: String,
    /// The rest of its message.
    pub message: String,
}

type Outcome = Result<Answer, Answer>;

impl StandIn {
    /// What there is to publish to, and what was published.
    pub fn repos(&self) -> MutexGuard<'_, Repos> {
        lock(&self.world.repos)
    }
}

impl Default for Repos {
    fn default() -> Self {
        Self {
            inline_most: 10_000_000,
            part_bytes: 64_000_000,
            declines: false,
            accounts: Vec::new(),
            repos: BTreeMap::new(),
            stored: HashMap::new(),
            parts: HashMap::new(),
            codes: HashMap::new(),
        }
    }
}

impl Repos {
    /// Gives a user a token.
    pub fn give(&mut self, token: &str, user: &str, rights: Rights) {
        self.accounts.push(Account {
            token: token.to_owned(),
            user: user.to_owned(),
            rights,
        });
    }

    /// Makes a repository.
    pub fn make(&mut self, id: &str, private: bool, by: &str) {
        let repo = Repo {
            private,
            by: by.to_owned(),
            ..Repo::default()
        };
        self.repos.insert(id.to_owned(), repo);
        let files = BTreeMap::from([(".gitattributes".to_owned(), Vec::new())]);
        self.put(id, "initial commit", files);
    }

    /// Commits files.
    pub fn put(&mut self, id: &str, title: &str, files: BTreeMap<String, Vec<u8>>) {
        self.record(id, title, "", files);
    }

    fn record(
        &mut self,
        id: &str,
        title: &str,
        message: &str,
        files: BTreeMap<String, Vec<u8>>,
    ) -> String {
        let repo = self.repos.get_mut(id).expect("a repository that is there");
        let oid = digest(format!("{id} {title} {}", repo.commits.len()).as_bytes());
        let commit = Commit {
            id: oid[..40].to_owned(),
            title: title.to_owned(),
            message: message.to_owned(),
        };
        repo.files.extend(files);
        repo.commits.push(commit.clone());
        commit.id
    }

    /// A repository.
    pub fn get(&self, id: &str) -> Option<&Repo> {
        self.repos.get(id)
    }

    /// How many files the storage has.
    pub fn stored(&self) -> usize {
        self.stored.len()
    }

    fn account(&self, asked: &Asked) -> Option<&Account> {
        let token = asked.token.as_deref()?;
        self.accounts.iter().find(|account| account.token == token)
    }

    fn known(&self, asked: &Asked) -> Result<Account, Answer> {
        self.account(asked).cloned().ok_or_else(hub::not_found)
    }

    /// The repository, if it is there and whoever asks may see it.
    fn seen(&self, id: &str, asked: &Asked) -> Result<&Repo, Answer> {
        let account = self.account(asked);
        let repo = self.repos.get(id).filter(|repo| {
            !repo.private || account.is_some_and(|account| account.may(id, &repo.by, false))
        });
        repo.ok_or_else(|| match account {
            None => hub::not_found(),
            Some(_) => error(404, "RepoNotFound", "Repository not found"),
        })
    }

    /// That whoever asks may write to the repository.
    fn writable(&self, id: &str, asked: &Asked) -> Result<(), Answer> {
        let account = self.known(asked)?;
        let repo = self.seen(id, asked)?;
        let refusal = "Forbidden: you must use a write token to upload to a repository.";
        let may = account.may(id, &repo.by, true);
        may.then_some(()).ok_or_else(|| error(403, "", refusal))
    }
}

impl Account {
    fn may(&self, id: &str, by: &str, write: bool) -> bool {
        let namespace = id.split('/').next().unwrap_or_default();
        let is_own = namespace == self.user;
        is_own
            && match &self.rights {
                Rights::Read => !write,
                Rights::Write => true,
                Rights::Fine(names) => names.iter().any(|name| name == namespace || name == id),
                Rights::App => by == self.token,
            }
    }

    fn may_create_in(&self, namespace: &str) -> bool {
        namespace == self.user
            && match &self.rights {
                Rights::Read => false,
                Rights::Write | Rights::App => true,
                Rights::Fine(names) => names.iter().any(|name| name == namespace),
            }
    }

    fn described(&self) -> Value {
        let auth = match &self.rights {
            Rights::App => json!({"type": "oauth"}),
            Rights::Fine(names) => {
                let scoped: Value = names
                    .iter()
                    .map(|name| {
                        let kind = if name.contains('/') {
                            "dataset"
                        } else {
                            "user"
                        };
                        json!({"entity": {"_id": "66", "type": kind, "name": name},
                               "permissions": ["repo.content.read", "repo.write"]})
                    })
                    .collect();
                json!({"type": "access_token", "accessToken": {"displayName": "t", "role": "fineGrained",
                       "fineGrained": {"canReadGatedRepos": false, "global": [], "scoped": scoped}}})
            }
            rights => {
                let role = if matches!(rights, Rights::Read) {
                    "read"
                } else {
                    "write"
                };
                json!({"type": "access_token", "accessToken": {"displayName": "t", "role": role}})
            }
        };
        json!({"type": "user", "id": "65", "name": self.user, "fullname": self.user, "orgs": [], "auth": auth})
    }
}

/// The answer, if the request is one of these.
pub fn answer(repos: &mut Repos, asked: &Asked, sent: &Sent, at: &Places) -> Option<Answer> {
    let method = asked.method.as_str();
    let path = percent_encoding::percent_decode_str(&asked.path).decode_utf8_lossy();
    let outcome = match (asked.server, method, &*path) {
        (Server::Cdn, "PUT", path) => store(repos, asked, sent, path.strip_prefix(STORAGE)?),
        (Server::Cdn, ..) => return None,
        (_, "GET", "/api/whoami-v2") => whoami(repos, asked),
        (_, "POST", "/api/repos/create") => create(repos, asked, sent, at),
        (_, "POST", "/api/complete_multipart") => complete(repos, asked, sent),
        (_, "GET", "/oauth/authorize") => authorize(repos, asked),
        (_, "POST", "/oauth/token") => token(repos, sent),
        (_, "POST", path) => {
            if let Some(id) = within(path, "/api/datasets/", "/preupload/main") {
                preupload(repos, asked, sent, id)
            } else if let Some(id) = within(path, "/api/datasets/", "/commit/main") {
                commit(repos, asked, sent, id, at)
            } else if let Some(id) = within(path, "/datasets/", ".git/info/lfs/objects/batch") {
                batch(repos, asked, sent, id, at)
            } else if let Some(id) = within(path, "/datasets/", ".git/info/lfs/verify") {
                verify(repos, asked, sent, id)
            } else {
                return None;
            }
        }
        (_, "GET", path) if path.ends_with("/commits/main") => commits(
            repos,
            asked,
            within(path, "/api/datasets/", "/commits/main")?,
        ),
        (_, "GET", path) => {
            let id = path.strip_prefix("/api/datasets/")?;
            // Unknown ones are as those of the search: not there.
            if asked.token.is_none() && !repos.repos.contains_key(id) {
                return None;
            }
            look(repos, asked, id)
        }
        _ => return None,
    };
    Some(outcome.unwrap_or_else(|error| error).by(asked.server))
}

/// The addresses of the two servers.
pub struct Places {
    /// The Hub.
    pub hub: String,
    /// The storage.
    pub storage: String,
}

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

fn within<'a>(path: &'a str, start: &str, end: &str) -> Option<&'a str> {
    path.strip_prefix(start)?.strip_suffix(end)
}

fn error(status: u16, code: &str, words: &str) -> Answer {
    let mut answer = Answer::error(status, code, words);
    answer.code = answer.code.filter(|code| !code.is_empty());
    answer.by_hub()
}

fn json_of(sent: &Sent, media_type: &str) -> Result<Value, Answer> {
    if sent.content_type != media_type {
        return Err(error(
            415,
            "",
            &format!("Content-Type must be {media_type}"),
        ));
    }
    serde_json::from_slice(&sent.body).map_err(|_| error(400, "", "Malformed JSON"))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn whoami(repos: &Repos, asked: &Asked) -> Outcome {
    Ok(Answer::hub_json(&repos.known(asked)?.described()))
}

fn look(repos: &Repos, asked: &Asked, id: &str) -> Outcome {
    let repo = repos.seen(id, asked)?;
    let head = repo.commits.last().map(|commit| &commit.id);
    Ok(Answer::hub_json(
        &json!({"_id": "66", "id": id, "sha": head, "private": repo.private}),
    ))
}

/// The newest first.
fn commits(repos: &Repos, asked: &Asked, id: &str) -> Outcome {
    let commits = repos.seen(id, asked)?.commits.iter().rev();
    let limit = asked
        .parameter("limit")
        .and_then(|limit| limit.parse().ok());
    let commits = commits.take(limit.unwrap_or(50)).map(|commit| {
        json!({"id": commit.id, "title": commit.title, "message": commit.message, "authors": [{"user": "me"}],
               "date": "2026-11-25T12:00:00.000Z"})
    });
    Ok(Answer::hub_json(&commits.collect()))
}

fn create(repos: &mut Repos, asked: &Asked, sent: &Sent, at: &Places) -> Outcome {
    let account = repos.known(asked)?;
    let wanted = json_of(sent, "application/json")?;
    let text = |key: &str| wanted[key].as_str().unwrap_or_default().to_owned();
    let (namespace, name) = (text("organization"), text("name"));
    if text("type") != "dataset" || name.is_empty() {
        return Err(error(400, "", "Invalid input"));
    }
    if !account.may_create_in(&namespace) {
        let words = format!(
            "You don't have the rights to create a dataset under the namespace \"{namespace}\""
        );
        return Err(error(403, "", &words));
    }
    let id = format!("{namespace}/{name}");
    if repos.repos.contains_key(&id) {
        return Err(error(409, "", "You already created this dataset repo"));
    }
    repos.make(&id, text("visibility") == "private", &account.token);
    Ok(Answer::hub_json(
        &json!({"url": format!("{}/datasets/{id}", at.hub), "name": id, "id": "66"}),
    ))
}

fn preupload(repos: &Repos, asked: &Asked, sent: &Sent, id: &str) -> Outcome {
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

fn batch(repos: &Repos, asked: &Asked, sent: &Sent, id: &str, at: &Places) -> Outcome {
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
fn store(repos: &mut Repos, asked: &Asked, sent: &Sent, oid: &str) -> Outcome {
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

fn complete(repos: &mut Repos, asked: &Asked, sent: &Sent) -> Outcome {
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

fn verify(repos: &Repos, asked: &Asked, sent: &Sent, id: &str) -> Outcome {
    repos.writable(id, asked)?;
    let wanted = json_of(sent, LFS_JSON)?;
    let bytes = wanted["oid"].as_str().and_then(|oid| repos.stored.get(oid));
    let is_there = bytes.is_some_and(|bytes| wanted["size"] == bytes.len());
    let gone = || error(404, "", "Object not found");
    is_there
        .then(|| Answer::hub_json(&json!({})))
        .ok_or_else(gone)
}

fn commit(repos: &mut Repos, asked: &Asked, sent: &Sent, id: &str, at: &Places) -> Outcome {
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

/// The page where a user agrees, who does so at once.
fn authorize(repos: &mut Repos, asked: &Asked) -> Outcome {
    let is = |key: &str, value: &str| asked.parameter(key).as_deref() == Some(value);
    let scopes = asked.parameter("scope").unwrap_or_default();
    let (Some(back), Some(state)) = (asked.parameter("redirect_uri"), asked.parameter("state"))
    else {
        return Err(Answer::html(400, "Invalid request", Cors::None));
    };
    let is_right = is("client_id", CLIENT)
        && is("response_type", "code")
        && is("code_challenge_method", "S256")
        && asked
            .parameter("code_challenge")
            .is_some_and(|challenge| challenge.len() == 43)
        && scopes.split(' ').any(|scope| scope == "contribute-repos");
    if !is_right {
        return Err(Answer::html(400, "Invalid request", Cors::None));
    }
    let code = format!("code-{}", repos.codes.len());
    let (key, value) = if repos.declines {
        ("error", "access_denied")
    } else {
        ("code", code.as_str())
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([(key, value), ("state", &state)])
        .finish();
    repos.codes.insert(code.clone(), asked.clone());
    Ok(Answer::redirect(&format!("{back}?{query}")))
}

/// A code is good once, for who has the verifier.
fn token(repos: &mut Repos, sent: &Sent) -> Outcome {
    let pairs: HashMap<_, _> = form_urlencoded::parse(&sent.body).into_owned().collect();
    let value = |key: &str| pairs.get(key).map(String::as_str).unwrap_or_default();
    let refused = || error(400, "", "invalid_grant");
    let asked = repos.codes.remove(value("code")).ok_or_else(refused)?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier")));
    let is_right = value("grant_type") == "authorization_code"
        && sent
            .content_type
            .starts_with("application/x-www-form-urlencoded")
        && asked.parameter("code_challenge") == Some(challenge)
        && asked.parameter("redirect_uri").as_deref() == Some(value("redirect_uri"));
    if !is_right {
        return Err(refused());
    }
    repos.give(SIGNED_IN, "me", Rights::App);
    Ok(Answer::hub_json(
        &json!({"access_token": SIGNED_IN, "token_type": "bearer", "expires_in": 28_800,
        "scope": asked.parameter("scope")}),
    ))
}
