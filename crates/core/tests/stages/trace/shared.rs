//! What all of these tests use.

use std::path::PathBuf;

use serde_json::{Value, json};
use tracesift_core::trace::{self, Call, Message, Repair, Role, RowContext, Trajectory};

/// Reads a row of no particular place.
pub fn read(row: &str) -> Trajectory<'_> {
    trace::read(row, &RowContext::default()).unwrap()
}

/// Reads a row at a config and a split.
pub fn read_at<'a>(row: &'a str, config: &str, split: &str) -> Trajectory<'a> {
    let place = RowContext {
        config: config.to_owned(),
        split: split.to_owned(),
        ..RowContext::default()
    };
    trace::read(row, &place).unwrap()
}

/// The folder of real trajectories, where there is one.
pub fn real_traces() -> Option<PathBuf> {
    std::env::var_os("TRACESIFT_TRACES").map(PathBuf::from)
}

/// Every call of a trajectory, in order.
pub fn calls<'t, 'a>(trajectory: &'t Trajectory<'a>) -> Vec<&'t Call<'a>> {
    trajectory
        .messages
        .iter()
        .flat_map(|message| &message.calls)
        .collect()
}

/// Name and arguments of every call.
pub fn called<'t>(trajectory: &'t Trajectory<'_>) -> Vec<(&'t str, &'t str)> {
    calls(trajectory)
        .iter()
        .map(|call| (&*call.name, &*call.arguments))
        .collect()
}

/// Role and text of every message.
pub fn said<'t>(trajectory: &'t Trajectory<'_>) -> Vec<(&'static str, &'t str)> {
    trajectory
        .messages
        .iter()
        .map(|m| (m.role.name(), &*m.text))
        .collect()
}

/// For each observation, the index of the message whose call it answers.
pub fn answered(trajectory: &Trajectory<'_>) -> Vec<Option<usize>> {
    let observations = trajectory.messages.iter().filter(|m| m.role == Role::Tool);
    observations
        .map(|m| m.answers.map(|at| at.message))
        .collect()
}

/// Calls and observations point at each other, no call is answered twice, no id is used twice. Calls of one turn may share
/// an observation, which then points at the first of them.
pub fn assert_paired(trajectory: &Trajectory<'_>) {
    let message = |index: usize| -> &Message<'_> { &trajectory.messages[index] };
    for (index, from) in trajectory.messages.iter().enumerate() {
        if let Some(at) = from.answers {
            assert_eq!(from.role, Role::Tool);
            assert!(at.message < index, "an observation comes after its call");
            assert_eq!(message(at.message).calls[at.call].answer, Some(index));
        }
        for (number, call) in from.calls.iter().enumerate() {
            assert_eq!(from.role, Role::Assistant);
            if let Some(answer) = call.answer {
                let at = message(answer).answers.unwrap();
                assert_eq!(at.message, index);
                assert!(at.call <= number);
            }
        }
        assert!(from.reasoning.is_empty() || from.role == Role::Assistant);
    }
    let mut ids: Vec<&str> = calls(trajectory).iter().map(|call| &*call.id).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "ids are unique");
    assert!(ids.iter().all(|id| !id.is_empty()));
}

/// How often a row was mended that way.
pub fn repaired(trajectory: &Trajectory<'_>, repair: Repair) -> u32 {
    let found = trajectory.repairs.0.iter().find(|(r, _)| *r == repair);
    found.map_or(0, |(_, times)| *times)
}

/// The text of a case's file.
pub fn case(name: &str) -> String {
    let path = format!("{}/tests/fixtures/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Reads every row of a case and hands it to the test.
pub fn each(name: &str, mut test: impl FnMut(usize, &Trajectory<'_>)) {
    for (index, row) in case(name).lines().enumerate() {
        let trajectory = read(row);
        assert_paired(&trajectory);
        test(index, &trajectory);
    }
}

/// A row of these messages.
pub fn row(messages: &Value) -> String {
    json!({ "messages": messages }).to_string()
}

/// The rows of a dialect's fixture.
pub fn fixture(name: &str) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/dialects");
    let rows = std::fs::read_to_string(format!("{folder}/{name}.jsonl")).unwrap();
    rows.lines().map(str::to_owned).collect()
}

/// A label; empty where it is not known.
pub fn label<'t>(label: &'t Option<std::borrow::Cow<'_, str>>) -> &'t str {
    label.as_deref().unwrap_or_default()
}

/// The arguments of all calls, as JSON.
pub fn arguments(trajectory: &Trajectory<'_>) -> Vec<serde_json::Value> {
    let calls = calls(trajectory).into_iter();
    calls
        .map(|call| serde_json::from_str(&call.arguments).unwrap())
        .collect()
}

/// How many calls no observation answers.
pub fn unanswered(trajectory: &Trajectory<'_>) -> usize {
    let calls = calls(trajectory).into_iter();
    calls.filter(|call| call.answer.is_none()).count()
}
