//! An answer's bytes as they come: every piece shows that the server is still sending, and only silence ends a request.
//! How long silence is borne is decided in [`tracesift_hub::patience`].

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::Response;
use gloo_timers::callback::Interval;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader};

use crate::buffer;
use tracesift_hub::error::HubError;
use tracesift_hub::patience::{Patience, Wait};

/// How often is looked whether a request is to be given up, in milliseconds.
const LOOK_MS: u32 = 1_000;
/// The most that is reserved on a server's word for how long its answer is.
const MOST_RESERVED: u64 = 64 << 20;

/// Why there is no whole body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It broke off, or was given up.
    Lost,
    /// It has more bytes than are wanted.
    TooLarge,
}

/// A request under way: it ends when the server is silent for too long, and when this is dropped.
pub(super) struct Request {
    controller: Option<AbortController>,
    wait: Rc<Cell<Wait>>,
    is_given_up: Rc<Cell<bool>>,
    _watch: Interval,
}

impl Request {
    /// A request that is about to be sent, with [`Self::signal`].
    pub fn begin() -> Self {
        let controller = AbortController::new().ok();
        let wait = Rc::new(Cell::new(Wait::begun(Patience::default(), now_ms())));
        let is_given_up = Rc::new(Cell::new(false));
        let watch = {
            let (controller, wait, is_given_up) =
                (controller.clone(), wait.clone(), is_given_up.clone());
            Interval::new(LOOK_MS, move || {
                if wait.get().is_over(now_ms()) {
                    is_given_up.set(true);
                    controller.iter().for_each(AbortController::abort);
                }
            })
        };
        Self {
            controller,
            wait,
            is_given_up,
            _watch: watch,
        }
    }

    /// What tells the browser that the request is given up.
    pub fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    /// The error of a request that broke off, or that it was given up.
    pub fn lost(&self, error: HubError) -> HubError {
        match self.is_given_up.get() {
            true => HubError::timed_out(),
            false => error,
        }
    }

    /// The whole body, of at most `most` bytes.
    ///
    /// # Errors
    /// [`Broken`]
    pub async fn body(&self, response: &Response, most: u64) -> Result<Vec<u8>, Broken> {
        let told = response.headers().get("content-length");
        let told = told.and_then(|bytes| bytes.parse::<u64>().ok());
        let told = told.unwrap_or_default();
        if told > most {
            return Err(Broken::TooLarge);
        }
        let mut body = Vec::new();
        // Of a packed answer this is too little: the rest is reserved as it comes.
        let reserved = usize::try_from(told.min(MOST_RESERVED)).unwrap_or_default();
        body.try_reserve(reserved).map_err(|_| Broken::TooLarge)?;
        let mut is_too_large = false;
        self.each_piece(response, |piece| {
            is_too_large = body.len() as u64 + u64::from(piece.length()) > most;
            if !is_too_large {
                append(&mut body, piece);
            }
            !is_too_large
        })
        .await?;
        if is_too_large {
            return Err(Broken::TooLarge);
        }
        Ok(body)
    }

    /// Gives the body's pieces to `take` as they come, until it wants no more.
    ///
    /// # Errors
    /// [`Broken::Lost`]
    pub async fn each_piece(
        &self,
        response: &Response,
        mut take: impl FnMut(&Uint8Array) -> bool,
    ) -> Result<(), Broken> {
        self.hear();
        let Some(stream) = response.body() else {
            // An answer without a body, such as 204.
            return Ok(());
        };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        loop {
            let read = JsFuture::from(reader.read()).await;
            let read = read.map_err(|_| Broken::Lost)?;
            self.hear();
            let piece = Reflect::get(&read, &"value".into()).unwrap_or(JsValue::UNDEFINED);
            let Ok(piece) = piece.dyn_into::<Uint8Array>() else {
                return Ok(());
            };
            let wants_more = take(&piece);
            buffer::release(&piece.buffer());
            if !wants_more {
                return Ok(());
            }
        }
    }

    fn hear(&self) {
        let mut wait = self.wait.get();
        wait.heard(now_ms());
        self.wait.set(wait);
    }
}

impl Drop for Request {
    /// Of an answer that is read to its end nothing is left to abort.
    fn drop(&mut self) {
        self.controller.iter().for_each(AbortController::abort);
    }
}

/// Appends a piece without a copy in between.
fn append(bytes: &mut Vec<u8>, piece: &Uint8Array) {
    let from = bytes.len();
    bytes.resize(from + piece.length() as usize, 0);
    if let Some(place) = bytes.get_mut(from..) {
        piece.copy_to(place);
    }
}

fn now_ms() -> f64 {
    js_sys::Date::now()
}
