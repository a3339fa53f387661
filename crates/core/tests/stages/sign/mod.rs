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
mod rows; // whole rows in real datasets' dialects
use tracesift_testing::trajectory; // made by hand

use std::borrow::Cow;

use tracesift_core::measure::measure;
use tracesift_core::sign::{Sign, Step, steps};
use tracesift_core::tokens::{Counter, Tokenizer};
use tracesift_core::trace::{Role, Tool, Trajectory};

use trajectory::{add_call, message};

/// A call as rows here have it: tool, arguments, observation.
type Called<'a> = (&'a str, &'a str, Option<&'a str>);

/// A row of one call per turn; message 0 is the task, a turn is followed by its observation.
fn of_calls<'a>(calls: &[Called<'a>]) -> Trajectory<'a> {
    let mut row = task();
    for (name, arguments, observation) in calls {
        add_call(&mut row, name, *arguments, *observation);
    }
    row
}

/// A row of one shell command a turn.
fn of_commands(commands: &[&str]) -> Trajectory<'static> {
    let mut row = task();
    for command in commands {
        let arguments = serde_json::json!({ "command": command }).to_string();
        add_call(&mut row, "bash", arguments, Some("ok"));
    }
    row
}

fn task() -> Trajectory<'static> {
    Trajectory {
        messages: vec![message(Role::User, "fix it")],
        ..Trajectory::default()
    }
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
