//! Waits before something is asked for again. They end early when what they are for was cancelled: a back-off of half a
//! minute is none to whoever pressed *Cancel*.
//!
//! A test's server shortens them all; nobody else can. The scale is a global of the script that starts a program
//! (`page.start.js`, `hub.start.js`, …), which only the host of the page writes: no address sets it, and the content
//! policy lets no script of another origin run.

use gloo_timers::future::TimeoutFuture;

/// How often is looked whether anyone still waits, in milliseconds: a person takes no less for "at once".
const LOOK_MS: u32 = 100;

/// The global that a starter may set: what waits are multiplied with, from 0 to 1.
const SCALE: &str = "tracesiftWaits";

/// What waits are multiplied with: 1 where the starter does not say otherwise.
pub fn scale() -> f64 {
    let said = js_sys::Reflect::get(&js_sys::global(), &SCALE.into()).ok();
    let scale = said.and_then(|said| said.as_f64());
    scale
        .filter(|scale| (0.0..=1.0).contains(scale))
        .unwrap_or(1.0)
}

/// Waits for so many milliseconds by the scale, or until `is_cancelled`; whether it was the whole time.
pub async fn wait_unless(ms: u32, is_cancelled: impl Fn() -> bool) -> bool {
    let now = js_sys::Date::now;
    // By the clock: a tab in the background is woken up more seldom.
    let end = now() + f64::from(ms) * scale();
    while !is_cancelled() {
        let left = end - now();
        if left <= 0.0 {
            return true;
        }
        TimeoutFuture::new(LOOK_MS.min(left.ceil() as u32)).await;
    }
    false
}
