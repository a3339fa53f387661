//! Calls that can't be carried out as they stand: arguments that are not an object, tools that were not given, arguments that
//! the tool requires and the call lacks, calls and observations without each other.

use hashbrown::HashMap;

use serde::Deserialize;

use super::findings::Findings;
use super::record::{SCORER, SignRecord};
use super::{Family, ResolvedRow, Sign};
use crate::trace::Role;

/// Calls whose arguments are not a JSON object.
pub(super) const BAD_ARGUMENTS: SignRecord = SignRecord {
    name: "bad-arguments",
    title: "Bad arguments",
    definition: "Calls whose arguments are not a JSON object.",
    find: Some(bad_arguments),
    count: Some(|counts| counts.calls.map(|calls| calls.bad_arguments.into())),
    ..CALL
};

/// Calls of tools that the agent was not given.
pub(super) const UNKNOWN_TOOL: SignRecord = SignRecord {
    name: "unknown-tool",
    title: "Unknown tool",
    definition: "Calls of a tool that is not among those the row says the agent was given. Unknown if the row lists \
                 no tools.",
    find: Some(against_schemas),
    ..CALL
};

/// Calls that lack an argument that the tool requires. Found with [`UNKNOWN_TOOL`], as schemas are read once.
pub(super) const MISSING_ARGUMENT: SignRecord = SignRecord {
    name: "missing-argument",
    title: "Missing argument",
    definition: "Calls that lack an argument required by the tool's schema in the row. Unknown if the row lists no \
                 tools.",
    ..CALL
};

/// Calls without observation, observations without call.
pub(super) const UNPAIRED: SignRecord = SignRecord {
    name: "unpaired",
    title: "Unpaired",
    definition: "Calls without an observation beyond one, and observations that answer no call. One unanswered call \
                 is normal: a run ends with it.",
    unit: "messages",
    find: Some(unpaired),
    count: Some(|counts| {
        let calls = counts.calls?;
        // The last call of a run normally has no observation: the run ends with it.
        let unanswered = calls.unanswered.saturating_sub(1);
        Some(unanswered.saturating_add(calls.orphans).into())
    }),
    ..CALL
};

/// What all of them have.
const CALL: SignRecord = SignRecord {
    source: SCORER,
    family: Family::Calls,
    unit: "calls",
    ..SignRecord::DEFAULT
};

fn bad_arguments(row: &ResolvedRow, found: &mut Findings) {
    for call in row.calls.iter().filter(|call| call.arguments.is_err()) {
        found.step(Sign::BadArguments, call.at.message, 1);
    }
}

/// All but the last call without an answer, and every observation without a call.
fn unpaired(row: &ResolvedRow, found: &mut Findings) {
    let mut unanswered = row
        .calls
        .iter()
        .rev()
        .filter(|call| call.call.answer.is_none());
    // A run normally ends with a call that nothing answers.
    unanswered.next();
    for call in unanswered {
        found.step(Sign::Unpaired, call.at.message, 1);
    }
    for (at, message) in row.trajectory.messages.iter().enumerate() {
        if message.role == Role::Tool && message.answers.is_none() {
            found.step(Sign::Unpaired, at, 1);
        }
    }
}

/// Compares calls with the row's own tools; nothing is known where the row has none that have a name.
fn against_schemas(row: &ResolvedRow, found: &mut Findings) {
    let tools = row.trajectory.tools.iter();
    let named = tools.filter(|tool| !tool.name.is_empty());
    let tools: HashMap<&str, Vec<String>> = named
        .map(|tool| (&*tool.name, required(&tool.schema)))
        .collect();
    if tools.is_empty() {
        return;
    }
    found.set(Sign::UnknownTool, 0.0);
    found.set(Sign::MissingArgument, 0.0);
    for call in row.calls {
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
