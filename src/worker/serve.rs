//! The worker's side: listens for questions, answers each under its number, and says when it breaks.
//! Answers travel as bytes (postcard): they are many small numbers, which the page reads faster than JS objects.

use std::future::Future;

use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{Answer, Question, WorkerError};

/// What a job gives back: the answer, and bytes that travel beside it.
pub type Reply = Result<(Answer, Option<Vec<u8>>), WorkerError>;

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
            post_reply(number, answer(question, attachment).await);
        });
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    listen_for_crashes(&scope);
    let ready = Array::of1(&JsValue::from_str("ready"));
    let _ = scope.post_message(&ready);
}

/// A trap (memory that can't be had, a stack that is too deep) never answers: it is said here.
fn listen_for_crashes(scope: &DedicatedWorkerGlobalScope) {
    let on_crash = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let reason = Reflect::get(&event, &"reason".into()).unwrap_or(JsValue::UNDEFINED);
        say_crashed(&format!("{reason:?}"));
    });
    let _ = scope
        .add_event_listener_with_callback("unhandledrejection", on_crash.as_ref().unchecked_ref());
    on_crash.forget();
}

fn say_crashed(why: &str) {
    let message = Array::of2(&JsValue::from_str("crashed"), &JsValue::from_str(why));
    let _ = scope().post_message(&message);
}

fn question_of(data: &JsValue) -> Option<(f64, Question, JsValue)> {
    let data: &Array = data.dyn_ref()?;
    let number = data.get(0).as_f64()?;
    let question = serde_wasm_bindgen::from_value(data.get(1)).ok()?;
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
    if let Some(bytes) = attachment {
        let bytes = Uint8Array::from(bytes.as_slice());
        transfer.push(&bytes.buffer());
        message.push(&bytes);
    }
    let _ = scope().post_message_with_transfer(&message, &transfer);
}

/// No value of ours fails to be written; if one did, the page would say that its worker is of another version.
fn bytes_of(value: &impl Serialize) -> Uint8Array {
    let bytes = postcard::to_allocvec(value).unwrap_or_default();
    Uint8Array::from(bytes.as_slice())
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
