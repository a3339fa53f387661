//! Puts files into a repository of the Hub, for the scout: asks, sends, commits, and says how far it is.
//! Files stay blobs: the browser sends them out of its own store, and only small texts pass through this memory.

use std::cell::RefCell;
use std::collections::HashSet;

use gloo_net::http::Method;
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Blob, WorkerGlobalScope};

use crate::buffer;
use crate::hub::commit::{self, Asking, CommitError, Committed, LFS_JSON, MOST_FILES, NDJSON};
use crate::hub::commit::{NewFile, Progress, Repository, Secret, Step, Target, Upload, Way};
use crate::hub::fetch::{self, Answered, Sent};
use crate::hub::signin::{self, Code, Door};

/// Waits before each further try, in milliseconds.
const WAITS_MS: [u32; 3] = [1_000, 3_000, 9_000];
/// How much of a blob is in memory at a time, in bytes: a multiple of three, so that pieces in base 64 fit together.
const PIECE: f64 = 3_000_000.0;

type Outcome<T> = Result<T, CommitError>;

thread_local! {
    /// Repositories that were created in this visit: one of them may be published to again after a failure.
    static CREATED: RefCell<HashSet<String>> = RefCell::default();
    static PROGRESS: RefCell<Progress> = RefCell::default();
    static STOP: RefCell<Option<AbortController>> = const { RefCell::new(None) };
}

/// How far the commit is.
pub fn progress() -> Progress {
    PROGRESS.with_borrow(Clone::clone)
}

/// Ends it, unless it is being committed.
pub fn stop() {
    if progress().step != Step::Committing
        && let Some(stop) = STOP.take()
    {
        stop.abort();
    }
}

fn note(change: impl FnOnce(&mut Progress)) {
    PROGRESS.with_borrow_mut(change);
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
    let controller = AbortController::new().map_err(|_| CommitError::Stopped)?;
    let stop = controller.signal();
    STOP.replace(Some(controller));
    PROGRESS.replace(Progress {
        all: files.iter().map(|file| file.bytes).sum(),
        ..Progress::default()
    });
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

/// A file and its bytes.
struct Piece {
    file: NewFile,
    blob: Blob,
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
        let before = progress().sent;
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

    /// Asks until there is an answer, so often as makes sense.
    async fn ask<'a>(&self, asking: Asking, sent: impl Fn() -> Sent<'a>) -> Outcome<Answered> {
        let mut waits = WAITS_MS.into_iter();
        loop {
            match self.once(asking, sent()).await {
                Err(error) if error.is_passing() && !self.stop.aborted() => {
                    let Some(wait) = waits.next() else {
                        return Err(error);
                    };
                    TimeoutFuture::new(wait).await;
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

/// The commit's text, as a blob of pieces.
async fn commit_body(
    head: &str,
    files: &[Piece],
    is_large: impl Fn(&Piece) -> bool,
) -> Outcome<Blob> {
    let pieces = Array::new();
    let add = |text: &str| {
        pieces.push(&text.into());
    };
    add(head);
    for piece in files {
        let file = &piece.file;
        if is_large(piece) {
            add(&commit::large_line(&file.path, piece.oid(), file.bytes));
            continue;
        }
        add(&commit::small_start(&file.path));
        piece.each(|bytes| add(&commit::base64(bytes))).await?;
        add(commit::SMALL_END);
    }
    Blob::new_with_str_sequence(&pieces).map_err(|_| CommitError::Unreadable)
}

fn accepted(answer: Option<Answered>, asking: Asking, repo: &str) -> Outcome<Answered> {
    match answer {
        Some(answer) if (200..300).contains(&answer.status) => Ok(answer),
        Some(answer) => Err(commit::refused(
            asking,
            repo,
            Some(answer.status),
            &answer.body,
        )),
        None => Err(commit::refused(asking, repo, None, "")),
    }
}

fn get(url: &str) -> Sent<'_> {
    Sent {
        url,
        ..Sent::default()
    }
}

fn post<'a>(url: &'a str, media_type: &'a str, body: &str) -> Sent<'a> {
    Sent {
        method: Method::POST,
        headers: vec![("Content-Type", media_type)],
        body: Some(body.into()),
        ..get(url)
    }
}

fn put<'a>(url: &'a str, body: &Blob) -> Sent<'a> {
    Sent {
        method: Method::PUT,
        body: Some(body.into()),
        ..get(url)
    }
}

impl Piece {
    fn oid(&self) -> &str {
        self.file.sha256.as_deref().unwrap_or_default()
    }

    /// Makes its checksum known.
    async fn weigh(&mut self) -> Outcome<()> {
        if self.file.sha256.is_none() {
            note(|progress| progress.file.clone_from(&self.file.path));
            let mut hasher = Sha256::new();
            self.each(|bytes| hasher.update(bytes)).await?;
            let digest = hasher.finalize();
            self.file.sha256 = Some(digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        Ok(())
    }

    /// Goes through its bytes.
    async fn each(&self, mut with: impl FnMut(&[u8])) -> Outcome<()> {
        let mut start = 0.0;
        while start < self.blob.size() {
            with(&self.read(start, start + PIECE).await?);
            start += PIECE;
        }
        Ok(())
    }

    async fn read(&self, start: f64, end: f64) -> Outcome<Vec<u8>> {
        let buffer = JsFuture::from(self.slice(start, end)?.array_buffer());
        let buffer = buffer.await.map_err(|_| self.lost())?;
        Ok(buffer::take(buffer.unchecked_ref()))
    }

    fn slice(&self, start: f64, end: f64) -> Outcome<Blob> {
        let slice = self.blob.slice_with_f64_and_f64(start, end);
        slice.map_err(|_| self.lost())
    }

    fn lost(&self) -> CommitError {
        CommitError::File(self.file.path.clone())
    }
}

/// The way to the Hub's page where a user signs in; `None` where the browser gives no random numbers.
pub fn door(hub: &str, client: &str, back: &str) -> Option<Door> {
    Some(signin::door(hub, client, back, &random()?))
}

/// Bytes that no one can guess.
fn random<const BYTES: usize>() -> Option<[u8; BYTES]> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let mut random = [0; BYTES];
    let crypto = scope.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut random).ok()?;
    Some(random)
}

/// The token for a code, and whose it is.
///
/// # Errors
/// [`CommitError`].
pub async fn sign_in(code: &Code) -> Outcome<(Secret, String)> {
    let stop = AbortController::new()
        .map_err(|_| CommitError::Stopped)?
        .signal();
    let (url, body) = (code.url(), code.body());
    let sent = post(&url, "application/x-www-form-urlencoded", &body);
    let answer = fetch::send(sent, &stop).await;
    let token = signin::token(&accepted(answer, Asking::WhoAmI, "")?.body)?;
    let url = commit::whoami_url(&code.hub);
    let asked = Sent {
        token: Some(&token.0),
        ..get(&url)
    };
    let answer = fetch::send(asked, &stop).await;
    let who = commit::who(&accepted(answer, Asking::WhoAmI, "")?.body)?;
    Ok((token, who.name))
}
