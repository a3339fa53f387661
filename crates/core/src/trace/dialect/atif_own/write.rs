//! A trajectory as a document: each message is a step, and an observation that follows its call joins the call's step.
//! What a step has no field for goes into its `extra`.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::{
    Agent, CallExtra, CallResult, Content, Document, Extra, Facts, MediaSource, NOT_KNOWN,
    Observation, Part, ResultExtra, Source, Step, StepExtra, ToolCall, VERSION,
};
use crate::trace::dialect::plain::Reading;
use crate::trace::{
    Call, CallAt, CallForm, Media, MediaKind, Message, Reported, Role, Tool, Trajectory, json,
};

/// A trajectory as a document. `metadata` says where it comes from, `trained` of each message whether it is learned from,
/// or nothing.
pub(crate) fn write<'a>(
    trajectory: &'a Trajectory,
    metadata: Value,
    trained: impl Fn(usize) -> Option<bool>,
) -> Document<'a> {
    let labels = &trajectory.labels;
    let text = |text: &'a Option<Cow<str>>| text.as_deref().map(Cow::Borrowed);
    let tools = trajectory.tools.iter();
    let facts = Facts {
        labels: labels.clone(),
        result: trajectory.outcome,
        model_patch: text(&trajectory.model_patch),
        reference_patch: text(&trajectory.reference_patch),
        tools: tools
            .clone()
            .map(|tool| Cow::Borrowed(&*tool.schema))
            .collect(),
        reading: Reading::of(trajectory),
    };
    Document {
        schema_version: Cow::Borrowed(VERSION),
        extra: Extra {
            tracesift: serde_json::to_string(&facts).unwrap_or_default(),
            metadata,
        },
        trajectory_id: text(&labels.trajectory_id),
        agent: Agent {
            name: text(&labels.harness).unwrap_or(Cow::Borrowed(NOT_KNOWN)),
            version: Cow::Borrowed(NOT_KNOWN),
            model_name: text(&labels.teacher),
            tool_definitions: tools.map(Tool::as_function).collect(),
        },
        steps: write_steps(trajectory, trained),
    }
}

/// Each message as a step; an observation joins the step of its call where it follows it.
fn write_steps<'a>(
    trajectory: &'a Trajectory,
    trained: impl Fn(usize) -> Option<bool>,
) -> Vec<Step<'a>> {
    let messages = &trajectory.messages;
    let answered = messages.iter().enumerate();
    let answered: HashMap<CallAt, usize> = answered
        .filter_map(|(at, message)| Some((message.answers?, at)))
        .collect();
    let mut steps: Vec<Step> = Vec::new();
    // The message that the last step is, while nothing but its results has followed.
    let mut asking = None;
    for (at, message) in messages.iter().enumerate() {
        let call = message.answers.and_then(|at| call_at(messages, at));
        let follows = message
            .answers
            .is_some_and(|call| Some(call.message) == asking);
        if follows && let Some(step) = steps.last_mut() {
            let observation = step.observation.get_or_insert_default();
            let id = call.map(|call| Cow::Borrowed(&*call.id));
            observation.results.push(write_result(message, id));
            continue;
        }
        asking = (message.role == Role::Assistant).then_some(at);
        let mut step = Step {
            step_id: steps.len() + 1,
            source: match message.role {
                Role::User => Source::User,
                Role::Assistant => Source::Agent,
                Role::System | Role::Tool => Source::System,
            },
            message: Content::Text(Cow::Borrowed("")),
            reasoning_content: Cow::Borrowed(&message.reasoning),
            tool_calls: Vec::new(),
            observation: None,
            is_copied_context: message.copied,
            extra: StepExtra {
                result_of: None,
                train: trained(at).filter(|_| asking.is_some()),
            },
        };
        if message.role == Role::Tool {
            let id = call.map_or(Cow::Borrowed(""), |call| Cow::Borrowed(&*call.id));
            step.extra.result_of = Some(id);
            step.observation = Some(Observation {
                results: vec![write_result(message, None)],
            });
        } else {
            step.message = write_content(message);
            let calls = message.calls.iter().enumerate();
            let calls = calls.map(|(call, of)| {
                let place = CallAt { message: at, call };
                write_call(of, answered.get(&place).copied())
            });
            step.tool_calls = calls.collect();
        }
        steps.push(step);
    }
    if steps.is_empty() {
        steps.push(no_message());
    }
    steps
}

/// A document has a step: one without words and results stands for none, and reads back as none.
fn no_message() -> Step<'static> {
    Step {
        step_id: 1,
        source: Source::System,
        message: Content::Text(Cow::Borrowed("")),
        reasoning_content: Cow::Borrowed(""),
        tool_calls: Vec::new(),
        observation: None,
        is_copied_context: false,
        extra: StepExtra {
            result_of: Some(Cow::Borrowed("")),
            train: None,
        },
    }
}

fn call_at<'t, 'a>(messages: &'t [Message<'a>], at: CallAt) -> Option<&'t Call<'a>> {
    messages.get(at.message)?.calls.get(at.call)
}

/// A call; `answer` is the message that answers it and no other.
fn write_call<'a>(call: &'a Call, answer: Option<usize>) -> ToolCall<'a> {
    let told = call
        .answer
        .and_then(|at| i64::try_from(at).ok())
        .unwrap_or(-1);
    let written = &*call.arguments;
    let object = |text: &str| {
        let is_object = text.starts_with('{') && serde_json::from_str::<&RawValue>(text).is_ok();
        let compact = json::compact(text).into_owned();
        RawValue::from_string(compact).ok().filter(|_| is_object)
    };
    let arguments = object(written).unwrap_or_else(nothing);
    ToolCall {
        tool_call_id: Cow::Borrowed(&call.id),
        function_name: Cow::Borrowed(&call.name),
        extra: CallExtra {
            raw_arguments: (arguments.get() != written).then_some(Cow::Borrowed(written)),
            form: (call.form != CallForm::Structured).then_some(call.form),
            answer: (call.answer != answer).then_some(told),
        },
        arguments,
    }
}

/// `{}`
fn nothing() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).unwrap_or_default()
}

fn write_result<'a>(message: &'a Message, id: Option<Cow<'a, str>>) -> CallResult<'a> {
    let extra = message.reported.map(|reported| ResultExtra {
        is_error: match reported {
            Reported::Ok => Some(false),
            Reported::Error => Some(true),
            Reported::Exit(_) => None,
        },
        exit_code: match reported {
            Reported::Exit(code) => Some(code),
            _ => None,
        },
    });
    CallResult {
        source_call_id: id,
        content: write_content(message),
        extra,
    }
}

/// A text; parts where an image or a sound of a known type is kept somewhere: there it stands in place of its placeholder.
fn write_content<'a>(message: &'a Message) -> Content<'a> {
    let text = &*message.text;
    let (mut parts, mut from, mut search) = (Vec::new(), 0, 0);
    for media in &message.media {
        let placeholder = media.kind.placeholder();
        let found = text.get(search..).and_then(|rest| rest.find(placeholder));
        let Some(start) = found.map(|found| search + found) else {
            continue;
        };
        search = start + placeholder.len();
        let Some(part) = media_part(media) else {
            continue;
        };
        parts.extend(text_part(text, from..start));
        parts.push(part);
        from = search;
    }
    if parts.is_empty() {
        return Content::Text(Cow::Borrowed(text));
    }
    parts.extend(text_part(text, from..text.len()));
    Content::Parts(parts)
}

fn text_part(text: &str, range: std::ops::Range<usize>) -> Option<Part<'_>> {
    let text = text.get(range).filter(|text| !text.is_empty())?;
    Some(Part::Text {
        text: Cow::Borrowed(text),
    })
}

/// The format takes these types, by the endings of files that are usual for them.
fn media_part<'a>(media: &'a Media) -> Option<Part<'a>> {
    let path = media.reference.as_deref()?;
    let plain = path.split(['?', '#']).next().unwrap_or(path);
    let ending = plain
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let media_type = match (media.kind, &*ending) {
        (MediaKind::Image, "jpg" | "jpeg") => "image/jpeg",
        (MediaKind::Image, "png") => "image/png",
        (MediaKind::Image, "gif") => "image/gif",
        (MediaKind::Image, "webp") => "image/webp",
        (MediaKind::Audio, "wav") => "audio/wav",
        (MediaKind::Audio, "mp3") => "audio/mpeg",
        (MediaKind::Audio, "m4a" | "mp4") => "audio/mp4",
        (MediaKind::Audio, "ogg") => "audio/ogg",
        (MediaKind::Audio, "flac") => "audio/flac",
        (MediaKind::Audio, "webm") => "audio/webm",
        _ => return None,
    };
    let source = MediaSource {
        media_type: Cow::Borrowed(media_type),
        path: Cow::Borrowed(path),
    };
    Some(match media.kind {
        MediaKind::Audio => Part::Audio { source },
        _ => Part::Image { source },
    })
}
