//! Calls that can't be carried out as they stand: arguments that are no object, tools that were not given, arguments that
//! the tool requires and the call lacks, calls and observations without each other.

use std::collections::HashMap;

use serde::Deserialize;

use super::{Found, Sign};
use crate::measure::Done;
use crate::trace::{Role, Trajectory};

pub(super) fn find(trajectory: &Trajectory, done: &[Done], found: &mut Found) {
    for call in done.iter().filter(|call| call.arguments.is_err()) {
        found.step(Sign::BadArguments, call.at.message, 1);
    }
    unpaired(trajectory, done, found);
    against_schemas(trajectory, done, found);
}

/// All but the last call without an answer, and every observation without a call.
fn unpaired(trajectory: &Trajectory, done: &[Done], found: &mut Found) {
    let mut unanswered = done.iter().rev().filter(|call| call.call.answer.is_none());
    // A run normally ends with a call that nothing answers.
    unanswered.next();
    for call in unanswered {
        found.step(Sign::Unpaired, call.at.message, 1);
    }
    for (at, message) in trajectory.messages.iter().enumerate() {
        if message.role == Role::Tool && message.answers.is_none() {
            found.step(Sign::Unpaired, at, 1);
        }
    }
}

/// Compares calls with the row's own tools; nothing is known where the row has none that have a name.
fn against_schemas(trajectory: &Trajectory, done: &[Done], found: &mut Found) {
    let named = trajectory.tools.iter().filter(|tool| !tool.name.is_empty());
    let tools: HashMap<&str, Vec<String>> = named
        .map(|tool| (&*tool.name, required(&tool.schema)))
        .collect();
    if tools.is_empty() {
        return;
    }
    found.set(Sign::UnknownTool, 0.0);
    found.set(Sign::MissingArgument, 0.0);
    for call in done {
        let Some(required) = tools.get(&*call.call.name) else {
            found.count(Sign::UnknownTool, call.at.message);
            continue;
        };
        let Ok(arguments) = &call.arguments else {
            continue;
        };
        let is_missing = |name: &String| !arguments.keys.contains(&name.as_str());
        if required.iter().any(is_missing) {
            found.count(Sign::MissingArgument, call.at.message);
        }
    }
}

/// The arguments that a tool requires, as keys in JSON, by any of the usual forms of a schema.
fn required(schema: &str) -> Vec<String> {
    let schema: Schema = serde_json::from_str(schema).unwrap_or_default();
    let schema = schema.function.map_or(schema.parameters, |f| f.parameters);
    let names = schema.unwrap_or_default().required.unwrap_or_default();
    names
        .iter()
        .filter_map(|name| serde_json::to_string(name).ok())
        .collect()
}

#[derive(Default, Deserialize)]
struct Schema {
    function: Option<Function>,
    #[serde(alias = "input_schema", alias = "inputSchema")]
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Function {
    #[serde(alias = "input_schema", alias = "inputSchema")]
    parameters: Option<Parameters>,
}

#[derive(Default, Deserialize)]
struct Parameters {
    required: Option<Vec<String>>,
}
