//! One request to the Hub, and whether its answer is a good one; and bytes that no one can guess, which some need.
//! What is refused comes back as a [`CommitError`], in words.

use gloo_net::http::Method;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, WorkerGlobalScope};

use crate::net::fetch::{Answered, Sent};
use tracesift_hub::commit::{self, Asking, CommitError};

/// An answer with a good status.
///
/// # Errors
/// What the Hub refuses, and why.
pub fn accepted(
    answer: Option<Answered>,
    asking: Asking,
    repo: &str,
) -> Result<Answered, CommitError> {
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

/// Asks for an address.
pub fn get(url: &str) -> Sent<'_> {
    Sent {
        url,
        ..Sent::default()
    }
}

/// Sends a text.
pub fn post<'a>(url: &'a str, media_type: &'a str, body: &str) -> Sent<'a> {
    Sent {
        method: Method::POST,
        headers: vec![("Content-Type", media_type)],
        body: Some(body.into()),
        ..get(url)
    }
}

/// Sends bytes.
pub fn put<'a>(url: &'a str, body: &Blob) -> Sent<'a> {
    Sent {
        method: Method::PUT,
        body: Some(body.into()),
        ..get(url)
    }
}

/// Bytes that no one can guess; `None` where the browser gives none.
pub fn random<const BYTES: usize>() -> Option<[u8; BYTES]> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let mut random = [0; BYTES];
    let crypto = scope.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut random).ok()?;
    Some(random)
}
