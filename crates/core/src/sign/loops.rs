//! Doing the same again: the same call with the same result, the same failing call, two calls in turns, talk without a
//! call, one tool only. The rules are those of OpenHands' StuckDetector; ids have no part in what is equal.

use std::collections::HashMap;

use super::{Found, Sign};
use crate::measure::{CallResult, Done};
use crate::trace::{Role, Trajectory};

/// Fewer calls than these are too few to say that one tool is all there is (Twinkle's `HardScorer`).
const SPIN_CALLS: usize = 8;

pub(super) fn find(trajectory: &Trajectory, done: &[Done], found: &mut Found) {
    let same = |a: &Done, b: &Done| a.key == b.key && is_same_result(trajectory, a, b);
    let both_fail = |a: &Done, b: &Done| {
        a.key == b.key && a.result == CallResult::Error && b.result == a.result
    };
    longest(Sign::LoopSame, &runs(done, same), done, found);
    longest(Sign::LoopError, &runs(done, both_fail), done, found);
    longest(Sign::PingPong, &alternations(done, same), done, found);
    monologues(trajectory, found);
    spin(done, found);
}

/// Whether two calls gave the same result, word for word. Of calls without an answer nothing is known.
fn is_same_result(trajectory: &Trajectory, a: &Done, b: &Done) -> bool {
    let said = |done: &Done| {
        let observation = trajectory.messages.get(done.call.answer?)?;
        Some(observation.text.trim())
    };
    said(a).is_some_and(|result| said(b) == Some(result))
}

/// Runs of calls of which each is the same as the one before, at least two: first call and length.
fn runs(done: &[Done], same: impl Fn(&Done, &Done) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, pair) in done.windows(2).enumerate() {
        let goes_on = matches!(pair, [a, b] if same(a, b));
        if !goes_on {
            runs.push((start, at + 1 - start));
            start = at + 1;
        }
    }
    runs.push((start, done.len() - start));
    runs.retain(|(_, length)| *length > 1);
    runs
}

/// Runs of calls that go A, B, A, B: each is the same as the one before the last, and not as the last; at least three.
fn alternations(done: &[Done], same: impl Fn(&Done, &Done) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, three) in done.windows(3).enumerate() {
        let goes_on = matches!(three, [a, b, c] if same(a, c) && !same(b, c));
        if !goes_on {
            runs.push((start, at + 2 - start));
            start = at + 1;
        }
    }
    runs.push((start, done.len() - start));
    runs.retain(|(_, length)| *length > 2);
    runs
}

/// The longest of some runs of calls is the number; each of their calls is a step of its run's length.
fn longest(sign: Sign, runs: &[(usize, usize)], done: &[Done], found: &mut Found) {
    let longest = runs.iter().map(|(_, length)| *length).max();
    found.set(sign, longest.unwrap_or_default() as f32);
    for &(start, length) in runs {
        let weight = u32::try_from(length).unwrap_or(u32::MAX);
        for call in done.iter().skip(start).take(length) {
            found.step(sign, call.at.message, weight);
        }
    }
}

/// Assistant messages without a call, with no message of anyone else between.
fn monologues(trajectory: &Trajectory, found: &mut Found) {
    let is_talk = |at: usize| {
        let message = trajectory.messages.get(at);
        message.is_some_and(|m| m.role == Role::Assistant && m.calls.is_empty())
    };
    let (mut longest, mut at) = (0, 0);
    while at < trajectory.messages.len() {
        let length = (at..).take_while(|&at| is_talk(at)).count();
        if length > 1 {
            longest = longest.max(length);
            for message in at..at + length {
                found.step(
                    Sign::Monologue,
                    message,
                    u32::try_from(length).unwrap_or(u32::MAX),
                );
            }
        }
        at += length.max(1);
    }
    found.set(Sign::Monologue, longest as f32);
}

/// The share of the tool that is called most.
fn spin(done: &[Done], found: &mut Found) {
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for call in done {
        *uses.entry(&call.call.name).or_default() += 1;
    }
    let most = uses.values().max().copied().unwrap_or_default();
    let number = match done.len() {
        calls if calls < SPIN_CALLS => 0.0,
        calls => most as f32 / calls as f32,
    };
    found.set(Sign::Spin, number);
}
