//! Bytes of a file on the Hub: the resolver leads to a signed address, which is asked from then on, without a token.
//! At most six requests at a time; the signed address stays in memory, and is found anew when it has expired.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use bytes::Bytes;
use futures_channel::oneshot;
use gloo_net::http::{Request, Response};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, RequestCache, RequestMode,
};

use super::fetch::bytes_of;
use tracesift_hub::error::{HubError, classify};

/// Requests under way at once.
const MOST_AT_ONCE: usize = 6;
/// An answer that takes longer is given up, in milliseconds.
const TIMEOUT_MS: u32 = 90_000;

thread_local! {
    static SIGNED: RefCell<HashMap<String, String>> = RefCell::default();
    static UNDER_WAY: Cell<usize> = const { Cell::new(0) };
    static WAITING: RefCell<VecDeque<oneshot::Sender<()>>> = RefCell::default();
}

/// The bytes of a range, all of them.
///
/// # Errors
/// [`HubError`], classified, where they can't be had.
pub async fn get(url: &str, token: Option<&str>, range: &Range<u64>) -> Result<Bytes, HubError> {
    let _place = Place::take().await;
    let signed = SIGNED.with_borrow(|signed| signed.get(url).cloned());
    if let Some(signed) = signed {
        match ask(&signed, None, range).await {
            // Expired; or refused without the headers that would let a page see why.
            Err(error) if matches!(error.status, None | Some(401 | 403 | 404 | 410)) => {
                SIGNED.with_borrow_mut(|all| all.remove(url));
            }
            answer => return answer.map(|(bytes, _)| bytes),
        }
    }
    let (bytes, from) = ask(url, token, range).await?;
    if from != url && !from.is_empty() {
        SIGNED.with_borrow_mut(|all| all.insert(url.to_owned(), from));
    }
    Ok(bytes)
}

/// Asks an address once; the bytes, and the address that gave them.
async fn ask(
    url: &str,
    token: Option<&str>,
    range: &Range<u64>,
) -> Result<(Bytes, String), HubError> {
    let limit = Limit::new();
    // `bytes=a-b` is the only form that needs no leave of the server to be asked for.
    let last = range.end.saturating_sub(1);
    let mut request = Request::get(url)
        .mode(RequestMode::Cors)
        .cache(RequestCache::NoStore)
        .header("Range", &format!("bytes={}-{last}", range.start));
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    let sent = request.abort_signal(limit.signal().as_ref()).send().await;
    let response = sent.map_err(|_| limit.lost(classify(None, None, "")))?;
    let from = response.url();
    let bytes = match response.status() {
        206 => bytes_of(response)
            .await
            .ok_or_else(|| limit.lost(HubError::cut_short()))?,
        200 => part_of(&response, range, &limit).await?,
        status => {
            let code = response.headers().get("x-error-code");
            let body = response.text().await.unwrap_or_default();
            return Err(classify(Some(status), code.as_deref(), &body));
        }
    };
    if bytes.len() as u64 != range.end.saturating_sub(range.start) {
        return Err(HubError::cut_short());
    }
    Ok((bytes.into(), from))
}

/// The range out of an answer that is the whole file: read as it comes, and given up after the last byte wanted.
async fn part_of(
    response: &Response,
    range: &Range<u64>,
    limit: &Limit,
) -> Result<Vec<u8>, HubError> {
    let lost = || limit.lost(HubError::cut_short());
    let stream = response.body().ok_or_else(lost)?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let (mut at, mut part) = (0_u64, Vec::new());
    while at < range.end {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| lost())?;
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or(JsValue::UNDEFINED);
        let Ok(chunk) = value.dyn_into::<Uint8Array>() else {
            break;
        };
        let (start, end) = (at, at + u64::from(chunk.length()));
        at = end;
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            let within = |at: u64| u32::try_from(at - start).unwrap_or(u32::MAX);
            part.extend(chunk.subarray(within(from), within(to)).to_vec());
        }
    }
    limit.stop();
    Ok(part)
}

/// Ends a request that takes too long, or that has given what was wanted.
struct Limit {
    controller: Option<AbortController>,
    timer: Cell<Option<gloo_timers::callback::Timeout>>,
}

impl Limit {
    fn new() -> Self {
        let controller = AbortController::new().ok();
        let timer = controller.clone().map(|controller| {
            gloo_timers::callback::Timeout::new(TIMEOUT_MS, move || controller.abort())
        });
        Self {
            controller,
            timer: Cell::new(timer),
        }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    fn stop(&self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }

    /// The error, or that it took too long.
    fn lost(&self, error: HubError) -> HubError {
        match self.signal().is_some_and(|signal| signal.aborted()) {
            true => HubError::timed_out(),
            false => error,
        }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        // A timer that is dropped does not ring.
        self.timer.take();
    }
}

/// The right to have one request under way.
struct Place;

impl Place {
    async fn take() -> Self {
        if UNDER_WAY.get() >= MOST_AT_ONCE {
            let (sender, receiver) = oneshot::channel();
            WAITING.with_borrow_mut(|waiting| waiting.push_back(sender));
            // Whoever leaves hands the place over, counted as it is.
            if receiver.await.is_ok() {
                return Self;
            }
        }
        UNDER_WAY.set(UNDER_WAY.get() + 1);
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        while let Some(next) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            if next.send(()).is_ok() {
                return;
            }
        }
        UNDER_WAY.set(UNDER_WAY.get().saturating_sub(1));
    }
}
