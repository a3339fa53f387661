//! The size and the checksum of a file that the page writes by itself, line by line: a long one takes no turn of the
//! page. One file is counted at a time.

use std::cell::RefCell;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::WorkerError;
use crate::buffer;
use tracesift_core::export::file::{File, FileCounter};

thread_local! {
    static COUNTER: RefCell<Option<FileCounter>> = const { RefCell::new(None) };
}

/// Adds the attached bytes, if there are any, to the file; `is_new` begins it. What is written of it so far.
///
/// # Errors
/// [`WorkerError::LostExport`] where the file was not begun here.
pub fn add(name: &str, is_new: bool, attachment: &JsValue) -> Result<File, WorkerError> {
    COUNTER.with_borrow_mut(|counter| {
        if is_new {
            *counter = Some(FileCounter::default());
        }
        let counter = counter.as_mut().ok_or(WorkerError::LostExport)?;
        if let Some(bytes) = attachment.dyn_ref::<Uint8Array>() {
            counter.add(&buffer::take(&bytes.buffer()));
        }
        Ok(counter.clone().file(name))
    })
}
