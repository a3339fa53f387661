//! One request to the Hub: its body as text or piece by piece, its headers, or what went wrong.
//! No header is sent that would need a preflight, except the user's token.

use gloo_net::http::{Headers, Method, Request, RequestBuilder, Response};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestMode};

use super::receive::{self, Broken};
use crate::buffer;
use tracesift_hub::error::{HubError, classify};

/// An answer that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The body.
    pub body: String,
    /// The commit that the server has read (`X-Revision`).
    pub revision: Option<String>,
}

/// Asks `url` once.
///
/// The browser's own cache is passed by: it would serve an error again for the seconds that the server lets it
/// live, and what is worth keeping is kept in [`super::cache`].
///
/// # Errors
/// [`HubError`], classified, where there is no answer, a status other than 2xx or a body cut short.
pub async fn get(url: &str, token: Option<&str>) -> Result<Fetched, HubError> {
    let (body, headers) = asked(url, token).await?;
    Ok(Fetched {
        body,
        revision: headers.get("x-revision"),
    })
}

/// The same of a list that comes in pages: the body, and the header `Link`, which tells where the next page is.
///
/// # Errors
/// As [`get`].
pub async fn get_listed(url: &str, token: Option<&str>) -> Result<(String, String), HubError> {
    let (body, headers) = asked(url, token).await?;
    Ok((body, headers.get("link").unwrap_or_default()))
}

async fn asked(url: &str, token: Option<&str>) -> Result<(String, Headers), HubError> {
    let (under_way, response) = begun(url, token).await?;
    // Bytes, not text: a JavaScript string would be a second copy of up to twice the size.
    let body = under_way.body(&response, u64::MAX).await.map(text_of);
    let body = body.map_err(|_| under_way.lost(HubError::cut_short()))?;
    Ok((body, response.headers()))
}

/// A file of so many bytes as it is: `take` is given its pieces as they come, and may refuse one.
///
/// # Errors
/// As [`get`]; also where it has another size.
pub async fn get_pieces(
    url: &str,
    token: Option<&str>,
    size: u64,
    mut take: impl FnMut(&Uint8Array) -> bool,
) -> Result<(), HubError> {
    let (under_way, response) = begun(url, token).await?;
    let mut bytes = 0;
    let read = under_way.each_piece(&response, |piece| {
        bytes += u64::from(piece.length());
        bytes <= size && take(piece)
    });
    let read = read.await;
    if read.is_err() || bytes != size {
        return Err(under_way.lost(HubError::cut_short()));
    }
    Ok(())
}

/// A request of which the head has come, and is a good one.
async fn begun(url: &str, token: Option<&str>) -> Result<(receive::Request, Response), HubError> {
    let under_way = receive::Request::begin();
    let request = Request::get(url)
        .mode(RequestMode::Cors)
        .cache(RequestCache::NoStore)
        .abort_signal(under_way.signal().as_ref());
    let response = with_token(request, token)
        .send()
        .await
        .map_err(|_| under_way.lost(classify(None, None, "")))?;
    if response.ok() {
        return Ok((under_way, response));
    }
    let code = response.headers().get("x-error-code");
    let body = under_way.body(&response, u64::MAX).await.map(text_of);
    Err(classify(
        Some(response.status()),
        code.as_deref(),
        &body.unwrap_or_default(),
    ))
}

/// Why a file could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server's answer is not the file, but this status.
    Status(u16),
    /// The file has more bytes than are wanted.
    TooLarge,
    /// There was no answer, or not all of it.
    Lost,
}

/// A file as text, of at most `most_bytes`; the browser may have kept it.
///
/// # Errors
/// [`Fault`]
pub async fn file(url: &str, token: Option<&str>, most_bytes: u64) -> Result<String, Fault> {
    let under_way = receive::Request::begin();
    let request = Request::get(url)
        .mode(RequestMode::Cors)
        .abort_signal(under_way.signal().as_ref());
    let response = with_token(request, token)
        .send()
        .await
        .map_err(|_| Fault::Lost)?;
    if !response.ok() {
        return Err(Fault::Status(response.status()));
    }
    match under_way.body(&response, most_bytes).await {
        Ok(bytes) => Ok(text_of(bytes)),
        Err(Broken::TooLarge) => Err(Fault::TooLarge),
        Err(Broken::Lost) => Err(Fault::Lost),
    }
}

/// What is asked by [`send`].
#[derive(Debug, Default)]
pub struct Sent<'a> {
    /// `GET` and so on.
    pub method: Method,
    /// The address.
    pub url: &'a str,
    /// The user's access token, where the server may know it.
    pub token: Option<&'a str>,
    /// Headers: name, value.
    pub headers: Vec<(&'a str, &'a str)>,
    /// A text or a blob, which the browser reads by itself.
    pub body: Option<JsValue>,
}

/// An answer to [`send`], whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// `ETag`.
    pub mark: Option<String>,
}

/// Asks once, until `stop` says otherwise; `None`: there was no answer, or not all of it.
pub async fn send(sent: Sent<'_>, stop: &AbortSignal) -> Option<Answered> {
    let mut request = RequestBuilder::new(sent.url)
        .method(sent.method)
        .mode(RequestMode::Cors)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(stop));
    for (name, value) in sent.headers {
        request = request.header(name, value);
    }
    let request = with_token(request, sent.token);
    let request = match sent.body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let response = request.ok()?.send().await.ok()?;
    let (status, mark) = (response.status(), response.headers().get("etag"));
    let body = bytes_of(response).await.map(text_of)?;
    Some(Answered { status, body, mark })
}

/// An answer's body, however long it takes; `None` where it was cut short.
async fn bytes_of(response: Response) -> Option<Vec<u8>> {
    let response: web_sys::Response = response.into();
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(buffer::take(buffer.unchecked_ref()))
}

/// Bytes as text; what is not UTF-8 is replaced, and the row that it is in says so.
pub(super) fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn with_token(request: RequestBuilder, token: Option<&str>) -> RequestBuilder {
    match token {
        Some(token) => request.header("Authorization", &format!("Bearer {token}")),
        None => request,
    }
}
