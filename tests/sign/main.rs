//! The signs of quality: hand-made rows and real ones, properties, rows that are alike.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod alike; // the same twice, and nearly the same
mod hand; // one sign a test
mod properties; // whatever a row holds
mod readme;
mod real; // rows of real data sets // the README says what the table says

use std::borrow::Cow;

use tracesift::measure::measure;
use tracesift::sign::{Sign, Step, steps};
use tracesift::tokens::{Counter, Tokenizer};
use tracesift::trace::{Call, CallAt, CallForm, Message, Role, Tool, Trajectory};

fn message(role: Role, text: &str) -> Message<'_> {
    Message {
        role,
        text: Cow::Borrowed(text),
        reasoning: Cow::Borrowed(""),
        calls: Vec::new(),
        answers: None,
    }
}

/// A call as rows here have it: tool, arguments, observation.
type Called<'a> = (&'a str, &'a str, Option<&'a str>);

/// A row of one call a turn; message 0 is the task, a turn is followed by its observation.
fn of_calls<'a>(calls: &[Called<'a>]) -> Trajectory<'a> {
    let mut messages = vec![message(Role::User, "fix it")];
    for (name, arguments, observation) in calls {
        let at = messages.len();
        let mut turn = message(Role::Assistant, "now");
        turn.calls.push(Call {
            id: Cow::Owned(format!("call_{at}_0")),
            name: Cow::Borrowed(name),
            arguments: Cow::Borrowed(arguments),
            form: CallForm::Structured,
            answer: observation.map(|_| at + 1),
        });
        messages.push(turn);
        if let Some(observation) = observation {
            let mut answer = message(Role::Tool, observation);
            answer.answers = Some(CallAt {
                message: at,
                call: 0,
            });
            messages.push(answer);
        }
    }
    Trajectory {
        messages,
        ..Trajectory::default()
    }
}

/// A row of one shell command a turn.
fn of_commands(commands: &[&str]) -> Trajectory<'static> {
    let mut row = of_calls(&[]);
    for command in commands {
        let at = row.messages.len();
        let mut turn = message(Role::Assistant, "now");
        turn.calls.push(Call {
            id: Cow::Owned(format!("call_{at}_0")),
            name: "bash".into(),
            arguments: serde_json::json!({ "command": command }).to_string().into(),
            form: CallForm::Structured,
            answer: Some(at + 1),
        });
        row.messages.push(turn);
        let mut answer = message(Role::Tool, "ok");
        answer.answers = Some(CallAt {
            message: at,
            call: 0,
        });
        row.messages.push(answer);
    }
    row
}

fn tool(schema: &str) -> Tool<'_> {
    let name = serde_json::from_str::<serde_json::Value>(schema).unwrap()["function"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    Tool {
        name: Cow::Owned(name),
        schema: Cow::Borrowed(schema),
    }
}

/// A sign's number.
fn number(sign: Sign, row: &Trajectory) -> f32 {
    sign.of(&measure(0, 0, row, None))
}

/// Whether a row carries a sign at its usual threshold.
fn carries(sign: Sign, row: &Trajectory) -> bool {
    sign.carries(number(sign, row), sign.default_threshold())
}

/// The steps of a sign: message and weight.
fn steps_of(sign: Sign, row: &Trajectory) -> Vec<(usize, u32)> {
    let steps = steps(row).into_iter().filter(|step| step.sign == sign);
    steps
        .map(
            |Step {
                 message, weight, ..
             }| (message, weight),
        )
        .collect()
}

fn counter() -> Counter {
    Counter::new(Tokenizer::Qwen2)
}
