//! Our own form of a trajectory: one JSON object that reads back as the trajectory it was written from. The export writes
//! it; here both directions stand side by side.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Dialect;
use crate::trace::tools;
use crate::trace::{
    Call, CallAt, CallForm, Declared, Labels, Media, Message, Outcome, Repairs, Reported, Role,
    Thread, Trajectory,
};

pub(super) const DIALECT: Dialect = Dialect {
    row: Some(read),
    told_by: &["tracesift"],
    ..Dialect::new("plain")
};

/// The version of the form: the value of its first key, `tracesift`.
const VERSION: u32 = 1;

/// By these bytes a row says that it is of this form.
const START: &str = "{\"tracesift\":";

/// A row. Every key is in every row and has one type, so that any rows make a table. The names are those by which other
/// programs, and our own reading by shape, know the fields, too. What is not known is `""`; what more is needed to read
/// the same trajectory stands in `reading`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plain<'a> {
    tracesift: u32,
    #[serde(borrow)]
    trajectory_id: Cow<'a, str>,
    #[serde(borrow)]
    instance_id: Cow<'a, str>,
    #[serde(borrow)]
    repo: Cow<'a, str>,
    #[serde(borrow)]
    license: Cow<'a, str>,
    #[serde(borrow)]
    language: Cow<'a, str>,
    #[serde(borrow)]
    harness: Cow<'a, str>,
    #[serde(borrow)]
    teacher_model: Cow<'a, str>,
    #[serde(borrow)]
    category: Cow<'a, str>,
    result: Outcome,
    #[serde(borrow)]
    messages: Vec<PlainMessage<'a>>,
    /// The schemas as they stand in the row.
    #[serde(borrow)]
    tools: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    model_patch: Cow<'a, str>,
    #[serde(borrow)]
    reference_patch: Cow<'a, str>,
    /// [`Reading`] as JSON text.
    reading: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct PlainMessage<'a> {
    role: Role,
    #[serde(borrow)]
    content: Cow<'a, str>,
    #[serde(borrow)]
    reasoning_content: Cow<'a, str>,
    #[serde(borrow)]
    tool_calls: Vec<PlainCall<'a>>,
    /// The id of the call that is answered; empty where none is.
    #[serde(borrow)]
    tool_call_id: Cow<'a, str>,
    /// Whether it is learned from, where the export was asked to say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    train: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PlainCall<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    function: Function<'a>,
    form: CallForm,
    /// The index of the message that answers it; −1 where none does.
    answer: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Function<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    arguments: Cow<'a, str>,
}

/// What is rarely asked for and would not have one type in all rows.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Reading {
    has_model_patch: bool,
    has_reference_patch: bool,
    #[serde(rename = "stated")]
    pub declared: Option<Declared>,
    #[serde(rename = "reference_stated")]
    pub reference_declared: Option<Declared>,
    pub exit: Option<String>,
    pub git_hack: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "is_main")]
    pub thread: Thread,
    /// What few messages have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Beside>,
    pub repairs: Repairs,
}

impl Reading {
    /// What is known of a trajectory beside its labels, messages, tools and patches.
    pub fn of(trajectory: &Trajectory) -> Self {
        Reading {
            has_model_patch: trajectory.model_patch.is_some(),
            has_reference_patch: trajectory.reference_patch.is_some(),
            declared: trajectory.declared,
            reference_declared: trajectory.reference_declared,
            exit: trajectory.exit.as_deref().map(str::to_owned),
            git_hack: trajectory.git_hack,
            source: trajectory.labels.source.as_deref().map(str::to_owned),
            thread: trajectory.thread,
            messages: beside(&trajectory.messages),
            repairs: trajectory.repairs.clone(),
        }
    }
}

/// What is known of a message beside what is said.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Beside {
    /// Its index.
    message: usize,
    reported: Option<Reported>,
    weight: Option<f64>,
    copied: bool,
    media: Vec<Media<'static>>,
}

fn is_main(thread: &Thread) -> bool {
    *thread == Thread::Main
}

/// A trajectory as a row; `trained` says of each message whether it is learned from, or nothing.
pub(crate) fn write<'a>(
    trajectory: &'a Trajectory,
    trained: impl Fn(usize) -> Option<bool>,
) -> Plain<'a> {
    let labels = &trajectory.labels;
    let text = |text: &'a Option<Cow<str>>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    let reading = Reading::of(trajectory);
    let messages = trajectory.messages.iter().enumerate();
    Plain {
        tracesift: VERSION,
        trajectory_id: text(&labels.trajectory_id),
        instance_id: text(&labels.instance_id),
        repo: text(&labels.repo),
        license: text(&labels.license),
        language: text(&labels.language),
        harness: text(&labels.harness),
        teacher_model: text(&labels.teacher),
        category: text(&labels.category),
        result: trajectory.outcome,
        messages: messages
            .map(|(at, message)| write_message(trajectory, message, trained(at)))
            .collect(),
        tools: trajectory
            .tools
            .iter()
            .map(|tool| borrowed(&tool.schema))
            .collect(),
        model_patch: text(&trajectory.model_patch),
        reference_patch: text(&trajectory.reference_patch),
        reading: serde_json::to_string(&reading).unwrap_or_default(),
    }
}

fn beside(messages: &[Message]) -> Vec<Beside> {
    let all = messages.iter().enumerate().map(|(message, of)| Beside {
        message,
        reported: of.reported,
        weight: of.weight,
        copied: of.copied,
        media: of.media.iter().map(Media::to_owned).collect(),
    });
    all.filter(Beside::says_anything).collect()
}

impl Beside {
    fn says_anything(&self) -> bool {
        let said = self.reported.is_some() || self.weight.is_some();
        said || self.copied || !self.media.is_empty()
    }
}

fn write_message<'a>(
    trajectory: &'a Trajectory,
    message: &'a Message,
    train: Option<bool>,
) -> PlainMessage<'a> {
    let asked = message.answers.and_then(|at| {
        let asking = trajectory.messages.get(at.message)?;
        asking.calls.get(at.call)
    });
    PlainMessage {
        role: message.role,
        content: borrowed(&message.text),
        reasoning_content: borrowed(&message.reasoning),
        tool_calls: message.calls.iter().map(write_call).collect(),
        tool_call_id: asked.map_or(Cow::Borrowed(""), |call| borrowed(&call.id)),
        train,
    }
}

fn write_call<'a>(call: &'a Call) -> PlainCall<'a> {
    let answer = call.answer.and_then(|at| i64::try_from(at).ok());
    PlainCall {
        id: borrowed(&call.id),
        kind: Cow::Borrowed("function"),
        function: Function {
            name: borrowed(&call.name),
            arguments: borrowed(&call.arguments),
        },
        form: call.form,
        answer: answer.unwrap_or(-1),
    }
}

fn borrowed(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Reads a row of this form; `None` where it is of another, which is then read by its shape.
///
/// The trajectory is the one that was written, but for labels that were known and empty: they are not known now. It
/// must have had different ids for all calls, as every trajectory that was read has.
pub(super) fn read(row: &str) -> Option<Trajectory<'_>> {
    if !row.trim_start().starts_with(START) {
        return None;
    }
    let row: Plain = serde_json::from_str(row).ok()?;
    if row.tracesift != VERSION {
        return None;
    }
    let reading: Reading = serde_json::from_str(&row.reading).ok()?;
    let known = |text: Cow<'_, str>| (!text.is_empty()).then(|| text.into_owned().into());
    Some(Trajectory {
        labels: Labels {
            trajectory_id: known(row.trajectory_id),
            instance_id: known(row.instance_id),
            repo: known(row.repo),
            license: known(row.license),
            language: known(row.language),
            harness: known(row.harness),
            teacher: known(row.teacher_model),
            category: known(row.category),
            source: reading.source.map(Cow::Owned),
        },
        outcome: row.result,
        messages: read_messages(row.messages, reading.messages),
        tools: row.tools.into_iter().map(tools::tool).collect(),
        model_patch: reading.has_model_patch.then_some(row.model_patch),
        reference_patch: reading.has_reference_patch.then_some(row.reference_patch),
        declared: reading.declared,
        reference_declared: reading.reference_declared,
        exit: reading.exit.map(Cow::Owned),
        git_hack: reading.git_hack,
        thread: reading.thread,
        repairs: reading.repairs,
    })
}

fn read_messages(rows: Vec<PlainMessage<'_>>, beside: Vec<Beside>) -> Vec<Message<'_>> {
    let mut calls: HashMap<String, CallAt> = HashMap::new();
    for (message, row) in rows.iter().enumerate() {
        for (call, of) in row.tool_calls.iter().enumerate() {
            calls
                .entry(of.id.to_string())
                .or_insert(CallAt { message, call });
        }
    }
    let count = rows.len();
    let messages = rows.into_iter().map(|row| Message {
        role: row.role,
        text: row.content,
        reasoning: row.reasoning_content,
        answers: calls.get(&*row.tool_call_id).copied(),
        calls: row
            .tool_calls
            .into_iter()
            .map(|call| read_call(call, count))
            .collect(),
        ..Message::default()
    });
    let mut messages: Vec<Message> = messages.collect();
    put_beside(&mut messages, beside);
    messages
}

/// Gives the messages what is known of them beside what they say.
pub(super) fn put_beside(messages: &mut [Message<'_>], beside: Vec<Beside>) {
    for known in beside {
        if let Some(message) = messages.get_mut(known.message) {
            message.reported = known.reported;
            message.weight = known.weight;
            message.copied = known.copied;
            message.media = known.media;
        }
    }
}

fn read_call(call: PlainCall<'_>, messages: usize) -> Call<'_> {
    let answer = usize::try_from(call.answer).ok();
    Call {
        id: call.id,
        name: call.function.name,
        arguments: call.function.arguments,
        form: call.form,
        answer: answer.filter(|at| *at < messages),
    }
}
