//! How a run ends: handed in or not, at a limit, in the middle of a call.

use super::findings::Findings;
use super::record::{SERA, SignRecord, YES_OR_NO};
use super::{Compare, Family, ResolvedRow, Sign};
use crate::calls::is_submit;
use crate::trace::{Role, Trajectory};

/// The run was not handed in.
pub(super) const NO_SUBMIT: SignRecord = SignRecord {
    name: "no-submit",
    title: "Not submitted",
    definition: "The last call does not hand the work in (finish, submit or the like), and the run does not end with \
                 the assistant's words either.",
    find: Some(|row, found| {
        let is_open = !is_submitted(row) && !ends_with_words(row.trajectory);
        flag_end(Sign::NoSubmit, is_open, row, found);
    }),
    ..ENDING
};

/// The run was ended by a limit.
pub(super) const LIMIT_EXIT: SignRecord = SignRecord {
    name: "limit-exit",
    title: "Stopped by a limit",
    definition: "The row's exit status, or the harness's last words, say that a limit of steps, tokens, cost or time \
                 ended the run.",
    source: "SERA (arXiv 2601.20789); R2E-Gym",
    find: Some(|row, found| {
        let is_limit = is_limit(row.trajectory) || says_limit(row.trajectory);
        flag_end(Sign::LimitExit, is_limit, row, found);
    }),
    declared: Some(|trajectory, found| {
        if trajectory.exit.is_some() {
            found.flag(Sign::LimitExit, is_limit(trajectory));
        }
    }),
    ..ENDING
};

/// The run ends on an observation or an open call.
pub(super) const DANGLING_END: SignRecord = SignRecord {
    name: "dangling-end",
    title: "Cut off",
    definition: "The run ends on an observation or on a call that nothing answers, and that call does not hand the \
                 work in.",
    source: "teich; NeMo Automodel",
    find: Some(|row, found| {
        // Of a run that was handed in, the harness's receipt or a call without one is the normal end.
        let is_dangling = !is_submitted(row) && is_open(row.trajectory);
        flag_end(Sign::DanglingEnd, is_dangling, row, found);
    }),
    ..ENDING
};

/// What all of them have.
const ENDING: SignRecord = SignRecord {
    source: SERA,
    family: Family::Ending,
    unit: YES_OR_NO,
    compare: Compare::Yes,
    ..SignRecord::DEFAULT
};

/// What a row's exit status says of a limit: of SWE-agent (`exit_cost`, `exit_context`), R2E-Gym (`max_step_limit`,
/// `token_limit`, `traj_time_limit`), mini-swe-agent (`LimitsExceeded`), APIs (`length`).
const LIMITS: [&str; 8] = [
    "limit",
    "exit_cost",
    "exit_context",
    "context_window",
    "contextwindow",
    "max_",
    "maximum",
    "timeout",
];

/// What a harness writes as a run's last message where it stops at a limit, in small letters.
const LIMIT_WORDS: [&str; 9] = [
    "exit due to cost limit",
    "exit due to context window",
    "exited due to cost limit",
    "exited due to context window",
    "exit due to total execution time",
    "reached maximum iteration",
    "reached the maximum number of iterations",
    "maximum number of steps",
    "maximum context length",
];

/// Bytes of a last message that are looked at for such words.
const LAST_WORDS: usize = 400;

/// Flags a sign of the last message; of a row without messages nothing is known.
fn flag_end(sign: Sign, is_so: bool, row: &ResolvedRow, found: &mut Findings) {
    if let Some(last) = row.trajectory.messages.len().checked_sub(1) {
        found.flag(sign, is_so);
        if is_so {
            found.step(sign, last, 1);
        }
    }
}

fn is_submitted(row: &ResolvedRow) -> bool {
    row.calls.last().is_some_and(is_submit)
}

/// Whether the last word is the assistant's, and not a call.
fn ends_with_words(trajectory: &Trajectory) -> bool {
    trajectory.messages.last().is_some_and(|message| {
        message.role == Role::Assistant
            && message.calls.is_empty()
            && !message.text.trim().is_empty()
    })
}

/// Whether the last message is an observation, or calls what nothing answers.
fn is_open(trajectory: &Trajectory) -> bool {
    trajectory.messages.last().is_some_and(|message| {
        message.role == Role::Tool || message.calls.iter().any(|call| call.answer.is_none())
    })
}

fn is_limit(trajectory: &Trajectory) -> bool {
    let exit = trajectory.exit.as_deref().unwrap_or_default();
    let exit = exit.to_ascii_lowercase();
    exit == "length" || LIMITS.iter().any(|limit| exit.contains(limit))
}

fn says_limit(trajectory: &Trajectory) -> bool {
    let last = trajectory.messages.iter().rev().take(2);
    last.filter(|message| message.text.len() <= LAST_WORDS)
        .any(|message| {
            let text = message.text.to_ascii_lowercase();
            LIMIT_WORDS.iter().any(|words| text.contains(words))
        })
}
