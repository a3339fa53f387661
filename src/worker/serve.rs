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

use super::{Answer, Question, WorkerError};

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
    let scope = scope();
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        say_crashed(&info.to_string());
    }));
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        spawn_local(async move {
            let Some((number, question, attachment)) = question_of(&event.data()) else {
                return;
            };
            let reply = match question {
                Some(question) => work_on(number, answer(question, attachment)).await,
                None => Err(WorkerError::Protocol),
            };
            post_reply(number, reply);
        });
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

/// A question's number, the question, where it can be read, and its attachment.
fn question_of(data: &JsValue) -> Option<(f64, Option<Question>, JsValue)> {
    let data: &Array = data.dyn_ref()?;
    let number = data.get(0).as_f64()?;
    let question = serde_wasm_bindgen::from_value(data.get(1)).ok();
    Some((number, question, data.get(2)))
}

fn post_reply(number: f64, reply: Reply) {
    let (result, attachment) = match reply {
        Ok((answer, attachment)) => (Ok(answer), attachment),
        Err(error) => (Err(error), None),
    };
    let answer = bytes_of(&result);
    let transfer = Array::of1(&answer.buffer());
    let message = Array::of3(
        &JsValue::from_str("answer"),
        &JsValue::from_f64(number),
        &answer,
    );
    match attachment {
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

/// No value of ours fails to be written; if one did, the page would say that its parts do not understand each other.
fn bytes_of(value: &impl Serialize) -> Uint8Array {
    let bytes = postcard::to_allocvec(value).unwrap_or_default();
    Uint8Array::from(bytes.as_slice())
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
