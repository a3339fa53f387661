//! The wait before something is asked for again. A test's server shortens all waits at once; nobody else can.
//!
//! The scale is a global of the script that starts a program (`page.start.js`, `scout.start.js`, …), so that only the
//! host of the page can set it: no address does, and the content policy lets no script of another origin run.

use gloo_timers::future::TimeoutFuture;

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

/// Waits so many milliseconds, by the scale.
pub async fn before_another_try(milliseconds: f64) {
    TimeoutFuture::new((milliseconds * scale()) as u32).await;
}
