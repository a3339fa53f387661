//! The worker's side: listens for questions, answers each under its number, and says when it breaks.
//! Answers travel as bytes (postcard): they are many small numbers, which the page reads faster than JS objects.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;

use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use super::{Answer, Measured, Notes, Question, WorkerError};

/// What a job gives back: the answer, and what travels beside it.
pub type Reply = Result<(Answer, Option<Beside>), WorkerError>;

/// What travels beside an answer.
#[derive(Debug)]
pub enum Beside {
    /// Bytes, which go over to the page.
    Bytes(Vec<u8>),
    /// A handle to bytes that stay where the browser has them.
    Blob(Blob),
}

impl From<Vec<u8>> for Beside {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

thread_local! {
    /// The number of the question that is being worked on.
    static CURRENT: Cell<f64> = const { Cell::new(0.0) };
    /// Whether the page was told that this worker is at work and does not listen.
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
    /// What listens, as long as the worker lives.
    static LISTENERS: RefCell<Option<Listeners>> = const { RefCell::new(None) };
}

struct Listeners {
    _message: Closure<dyn Fn(MessageEvent)>,
    _crash: Closure<dyn Fn(JsValue)>,
}

/// Tells the page that from now on this worker works on the question at hand without listening: whoever waits for it
/// then knows which question it was if it never comes back. To be called before work that takes long, or may.
pub fn busy() {
    if !IS_BUSY.replace(true) {
        let number = JsValue::from_f64(CURRENT.get());
        let message = Array::of2(&JsValue::from_str("busy"), &number);
        let _ = scope().post_message(&message);
    }
}

/// Tells the page how far the work on the question at hand is, in words. Work that says so is not taken for lost.
pub fn say(words: &str) {
    let number = JsValue::from_f64(CURRENT.get());
    let message = Array::of3(
        &JsValue::from_str("said"),
        &number,
        &JsValue::from_str(words),
    );
    let _ = scope().post_message(&message);
}

/// Works on a question, and tells the page when it only waits again.
async fn work_on(number: f64, answer: impl Future<Output = Reply>) -> Reply {
    let mut answer = pin!(answer);
    poll_fn(|context| {
        CURRENT.set(number);
        let polled = answer.as_mut().poll(context);
        // The answer itself tells it as well.
        if IS_BUSY.replace(false) && polled.is_pending() {
            let _ = scope().post_message(&Array::of1(&JsValue::from_str("idle")));
        }
        polled
    })
    .await
}

/// Answers every question with `answer` until the page ends the worker.
///
/// `answer` takes the question and its attachment (a file's handle; else undefined).
pub fn serve<F, R>(answer: F)
where
    F: Fn(Question, JsValue) -> R + Copy + 'static,
    R: Future<Output = Reply> + 'static,
{
    listen(move |number, question, attachment| {
        spawn_local(async move {
            let reply = match serde_wasm_bindgen::from_value(question) {
                Ok(question) => work_on(number, answer(question, attachment)).await,
                Err(_) => Err(WorkerError::Protocol),
            };
            match reply {
                Ok((answer, beside)) => post(number, &answered(&answer), beside),
                Err(error) => post(number, &refused(&error), None),
            }
        });
    });
}

/// Answers every question at once, in their order. `answer` takes a question and its attachment as they came, and gives
/// what [`answered`] or [`refused`] makes.
pub fn serve_at_once(answer: fn(JsValue, JsValue) -> Uint8Array) {
    listen(move |number, question, attachment| post(number, &answer(question, attachment), None));
}

/// Gives every message to `hear`: a question's number, the question and its attachment.
fn listen(hear: impl Fn(f64, JsValue, JsValue) + 'static) {
    let scope = scope();
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        say_crashed(&info.to_string());
    }));
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok(data) = event.data().dyn_into::<Array>() else {
            return;
        };
        if let Some(number) = data.get(0).as_f64() {
            hear(number, data.get(1), data.get(2));
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let on_crash = listen_for_crashes(&scope);
    LISTENERS.set(Some(Listeners {
        _message: on_message,
        _crash: on_crash,
    }));
    let ready = Array::of1(&JsValue::from_str("ready"));
    let _ = scope.post_message(&ready);
}

/// A trap (memory that can't be had, a stack that is too deep) never answers: it is said here.
fn listen_for_crashes(scope: &DedicatedWorkerGlobalScope) -> Closure<dyn Fn(JsValue)> {
    let on_crash = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let reason = Reflect::get(&event, &"reason".into()).unwrap_or(JsValue::UNDEFINED);
        say_crashed(&format!("{reason:?}"));
    });
    let _ = scope
        .add_event_listener_with_callback("unhandledrejection", on_crash.as_ref().unchecked_ref());
    on_crash
}

fn say_crashed(why: &str) {
    let message = Array::of2(&JsValue::from_str("crashed"), &JsValue::from_str(why));
    let _ = scope().post_message(&message);
}

/// Rows that were measured: what the page needs of them, and beside it the rows themselves, for whoever holds them.
pub fn with_rows(mut measured: Measured) -> (Answer, Option<Beside>) {
    let rows = std::mem::take(&mut measured.rows);
    measured.notes = Notes::of(&rows);
    let rows = postcard::to_allocvec(&rows).unwrap_or_default();
    (Answer::Measured(measured), Some(rows.into()))
}

fn post(number: f64, answer: &Uint8Array, beside: Option<Beside>) {
    let transfer = Array::of1(&answer.buffer());
    let message = Array::of3(
        &JsValue::from_str("answer"),
        &JsValue::from_f64(number),
        answer,
    );
    match beside {
        Some(Beside::Bytes(bytes)) => {
            let bytes = Uint8Array::from(bytes.as_slice());
            transfer.push(&bytes.buffer());
            message.push(&bytes);
        }
        Some(Beside::Blob(blob)) => {
            message.push(&blob);
        }
        None => {}
    }
    let _ = scope().post_message_with_transfer(&message, &transfer);
}

/// An answer as it travels.
pub fn answered(answer: &impl Serialize) -> Uint8Array {
    bytes_of(&Ok::<_, &WorkerError>(answer))
}

/// As it travels that there is none.
pub fn refused(error: &WorkerError) -> Uint8Array {
    bytes_of(&Err::<(), _>(error))
}

/// No value of ours fails to be written; if one did, the page would say that its parts do not understand each other.
fn bytes_of(value: &impl Serialize) -> Uint8Array {
    let bytes = postcard::to_allocvec(value).unwrap_or_default();
    Uint8Array::from(bytes.as_slice())
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
