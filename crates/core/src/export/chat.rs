//! Messages as OpenAI's API has them, the form that most trainers read or start from. Formats differ in few points:
//! where reasoning stands, how arguments are written, by which key a message says that it is not learned from.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::check::Fault;
use super::format::Row;
use super::options::{Arguments, Options};
use crate::trace::{Call, Message, Role, Trajectory};

/// A message as it is written: a key that a role does not have, or that would be empty, is left out, so that no chat
/// template meets a `null`.
#[derive(Debug, Serialize)]
pub(super) struct Chat<'a> {
    pub role: &'static str,
    pub content: Content<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reasoning_content: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ChatCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
}

/// What is said: a text, or texts and images.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Content<'a> {
    Text(&'a str),
    Parts(Vec<ContentPart<'a>>),
}

/// A part of what is said.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ContentPart<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl<'a> },
}

/// Where an image is kept.
#[derive(Debug, Serialize)]
pub(super) struct ImageUrl<'a> {
    url: &'a str,
}

impl<'a> ContentPart<'a> {
    /// An image at an address.
    pub fn image(url: &'a str) -> Self {
        Self::ImageUrl {
            image_url: ImageUrl { url },
        }
    }
}

/// A call as it is written.
#[derive(Debug, Serialize)]
pub(super) struct ChatCall<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Debug, Serialize)]
struct Function<'a> {
    name: &'a str,
    arguments: Written<'a>,
}

/// Arguments as a text or as an object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Written<'a> {
    Text(&'a str),
    Object(Map<String, Value>),
}

/// The messages of a row, arguments as its options say.
pub(super) fn messages<'a>(row: &'a Row) -> Vec<Chat<'a>> {
    of(&row.part.trajectory, row.options.arguments)
}

/// The messages of a trajectory. Arguments that are not an object stay text: a format that must not have them refuses
/// the row.
pub(super) fn of<'a>(trajectory: &'a Trajectory, arguments: Arguments) -> Vec<Chat<'a>> {
    let ids = call_ids(trajectory);
    let messages = trajectory.messages.iter().enumerate();
    messages
        .map(|(at, message)| chat(trajectory, &ids, at, message, arguments))
        .collect()
}

fn chat<'a>(
    trajectory: &'a Trajectory,
    ids: &HashSet<&str>,
    at: usize,
    message: &'a Message,
    arguments: Arguments,
) -> Chat<'a> {
    let answered = answered_call(trajectory, message);
    let observation = message.role == Role::Tool;
    let calls = message.calls.iter();
    Chat {
        role: message.role.name(),
        content: Content::Text(&message.text),
        reasoning_content: &message.reasoning,
        tool_calls: calls.map(|call| chat_call(call, arguments)).collect(),
        tool_call_id: observation
            .then(|| answered.map_or_else(|| orphan_id(at, ids), |call| call.id.to_string())),
        name: tool_name(trajectory, message),
    }
}

fn chat_call<'a>(call: &'a Call, arguments: Arguments) -> ChatCall<'a> {
    let object = match arguments {
        Arguments::Object => object(call),
        Arguments::Text => None,
    };
    ChatCall {
        id: &call.id,
        kind: "function",
        function: Function {
            name: &call.name,
            arguments: object.map_or(Written::Text(&call.arguments), Written::Object),
        },
    }
}

/// A call's arguments; `None` if they are not an object.
pub(super) fn object(call: &Call) -> Option<Map<String, Value>> {
    serde_json::from_str(&call.arguments).ok()
}

/// The call that an observation answers.
fn answered_call<'a>(trajectory: &'a Trajectory, message: &Message) -> Option<&'a Call<'a>> {
    let at = message.answers?;
    trajectory.messages.get(at.message)?.calls.get(at.call)
}

/// The tool that an observation is from, where it is known.
pub(super) fn tool_name<'a>(trajectory: &'a Trajectory, message: &Message) -> Option<&'a str> {
    let call = answered_call(trajectory, message)?;
    let has_name = message.role == Role::Tool && !call.name.is_empty();
    has_name.then_some(call.name.as_ref())
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

/// A call as `{"name", "arguments"}`.
pub(super) fn called(call: &Call) -> Value {
    let arguments = object(call).unwrap_or_default();
    json!({"name": call.name, "arguments": arguments})
}

/// Arguments that are to be objects have to be objects.
pub(super) fn refuses_objects(fault: Fault, options: &Options) -> bool {
    fault == Fault::BadArguments && options.arguments == Arguments::Object
}

/// What chat templates do with calls.
pub(super) fn template_notes(options: &Options) -> Vec<&'static str> {
    let llama = "Llama 3.1's chat template stops at two calls in one turn, and leaves out reasoning and what is said \
         beside a call.";
    match options.arguments {
        Arguments::Object => vec![llama],
        Arguments::Text => vec![
            llama,
            "Arguments are written as text, which any version of datasets loads. Some chat templates want objects: \
             Qwen 2.5 and Llama 3 would put the text in quotes once more, Qwen3-Coder would fail. For these choose \
             arguments as objects.",
        ],
    }
}
