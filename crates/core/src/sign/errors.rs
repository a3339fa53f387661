//! Failed calls: where they are, and where the same tool is tried again at once.
//! `calls` decides what a failed call is, by the harness's own words; a failing test run is not one.

use super::counts::share;
use super::findings::Findings;
use super::record::{SHARE, SignRecord};
use super::{Family, Points, ResolvedRow, Sign};
use crate::calls::CallResult;

/// Failed calls among all.
pub(super) const RATE: SignRecord = SignRecord {
    name: "error-rate",
    title: "Many failed calls",
    definition: "The share of the calls that fail, according to the harness. A failing test run is not a failed call.",
    source: "trajgen, rule_score",
    family: Family::Calls,
    unit: SHARE,
    threshold: 0.3,
    points: Points::Share,
    find: Some(errors),
    count: Some(|counts| {
        counts
            .calls
            .and_then(|calls| share(calls.errors, calls.all))
    }),
    ..SignRecord::DEFAULT
};

/// Failed calls after which the same tool is tried again at once.
pub(super) const RETRY: SignRecord = SignRecord {
    name: "error-retry",
    title: "Error, then the same tool again",
    definition: "Failed calls after which one of the next two calls is of the same tool, as a share of all calls.",
    source: "arXiv 2607.17205; trajgen, rule_score",
    family: Family::Calls,
    unit: SHARE,
    threshold: 0.2,
    points: Points::Share,
    find: Some(retries),
    ..SignRecord::DEFAULT
};

/// Within so many calls after an error the same tool counts as tried again.
const SOON: usize = 2;

fn errors(row: &ResolvedRow, found: &mut Findings) {
    let is_error = |result| result == CallResult::Error;
    for call in row.calls.iter().filter(|call| is_error(call.result)) {
        found.step(Sign::ErrorRate, call.at.message, 1);
    }
}

fn retries(row: &ResolvedRow, found: &mut Findings) {
    let mut retried = 0_u32;
    for (at, call) in row.calls.iter().enumerate() {
        let mut next = row.calls.iter().skip(at + 1).take(SOON);
        let is_retried =
            call.result == CallResult::Error && next.any(|next| next.call.name == call.call.name);
        if is_retried {
            retried += 1;
            found.step(Sign::ErrorRetry, call.at.message, 1);
        }
    }
    let calls = u32::try_from(row.calls.len()).unwrap_or(u32::MAX);
    let rate = share(retried, calls).map_or(f32::NAN, |rate| rate as f32);
    found.set(Sign::ErrorRetry, rate);
}
