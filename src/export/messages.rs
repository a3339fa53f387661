//! The OpenAI form, one object a row: `messages`, `tools`, `metadata`.
//! Every observation has a `tool_call_id`, arguments are strings, `reasoning_content` is kept.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::schema;
use crate::trace::{Call, Message, Outcome, Role, Trajectory};

/// Where an exported row comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `namespace/name`, `demo` or the file's name.
    pub dataset: String,
    /// The config.
    pub config: String,
    /// The split.
    pub split: String,
    /// The data set's commit, where known.
    pub revision: Option<String>,
    /// The row's index.
    pub row: u64,
    /// The row's tokens, where counted.
    pub tokens: Option<u64>,
}

/// One line, without its line break.
///
/// The line is made for `datasets.load_dataset("json", …)`, which takes the types of a whole file from its first
/// 10 MB and fails on a later row that differs. Hence the three choices that may surprise:
///
/// - `tools` is the JSON text of a list, not the list: parameter schemas of two harnesses have different keys and
///   types, and as objects they fail whenever the first 10 MB hold only one kind of them. TRL reads the text as it is.
/// - A label that is not known is `""`, not `null`: a column that is `null` in the first 10 MB can't hold text later.
/// - `arguments` is a text, as OpenAI has it, also where it is no JSON.
///
/// The keys of a message are those that it needs, so that no chat template meets a `null`.
pub fn line(trajectory: &Trajectory, origin: &Origin) -> String {
    let ids = call_ids(trajectory);
    let line = Line {
        messages: trajectory
            .messages
            .iter()
            .enumerate()
            .map(|(at, message)| written(trajectory, &ids, at, message))
            .collect(),
        tools: schema::list(&trajectory.tools),
        metadata: Metadata::of(trajectory, origin),
    };
    // Texts and numbers only: there is nothing in it that can't be written as JSON.
    serde_json::to_string(&line).unwrap_or_default()
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Written<'a>>,
    tools: String,
    metadata: Metadata<'a>,
}

/// A message as it is written: a key that a role does not have, or that would be empty, is left out.
#[derive(Serialize)]
struct Written<'a> {
    role: &'static str,
    content: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reasoning_content: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WrittenCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct WrittenCall<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    arguments: &'a str,
}

/// Always the same keys in the same order.
#[derive(Serialize)]
struct Metadata<'a> {
    dataset: &'a str,
    config: &'a str,
    split: &'a str,
    revision: &'a str,
    row: u64,
    trajectory_id: &'a str,
    instance_id: &'a str,
    repo: &'a str,
    license: &'a str,
    language: &'a str,
    outcome: Outcome,
    /// Counted for all rows of a file or for none, so that `null` is safe here.
    tokens: Option<u64>,
}

impl<'a> Metadata<'a> {
    fn of(trajectory: &'a Trajectory, origin: &'a Origin) -> Self {
        let labels = &trajectory.labels;
        Self {
            dataset: &origin.dataset,
            config: &origin.config,
            split: &origin.split,
            revision: origin.revision.as_deref().unwrap_or_default(),
            row: origin.row,
            trajectory_id: labels.trajectory_id.as_deref().unwrap_or_default(),
            instance_id: labels.instance_id.as_deref().unwrap_or_default(),
            repo: labels.repo.as_deref().unwrap_or_default(),
            license: labels.license.as_deref().unwrap_or_default(),
            language: labels.language.as_deref().unwrap_or_default(),
            outcome: trajectory.outcome,
            tokens: origin.tokens,
        }
    }
}

fn written<'a>(
    trajectory: &'a Trajectory,
    ids: &HashSet<&str>,
    at: usize,
    message: &'a Message,
) -> Written<'a> {
    let answered = answered_call(trajectory, message);
    let observation = message.role == Role::Tool;
    Written {
        role: message.role.name(),
        content: &message.text,
        reasoning_content: &message.reasoning,
        tool_calls: message.calls.iter().map(written_call).collect(),
        tool_call_id: observation
            .then(|| answered.map_or_else(|| orphan_id(at, ids), |call| call.id.to_string())),
        name: answered
            .filter(|call| observation && !call.name.is_empty())
            .map(|call| call.name.as_ref()),
    }
}

fn written_call<'a>(call: &'a Call) -> WrittenCall<'a> {
    WrittenCall {
        id: &call.id,
        kind: "function",
        function: Function {
            name: &call.name,
            arguments: &call.arguments,
        },
    }
}

/// The call that an observation answers.
fn answered_call<'a>(trajectory: &'a Trajectory, message: &Message) -> Option<&'a Call<'a>> {
    let at = message.answers?;
    trajectory.messages.get(at.message)?.calls.get(at.call)
}

fn call_ids<'a>(trajectory: &'a Trajectory) -> HashSet<&'a str> {
    trajectory
        .messages
        .iter()
        .flat_map(|message| message.calls.iter().map(|call| call.id.as_ref()))
        .collect()
}

/// An id for an observation that answers no call; no call has it.
fn orphan_id(at: usize, ids: &HashSet<&str>) -> String {
    let mut id = format!("orphan_{at}");
    while ids.contains(id.as_str()) {
        id.push('_');
    }
    id
}
