//! The rows of one page, as the stage of the run wants them: measured whole by the workers, or surveyed without their
//! texts.

use js_sys::Uint8Array;

use super::active::Stage;
use super::value::Run;
use crate::app::source::parquet;
use crate::app::store::Store;
use crate::worker::{Answer, Counting, Depth, Measured, PageAt, Question, WorkerError};
use tracesift_core::ground::PageRange;

/// What the workers measured of a page: what there is to know of the rows, and the rows themselves, as bytes.
pub type Rows = (Measured, Uint8Array);

/// What the workers measured of a page.
///
/// # Errors
/// Why it can't be had.
pub async fn rows(
    store: Store,
    run: &Run,
    at: PageAt,
    counting: Counting,
    stage: &Stage,
) -> Result<Rows, WorkerError> {
    match stage {
        Stage::Survey(depth, only) => survey(store, run, at, *depth, only.as_deref()).await,
        Stage::Whole => measure(store, run, at, counting, None).await,
        Stage::Selected(rows) => measure(store, run, at, counting, Some(rows)).await,
    }
}

/// The rows of a page, measured; those of Parquet files are fetched out of them first.
async fn measure(
    store: Store,
    run: &Run,
    at: PageAt,
    counting: Counting,
    only: Option<&Vec<u64>>,
) -> Result<Rows, WorkerError> {
    let mut fetched = None;
    let mut attachment = run.attachment(at.rows().start);
    if !at.pieces.is_empty() {
        let (how, text) = parquet::fetch_page(store, run, &at).await?;
        fetched = Some(how);
        attachment = text.into();
    }
    let only = only.map(|rows| rows_within(rows, &at.rows()));
    let question = Question::Measure { at, counting, only };
    let (measured, rows) = measured(store.readers().ask(&question, attachment).await?)?;
    let measured = match fetched {
        None => measured,
        Some(how) => Measured {
            bytes: how.fetched,
            from_cache: how.from_cache,
            cache_off: how.cache_off,
            ..measured
        },
    };
    Ok((measured, rows))
}

/// The rows of a page, without their texts.
async fn survey(
    store: Store,
    run: &Run,
    at: PageAt,
    depth: Depth,
    only: Option<&Vec<u64>>,
) -> Result<Rows, WorkerError> {
    let only = only.map(|rows| rows_within(rows, &at.rows()));
    let attachment = run.attachment(at.rows().start);
    let question = Question::Survey { at, depth, only };
    measured(store.readers().ask(&question, attachment).await?)
}

fn measured(answered: (Answer, Option<Uint8Array>)) -> Result<Rows, WorkerError> {
    match answered {
        (Answer::Measured(measured), Some(rows)) => Ok((measured, rows)),
        _ => Err(WorkerError::Protocol),
    }
}

fn rows_within(rows: &[u64], page: &PageRange) -> Vec<u64> {
    let from = rows.partition_point(|row| *row < page.start);
    let rows = rows.iter().skip(from).copied();
    rows.take_while(|row| *row < page.end()).collect()
}
