//! The page's side of the workers: starts them on demand, gives each question to the least busy one, and
//! turns its answer into a future. A worker that breaks down fails its open questions and is started anew.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::{Answer, Question, WorkerError};
use crate::buffer;

/// An answer and the bytes that came beside it.
pub type Answered = Result<(Answer, Option<Uint8Array>), WorkerError>;

/// Some workers that run the same program.
#[derive(Clone)]
pub struct Pool(Rc<Inner>);

struct Inner {
    url: String,
    size: usize,
    slots: RefCell<Vec<Slot>>,
    next_number: RefCell<f64>,
}

struct Slot {
    worker: Worker,
    is_ready: bool,
    is_broken: bool,
    waiting: Vec<(Array, f64)>,
    open: HashMap<u64, oneshot::Sender<Answered>>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(web_sys::ErrorEvent)>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("url", &self.0.url)
            .field("size", &self.0.size)
            .finish()
    }
}

impl Pool {
    /// A pool of up to `size` workers that run the module at `url`; none is started before it is needed.
    pub fn new(url: &str, size: usize) -> Self {
        Self(Rc::new(Inner {
            url: url.to_owned(),
            size: size.max(1),
            slots: RefCell::default(),
            next_number: RefCell::new(0.0),
        }))
    }

    /// Asks the least busy worker.
    pub async fn ask(&self, question: &Question, attachment: JsValue) -> Answered {
        let index = self.least_busy();
        self.ask_slot(index, question, attachment).await
    }

    /// Asks the first worker: for questions that build on the ones before.
    pub async fn ask_first(&self, question: &Question, attachment: JsValue) -> Answered {
        self.ask_slot(0, question, attachment).await
    }

    /// Ends the workers that have nothing to do, all but the first: each holds some 50 MB. When more are needed, they are
    /// started again.
    pub fn rest(&self) {
        let mut slots = self.0.slots.borrow_mut();
        let is_idle = |slot: &Slot| slot.open.is_empty();
        while slots.len() > 1 && slots.last().is_some_and(is_idle) {
            if let Some(slot) = slots.pop() {
                slot.worker.terminate();
            }
        }
    }

    async fn ask_slot(&self, index: usize, question: &Question, attachment: JsValue) -> Answered {
        self.start_if_needed(index)?;
        let question = serde_wasm_bindgen::to_value(question).map_err(|_| WorkerError::Mismatch)?;
        let (sender, receiver) = oneshot::channel();
        let number = self.number();
        let message = Array::of3(&JsValue::from_f64(number), &question, &attachment);
        self.with_slot(index, |slot| {
            slot.open.insert(number as u64, sender);
            slot.post(message, number);
        });
        receiver.await.unwrap_or(Err(WorkerError::Mismatch))
    }

    fn number(&self) -> f64 {
        let mut next = self.0.next_number.borrow_mut();
        *next += 1.0;
        *next
    }

    /// A new worker is started as long as all are busy and there may be more.
    fn least_busy(&self) -> usize {
        let slots = self.0.slots.borrow();
        let least = slots
            .iter()
            .enumerate()
            .min_by_key(|(_, slot)| slot.open.len());
        match least {
            Some((index, slot)) if slot.open.is_empty() || slots.len() >= self.0.size => index,
            _ => slots.len(),
        }
    }

    fn start_if_needed(&self, index: usize) -> Result<(), WorkerError> {
        if self
            .0
            .slots
            .borrow()
            .get(index)
            .is_some_and(|slot| !slot.is_broken)
        {
            return Ok(());
        }
        let slot = self.slot(index)?;
        let mut slots = self.0.slots.borrow_mut();
        match slots.get_mut(index) {
            Some(broken) => *broken = slot,
            None => slots.push(slot),
        }
        Ok(())
    }

    fn slot(&self, index: usize) -> Result<Slot, WorkerError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&self.0.url, &options)
            .map_err(|error| WorkerError::Crashed(format!("{error:?}")))?;
        let pool = Rc::downgrade(&self.0);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = pool.upgrade() {
                Pool(inner).hear(index, &event.data());
            }
        });
        let pool = Rc::downgrade(&self.0);
        let on_error =
            Closure::<dyn Fn(web_sys::ErrorEvent)>::new(move |event: web_sys::ErrorEvent| {
                if let Some(inner) = pool.upgrade() {
                    Pool(inner).broke_down(index, &event.message());
                }
            });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Slot {
            worker,
            is_ready: false,
            is_broken: false,
            waiting: Vec::new(),
            open: HashMap::new(),
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    fn hear(&self, index: usize, data: &JsValue) {
        let Some(data) = data.dyn_ref::<Array>() else {
            return;
        };
        match data.get(0).as_string().as_deref() {
            Some("ready") => self.with_slot(index, Slot::ready),
            Some("answer") => self.answered(index, data),
            Some("crashed") => {
                self.broke_down(index, &data.get(1).as_string().unwrap_or_default());
            }
            _ => {}
        }
    }

    fn answered(&self, index: usize, data: &Array) {
        let Some(number) = data.get(1).as_f64() else {
            return;
        };
        let mut sender = None;
        self.with_slot(index, |slot| sender = slot.open.remove(&(number as u64)));
        let Some(sender) = sender else { return };
        let result = data
            .get(2)
            .dyn_into::<Uint8Array>()
            .ok()
            .and_then(|bytes| {
                let bytes = buffer::take(&bytes.buffer());
                postcard::from_bytes::<Result<Answer, WorkerError>>(&bytes).ok()
            })
            .unwrap_or(Err(WorkerError::Mismatch));
        let attachment = data.get(3).dyn_into::<Uint8Array>().ok();
        let _ = sender.send(result.map(|answer| (answer, attachment)));
    }

    /// Open questions fail; the next question starts a new worker in the same place.
    fn broke_down(&self, index: usize, why: &str) {
        let mut open = HashMap::new();
        self.with_slot(index, |slot| {
            slot.worker.terminate();
            slot.is_broken = true;
            open = std::mem::take(&mut slot.open);
        });
        for sender in open.into_values() {
            let _ = sender.send(Err(WorkerError::Crashed(why.to_owned())));
        }
    }

    fn with_slot(&self, index: usize, with: impl FnOnce(&mut Slot)) {
        if let Some(slot) = self.0.slots.borrow_mut().get_mut(index) {
            with(slot);
        }
    }
}

impl Slot {
    fn post(&mut self, message: Array, number: f64) {
        if self.is_ready {
            self.send(&message, number);
        } else {
            self.waiting.push((message, number));
        }
    }

    fn ready(&mut self) {
        self.is_ready = true;
        for (message, number) in std::mem::take(&mut self.waiting) {
            self.send(&message, number);
        }
    }

    /// Bytes beside the question go over to the worker.
    fn send(&mut self, message: &Array, number: f64) {
        let bytes = message.get(2).dyn_into::<Uint8Array>();
        let over: Array = bytes.iter().map(Uint8Array::buffer).collect();
        if let Err(error) = self.worker.post_message_with_transfer(message, &over)
            && let Some(sender) = self.open.remove(&(number as u64))
        {
            let _ = sender.send(Err(WorkerError::Crashed(format!("{error:?}"))));
        }
    }
}
