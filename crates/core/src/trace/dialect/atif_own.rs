//! ATIF as our export writes it: a document that any reader of the format takes, and that reads back here as the trajectory
//! it was written from. What the format has no place for stands in its `extra`; both directions stand side by side.

mod write;

pub(crate) use write::write;

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::plain::{Reading, put_beside};
use crate::trace::{
    Call, CallAt, CallForm, Labels, MediaKind, Message, Outcome, Role, Trajectory, tools,
};

/// The format's version: the value of the first key, `schema_version`.
const VERSION: &str = "ATIF-v1.8";

/// What the format wants of an agent, and a row may not say.
const NOT_KNOWN: &str = "unknown";

/// A document of ATIF 1.8.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Document<'a> {
    #[serde(borrow)]
    schema_version: Cow<'a, str>,
    extra: Extra,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    trajectory_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    agent: Agent<'a>,
    #[serde(borrow)]
    steps: Vec<Step<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Extra {
    /// [`Facts`] as JSON text: they would not have one type in all rows.
    tracesift: String,
    /// Where the row comes from.
    metadata: Value,
}

/// What the format has no place for.
#[derive(Debug, Serialize, Deserialize)]
struct Facts<'a> {
    labels: Labels<'a>,
    result: Outcome,
    model_patch: Option<Cow<'a, str>>,
    reference_patch: Option<Cow<'a, str>>,
    /// The tools' schemas as the row has them.
    tools: Vec<Cow<'a, str>>,
    reading: Reading,
}

#[derive(Debug, Serialize, Deserialize)]
struct Agent<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    model_name: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tool_definitions: Vec<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Step<'a> {
    step_id: usize,
    source: Source,
    #[serde(borrow)]
    message: Content<'a>,
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    reasoning_content: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<ToolCall<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    observation: Option<Observation<'a>>,
    #[serde(default, skip_serializing_if = "is_false")]
    is_copied_context: bool,
    #[serde(borrow, default, skip_serializing_if = "StepExtra::is_empty")]
    extra: StepExtra<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    System,
    User,
    Agent,
}

/// What the format has no place for of a step.
#[derive(Debug, Default, Serialize, Deserialize)]
struct StepExtra<'a> {
    /// It is nothing but an observation that does not follow its call: the call's id, empty where it answers none.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    result_of: Option<Cow<'a, str>>,
    /// Whether it is learned from, where the export was asked to say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    train: Option<bool>,
}

impl StepExtra<'_> {
    fn is_empty(&self) -> bool {
        self.result_of.is_none() && self.train.is_none()
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Parts(#[serde(borrow)] Vec<Part<'a>>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Part<'a> {
    Text {
        #[serde(borrow)]
        text: Cow<'a, str>,
    },
    Image {
        #[serde(borrow)]
        source: MediaSource<'a>,
    },
    Audio {
        #[serde(borrow)]
        source: MediaSource<'a>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct MediaSource<'a> {
    #[serde(borrow)]
    media_type: Cow<'a, str>,
    #[serde(borrow)]
    path: Cow<'a, str>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ToolCall<'a> {
    #[serde(borrow)]
    tool_call_id: Cow<'a, str>,
    #[serde(borrow)]
    function_name: Cow<'a, str>,
    /// An object.
    arguments: Box<RawValue>,
    #[serde(borrow, default, skip_serializing_if = "CallExtra::is_empty")]
    extra: CallExtra<'a>,
}

/// What the format has no place for of a call.
#[derive(Debug, Default, Serialize, Deserialize)]
struct CallExtra<'a> {
    /// The arguments as the row has them, where they are no object of one line.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    raw_arguments: Option<Cow<'a, str>>,
    /// How it was written, where it was not in a field of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<CallForm>,
    /// The index of the message that answers it, where that one answers another call, too; −1 where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<i64>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Observation<'a> {
    #[serde(borrow)]
    results: Vec<CallResult<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct CallResult<'a> {
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    source_call_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    content: Content<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extra: Option<ResultExtra>,
}

/// How a call ended, for other readers; ours takes it from [`Reading`].
#[derive(Debug, Serialize, Deserialize)]
struct ResultExtra {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_error: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit_code: Option<i64>,
}

impl CallExtra<'_> {
    fn is_empty(&self) -> bool {
        self.raw_arguments.is_none() && self.form.is_none() && self.answer.is_none()
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Reads a document of this form; `None` where it is another's, which is then read by its shape.
pub(super) fn read(row: &str) -> Option<Trajectory<'_>> {
    if !is_own(row) {
        return None;
    }
    let document: Document = serde_json::from_str(row).ok()?;
    let facts: Facts<'static> = serde_json::from_str(&document.extra.tracesift).ok()?;
    let mut messages = read_steps(document.steps);
    let mut reading = facts.reading;
    put_beside(&mut messages, std::mem::take(&mut reading.messages));
    Some(Trajectory {
        labels: facts.labels,
        outcome: facts.result,
        messages,
        tools: facts.tools.into_iter().map(tools::tool).collect(),
        model_patch: facts.model_patch,
        reference_patch: facts.reference_patch,
        declared: reading.declared,
        reference_declared: reading.reference_declared,
        exit: reading.exit.map(Cow::Owned),
        git_hack: reading.git_hack,
        thread: reading.thread,
        repairs: reading.repairs,
    })
}

/// Whether a row is likely of this form: its first key says the version, and it has our key.
fn is_own(row: &str) -> bool {
    let mut rest = row;
    for token in ["{", "\"schema_version\"", ":", "\"ATIF-v1.8\""] {
        match rest.trim_start().strip_prefix(token) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.contains("\"tracesift\"")
}

/// The messages of the steps, and which observation answers which call.
fn read_steps(steps: Vec<Step<'_>>) -> Vec<Message<'_>> {
    let mut messages: Vec<Message> = Vec::with_capacity(steps.len());
    let mut calls: HashMap<String, CallAt> = HashMap::new();
    let mut answers: Vec<(usize, String)> = Vec::new();
    for step in steps {
        let results = step.observation.unwrap_or_default().results;
        if let Some(call) = step.extra.result_of {
            for result in results {
                answers.push((messages.len(), call.to_string()));
                messages.push(read_result(result.content));
            }
            continue;
        }
        let message = messages.len();
        for (call, of) in step.tool_calls.iter().enumerate() {
            calls.insert(of.tool_call_id.to_string(), CallAt { message, call });
        }
        messages.push(Message {
            role: match step.source {
                Source::System => Role::System,
                Source::User => Role::User,
                Source::Agent => Role::Assistant,
            },
            text: read_content(step.message),
            reasoning: step.reasoning_content,
            calls: step.tool_calls.into_iter().map(read_call).collect(),
            ..Message::default()
        });
        for result in results {
            let id = result.source_call_id.unwrap_or_default();
            answers.push((messages.len(), id.into_owned()));
            messages.push(read_result(result.content));
        }
    }
    for (at, id) in answers {
        let Some(call) = calls.get(&id).copied() else {
            continue;
        };
        if let Some(message) = messages.get_mut(at) {
            message.answers = Some(call);
        }
        let asking = messages.get_mut(call.message);
        if let Some(of) = asking.and_then(|message| message.calls.get_mut(call.call)) {
            of.answer = of.answer.or(Some(at));
        }
    }
    let count = messages.len();
    for call in messages.iter_mut().flat_map(|message| &mut message.calls) {
        call.answer = call.answer.filter(|at| *at < count);
    }
    messages
}

fn read_result(content: Content<'_>) -> Message<'_> {
    Message {
        role: Role::Tool,
        text: read_content(content),
        ..Message::default()
    }
}

/// A call; an answer that is none, or is shared, is known before its observation is.
fn read_call(call: ToolCall<'_>) -> Call<'_> {
    let extra = call.extra;
    let arguments = extra.raw_arguments;
    Call {
        id: call.tool_call_id,
        name: call.function_name,
        arguments: arguments.unwrap_or_else(|| Cow::Owned(call.arguments.get().to_owned())),
        form: extra.form.unwrap_or(CallForm::Structured),
        answer: extra
            .answer
            .map(|at| usize::try_from(at).unwrap_or(usize::MAX)),
    }
}

fn read_content(content: Content<'_>) -> Cow<'_, str> {
    match content {
        Content::Text(text) => text,
        Content::Parts(parts) => Cow::Owned(
            parts
                .iter()
                .map(|part| match part {
                    Part::Text { text } => &**text,
                    Part::Image { .. } => MediaKind::Image.placeholder(),
                    Part::Audio { .. } => MediaKind::Audio.placeholder(),
                })
                .collect(),
        ),
    }
}
