//! How far the commit is that is on, and the way to end it: asked while the files are sent.
//! There is one commit at a time.

use std::cell::RefCell;

use web_sys::{AbortController, AbortSignal};

use tracesift_hub::commit::{CommitError, Progress, Step};

thread_local! {
    static PROGRESS: RefCell<Progress> = RefCell::default();
    static STOP: RefCell<Option<AbortController>> = const { RefCell::new(None) };
}

/// Begins a commit of so many bytes; the signal says when it is to end.
///
/// # Errors
/// [`CommitError::Stopped`] where the browser gives no such signal.
pub fn begin(bytes: u64) -> Result<AbortSignal, CommitError> {
    let controller = AbortController::new().map_err(|_| CommitError::Stopped)?;
    let stop = controller.signal();
    STOP.replace(Some(controller));
    PROGRESS.replace(Progress {
        all: bytes,
        ..Progress::default()
    });
    Ok(stop)
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

/// Notes how far it is.
pub fn note(change: impl FnOnce(&mut Progress)) {
    PROGRESS.with_borrow_mut(change);
}
