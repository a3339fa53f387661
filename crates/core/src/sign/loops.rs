//! Doing the same again: the same call with the same result, the same failing call, two calls in turns, talk without a
//! call, one tool only. The rules are those of OpenHands' StuckDetector; ids have no part in what is equal.

use hashbrown::HashMap;

use super::findings::Findings;
use super::record::{SCORER, SHARE, STUCK, SignRecord};
use super::{Compare, Family, Points, ResolvedRow, Sign};
use crate::calls::{CallResult, ResolvedCall};
use crate::trace::{Role, Trajectory};

/// The same call with the same result, again and again.
pub(super) const SAME: SignRecord = SignRecord {
    name: "loop-same",
    title: "Same call, same result",
    definition: "How many times in a row the agent makes the same call (tool and arguments) and gets the same result, \
                 word for word.",
    threshold: 4.0,
    find: Some(|row, found| {
        let same = |a: &ResolvedCall, b: &ResolvedCall| is_same(row.trajectory, a, b);
        longest(Sign::LoopSame, &runs(row.calls, same), row.calls, found);
    }),
    ..LOOP
};

/// The same failing call, again and again.
pub(super) const ERROR: SignRecord = SignRecord {
    name: "loop-error",
    title: "Same call, failing",
    definition: "How many times in a row the agent makes the same call and it fails, according to the harness.",
    threshold: 3.0,
    find: Some(|row, found| {
        let both_fail = |a: &ResolvedCall, b: &ResolvedCall| {
            a.key == b.key && a.result == CallResult::Error && b.result == a.result
        };
        longest(
            Sign::LoopError,
            &runs(row.calls, both_fail),
            row.calls,
            found,
        );
    }),
    ..LOOP
};

/// Two calls in turns.
pub(super) const PING_PONG: SignRecord = SignRecord {
    name: "pingpong",
    title: "Back and forth",
    definition: "How many calls in a row go back and forth between two calls with the same two results: A, B, A, B.",
    threshold: 6.0,
    find: Some(|row, found| {
        let same = |a: &ResolvedCall, b: &ResolvedCall| is_same(row.trajectory, a, b);
        longest(
            Sign::PingPong,
            &alternations(row.calls, same),
            row.calls,
            found,
        );
    }),
    ..LOOP
};

/// Assistant messages in a row without a call.
pub(super) const MONOLOGUE: SignRecord = SignRecord {
    name: "monologue",
    title: "No tool call",
    definition: "How many assistant messages in a row make no call, with no one else speaking in between.",
    threshold: 3.0,
    find: Some(|row, found| monologues(row.trajectory, found)),
    ..LOOP
};

/// One tool for nearly all calls.
pub(super) const SPIN: SignRecord = SignRecord {
    name: "spin",
    title: "One tool only",
    definition: "The share of the calls that go to the most-called tool; 0 with fewer than eight calls. A harness \
                 with a single tool has it in every row.",
    source: SCORER,
    unit: SHARE,
    threshold: 0.8,
    compare: Compare::MoreThan,
    points: Points::Row,
    find: Some(spin),
    ..LOOP
};

/// What all of them have.
const LOOP: SignRecord = SignRecord {
    source: STUCK,
    family: Family::Loops,
    unit: "in a row",
    points: Points::Longest,
    ..SignRecord::DEFAULT
};

/// Fewer calls than these are too few to say that one tool is all there is (Twinkle's `HardScorer`).
const SPIN_CALLS: usize = 8;

/// Whether two calls are the same and gave the same result.
fn is_same(trajectory: &Trajectory, a: &ResolvedCall, b: &ResolvedCall) -> bool {
    a.key == b.key && is_same_result(trajectory, a, b)
}

/// Whether two calls gave the same result, word for word. Of calls without an answer nothing is known.
fn is_same_result(trajectory: &Trajectory, a: &ResolvedCall, b: &ResolvedCall) -> bool {
    let said = |call: &ResolvedCall| {
        let observation = trajectory.messages.get(call.call.answer?)?;
        Some(observation.text.trim())
    };
    said(a).is_some_and(|result| said(b) == Some(result))
}

/// Runs of calls of which each is the same as the one before, at least two: first call and length.
fn runs(
    calls: &[ResolvedCall],
    same: impl Fn(&ResolvedCall, &ResolvedCall) -> bool,
) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, pair) in calls.windows(2).enumerate() {
        let goes_on = matches!(pair, [a, b] if same(a, b));
        if !goes_on {
            runs.push((start, at + 1 - start));
            start = at + 1;
        }
    }
    runs.push((start, calls.len() - start));
    runs.retain(|(_, length)| *length > 1);
    runs
}

/// Runs of calls that go A, B, A, B: each is the same as the one before the last, and not as the last; at least three.
fn alternations(
    calls: &[ResolvedCall],
    same: impl Fn(&ResolvedCall, &ResolvedCall) -> bool,
) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, three) in calls.windows(3).enumerate() {
        let goes_on = matches!(three, [a, b, c] if same(a, c) && !same(b, c));
        if !goes_on {
            runs.push((start, at + 2 - start));
            start = at + 1;
        }
    }
    runs.push((start, calls.len() - start));
    runs.retain(|(_, length)| *length > 2);
    runs
}

/// The longest of some runs of calls is the number; each of their calls is a step of its run's length.
fn longest(sign: Sign, runs: &[(usize, usize)], calls: &[ResolvedCall], found: &mut Findings) {
    let longest = runs.iter().map(|(_, length)| *length).max();
    found.set(sign, longest.unwrap_or_default() as f32);
    for &(start, length) in runs {
        let weight = u32::try_from(length).unwrap_or(u32::MAX);
        for call in calls.iter().skip(start).take(length) {
            found.step(sign, call.at.message, weight);
        }
    }
}

/// Assistant messages without a call, with no message of anyone else between.
fn monologues(trajectory: &Trajectory, found: &mut Findings) {
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
fn spin(row: &ResolvedRow, found: &mut Findings) {
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for call in row.calls {
        *uses.entry(&call.call.name).or_default() += 1;
    }
    let most = uses.values().max().copied().unwrap_or_default();
    let number = match row.calls.len() {
        calls if calls < SPIN_CALLS => 0.0,
        calls => most as f32 / calls as f32,
    };
    found.set(Sign::Spin, number);
}
