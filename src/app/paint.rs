//! Drawing in turns: what is to be drawn waits in a queue and each frame draws as much as fits into half of it.
//! So nine charts of many rows never hold up the page, and a chart that changes twice is drawn once.

use std::cell::{Cell, RefCell};

use leptos::prelude::request_animation_frame;

/// A frame of the screen has 16 ms; the other half is the browser's.
const SHARE_MS: f64 = 8.0;

type Job = Box<dyn FnOnce()>;

thread_local! {
    static QUEUE: RefCell<Vec<(&'static str, Job)>> = const { RefCell::new(Vec::new()) };
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Draws soon. What waits under the same name is replaced, in its place.
pub fn soon(name: &'static str, job: impl FnOnce() + 'static) {
    let job: Job = Box::new(job);
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
        request_animation_frame(draw);
    }
}

fn draw() {
    IS_ASKED.set(false);
    let begun = now();
    while now() - begun < SHARE_MS {
        // Taken out before it runs: a job may queue another.
        let job = QUEUE.with_borrow_mut(|queue| (!queue.is_empty()).then(|| queue.remove(0)));
        let Some((_, job)) = job else { return };
        job();
    }
    if QUEUE.with_borrow(|queue| !queue.is_empty()) {
        ask();
    }
}

fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}
