//! What the hub worker does for each question: asks the Hub what there is, fetches files, and looks after the cache.
//! It holds no vocabulary, so that a dataset can be looked up before any is loaded.

use wasm_bindgen::JsValue;

use super::serve::{Beside, Reply};
use super::{Answer, Question, WorkerError, raw, tally};
use super::{publish, signin};
use crate::net::cache::{self, Key};
use crate::net::fetch::{self, Fetched};
use tracesift_hub::address;
use tracesift_hub::answer::{
    Described, describe, explained, is_settled, parquet, split_files, suggestions,
    validity as validity_of,
};
use tracesift_hub::commit::CommitError;
use tracesift_hub::error::HubError;

/// How many datasets are suggested.
const SUGGESTIONS: u32 = 10;

/// Answers the hub worker's questions.
///
/// # Errors
/// What went wrong, in words for the page.
pub async fn answer(question: Question, attachment: JsValue) -> Reply {
    let answer = match question {
        Question::Suggest { hub, query } => {
            let url = address::suggest(&hub, &query, SUGGESTIONS);
            let fetched = fetch::get(&url, None).await.map_err(WorkerError::Hub)?;
            Answer::Suggestions(suggestions(&fetched.body).map_err(WorkerError::Hub)?)
        }
        Question::Describe {
            endpoint,
            dataset,
            token,
            fresh,
        } => {
            let asked = Asked {
                endpoint,
                dataset,
                token,
                fresh,
            };
            Answer::Described(asked.describe().await.map_err(WorkerError::Hub)?)
        }
        Question::Explain {
            endpoint,
            dataset,
            config,
            split,
            token,
        } => {
            let token = token.as_deref();
            let validity = fetch::get(&address::is_valid(&endpoint, &dataset), token).await;
            let files =
                fetch::get(&address::parquet(&endpoint, &dataset, Some(&config)), token).await;
            // Whatever the server does not say is left out of the explanation.
            let validity = validity
                .ok()
                .and_then(|answer| validity_of(&answer.body).ok());
            let files = files
                .ok()
                .and_then(|answer| parquet(&answer.body).ok())
                .unwrap_or_default();
            Answer::Explained(explained(validity, &files, &config, &split))
        }
        Question::Files {
            endpoint,
            dataset,
            splits,
            token,
            fresh,
        } => {
            let url = address::parquet(&endpoint, &dataset, only_config(&splits));
            let asked = Asked {
                endpoint,
                dataset,
                token,
                fresh,
            };
            let listed = asked.get(url).await.map_err(WorkerError::Hub)?;
            let revision = listed.revision.as_deref();
            let files = split_files(&listed.body, &splits, revision);
            Answer::Files(files.map_err(WorkerError::Hub)?)
        }
        Question::Repository {
            hub,
            dataset,
            token,
        } => {
            let files = raw::list(&hub, &dataset, token.as_deref()).await;
            Answer::Repository(files.map_err(WorkerError::Hub)?)
        }
        Question::FetchFile { url, size, token } => {
            let file = raw::fetch(&url, size, token.as_deref()).await?;
            return Ok((Answer::FileFetched, Some(Beside::Blob(file))));
        }
        Question::Fetching => Answer::Fetching(raw::under_way()),
        Question::StopFetching => {
            raw::stop();
            Answer::Fetching(raw::under_way())
        }
        Question::Cached { source, revision } => {
            let (revision, pages) = cache::pages(&source, revision).await;
            Answer::Cached { revision, pages }
        }
        Question::CacheSize => Answer::CacheSize(cache::size().await),
        Question::ClearCache => {
            cache::clear().await;
            Answer::CacheSize(cache::size().await)
        }
        Question::Publish { target, files } => {
            let blobs = publish::blobs(&attachment);
            Answer::Published(
                publish::publish(&target, files, &blobs)
                    .await
                    .map_err(words)?,
            )
        }
        Question::Publishing => Answer::Publishing(publish::progress()),
        Question::StopPublishing => {
            publish::stop();
            Answer::Publishing(publish::progress())
        }
        Question::BeginSignIn { hub, client, back } => {
            let request = signin::request(&hub, &client, &back);
            Answer::SignInBegun(request.ok_or(WorkerError::NoRandom)?)
        }
        Question::CountFile { name, is_new } => {
            Answer::FileCounted(tally::add(&name, is_new, &attachment)?)
        }
        Question::SignIn(code) => {
            let (token, who) = signin::sign_in(&code).await.map_err(words)?;
            Answer::SignedIn(token, who)
        }
        _ => return Err(WorkerError::Protocol),
    };
    Ok((answer, None))
}

fn words(error: CommitError) -> WorkerError {
    WorkerError::Publish(error.to_string())
}

/// The config that all these splits are of.
fn only_config(splits: &[(String, String)]) -> Option<&str> {
    let (first, more) = splits.split_first()?;
    let is_same = more.iter().all(|(config, _)| *config == first.0);
    is_same.then_some(first.0.as_str())
}

struct Asked {
    endpoint: String,
    dataset: String,
    token: Option<String>,
    fresh: bool,
}

impl Asked {
    /// `/splits` says what there is, `/size` how much of it; without sizes the splits alone are of use.
    async fn describe(&self) -> Result<Described, HubError> {
        let splits = self
            .get(address::splits(&self.endpoint, &self.dataset))
            .await?;
        let size = self
            .get(address::size(&self.endpoint, &self.dataset))
            .await
            .ok();
        let size = size.as_ref().map(|size| size.body.as_str());
        describe(
            &self.dataset,
            &splits.body,
            size,
            splits.revision.as_deref(),
        )
    }

    async fn get(&self, url: String) -> Result<Fetched, HubError> {
        let key = Key::description(&url);
        if !self.fresh
            && let Some(kept) = cache::get_description(&key).await
        {
            return Ok(kept);
        }
        let fetched = fetch::get(&url, self.token.as_deref()).await?;
        // What the server is still at work on is out of date in a moment.
        if is_settled(&fetched.body) {
            // Whether it can be kept or not, the answer is there.
            let _ = cache::put(&key, &fetched).await;
        }
        Ok(fetched)
    }
}
