//! Answers kept in the browser's Cache Storage, so that a reload or a second look costs no request.
//! A key names endpoint, dataset, config, split, commit and range, never a token. Where room is short, the oldest go.

use std::cell::Cell;
use std::ops::Range;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Date, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Cache, CacheStorage, Headers, Request, RequestInit, Response, ResponseInit, StorageEstimate,
    WorkerGlobalScope,
};

use super::fetch::{Fetched, text_of};
use crate::buffer;
use crate::worker::CacheSize;
use tracesift_core::ground::FileAt;
use tracesift_core::ground::{PageRange, Source};
use tracesift_hub::retention::{Kept, Room, to_let_go};

/// The name of our part of the Cache Storage; another form of keys or answers needs another name.
const NAME: &str = "tracesift-1";
/// Keys are addresses of a host that can't exist, so that they are never fetched by mistake.
const HOST: &str = "https://cache.tracesift.invalid/";
/// Request headers of a key: the answer's bytes, and when it was kept (milliseconds since 1970).
const BYTES: &str = "x-bytes";
const KEPT: &str = "x-kept";
/// A dataset's description is asked for again after a day.
const DESCRIPTION_LIVES_MS: f64 = 24.0 * 3600.0 * 1000.0;
/// So much is kept by a worker before the room is looked at again: to ask for it takes a moment.
const LOOK_AFTER: u64 = 32 << 20;
/// So often room is made for an answer.
const MOST_TRIES: u32 = 6;
/// Other workers' writes take room before there is anything to let go: so long a try waits for them, and each further
/// try as much longer.
const WAIT_FOR_OTHERS_MS: u32 = 50;

thread_local! {
    /// Bytes kept since the room was looked at.
    static KEPT_SINCE: Cell<u64> = const { Cell::new(0) };
    /// Whether room was sought in vain once: it is not sought again, since that takes a second.
    static IS_FULL: Cell<bool> = const { Cell::new(false) };
}

/// What an answer is kept under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key of a page of rows; `None` for sources whose pages are not kept.
    pub fn page(source: &Source, revision: &str, range: &PageRange) -> Option<Self> {
        let prefix = page_prefix(source)?;
        let (start, len) = (range.start, range.len);
        let revision = encode(revision);
        Some(Self(format!(
            "{prefix}&revision={revision}&offset={start}&length={len}"
        )))
    }

    /// The key of bytes of a file, by the file's own address and size.
    pub fn bytes(file: &FileAt, revision: &str, range: &Range<u64>) -> Option<Self> {
        if file.url.is_empty() {
            return None;
        }
        let (url, revision) = (encode(&file.url), encode(revision));
        let (size, start, end) = (file.size, range.start, range.end);
        Some(Self(format!(
            "{HOST}bytes?file={url}&revision={revision}&size={size}&start={start}&end={end}"
        )))
    }

    /// The key of a dataset's description, by the address that was asked.
    pub fn description(url: &str) -> Self {
        Self(format!("{HOST}description?of={}", encode(url)))
    }
}

fn page_prefix(source: &Source) -> Option<String> {
    let Source::Hub {
        endpoint,
        dataset,
        config,
        split,
    } = source
    else {
        return None;
    };
    let [endpoint, dataset, config, split] =
        [endpoint, dataset, config, split].map(|value| encode(value));
    Some(format!(
        "{HOST}rows?endpoint={endpoint}&dataset={dataset}&config={config}&split={split}"
    ))
}

fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// The answer kept under a key.
pub async fn get(key: &Key) -> Option<Fetched> {
    let (body, revision) = find(key).await?;
    let body = text_of(body);
    Some(Fetched { body, revision })
}

/// The bytes kept under a key.
pub async fn get_bytes(key: &Key) -> Option<Vec<u8>> {
    Some(find(key).await?.0)
}

async fn find(key: &Key) -> Option<(Vec<u8>, Option<String>)> {
    let cache = open().await?;
    let response = JsFuture::from(cache.match_with_str(&key.0)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let revision = response.headers().get("x-revision").ok().flatten();
    let body = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some((buffer::take(body.unchecked_ref()), revision))
}

/// The description kept under a key, if it is not too old.
pub async fn get_description(key: &Key) -> Option<Fetched> {
    let cache = open().await?;
    let keys = JsFuture::from(cache.keys_with_str(&key.0)).await.ok()?;
    let kept = Array::from(&keys)
        .iter()
        .find_map(|key| number(&key.dyn_into().ok()?, KEPT))?;
    if Date::now() - kept > DESCRIPTION_LIVES_MS {
        return None;
    }
    get(key).await
}

/// Keeps an answer.
///
/// # Errors
/// Why it could not be kept, in words for the page.
pub async fn put(key: &Key, answer: &Fetched) -> Result<(), String> {
    put_bytes(key, answer.body.as_bytes(), answer.revision.as_deref()).await
}

/// Keeps bytes; where the browser's room is full, the oldest answers make room.
///
/// # Errors
/// Why they could not be kept, in words for the page.
pub async fn put_bytes(key: &Key, bytes: &[u8], revision: Option<&str>) -> Result<(), String> {
    const FULL: &str = "the browser's space for this page is full";
    let Some(cache) = open().await else {
        return Err("this browser keeps no answers for this page".to_owned());
    };
    let len = bytes.len() as u64;
    if is_room_to_be_looked_at(len) {
        // A browser that does not tell its room says when it is full.
        let to_free = match room().await {
            Some(room) => room.to_free(len).ok_or(FULL)?,
            None => 0,
        };
        let_go(&cache, to_free).await;
    }
    let mut tries = 0;
    loop {
        let error = match try_put(&cache, key, bytes, revision).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let name = js_sys::Reflect::get(&error, &"name".into()).ok();
        let name = name.and_then(|name| name.as_string());
        match name.as_deref() {
            Some("QuotaExceededError") => {}
            other => return Err(other.unwrap_or("the browser refused").to_owned()),
        }
        tries += 1;
        let fits = room().await.is_none_or(|room| room.to_free(len).is_some());
        if tries > MOST_TRIES || !fits || IS_FULL.get() {
            IS_FULL.set(true);
            return Err(FULL.to_owned());
        }
        // Other workers keep answers too: they may have let the same ones go, or taken the room that was made.
        let_go(&cache, len.saturating_mul(tries.into())).await;
        TimeoutFuture::new(WAIT_FOR_OTHERS_MS * tries).await;
    }
}

/// Whether so much was kept by this worker since the room was looked at that it is time to look again.
fn is_room_to_be_looked_at(bytes: u64) -> bool {
    let since = KEPT_SINCE.get().saturating_add(bytes);
    let is_time = since >= LOOK_AFTER;
    KEPT_SINCE.set(if is_time { 0 } else { since });
    is_time
}

/// The room that the browser gives the page; `None` where it does not tell.
async fn room() -> Option<Room> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into().ok()?;
    let estimate = JsFuture::from(scope.navigator().storage().estimate().ok()?);
    let estimate: StorageEstimate = estimate.await.ok()?.unchecked_into();
    Some(Room {
        used: estimate.get_usage()?,
        quota: estimate.get_quota()?,
    })
}

/// Lets the oldest answers go until at least so many bytes are free.
async fn let_go(cache: &Cache, bytes: u64) {
    if bytes == 0 {
        return;
    }
    let keys = keys().await.unwrap_or_default();
    let kept = keys.iter().map(|key| Kept {
        bytes: number(key, BYTES).unwrap_or_default() as u64,
        kept_ms: number(key, KEPT).unwrap_or_default(),
    });
    let gone = to_let_go(&kept.collect::<Vec<_>>(), bytes);
    for key in gone.into_iter().filter_map(|at| keys.get(at)) {
        // One that another worker has let go already is gone too.
        let _ = JsFuture::from(cache.delete_with_request(key)).await;
    }
}

async fn try_put(
    cache: &Cache,
    key: &Key,
    bytes: &[u8],
    revision: Option<&str>,
) -> Result<(), JsValue> {
    let key_headers = Headers::new()?;
    key_headers.set(BYTES, &bytes.len().to_string())?;
    key_headers.set(KEPT, &Date::now().to_string())?;
    let init = RequestInit::new();
    init.set_headers(&key_headers);
    let request = Request::new_with_str_and_init(&key.0, &init)?;
    let headers = Headers::new()?;
    if let Some(revision) = revision {
        headers.set("x-revision", revision)?;
    }
    let init = ResponseInit::new();
    init.set_headers(&headers);
    let body = Uint8Array::from(bytes);
    let response = Response::new_with_opt_js_u8_array_and_init(Some(&body), &init)?;
    // The answer has a copy of its own.
    buffer::release(&body.buffer());
    JsFuture::from(cache.put_with_request(&request, &response)).await?;
    Ok(())
}

/// The pages kept of a source and a commit; without one, of the commit that was kept last.
pub async fn pages(source: &Source, revision: Option<String>) -> (Option<String>, Vec<PageRange>) {
    let (Some(prefix), Some(keys)) = (page_prefix(source), keys().await) else {
        return (None, Vec::new());
    };
    let prefix = format!("{prefix}&revision=");
    let of_source = keys.iter().filter_map(|key| {
        let url = key.url();
        let (revision, range) = page_of(url.strip_prefix(&prefix)?)?;
        Some((revision, range, number(key, KEPT).unwrap_or_default()))
    });
    let of_source: Vec<_> = of_source.collect();
    let newest = || {
        of_source
            .iter()
            .max_by(|a, b| a.2.total_cmp(&b.2))
            .map(|page| page.0.clone())
    };
    let revision = revision.or_else(newest);
    let pages = of_source
        .into_iter()
        .filter(|page| Some(&page.0) == revision.as_ref());
    let pages = pages.map(|page| page.1).collect();
    (revision, pages)
}

/// Reads what stands behind `revision=` in a page's key.
fn page_of(rest: &str) -> Option<(String, PageRange)> {
    let mut values = form_urlencoded::parse(rest.as_bytes());
    let (revision, _) = values.next()?;
    let mut number = |wanted: &str| {
        let (key, value) = values.next()?;
        (key == wanted).then(|| value.parse::<u64>().ok()).flatten()
    };
    let start = number("offset")?;
    let len = u32::try_from(number("length")?).ok()?;
    Some((revision.into_owned(), PageRange::rows(start, len)))
}

/// How much is kept; `None` where the browser has no cache for this page.
pub async fn size() -> Option<CacheSize> {
    let keys = keys().await?;
    let bytes = keys
        .iter()
        .filter_map(|key| number(key, BYTES))
        .sum::<f64>();
    Some(CacheSize {
        answers: keys.len() as u64,
        bytes: bytes as u64,
    })
}

/// Forgets everything.
pub async fn clear() {
    if let Some(storage) = storage() {
        let _ = JsFuture::from(storage.delete(NAME)).await;
    }
}

async fn keys() -> Option<Vec<Request>> {
    let cache = open().await?;
    let keys = JsFuture::from(cache.keys()).await.ok()?;
    Some(
        Array::from(&keys)
            .iter()
            .filter_map(|key| key.dyn_into().ok())
            .collect(),
    )
}

fn number(key: &Request, header: &str) -> Option<f64> {
    key.headers().get(header).ok().flatten()?.parse().ok()
}

async fn open() -> Option<Cache> {
    JsFuture::from(storage()?.open(NAME))
        .await
        .ok()?
        .dyn_into()
        .ok()
}

/// The Cache Storage of a worker; browsers have none on pages that are not served securely.
fn storage() -> Option<CacheStorage> {
    js_sys::Reflect::get(&js_sys::global(), &"caches".into())
        .ok()?
        .dyn_into()
        .ok()
}
