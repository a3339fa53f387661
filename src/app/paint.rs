//! Work in turns: what is to be drawn or computed waits in a queue, and each frame does as much as fits into half of it.
//! So nine charts of many rows never hold up the page, and what changes twice is done once.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use leptos::prelude::{document, request_animation_frame};
use leptos::task::tick;
use wasm_bindgen_futures::spawn_local;

/// A frame of the screen has 16 ms; the other half is the browser's.
const SHARE_MS: f64 = 8.0;

type Job = Box<dyn FnOnce()>;

thread_local! {
    static QUEUE: RefCell<Vec<(Cow<'static, str>, Job)>> = const { RefCell::new(Vec::new()) };
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the page has work waiting: an attribute of the document's element.
const BUSY: &str = "data-busy";

/// Does a job soon. What waits under the same name is replaced, in its place.
pub fn soon(name: impl Into<Cow<'static, str>>, job: impl FnOnce() + 'static) {
    let (name, job): (_, Job) = (name.into(), Box::new(job));
    QUEUE.with_borrow_mut(
        |queue| match queue.iter_mut().find(|(waiting, _)| *waiting == name) {
            Some(waiting) => waiting.1 = job,
            None => queue.push((name, job)),
        },
    );
    ask();
}

fn ask() {
    if !IS_ASKED.replace(true) {
        tell(true);
        request_animation_frame(draw);
    }
}

fn draw() {
    IS_ASKED.set(false);
    spawn_local(work());
}

/// As many jobs as fit. What a job changes is put into the document before the next one, and counts.
async fn work() {
    let begun = now();
    while now() - begun < SHARE_MS {
        // Taken out before it runs: a job may queue another.
        let job = QUEUE.with_borrow_mut(|queue| (!queue.is_empty()).then(|| queue.remove(0)));
        let Some((_, job)) = job else { break };
        job();
        tick().await;
    }
    match QUEUE.with_borrow(Vec::is_empty) {
        true => tell(IS_ASKED.get()),
        false => ask(),
    }
}

fn tell(is_busy: bool) {
    let told = document().document_element().map(|page| match is_busy {
        true => page.set_attribute(BUSY, ""),
        false => page.remove_attribute(BUSY),
    });
    // A document without an element shows nothing that could be waited for.
    drop(told);
}

fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}
