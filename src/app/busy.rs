//! Whether something is still being asked of the rows, or drawn: an attribute of the document's element says so.
//! Drawing has a task of its own each, so that no number of charts holds up the page.

use std::cell::Cell;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::document;
use leptos::task::tick;
use wasm_bindgen_futures::spawn_local;

const BUSY: &str = "data-busy";

thread_local! {
    static AT_WORK: Cell<usize> = const { Cell::new(0) };
}

/// As long as it lives, the page is busy.
#[derive(Debug)]
pub struct Busy(());

impl Busy {
    /// Something begins.
    pub fn begin() -> Self {
        change(AT_WORK.get() + 1);
        Self(())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        change(AT_WORK.get().saturating_sub(1));
    }
}

fn change(at_work: usize) {
    AT_WORK.set(at_work);
    // A document without an element shows nothing that could be waited for.
    let _ = document().document_element().map(|page| match at_work {
        0 => page.remove_attribute(BUSY),
        _ => page.set_attribute(BUSY, ""),
    });
}

/// Does something in a task of its own. The page is busy until what that changes is in the document.
pub fn soon(job: impl FnOnce() + 'static) {
    let busy = Busy::begin();
    spawn_local(async move {
        TimeoutFuture::new(0).await;
        job();
        tick().await;
        drop(busy);
    });
}
