//! A commit to a repository of the Hub: what its requests say and what their answers mean, without the asking.
//! Steps and shapes follow `commit.ts` and `create-repo.ts` of `@huggingface/hub` and Git LFS' batch API.

use serde::{Deserialize, Serialize};

mod account; // the token and the repository as they are
mod body; // the commit's text, and the commit that came of it
mod error; // what the Hub refuses, and what to do about it
mod json; // a body → a type
mod target; // where it goes, who makes it, and the addresses on the way
mod upload; // how files get to the storage

pub use account::{Repository, Who, repository, who};
pub use body::{NDJSON, SMALL_END, base64, committed, found, header_line, large_line, small_start};
pub use error::{Asking, CommitError, refused};
pub use target::{Secret, Target, whoami_url};
pub use upload::{
    Address, LFS_JSON, MOST_FILES, SAMPLE_BYTES, Upload, Way, batch_body, complete_body,
    preupload_body, uploads, verify_body, ways,
};

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
