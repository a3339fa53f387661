//! What the Hub refuses of a commit, in words for the page: what happened, and what to do.
//! Statuses and their meanings as `huggingface_hub` and the Hub's own messages give them.

use tracesift_core::ground::words::plain;

/// The longest that the Hub's own words are shown, in characters.
const MAX_SAID_CHARS: usize = 200;

/// Where a token with the right to write is made.
const HOW_TO: &str = "Create one in your Hugging Face settings: a fine-grained token with write access to that \
     repository (and to your repositories, where it is to be created), or a token of the kind “write”.";

/// Why nothing was published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// 401: the token is not one of the Hub's, or no longer.
    #[error(
        "Hugging Face does not know this access token. Paste it again in full, or create another one."
    )]
    Token,
    /// 403: the token is good for something else.
    #[error("This access token may not write to {repo}{}. {HOW_TO}", of(.who))]
    Scope {
        /// The repository.
        repo: String,
        /// The user whose token it is, where known.
        who: Option<String>,
    },
    /// The repository is open where a closed one was wanted, or the other way round.
    #[error(
        "{repo} is there already and is {}. It stays as it is: choose that, or another name.",
        openness(.is_private)
    )]
    Visibility {
        /// The repository.
        repo: String,
        /// Whether it is closed.
        is_private: bool,
    },
    /// 404 where something has to be.
    #[error("Hugging Face does not find {0}. Check the name, then publish again.")]
    NotThere(String),
    /// 409, 412: it is no longer as it was at the start.
    #[error(
        "Someone else changed {0} in the meantime, so nothing was published to it. Publish again."
    )]
    Moved(String),
    /// 413.
    #[error(
        "Hugging Face refuses a file of this size. Select fewer rows, or split the export into smaller files."
    )]
    TooLarge,
    /// 429.
    #[error(
        "Hugging Face received too many requests in a short time. Wait five minutes, then publish again."
    )]
    Limited,
    /// No answer, or one that may be another one the next time.
    #[error(
        "Hugging Face gave no answer{}. Nothing was published. Check the connection, then publish again: what was sent is not sent twice.",
        code(.0)
    )]
    Passing(Option<u16>),
    /// The commit was sent and no answer came; it may have been made.
    #[error(
        "The last answer was lost: the files may be in {0} or not. Look at its page before you publish again."
    )]
    Uncertain(String),
    /// The storage does not want a file, most often because its address was given out too long ago.
    #[error(
        "Hugging Face's storage refused a file (code {0}). Publish again: what was sent is not sent twice."
    )]
    Storage(u16),
    /// Anything else that the Hub does not want.
    #[error("Hugging Face refused (code {status}){}. Check name and token, then publish again.", in_words(.said))]
    Refused {
        /// The status.
        status: u16,
        /// The Hub's own words.
        said: String,
    },
    /// The answer is not what the API gives.
    #[error("Hugging Face's answer can't be read. Reload the page, then publish again.")]
    Unreadable,
    /// A file could not be read out of the browser's memory.
    #[error("The browser could not read {0} again. Publish once more, or with fewer rows.")]
    File(String),
    /// The user ended it.
    #[error("Cancelled: nothing was published to the repository.")]
    Stopped,
}

/// What was asked when the Hub refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Who the token belongs to.
    WhoAmI,
    /// What the repository is.
    Look,
    /// To create it.
    Create,
    /// How, and to where, files are sent.
    Plan,
    /// To take a file: the storage, which knows no token.
    Store,
    /// To commit.
    Commit,
}

impl CommitError {
    /// Whether asking again can help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Passing(_) | Self::Limited)
    }

    /// A refusal in the Hub's words.
    pub(super) fn because(status: u16, said: &str) -> Self {
        Self::Refused {
            status,
            said: plain(said, MAX_SAID_CHARS),
        }
    }
}

/// What a refused request means: the status as the answer has it (`None`: there was no answer) and its body.
pub fn refused(asking: Asking, repo: &str, status: Option<u16>, body: &str) -> CommitError {
    let repo = || repo.to_owned();
    let Some(status) = status else {
        return CommitError::Passing(None);
    };
    match (status, asking) {
        (429, _) => CommitError::Limited,
        (408 | 500.., _) => CommitError::Passing(Some(status)),
        (413, _) => CommitError::TooLarge,
        (_, Asking::Store) => CommitError::Storage(status),
        // To a token that it knows, the Hub says so of what the token must not see.
        (401, Asking::WhoAmI | Asking::Create) => CommitError::Token,
        (401 | 403, Asking::Create | Asking::Plan | Asking::Commit | Asking::Look) => {
            CommitError::Scope {
                repo: repo(),
                who: None,
            }
        }
        (404, _) => CommitError::NotThere(repo()),
        (409 | 412, Asking::Commit) => CommitError::Moved(repo()),
        _ => CommitError::because(status, &words(body)),
    }
}

/// The Hub's words in a body: `{"error": …}`; of anything but JSON nothing.
fn words(body: &str) -> String {
    let answer: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let said = ["error", "message"].map(|key| answer.get(key)?.as_str());
    let said = said.into_iter().flatten().next();
    said.unwrap_or_default().to_owned()
}

fn of(who: &Option<String>) -> String {
    let who = who.as_ref();
    who.map_or_else(String::new, |who| format!(" (it belongs to {who})"))
}

fn code(status: &Option<u16>) -> String {
    status.map_or_else(String::new, |status| format!(" (code {status})"))
}

fn openness(is_private: &bool) -> &'static str {
    match is_private {
        true => "private",
        false => "public, so that everyone could read the files",
    }
}

fn in_words(words: &str) -> String {
    match words {
        "" => String::new(),
        words => format!(": “{}”", words.trim_end_matches('.')),
    }
}
