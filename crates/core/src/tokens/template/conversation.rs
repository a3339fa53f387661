//! A trajectory as a chat template gets it: `messages` and `tools` as the default export has them and as
//! `transformers` hands them on.

use std::borrow::Cow;
use std::collections::HashSet;

use minijinja::Value;

use super::Arguments;
use crate::trace::{Call, Message, Role, Trajectory};

/// The messages; a key that a message does not need is left out.
pub(super) fn messages(trajectory: &Trajectory, arguments: Arguments) -> Value {
    let ids = trajectory
        .messages
        .iter()
        .flat_map(|message| &message.calls);
    let ids: HashSet<&str> = ids.map(|call| call.id.as_ref()).collect();
    let messages = trajectory.messages.iter().enumerate();
    let messages = messages.map(|(at, each)| message(trajectory, &ids, at, each, arguments));
    messages.collect()
}

/// The tools; nothing where there are none.
pub(super) fn tools(trajectory: &Trajectory) -> Value {
    match trajectory.tools.is_empty() {
        true => Value::from(()),
        false => {
            let tools = trajectory.tools.iter();
            tools.map(|tool| value(tool.as_function())).collect()
        }
    }
}

fn message(
    trajectory: &Trajectory,
    ids: &HashSet<&str>,
    at: usize,
    message: &Message,
    arguments: Arguments,
) -> Value {
    let mut pairs = vec![
        ("role", Value::from(message.role.name())),
        ("content", Value::from(message.text.as_ref())),
    ];
    if !message.reasoning.is_empty() {
        pairs.push(("reasoning_content", Value::from(message.reasoning.as_ref())));
    }
    if !message.calls.is_empty() {
        let calls = message.calls.iter().map(|each| call(each, arguments));
        pairs.push(("tool_calls", calls.collect()));
    }
    if message.role == Role::Tool {
        let answered = message.answers.and_then(|at| {
            let asking = trajectory.messages.get(at.message)?;
            asking.calls.get(at.call)
        });
        let id = answered.map_or_else(|| orphan_id(at, ids), |call| call.id.clone());
        pairs.push(("tool_call_id", Value::from(id.as_ref())));
        if let Some(call) = answered.filter(|call| !call.name.is_empty()) {
            pairs.push(("name", Value::from(call.name.as_ref())));
        }
    }
    Value::from_pairs(pairs)
}

fn call(call: &Call, arguments: Arguments) -> Value {
    let object = match arguments {
        Arguments::Objects => serde_json::from_str(&call.arguments).ok(),
        Arguments::Text => None,
    };
    let object = object.filter(serde_json::Value::is_object).map(value);
    let arguments = object.unwrap_or_else(|| Value::from(call.arguments.as_ref()));
    let function = [
        ("name", Value::from(call.name.as_ref())),
        ("arguments", arguments),
    ];
    Value::from_pairs([
        ("id", Value::from(call.id.as_ref())),
        ("type", Value::from("function")),
        ("function", Value::from_pairs(function)),
    ])
}

/// An id for an observation that answers no call; no call has it.
fn orphan_id(at: usize, ids: &HashSet<&str>) -> Cow<'static, str> {
    let mut id = format!("orphan_{at}");
    while ids.contains(id.as_str()) {
        id.push('_');
    }
    Cow::Owned(id)
}

/// A JSON value, its keys in their order.
fn value(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::from(()),
        Json::Bool(is) => Value::from(is),
        Json::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Value::from(number),
            (None, Some(number)) => Value::from(number),
            (None, None) => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text),
        Json::Array(items) => items.into_iter().map(value).collect(),
        Json::Object(fields) => {
            Value::from_pairs(fields.into_iter().map(|(key, field)| (key, value(field))))
        }
    }
}
