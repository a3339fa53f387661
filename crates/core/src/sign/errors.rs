//! Failed calls: where they are, and where the same tool is tried again at once.
//! What a failed call is, `measure` decides by the harness's own words; a failing test run is none.

use super::{Found, Sign, share};
use crate::measure::{CallResult, Done};

/// So many calls after an error the same tool counts as tried again.
const SOON: usize = 2;

pub(super) fn find(done: &[Done], found: &mut Found) {
    let mut retried = 0_u32;
    for (at, call) in done.iter().enumerate() {
        if call.result != CallResult::Error {
            continue;
        }
        found.step(Sign::ErrorRate, call.at.message, 1);
        let mut next = done.iter().skip(at + 1).take(SOON);
        if next.any(|next| next.call.name == call.call.name) {
            retried += 1;
            found.step(Sign::ErrorRetry, call.at.message, 1);
        }
    }
    let calls = u32::try_from(done.len()).unwrap_or(u32::MAX);
    let rate = share(retried, calls).map_or(f32::NAN, |rate| rate as f32);
    found.set(Sign::ErrorRetry, rate);
}
