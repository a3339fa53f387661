//! Puts files into a repository of the Hub, for the hub worker: asks, sends, commits, and says how far it is.
//! Files stay blobs: the browser sends them out of its own store, and only small texts pass through this memory.

mod piece; // a file and its bytes
mod progress; // how far it is, and the way to end it

use std::cell::RefCell;
use std::collections::HashSet;

use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Blob};

use self::piece::{Piece, commit_body};
use self::progress::note;
use super::request::{accepted, get, post, put, random};
use crate::net::fetch::{self, Answered, Sent};
use crate::wait::wait_unless;
use tracesift_hub::commit::{self, Asking, CommitError, Committed, LFS_JSON, MOST_FILES, NDJSON};
use tracesift_hub::commit::{NewFile, Repository, Step, Target, Upload, Way};

pub use progress::{progress, stop};

/// Waits before each further try, in milliseconds.
const WAITS_MS: [u32; 3] = [1_000, 3_000, 9_000];

type Outcome<T> = Result<T, CommitError>;

thread_local! {
    /// Repositories that were created in this visit: one of them may be published to again after a failure.
    static CREATED: RefCell<HashSet<String>> = RefCell::default();
}

/// The blobs that came beside a question.
pub fn blobs(attachment: &JsValue) -> Vec<Blob> {
    let blobs = attachment.dyn_ref::<Array>().cloned().unwrap_or_default();
    blobs
        .iter()
        .filter_map(|blob| blob.dyn_into().ok())
        .collect()
}

/// Puts files into a repository, which is created where there is none; `blobs` are theirs, in the same order.
///
/// # Errors
/// [`CommitError`]; then there is no commit, except where it says that this is not known.
pub async fn publish(target: &Target, files: Vec<NewFile>, blobs: &[Blob]) -> Outcome<Committed> {
    let stop = progress::begin(files.iter().map(|file| file.bytes).sum())?;
    let mut publisher = Publisher {
        target,
        stop,
        who: None,
    };
    let files = files.into_iter().zip(blobs.iter().cloned());
    let files = files.map(|(file, blob)| Piece { file, blob }).collect();
    let outcome = publisher.publish(files).await;
    match outcome {
        // Whatever failed then, it failed because the user ended it.
        Err(_) if publisher.stop.aborted() => Err(CommitError::Stopped),
        outcome => outcome,
    }
}

struct Publisher<'a> {
    target: &'a Target,
    stop: AbortSignal,
    who: Option<String>,
}

impl Publisher<'_> {
    async fn publish(&mut self, mut files: Vec<Piece>) -> Outcome<Committed> {
        self.check_token().await?;
        let (repository, created) = self.open_repository().await?;
        let is_new = CREATED.with_borrow_mut(|known| {
            known.extend(created.then(|| self.target.repo.clone()));
            known.contains(&self.target.repo)
        });
        if !is_new {
            // What its owner wrote there is not replaced by a card of ours.
            files.retain(|piece| piece.file.path != "README.md");
        }
        note(|progress| {
            progress.step = Step::Preparing;
            progress.all = files.iter().map(|piece| piece.file.bytes).sum();
        });
        let large = self.large(&files).await?;
        let is_large = |piece: &Piece| large.contains(&piece.file.path);
        for piece in files.iter_mut().filter(|piece| is_large(piece)) {
            piece.weigh().await?;
        }
        let sent: Vec<&Piece> = files.iter().filter(|piece| is_large(piece)).collect();
        for some in sent.chunks(MOST_FILES) {
            self.send_all(some).await?;
        }
        note(|progress| {
            progress.step = Step::Preparing;
            progress.file.clear();
        });
        let mark = random::<12>().ok_or(CommitError::Unreadable)?;
        let mark = format!(
            "Made in the browser by tracesift, {}.",
            commit::base64(&mark)
        );
        let head = commit::header_line(&self.target.title, &mark, repository.head.as_deref());
        let body = commit_body(&head, &files, is_large).await?;
        let commit = self.commit(&body, &mark).await?;
        note(|progress| progress.sent = progress.all);
        Ok(Committed {
            page: self.target.page(),
            commit,
            created,
        })
    }

    async fn check_token(&mut self) -> Outcome<()> {
        let url = self.target.whoami_url();
        let answer = self.ask(Asking::WhoAmI, || get(&url)).await?;
        let who = commit::who(&answer.body)?;
        self.who = Some(who.name);
        if who.may_write {
            Ok(())
        } else {
            Err(self.scope())
        }
    }

    fn scope(&self) -> CommitError {
        CommitError::Scope {
            repo: self.target.repo.clone(),
            who: self.who.clone(),
        }
    }

    /// The repository, and whether it is new. What it is like is looked at also where it was just created: nothing is
    /// sent to a place that is more open than the user wants.
    async fn open_repository(&self) -> Outcome<(Repository, bool)> {
        let found = self.look().await?;
        let (repository, created) = match found {
            Some(repository) => (repository, false),
            None => {
                let created = self.create().await?;
                let new = self.look().await?;
                // It is there, and the token must not see it.
                (new.ok_or_else(|| self.scope())?, created)
            }
        };
        let is_private = repository.is_private;
        if is_private != self.target.private {
            return Err(CommitError::Visibility {
                repo: self.target.repo.clone(),
                is_private,
            });
        }
        Ok((repository, created))
    }

    /// `None`: there is none, or none that the token may see.
    async fn look(&self) -> Outcome<Option<Repository>> {
        let url = self.target.look_url();
        match self.ask(Asking::Look, || get(&url)).await {
            Ok(answer) => commit::repository(&answer.body).map(Some),
            Err(CommitError::NotThere(_) | CommitError::Scope { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it was created; someone may have done so in the meantime.
    async fn create(&self) -> Outcome<bool> {
        note(|progress| progress.step = Step::Creating);
        let (url, body) = (self.target.create_url(), self.target.create_body());
        match self
            .ask(Asking::Create, || post(&url, "application/json", &body))
            .await
        {
            Ok(_) => Ok(true),
            Err(CommitError::Refused { status: 409, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The paths of the files that go by Git LFS.
    async fn large(&self, files: &[Piece]) -> Outcome<Vec<String>> {
        let url = self.target.preupload_url();
        let mut large = Vec::new();
        for some in files.chunks(MOST_FILES) {
            let mut samples = Vec::new();
            for piece in some {
                samples.push(piece.read(0.0, f64::from(commit::SAMPLE_BYTES)).await?);
            }
            let samples = samples.iter().map(Vec::as_slice);
            let body = commit::preupload_body(some.iter().map(|piece| &piece.file).zip(samples));
            let ask = || post(&url, "application/json", &body);
            large.extend(commit::ways(&self.ask(Asking::Plan, ask).await?.body)?);
        }
        Ok(large)
    }

    async fn send_all(&self, files: &[&Piece]) -> Outcome<()> {
        let url = self.target.batch_url();
        let objects = files.iter().map(|piece| (piece.oid(), piece.file.bytes));
        let body = commit::batch_body(objects);
        let ask = || Sent {
            headers: vec![("Accept", LFS_JSON), ("Content-Type", LFS_JSON)],
            ..post(&url, LFS_JSON, &body)
        };
        let uploads = commit::uploads(&self.ask(Asking::Plan, ask).await?.body)?;
        for upload in uploads {
            let piece = files.iter().find(|piece| piece.oid() == upload.oid);
            let piece = piece.ok_or(CommitError::Unreadable)?;
            self.send_one(piece, &upload).await?;
        }
        Ok(())
    }

    async fn send_one(&self, piece: &Piece, upload: &Upload) -> Outcome<()> {
        let before = progress::progress().sent;
        note(|progress| {
            progress.step = Step::Sending;
            progress.file.clone_from(&piece.file.path);
        });
        let (oid, bytes) = (piece.oid(), piece.file.bytes);
        match &upload.way {
            Way::IsThere => {}
            Way::Whole(address) => {
                let headers = address.header.iter();
                let headers =
                    headers.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
                let headers: Vec<_> = headers.collect();
                // A slice has no media type: the storage takes what it is promised, and no type is part of that.
                let body = piece.slice(0.0, bytes as f64)?;
                let put = || Sent {
                    headers: headers.clone(),
                    ..put(&address.href, &body)
                };
                self.ask(Asking::Store, put).await?;
            }
            Way::Parts {
                size,
                parts,
                complete,
            } => {
                if bytes.div_ceil(*size) != parts.len() as u64 {
                    return Err(CommitError::Unreadable);
                }
                let mut marks = Vec::new();
                let mut start = 0;
                for href in parts {
                    let end = bytes.min(start + size);
                    let body = piece.slice(start as f64, end as f64)?;
                    let answer = self.ask(Asking::Store, || put(href, &body)).await?;
                    marks.push(answer.mark.ok_or(CommitError::Unreadable)?);
                    note(|progress| progress.sent = before + end);
                    start = end;
                }
                let body = commit::complete_body(oid, &marks);
                self.ask(Asking::Store, || post(complete, LFS_JSON, &body))
                    .await?;
            }
        }
        if let Some(verify) = &upload.verify {
            self.verify(&verify.href, &commit::verify_body(oid, bytes))
                .await?;
        }
        note(|progress| progress.sent = before + bytes);
        Ok(())
    }

    /// Without an answer the way goes on: a commit with a file that is not there is refused anyway.
    async fn verify(&self, url: &str, body: &str) -> Outcome<()> {
        let asking = if self.target.is_of_hub(url) {
            Asking::Plan
        } else {
            Asking::Store
        };
        match self.ask(asking, || post(url, LFS_JSON, body)).await {
            Err(error) if !error.is_passing() => Err(error),
            _ => Ok(()),
        }
    }

    /// Commits. A commit whose answer is lost may have been made, also where the next answer says that the repository
    /// was changed: browsers send a request again by themselves. So it is looked for before anything is made of that.
    async fn commit(&self, body: &Blob, mark: &str) -> Outcome<String> {
        if self.stop.aborted() {
            return Err(CommitError::Stopped);
        }
        note(|progress| progress.step = Step::Committing);
        let url = self.target.commit_url();
        let mut waits = WAITS_MS.into_iter();
        loop {
            let sent = Sent {
                body: Some(body.into()),
                ..post(&url, NDJSON, "")
            };
            let error = match self.once(Asking::Commit, sent).await {
                Ok(answer) => return commit::committed(&answer.body),
                Err(error) if error.is_passing() || matches!(error, CommitError::Moved(_)) => error,
                Err(error) => return Err(error),
            };
            match self.find(mark).await {
                Ok(Some(commit)) => return Ok(commit),
                Ok(None) => {}
                Err(_) => return Err(CommitError::Uncertain(self.target.repo.clone())),
            }
            let wait = waits.next().filter(|_| error.is_passing());
            TimeoutFuture::new(wait.ok_or(error)?).await;
        }
    }

    /// The commit with a mark.
    async fn find(&self, mark: &str) -> Outcome<Option<String>> {
        let url = self.target.commits_url();
        let answer = self.ask(Asking::Look, || get(&url)).await?;
        commit::found(&answer.body, mark)
    }

    /// Asks until there is an answer, as often as makes sense.
    async fn ask<'a>(&self, asking: Asking, sent: impl Fn() -> Sent<'a>) -> Outcome<Answered> {
        let mut waits = WAITS_MS.into_iter();
        loop {
            match self.once(asking, sent()).await {
                Err(error) if error.is_passing() && !self.stop.aborted() => {
                    let Some(wait) = waits.next() else {
                        return Err(error);
                    };
                    wait_unless(wait, || self.stop.aborted()).await;
                }
                outcome => return outcome,
            }
            if self.stop.aborted() {
                return Err(CommitError::Stopped);
            }
        }
    }

    async fn once(&self, asking: Asking, sent: Sent<'_>) -> Outcome<Answered> {
        let is_for_hub = asking != Asking::Store;
        let sent = Sent {
            token: is_for_hub.then_some(&self.target.token.0),
            ..sent
        };
        let answer = fetch::send(sent, &self.stop).await;
        accepted(answer, asking, &self.target.repo).map_err(|error| match error {
            CommitError::Scope { .. } => self.scope(),
            error => error,
        })
    }
}
