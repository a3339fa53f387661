//! What a worker does with a page of rows: reads its text, from the cache first, and hands it to `page`.
//! Counters are made once per worker: unpacking a vocabulary takes as long as counting some megabytes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use super::page::{
    PageText, encode_page, measure_page, pair_side, preview_row, search_page, with_row,
};
use super::serve::{Reply, busy, with_rows};
use super::{Answer, Counting, Measured, PageAt, Question, WorkerError, model, parquet};
use crate::buffer;
use crate::net::cache::{self, Key};
use tracesift_core::export::preference::PairWriter;
use tracesift_core::export::writer::Writer;
use tracesift_hub::address;

use crate::net::fetch;
use tracesift_core::ground::Source;
use tracesift_core::search::Search;
use tracesift_core::tokens::{Counter, Method};
use tracesift_core::view::{diff_more, unfold, view};

/// A counter that is being made, or is there.
type Making = Shared<LocalBoxFuture<'static, Result<Rc<Counter>, WorkerError>>>;

thread_local! {
    static COUNTER: RefCell<Option<(Counting, Making)>> = const { RefCell::new(None) };
    static CACHE_OFF: Cell<bool> = const { Cell::new(false) };
}

/// Answers the questions about a page of rows.
///
/// # Errors
/// What went wrong, in words for the page.
pub async fn answer(question: Question, attachment: JsValue) -> Reply {
    let answer = match question {
        Question::Measure { at, counting, only } => {
            let counter = counter(counting).await?;
            return Ok(with_rows(
                measured(&at, &counter, only.as_deref(), &attachment).await?,
            ));
        }
        Question::Read { at, row, counting } => {
            let text = read_again(&at, &attachment).await?;
            let counter = counter(counting).await?;
            busy();
            let shown = with_row(&text, &at, row, |t| view(t, row, Some(&counter)))?;
            return of_row(&shown);
        }
        Question::Preview {
            at,
            origin,
            options,
            seed,
            counting,
        } => {
            let text = read_again(&at, &attachment).await?;
            let counter = counter(counting).await?;
            busy();
            let writer = Writer {
                options: &options,
                seed,
                counter: Some(&counter),
            };
            Answer::Preview(preview_row(&text, &at, &origin, writer)?)
        }
        Question::PairSide {
            at,
            origin,
            options,
            seed,
            counting,
        } => {
            let text = read_again(&at, &attachment).await?;
            let counter = counter_if(counting).await?;
            busy();
            let writer = PairWriter {
                options: &options,
                seed,
                counter: counter.as_deref(),
            };
            let side = pair_side(&text, &at, &origin, writer)?;
            Answer::PairSide(Box::new(side))
        }
        Question::Search { at, query } => {
            let search = Search::new(&query)?;
            let text = read_again(&at, &attachment).await?;
            busy();
            Answer::Searched(search_page(&text, &at, &search)?)
        }
        Question::Unfold {
            at,
            row,
            message,
            part,
        } => {
            let text = read_again(&at, &attachment).await?;
            busy();
            let text = with_row(&text, &at, row, |t| unfold(t, message, part))?;
            return of_row(&text.unwrap_or_default());
        }
        Question::Find { at, row, wanted } => {
            let search = Search::new(&wanted)?;
            let text = read_again(&at, &attachment).await?;
            busy();
            return of_row(&with_row(&text, &at, row, |t| search.find(t))?);
        }
        Question::MoreDiff {
            at,
            row,
            reference,
            from,
        } => {
            let text = read_again(&at, &attachment).await?;
            busy();
            return of_row(&with_row(&text, &at, row, |t| {
                let patch = if reference {
                    &t.reference_patch
                } else {
                    &t.model_patch
                };
                diff_more(patch.as_deref().unwrap_or_default(), from)
            })?);
        }
        Question::Encode {
            at,
            rows,
            options,
            seed,
            counting,
        } => {
            let text = read_again(&at, &attachment).await?;
            let counter = counter_if(counting).await?;
            busy();
            let writer = Writer {
                options: &options,
                seed,
                counter: counter.as_deref(),
            };
            let lines = encode_page(&text, &at, &rows, writer)?;
            // Page, lines and bytes are megabytes each: two of them at a time are enough.
            drop(text);
            let bytes = postcard::to_allocvec(&lines).map_err(|_| WorkerError::Protocol)?;
            return Ok((Answer::Encoded, Some(bytes.into())));
        }
        _ => return Err(WorkerError::Protocol),
    };
    Ok((answer, None))
}

/// What is shown of a row, as it travels.
fn of_row(shown: &impl Serialize) -> Reply {
    let bytes = postcard::to_allocvec(shown).map_err(|_| WorkerError::Protocol)?;
    Ok((Answer::OfRow, Some(bytes.into())))
}

/// A page's text and how it came.
#[derive(Debug, Default)]
pub(super) struct PageRead {
    pub text: PageText,
    pub from_cache: bool,
    pub cache_off: Option<String>,
    pub revision: Option<String>,
    pub fetch_ms: f64,
    /// Bytes that were asked for.
    pub fetched: u64,
}

async fn measured(
    at: &PageAt,
    counter: &Counter,
    only: Option<&[u64]>,
    attachment: &JsValue,
) -> Result<Measured, WorkerError> {
    let page = read_page(at, attachment).await?;
    busy();
    let measured = measure_page(&page.text, at, only, Some(counter))?;
    Ok(Measured {
        bytes: page.fetched,
        from_cache: page.from_cache,
        cache_off: page.cache_off,
        revision: page.revision,
        fetch_ms: page.fetch_ms,
        ..measured
    })
}

/// A page that was measured before: it must be of the same commit.
async fn read_again(at: &PageAt, attachment: &JsValue) -> Result<PageText, WorkerError> {
    let page = read_page(at, attachment).await?;
    match (&at.revision, &page.revision) {
        (Some(from), Some(to)) if from != to => Err(WorkerError::Changed {
            from: from.clone(),
            to: to.clone(),
        }),
        _ => Ok(page.text),
    }
}

async fn read_page(at: &PageAt, attachment: &JsValue) -> Result<PageRead, WorkerError> {
    if !at.pieces.is_empty() {
        return parquet::read_page(at, attachment).await;
    }
    let here = |text: PageText| PageRead {
        fetched: text.bytes(),
        text,
        ..PageRead::default()
    };
    match &at.source {
        Source::Demo { seed } => Ok(here(PageText::demo(*seed, at))),
        Source::File { .. } | Source::Repository { .. } => {
            let (start, length) = at.range.bytes.unwrap_or_default();
            let files = blob_of(attachment)?;
            let bytes = slice(&files, start as f64, (start + length) as f64).await?;
            Ok(here(PageText::Piece(bytes)))
        }
        Source::Hub { .. } => fetch_from_hub(at).await,
    }
}

async fn fetch_from_hub(at: &PageAt) -> Result<PageRead, WorkerError> {
    let known = at
        .revision
        .as_deref()
        .and_then(|revision| Key::page(&at.source, revision, &at.range));
    if let Some(key) = &known
        && let Some(kept) = cache::get_bytes(key).await
        && let Some(text) = PageText::kept(kept)
    {
        return Ok(PageRead {
            fetched: text.bytes(),
            text,
            from_cache: true,
            revision: at.revision.clone(),
            ..PageRead::default()
        });
    }
    let Source::Hub {
        endpoint,
        dataset,
        config,
        split,
    } = &at.source
    else {
        return Err(WorkerError::Protocol);
    };
    let url = address::rows(
        endpoint,
        dataset,
        config,
        split,
        at.range.start,
        at.range.len,
    );
    let begun = js_sys::Date::now();
    let fetched = fetch::get(&url, at.token.as_deref())
        .await
        .map_err(WorkerError::Hub)?;
    let fetch_ms = js_sys::Date::now() - begun;
    // An answer that is not a page must not be kept.
    busy();
    tracesift_hub::answer::rows_page(&fetched.body).map_err(WorkerError::Hub)?;
    let cache_off = keep(at, &fetched).await.err();
    Ok(PageRead {
        fetched: fetched.body.len() as u64,
        revision: fetched.revision,
        text: PageText::Answer(fetched.body),
        from_cache: false,
        cache_off,
        fetch_ms,
    })
}

/// Keeps a page; the first failure turns keeping off for this worker.
async fn keep(at: &PageAt, fetched: &fetch::Fetched) -> Result<(), String> {
    if CACHE_OFF.get() {
        return Ok(());
    }
    let revision = fetched.revision.as_deref().unwrap_or_default();
    let Some(key) = Key::page(&at.source, revision, &at.range) else {
        return Ok(());
    };
    cache::put(&key, fetched)
        .await
        .inspect_err(|_| CACHE_OFF.set(true))
}

/// The counter, which is made once however many questions wait for it. One that can't be made is tried again with the
/// next question.
async fn counter(counting: Counting) -> Result<Rc<Counter>, WorkerError> {
    let making = COUNTER.with_borrow_mut(|slot| match slot {
        Some((of, making)) if *of == counting => making.clone(),
        _ => {
            let made = make(counting.clone());
            let made = async move { made.await.map(Rc::new) };
            let making: Making = made.boxed_local().shared();
            *slot = Some((counting.clone(), making.clone()));
            making
        }
    });
    let made = making.await;
    if made.is_err() {
        COUNTER.with_borrow_mut(|slot| {
            if slot.as_ref().is_some_and(|(of, _)| *of == counting) {
                *slot = None;
            }
        });
    }
    made
}

/// The same, where anything is to be counted.
async fn counter_if(counting: Option<Counting>) -> Result<Option<Rc<Counter>>, WorkerError> {
    match counting {
        Some(counting) => counter(counting).await.map(Some),
        None => Ok(None),
    }
}

/// The tokenizer of a model, where the method names one, or a built-in one.
async fn make(counting: Counting) -> Result<Counter, WorkerError> {
    if counting.method.model.is_some() {
        return model::load(counting).await;
    }
    let Method {
        tokenizer,
        template,
        ..
    } = counting.method;
    busy();
    let counter = Counter::with_template(tokenizer, template);
    counter.map_err(|error| WorkerError::Model(error.into()))
}

/// The bytes of the opened files, which travel beside a question.
fn blob_of(attachment: &JsValue) -> Result<Blob, WorkerError> {
    let files = attachment.clone().dyn_into::<Blob>();
    files.map_err(|_| WorkerError::File("its handle is gone".to_owned()))
}

/// The file that travels beside a question.
pub(super) fn file_of(attachment: &JsValue) -> Result<File, WorkerError> {
    let file = attachment.clone().dyn_into::<File>();
    file.map_err(|_| WorkerError::File("its handle is gone".to_owned()))
}

/// A part of a local file.
pub(super) async fn slice(file: &Blob, start: f64, end: f64) -> Result<Vec<u8>, WorkerError> {
    let unreadable = |error: JsValue| {
        let words = js_sys::Reflect::get(&error, &"message".into()).ok();
        WorkerError::File(
            words
                .and_then(|w| w.as_string())
                .unwrap_or_else(|| "no reason given".into()),
        )
    };
    let blob = file
        .slice_with_f64_and_f64(start, end)
        .map_err(unreadable)?;
    let buffer = JsFuture::from(blob.array_buffer())
        .await
        .map_err(unreadable)?;
    Ok(buffer::take(buffer.unchecked_ref()))
}
