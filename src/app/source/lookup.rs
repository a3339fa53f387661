//! What the Hub says of a dataset, asked until it is told: again, and visibly, where the trouble may pass.
//! What is known is kept for the form; why it is not known says whether the dataset may be read another way.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::servers;
use super::token::token_for;
use crate::app::store::{Phase, Store};
use crate::wait::wait_unless;
use crate::worker::pool::Pool;
use crate::worker::{Answer, Question, WorkerError};
use tracesift_core::recipe::Reading;
use tracesift_hub::address::read_dataset;
use tracesift_hub::answer::Described;

/// A question is asked so often where the trouble may pass.
const TRIES: u32 = 6;
/// And so often where nothing answers at all: a person sees sooner that it is the line, and asks again by a button.
const TRIES_WITHOUT_ANSWER: u32 = 4;

/// Why what a run has to know of a dataset can't be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// In words.
    pub words: String,
    /// Whether the datasets server will never have rows of it.
    pub is_without_rows: bool,
}

impl From<String> for Unanswered {
    fn from(words: String) -> Self {
        Self {
            words,
            is_without_rows: false,
        }
    }
}

impl From<WorkerError> for Unanswered {
    fn from(error: WorkerError) -> Self {
        Self {
            is_without_rows: matches!(&error, WorkerError::Hub(error) if error.is_without_rows()),
            words: error.to_string(),
        }
    }
}

impl From<Unanswered> for String {
    fn from(why: Unanswered) -> Self {
        why.words
    }
}

/// Whether the datasets server will never have rows: then the files of the dataset may be read.
pub fn is_without_rows(described: &Result<Described, Unanswered>) -> bool {
    match described {
        Ok(described) => described.is_without_rows(),
        Err(why) => why.is_without_rows,
    }
}

/// The configs and splits of a reading's first dataset.
///
/// # Errors
/// Why they can't be had.
pub async fn described(
    store: Store,
    reading: &Reading,
    fresh: bool,
) -> Result<Described, Unanswered> {
    let known = store
        .run
        .described
        .with_untracked(|known| known.get(&reading.dataset).cloned());
    if let (Some(Ok(known)), false) = (known, fresh)
        && known.is_whole()
    {
        return Ok(known);
    }
    let dataset = read_dataset(&reading.dataset)
        .map_err(|error| error.to_string())?
        .dataset;
    let endpoint = servers::endpoint(reading);
    let question = Question::Describe {
        token: token_for(store, &endpoint),
        endpoint,
        dataset: dataset.clone(),
        fresh,
    };
    let described =
        match ask_until_told(store, &store.hub_worker(), &question, JsValue::UNDEFINED).await {
            Ok(Answer::Described(described)) => Ok(described),
            Ok(_) => Err(WorkerError::Protocol.into()),
            Err(why) => Err(why),
        };
    let is_in_form = store.run.recipe.with_untracked(|recipe| {
        let places = recipe.reading.places();
        places.iter().any(|place| place.dataset == dataset)
    });
    if is_in_form {
        store.run.described.update(|known| {
            known.insert(dataset, described.clone().map_err(String::from));
        });
    }
    described
}

/// Asks what a run has to know before it starts, again and visibly where the trouble may pass.
///
/// # Errors
/// Why there is no answer.
pub async fn ask_until_told(
    store: Store,
    pool: &Pool,
    question: &Question,
    attachment: JsValue,
) -> Result<Answer, Unanswered> {
    let answer = ask_visibly(store, pool, question, &attachment).await;
    store.run.looking_up.set(None);
    answer
}

async fn ask_visibly(
    store: Store,
    pool: &Pool,
    question: &Question,
    attachment: &JsValue,
) -> Result<Answer, Unanswered> {
    // What the pickers look up while no run is on is not cancelled with one.
    let is_of_run = store.run.phase.get_untracked() == Phase::Running;
    let mut tries = 1;
    loop {
        let error = match pool.ask(question, attachment.clone()).await {
            Ok((answer, _)) => return Ok(answer),
            Err(WorkerError::Hub(error)) => error,
            Err(error) => return Err(error.into()),
        };
        let retry = error.retry(match error.status {
            Some(_) => TRIES,
            None => TRIES_WITHOUT_ANSWER,
        });
        if tries >= retry.tries {
            return Err(WorkerError::Hub(error).into());
        }
        let wait = retry.wait_ms(tries);
        let seconds = wait / 1000.0;
        store.run.looking_up.set(Some(format!(
            "{} Trying again in {seconds:.0} s.",
            error.cause
        )));
        let is_cancelled = || is_of_run && store.run.phase.get_untracked() != Phase::Running;
        if !wait_unless(wait as u32, is_cancelled).await {
            let words = "Looking up the dataset was cancelled. Analyze again.";
            return Err(words.to_owned().into());
        }
        tries += 1;
    }
}
