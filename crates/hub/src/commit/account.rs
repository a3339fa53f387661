//! What the Hub says of a token and of a repository: who it is, what it may do, who sees what is there.
//! Where the Hub does not say who sees a repository, nothing is sent.

use serde::{Deserialize, Serialize};

use super::CommitError;
use super::json::read;

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
