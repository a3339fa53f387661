//! Where a commit goes and who makes it, and the addresses of all that is asked on the way.
//! The token is in no log: it is a [`Secret`].

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::address::dataset_page;

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

impl Target {
    /// Who the token belongs to; answered with [`who`](super::who).
    pub fn whoami_url(&self) -> String {
        whoami_url(&self.hub)
    }

    /// The repository as it is; answered with [`repository`](super::repository).
    pub fn look_url(&self) -> String {
        self.api("?expand=sha&expand=private")
    }

    /// Where repositories are created.
    pub fn create_url(&self) -> String {
        format!("{}/api/repos/create", self.hub)
    }

    /// Where it is asked how each file is sent; answered with [`ways`](super::ways).
    pub fn preupload_url(&self) -> String {
        self.api("/preupload/main")
    }

    /// Where it is asked to where large files are sent; answered with [`uploads`](super::uploads).
    pub fn batch_url(&self) -> String {
        format!("{}.git/info/lfs/objects/batch", self.page())
    }

    /// Where the commit is made; answered with [`committed`](super::committed).
    pub fn commit_url(&self) -> String {
        self.api("/commit/main")
    }

    /// The newest commits; answered with [`found`](super::found).
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

/// Who a token belongs to, by the address of the Hub; answered with [`who`](super::who).
pub fn whoami_url(hub: &str) -> String {
    format!("{hub}/api/whoami-v2")
}
