//! What the worker does with a question: reads it, and the rows that travel beside it, and answers it at once.
//! Answers are made one after the other, in the order of the questions.

use std::cell::RefCell;

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use super::{Held, Question};
use crate::buffer;
use crate::worker::WorkerError;
use crate::worker::serve::refused;

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

/// Answers a question.
pub fn answer(question: JsValue, attachment: JsValue) -> Uint8Array {
    match read(&question, attachment) {
        Some(question) => HELD.with_borrow_mut(|held| question.answered(held)),
        None => refused(&WorkerError::Protocol),
    }
}

fn read(question: &JsValue, attachment: JsValue) -> Option<Question> {
    let bytes = question.dyn_ref::<Uint8Array>()?.to_vec();
    let mut question = postcard::from_bytes(&bytes).ok()?;
    if let Question::Push(push) = &mut question {
        let rows: Uint8Array = attachment.dyn_into().ok()?;
        push.rows = postcard::from_bytes(&buffer::take(&rows.buffer())).ok()?;
    }
    Some(question)
}
