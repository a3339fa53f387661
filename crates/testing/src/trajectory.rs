//! Trajectories made by hand: a message, and a turn with one call and its observation.
//! Nothing here is read from a row: what a test expects is counted from these by hand.

use std::borrow::Cow;

use tracesift_core::trace::{Call, CallAt, CallForm, Message, Role, Trajectory};

/// A message of nothing but text.
pub fn message<'a>(role: Role, text: &'a str) -> Message<'a> {
    Message {
        role,
        text: text.into(),
        reasoning: "".into(),
        calls: Vec::new(),
        answers: None,
        ..Message::default()
    }
}

/// Adds a turn with one call, and its observation if there is one.
pub fn add_call<'a>(
    trajectory: &mut Trajectory<'a>,
    name: &'a str,
    arguments: impl Into<Cow<'a, str>>,
    observation: Option<&'a str>,
) {
    let at = trajectory.messages.len();
    let mut turn = message(Role::Assistant, "now");
    turn.calls.push(Call {
        id: format!("call_{at}_0").into(),
        name: name.into(),
        arguments: arguments.into(),
        form: CallForm::Structured,
        answer: observation.map(|_| at + 1),
    });
    trajectory.messages.push(turn);
    if let Some(observation) = observation {
        let mut answer = message(Role::Tool, observation);
        answer.answers = Some(CallAt {
            message: at,
            call: 0,
        });
        trajectory.messages.push(answer);
    }
}
