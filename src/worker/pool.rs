//! The page's side of the workers: starts them on demand, gives each question to the one whose turn it is, and turns its
//! answer into a future. A worker that breaks down, or never comes back from a question, is started anew.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo_timers::callback::Interval;
use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::frame::{self, Ask};
use super::message::RowGroup;
use super::share::Share;
use super::silence::{Silence, limit_ms};
use super::turn::{self, Standing};
use super::{Answer, Question, WorkerError};
use crate::buffer;

/// An answer and the bytes that came beside it.
pub type Answered = Result<(Answer, Option<Uint8Array>), WorkerError>;

/// How often is looked whether a worker is silent for too long, in milliseconds.
const LOOK_MS: u32 = 1_000;

/// Some workers that run the same program.
#[derive(Clone)]
pub struct Pool(Rc<Inner>);

struct Inner {
    url: String,
    share: Share,
    slots: RefCell<Vec<Slot>>,
    next_number: RefCell<f64>,
}

struct Slot {
    worker: Worker,
    is_ready: bool,
    is_broken: bool,
    waiting: Vec<(Array, f64)>,
    open: HashMap<u64, Open>,
    busy: Option<Busy>,
    /// The row group that it was asked about last.
    row_group: Option<RowGroup>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(web_sys::ErrorEvent)>,
}

/// A question that waits for its answer.
struct Open {
    sender: oneshot::Sender<Came>,
    about: String,
    limit_ms: f64,
    said: Option<Said>,
}

/// An answer as it travels, and whatever came beside it.
type Came = Result<(Vec<u8>, JsValue), WorkerError>;

/// Who listens to what a worker says while it works.
type Said = Rc<dyn Fn(String)>;

/// The question that a worker says it is at work on, and what watches it.
struct Busy {
    number: u64,
    _watch: Interval,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("url", &self.0.url)
            .field("share", &self.0.share)
            .finish()
    }
}

impl Pool {
    /// A pool of workers that run the module at `url`; none is started before it is needed.
    pub fn new(url: &str, share: Share) -> Self {
        Self(Rc::new(Inner {
            url: url.to_owned(),
            share,
            slots: RefCell::default(),
            next_number: RefCell::new(0.0),
        }))
    }

    /// How many workers there may be.
    pub fn workers(&self) -> usize {
        self.0.share.workers
    }

    /// Asks the worker whose turn it is.
    pub async fn ask(&self, question: &Question, attachment: JsValue) -> Answered {
        let answered = self.ask_beside(question, attachment, None).await;
        answered.map(|(answer, beside)| (answer, beside.dyn_into().ok()))
    }

    /// Asks for bytes that stay where the browser has them; `said` hears how far the worker is.
    pub async fn ask_for_blob(
        &self,
        question: &Question,
        attachment: JsValue,
        said: impl Fn(String) + 'static,
    ) -> Result<(Answer, Blob), WorkerError> {
        let said: Said = Rc::new(said);
        let answered = self.ask_beside(question, attachment, Some(said));
        let (answer, beside) = answered.await?;
        let blob = beside.dyn_into().map_err(|_| WorkerError::Protocol)?;
        Ok((answer, blob))
    }

    /// Ends the workers that have nothing to do, all but the few that every machine gets: each holds some 50 MB. When more
    /// are needed, they are started again, which takes the half of a second.
    pub fn rest(&self) {
        let mut slots = self.0.slots.borrow_mut();
        let is_idle = |slot: &Slot| slot.open.is_empty();
        while slots.len() > Share::LEAST && slots.last().is_some_and(is_idle) {
            slots.pop();
        }
    }

    /// Ends the workers that were asked for a blob: there is none, and the next question starts them anew.
    pub fn interrupt_blobs(&self) {
        let count = self.0.slots.borrow().len();
        for index in 0..count {
            let mut is_asked = false;
            self.with_slot(index, |slot| {
                is_asked = slot.open.values().any(|open| open.said.is_some());
            });
            if is_asked {
                self.end(index, &WorkerError::Interrupted);
            }
        }
    }

    async fn ask_beside(
        &self,
        question: &Question,
        attachment: JsValue,
        said: Option<Said>,
    ) -> Result<(Answer, JsValue), WorkerError> {
        let index = self.for_question(question);
        let (sender, receiver) = oneshot::channel();
        let (rows, bytes) = question.size();
        let open = Open {
            sender,
            about: question.about(),
            limit_ms: limit_ms(rows, bytes + bytes_of(&attachment)),
            said,
        };
        let row_group = question.row_group();
        let question = serde_wasm_bindgen::to_value(question).map_err(|_| WorkerError::Protocol)?;
        self.post(index, &question, &attachment, open)?;
        if row_group.is_some() {
            self.with_slot(index, |slot| slot.row_group = row_group);
        }
        let (answer, beside) = receiver.await.unwrap_or(Err(WorkerError::Interrupted))?;
        Ok((answer_of(&answer)?, beside))
    }

    /// Asks the worker that holds the rows. It is asked at once, so that it answers in the order of the calls.
    pub fn ask_frame<A: Ask>(
        &self,
        question: A,
        attachment: JsValue,
    ) -> impl Future<Output = Result<A::Answer, WorkerError>> + use<A> {
        let (sender, receiver) = oneshot::channel();
        let open = Open {
            sender,
            about: String::new(),
            limit_ms: limit_ms(0, 0),
            said: None,
        };
        let question: frame::Question = question.into();
        let question = postcard::to_allocvec(&question).unwrap_or_default();
        let question = Uint8Array::from(question.as_slice());
        let posted = self.post(0, &question, &attachment, open);
        async move {
            posted?;
            let (answer, _) = receiver.await.unwrap_or(Err(WorkerError::Interrupted))?;
            answer_of(&answer)
        }
    }

    fn post(
        &self,
        index: usize,
        question: &JsValue,
        attachment: &JsValue,
        open: Open,
    ) -> Result<(), WorkerError> {
        self.start_if_needed(index)?;
        let number = self.number();
        let message = Array::of3(&JsValue::from_f64(number), question, attachment);
        self.with_slot(index, |slot| {
            slot.open.insert(number as u64, open);
            slot.post(message, number);
        });
        Ok(())
    }

    fn number(&self) -> f64 {
        let mut next = self.0.next_number.borrow_mut();
        *next += 1.0;
        *next
    }

    /// The worker to ask.
    fn for_question(&self, question: &Question) -> usize {
        let row_group = question.row_group();
        let most = match question.is_for_model() {
            true => self.0.share.with_model,
            false => self.0.share.workers,
        };
        let slots = self.0.slots.borrow();
        let standing = |slot: &Slot| Standing {
            open: slot.open.len(),
            knows: row_group.is_some() && slot.row_group == row_group,
        };
        let stays = question.stays_with_its_row_group();
        turn::whose(slots.iter().map(standing), most, stays)
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
                    Pool(inner).end(index, &WorkerError::Crashed(event.message()));
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
            busy: None,
            row_group: None,
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
            Some("busy") => self.is_busy(index, data.get(1).as_f64().unwrap_or_default() as u64),
            Some("said") => self.said(index, data),
            Some("idle") => self.with_slot(index, |slot| slot.busy = None),
            Some("crashed") => {
                let why = data.get(1).as_string().unwrap_or_default();
                self.end(index, &WorkerError::Crashed(why));
            }
            _ => {}
        }
    }

    fn answered(&self, index: usize, data: &Array) {
        let Some(number) = data.get(1).as_f64() else {
            return;
        };
        let mut open = None;
        self.with_slot(index, |slot| {
            slot.busy = None;
            open = slot.open.remove(&(number as u64));
        });
        let Some(Open { sender, .. }) = open else {
            return;
        };
        let bytes = data.get(2).dyn_into::<Uint8Array>();
        let bytes = bytes.map(|bytes| buffer::take(&bytes.buffer()));
        let came = bytes.map(|bytes| (bytes, data.get(3)));
        let _ = sender.send(came.map_err(|_| WorkerError::Protocol));
    }

    /// A worker says how far it is: its silence begins anew.
    fn said(&self, index: usize, data: &Array) {
        let number = data.get(1).as_f64().unwrap_or_default() as u64;
        self.is_busy(index, number);
        let mut said = None;
        self.with_slot(index, |slot| {
            said = slot.open.get(&number).and_then(|open| open.said.clone());
        });
        if let Some((said, words)) = said.zip(data.get(2).as_string()) {
            said(words);
        }
    }

    /// A worker says that it is at work on a question: if it never comes back from it, it is ended.
    fn is_busy(&self, index: usize, number: u64) {
        let pool = Rc::downgrade(&self.0);
        self.with_slot(index, |slot| {
            let Some(open) = slot.open.get(&number) else {
                return;
            };
            let mut silence = Silence::begin(open.limit_ms, js_sys::Date::now());
            let watch = Interval::new(LOOK_MS, move || {
                if silence.is_too_long(js_sys::Date::now())
                    && let Some(inner) = pool.upgrade()
                {
                    // Not from within the watch, which ends with the worker.
                    spawn_local(async move { Pool(inner).never_came_back(index, number) });
                }
            });
            slot.busy = Some(Busy {
                number,
                _watch: watch,
            });
        });
    }

    fn never_came_back(&self, index: usize, number: u64) {
        let mut why = None;
        self.with_slot(index, |slot| {
            let is_it = slot.busy.as_ref().is_some_and(|busy| busy.number == number);
            why = slot
                .open
                .get(&number)
                .filter(|_| is_it)
                .map(|open| WorkerError::NoAnswer {
                    about: open.about.clone(),
                    seconds: (open.limit_ms / 1_000.0) as u64,
                });
        });
        if let Some(why) = why {
            self.end(index, &why);
        }
    }

    /// Ends a worker; the next question starts a new one in its place. The question that it was at work on fails for
    /// that reason, all where that is not known; others that are open are to be asked again.
    fn end(&self, index: usize, why: &WorkerError) {
        let mut open = HashMap::new();
        let mut guilty = None;
        self.with_slot(index, |slot| {
            slot.worker.terminate();
            slot.is_broken = true;
            guilty = slot.busy.take().map(|busy| busy.number);
            open = std::mem::take(&mut slot.open);
        });
        for (number, Open { sender, .. }) in open {
            let is_guilty = guilty.is_none_or(|guilty| guilty == number);
            let why = if is_guilty {
                why.clone()
            } else {
                WorkerError::Interrupted
            };
            let _ = sender.send(Err(why));
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
            && let Some(Open { sender, .. }) = self.open.remove(&(number as u64))
        {
            let _ = sender.send(Err(WorkerError::Crashed(format!("{error:?}"))));
        }
    }
}

impl Drop for Slot {
    /// What listens is dropped with the slot: nothing may call it any more.
    fn drop(&mut self) {
        self.worker.terminate();
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
    }
}

/// An answer that has travelled.
fn answer_of<A: DeserializeOwned>(bytes: &[u8]) -> Result<A, WorkerError> {
    postcard::from_bytes::<Result<A, WorkerError>>(bytes).unwrap_or(Err(WorkerError::Protocol))
}

/// The bytes that go over to the worker beside a question.
fn bytes_of(attachment: &JsValue) -> u64 {
    let bytes = attachment.dyn_ref::<Uint8Array>();
    bytes.map_or(0, |bytes| u64::from(bytes.length()))
}
