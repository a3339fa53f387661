//! How a run ends: handed in or not, at a limit, in the middle of a call.

use super::{Found, Sign};
use crate::measure::{Done, shell};
use crate::trace::{Role, Trajectory};

/// Tools by which a run hands in its work.
const SUBMITS: [&str; 9] = [
    "finish",
    "submit",
    "complete",
    "complete_task",
    "task_complete",
    "attempt_completion",
    "final_answer",
    "submit_answer",
    "exit",
];

/// mini-swe-agent's last command says one of these.
const SUBMIT_WORDS: [&str; 2] = [
    "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT",
    "MINI_SWE_AGENT_FINAL_OUTPUT",
];

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

pub(super) fn find(trajectory: &Trajectory, done: &[Done], found: &mut Found) {
    let Some(last) = trajectory.messages.len().checked_sub(1) else {
        return;
    };
    let submits = done.last().is_some_and(is_submit);
    let answers = ends_with_words(trajectory);
    let mut flag = |sign: Sign, is_so: bool| {
        found.set(sign, f32::from(u8::from(is_so)));
        if is_so {
            found.step(sign, last, 1);
        }
    };
    flag(Sign::NoSubmit, !submits && !answers);
    // Of a run that was handed in, the harness's receipt or a call without one is the normal end.
    flag(Sign::DanglingEnd, !submits && is_open(trajectory));
    flag(
        Sign::LimitExit,
        is_limit(trajectory) || says_limit(trajectory),
    );
}

/// What a row states of its end without its texts.
pub(super) fn stated(trajectory: &Trajectory, found: &mut Found) {
    if trajectory.exit.is_some() {
        found.set(Sign::LimitExit, f32::from(u8::from(is_limit(trajectory))));
    }
}

fn is_submit(call: &Done) -> bool {
    if SUBMITS.contains(&&*call.call.name) {
        return true;
    }
    let command = call.arguments.as_ref().ok();
    let command = command.and_then(|arguments| arguments.command.as_deref());
    command.is_some_and(|command| {
        command.trim() == "submit"
            || command == "exit"
            || SUBMIT_WORDS.iter().any(|word| command.contains(word))
            || (command.contains("submit")
                && shell::simple_commands(command)
                    .last()
                    .is_some_and(|words| words == &["submit"]))
    })
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
