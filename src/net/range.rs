//! Bytes of a file on the Hub: the resolver leads to a signed address, which is asked from then on, without a token.
//! At most six requests of a worker at a time; the signed address stays in memory, and is found anew when it has expired.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use bytes::Bytes;
use futures_channel::oneshot;
use gloo_net::http::{Request, Response};
use web_sys::{RequestCache, RequestMode};

use super::fetch::text_of;
use super::receive::{self, Broken};
use tracesift_hub::error::{HubError, classify};

/// Requests under way at once, of each worker.
const MOST_AT_ONCE: usize = 6;
/// The most that is read of an answer that says what went wrong, in bytes.
const MOST_OF_ERROR: u64 = 1 << 20;

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
    let _turn = Turn::wait().await;
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
    let under_way = receive::Request::begin();
    // `bytes=a-b` is the only form that needs no leave of the server to be asked for.
    let last = range.end.saturating_sub(1);
    let mut request = Request::get(url)
        .mode(RequestMode::Cors)
        .cache(RequestCache::NoStore)
        .header("Range", &format!("bytes={}-{last}", range.start));
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    let request = request.abort_signal(under_way.signal().as_ref());
    let response = request
        .send()
        .await
        .map_err(|_| under_way.lost(classify(None, None, "")))?;
    let from = response.url();
    let bytes = match response.status() {
        206 => under_way.body(&response, u64::MAX).await,
        200 => part_of(&response, range, &under_way).await,
        status => {
            let code = response.headers().get("x-error-code");
            let body = under_way.body(&response, MOST_OF_ERROR).await;
            let body = body.map(text_of).unwrap_or_default();
            return Err(classify(Some(status), code.as_deref(), &body));
        }
    };
    let bytes = bytes.map_err(|_| under_way.lost(HubError::cut_short()))?;
    if bytes.len() as u64 != range.end.saturating_sub(range.start) {
        return Err(HubError::cut_short());
    }
    Ok((bytes.into(), from))
}

/// The range out of an answer that is the whole file: read as it comes, and given up after the last byte wanted.
async fn part_of(
    response: &Response,
    range: &Range<u64>,
    under_way: &receive::Request,
) -> Result<Vec<u8>, Broken> {
    let (mut at, mut part) = (0_u64, Vec::new());
    let read = under_way.each_piece(response, |piece| {
        let (start, end) = (at, at + u64::from(piece.length()));
        at = end;
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            let within = |at: u64| u32::try_from(at - start).unwrap_or(u32::MAX);
            part.extend(piece.subarray(within(from), within(to)).to_vec());
        }
        at < range.end
    });
    read.await?;
    Ok(part)
}

/// The right to have one request under way.
struct Turn;

impl Turn {
    async fn wait() -> Self {
        if UNDER_WAY.get() >= MOST_AT_ONCE {
            let (sender, receiver) = oneshot::channel();
            WAITING.with_borrow_mut(|waiting| waiting.push_back(sender));
            // Whoever ends hands its turn over, counted as it is.
            if receiver.await.is_ok() {
                return Self;
            }
        }
        UNDER_WAY.set(UNDER_WAY.get() + 1);
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        while let Some(next) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            if next.send(()).is_ok() {
                return;
            }
        }
        UNDER_WAY.set(UNDER_WAY.get().saturating_sub(1));
    }
}
