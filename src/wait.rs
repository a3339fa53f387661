//! Waits that end early when what they are for was cancelled: a back-off of half a minute is none to whoever pressed
//! *Cancel*.

use gloo_timers::future::TimeoutFuture;

/// How often is looked whether anyone still waits, in milliseconds: a person takes no less for "at once".
const LOOK_MS: u32 = 100;

/// Waits for so many milliseconds, or until `is_cancelled`; whether it was the whole time.
pub async fn wait_unless(ms: u32, is_cancelled: impl Fn() -> bool) -> bool {
    let now = js_sys::Date::now;
    // By the clock: a tab in the background is woken up more seldom.
    let end = now() + f64::from(ms);
    while !is_cancelled() {
        let left = end - now();
        if left <= 0.0 {
            return true;
        }
        TimeoutFuture::new(LOOK_MS.min(left.ceil() as u32)).await;
    }
    false
}
