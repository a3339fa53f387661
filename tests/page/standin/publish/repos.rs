//! All repositories that the stand-in has, and who may do what with them.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::super::hub;
use super::super::log::Asked;
use super::{Answer, digest, error};

/// All repositories, and who may do what.
pub struct Repos {
    /// Small files up to so many bytes are part of a commit; larger ones go by Git LFS.
    pub inline_most: u64,
    /// Larger files go to the storage in parts of so many bytes.
    pub part_bytes: u64,
    /// Whether a user who is asked to sign in declines.
    pub declines: bool,
    accounts: Vec<Account>,
    pub(super) repos: BTreeMap<String, Repo>,
    pub(super) stored: HashMap<String, Vec<u8>>,
    pub(super) parts: HashMap<(String, usize), Vec<u8>>,
    pub(super) codes: HashMap<String, Asked>,
}

/// Whose token it is, and what for.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) token: String,
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

    pub(super) fn record(
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

    pub(super) fn known(&self, asked: &Asked) -> Result<Account, Answer> {
        self.account(asked).cloned().ok_or_else(hub::not_found)
    }

    /// The repository, if it is there and whoever asks may see it.
    pub(super) fn seen(&self, id: &str, asked: &Asked) -> Result<&Repo, Answer> {
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
    pub(super) fn writable(&self, id: &str, asked: &Asked) -> Result<(), Answer> {
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

    pub(super) fn may_create_in(&self, namespace: &str) -> bool {
        namespace == self.user
            && match &self.rights {
                Rights::Read => false,
                Rights::Write | Rights::App => true,
                Rights::Fine(names) => names.iter().any(|name| name == namespace),
            }
    }

    pub(super) fn described(&self) -> Value {
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
