//! The Hub's side of publishing: who a token belongs to, repositories, Git LFS with its storage, commits, sign-in.
//! Shapes and refusals as `@huggingface/hub` and the Hub's documentation have them; all that was sent is kept.

mod commit; // the text of a commit
mod look; // what there is, and a new repository
mod repos; // all repositories, and who may do what
mod signin; // a page and a code, then a token
mod storage; // Git LFS and its storage
mod tests; // it does what the Hub does

use std::sync::MutexGuard;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::log::{Asked, Server};
use super::{StandIn, lock};

pub use repos::{Repos, Rights};
pub use signin::{CLIENT, SIGNED_IN};
pub use storage::{STORAGE, preflight};

/// What came with a `POST` or `PUT`.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// `Content-Type`.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The addresses of the two servers.
pub struct Places {
    /// The Hub.
    pub hub: String,
    /// The storage.
    pub storage: String,
}

type Outcome = Result<Answer, Answer>;

impl StandIn {
    /// What there is to publish to, and what was published.
    pub fn repos(&self) -> MutexGuard<'_, Repos> {
        lock(&self.world.repos)
    }
}

/// The answer, if the request is one of these.
pub fn answer(repos: &mut Repos, asked: &Asked, sent: &Sent, at: &Places) -> Option<Answer> {
    let method = asked.method.as_str();
    let path = percent_encoding::percent_decode_str(&asked.path).decode_utf8_lossy();
    let outcome = match (asked.server, method, &*path) {
        (Server::Cdn, "PUT", path) => {
            storage::store(repos, asked, sent, path.strip_prefix(STORAGE)?)
        }
        (Server::Cdn, ..) => return None,
        (_, "GET", "/api/whoami-v2") => look::whoami(repos, asked),
        (_, "POST", "/api/repos/create") => look::create(repos, asked, sent, at),
        (_, "POST", "/api/complete_multipart") => storage::complete(repos, asked, sent),
        (_, "GET", "/oauth/authorize") => signin::authorize(repos, asked),
        (_, "POST", "/oauth/token") => signin::token(repos, sent),
        (_, "POST", path) => {
            if let Some(id) = within(path, "/api/datasets/", "/preupload/main") {
                storage::preupload(repos, asked, sent, id)
            } else if let Some(id) = within(path, "/api/datasets/", "/commit/main") {
                commit::commit(repos, asked, sent, id, at)
            } else if let Some(id) = within(path, "/datasets/", ".git/info/lfs/objects/batch") {
                storage::batch(repos, asked, sent, id, at)
            } else if let Some(id) = within(path, "/datasets/", ".git/info/lfs/verify") {
                storage::verify(repos, asked, sent, id)
            } else {
                return None;
            }
        }
        (_, "GET", path) if path.ends_with("/commits/main") => look::commits(
            repos,
            asked,
            within(path, "/api/datasets/", "/commits/main")?,
        ),
        (_, "GET", path) => {
            let id = path.strip_prefix("/api/datasets/")?;
            // Unknown ones are as those of the search: not there.
            if asked.token.is_none() && repos.get(id).is_none() {
                return None;
            }
            look::look(repos, asked, id)
        }
        _ => return None,
    };
    Some(outcome.unwrap_or_else(|error| error).by(asked.server))
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
