//! What the workers are asked about rows of a run: to measure a page of them as the stage of the run wants it, to show or
//! to write some.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::active::Stage;
use super::value::Run;
use crate::app::store::Store;
use crate::worker::pool::Answered;
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

/// Asks a worker about rows of a run.
pub async fn about(store: Store, run: &Run, question: &Question) -> Answered {
    store
        .readers()
        .ask(question, attachment(run, question))
        .await
}

/// The file that the rows are of, where they are of one that was opened.
fn attachment(run: &Run, question: &Question) -> JsValue {
    let page = question.page();
    page.map_or(JsValue::UNDEFINED, |at| run.attachment(at.rows().start))
}

/// The rows of a page, measured.
async fn measure(
    store: Store,
    run: &Run,
    at: PageAt,
    counting: Counting,
    only: Option<&Vec<u64>>,
) -> Result<Rows, WorkerError> {
    let only = only.map(|rows| rows_within(rows, &at.rows()));
    let question = Question::Measure { at, counting, only };
    measured(about(store, run, &question).await?)
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
    let question = Question::Survey { at, depth, only };
    measured(about(store, run, &question).await?)
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
