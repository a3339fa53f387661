//! Gemini CLI (`~/.gemini/tmp/*/chats/session-*`): one object with `messages`, or, newer, a log of lines in which a message
//! is written again whenever it changes, `$set` changes facts and `$rewindTo` goes back to before a message.
//!
//! A call's result stands in the call. Notices (`info`, `warning`, `error`) were shown to the user and never to the model.
//! Source: `packages/core/src/services/chatRecordingService.ts` of google-gemini/gemini-cli.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Column, Dialect, Session};
use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::structured::RawCall;
use crate::trace::transcript::{
    Transcript, ended, events, json_text, media_of, note_unknown, result,
};
use crate::trace::tree::{self, Node, Says};
use crate::trace::{Media, Repairs, SessionRun};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["projectHash", "sessionId"],
    read: Some(read_object),
    session: Some(&Session {
        name: "Gemini CLI session",
        tells,
        runs,
        read,
    }),
    ..Dialect::new("gemini_cli")
};

fn read_object<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let object = Object::read(row)?;
    let messages = object.list("messages");
    let mut known = messages.iter().filter_map(|raw| Object::read(raw));
    let is_own = known.all(|message| is_message(&message) && !message.has("role"));
    if !is_own || messages.is_empty() {
        return None;
    }
    read_all(&object, messages, repairs)
}

/// Whether it says its kind as this program does.
fn is_message(message: &Object) -> bool {
    message.has("type") && (message.has("content") || message.has("toolCalls") || message.has("id"))
}

fn tells(values: &[&str]) -> bool {
    let is_head = |event: &Object| event.has("sessionId") && event.has("projectHash");
    let mut told = false;
    for event in events(values) {
        let is_line = is_head(&event)
            || event.has("$set")
            || event.has("$rewindTo")
            || (event.has("id") && is_message(&event));
        if !is_line || !event.list("messages").is_empty() {
            return false;
        }
        told |= is_head(&event) || event.has("$rewindTo") || event.is("type", "gemini");
    }
    told
}

/// The messages that `$rewindTo` leaves behind are a branch.
fn runs(values: &[&str]) -> Vec<SessionRun> {
    let (mut shared, mut nodes) = (Vec::new(), Vec::<Node>::new());
    let mut named: HashMap<String, usize> = HashMap::new();
    let mut last = None;
    for (value, raw) in values.iter().enumerate() {
        let Some(event) = Object::read(raw) else {
            continue;
        };
        if event.has("$rewindTo") {
            let target = named.get(&*event.text("$rewindTo")).copied();
            last = target.and_then(|node| nodes.get(node)?.parent);
            continue;
        }
        let id = event.text("id");
        if id.is_empty() {
            shared.push(value);
            continue;
        }
        let node = nodes.len();
        // A message that is written again stands where it stood.
        let known = named.get(&*id).copied();
        let says = match &*event.text("type") {
            _ if known.is_some() => Says::Result,
            "user" => Says::Prompt,
            "gemini" => Says::Reply,
            _ => Says::Nothing,
        };
        nodes.push(Node {
            value,
            parent: known.or(last),
            says,
        });
        if known.is_none() {
            named.insert(id.into_owned(), node);
            last = Some(node);
        }
    }
    tree::runs(&nodes, &shared)
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let head = events(values).find(|event| event.has("sessionId"));
    let mut messages = Vec::new();
    for value in values {
        let Some(event) = Object::read(value) else {
            continue;
        };
        match event.raw("$set") {
            Some(_) => messages.extend(event.object("$set").list("messages")),
            None if event.has("id") => messages.push(value),
            None => messages.extend(event.list("messages")),
        }
    }
    read_all(&head.unwrap_or_default(), messages, repairs)
}

fn read_all<'a>(
    head: &Object<'a>,
    messages: Vec<&'a str>,
    repairs: &mut Repairs,
) -> Option<Row<'a>> {
    let mut run = Transcript::of("gemini-cli");
    run.label(Column::Trajectory, head.text("sessionId"));
    for message in latest(messages) {
        match &*message.text("type") {
            "user" => run.push(RawMessage::of("user", content(&message))),
            "gemini" => read_reply(&message, &mut run),
            "info" | "warning" | "error" => {}
            _ => note_unknown(&message, repairs),
        }
    }
    run.into_row()
}

/// Each message as it was written last, where it was written first.
fn latest(messages: Vec<&str>) -> Vec<Object<'_>> {
    let mut places: HashMap<Cow<str>, usize> = HashMap::new();
    let mut found: Vec<Object> = Vec::new();
    for message in messages.into_iter().filter_map(Object::read) {
        let id = message.text("id");
        let known = places.get(&id).and_then(|at| found.get_mut(*at));
        match known {
            Some(known) if !id.is_empty() => *known = message,
            _ => {
                places.insert(id, found.len());
                found.push(message);
            }
        }
    }
    found
}

/// The content: a text, one part or a list of parts, which have no kind.
fn content<'a>(message: &Object<'a>) -> Content<'a> {
    message.content("content")
}

fn read_reply<'a>(message: &Object<'a>, run: &mut Transcript<'a>) {
    run.wrote(message.text("model"));
    let mut reply = RawMessage::of("assistant", content(message));
    let thoughts = message.list("thoughts");
    reply.reasoning = json::join_all(thoughts.into_iter().map(thought));
    let calls: Vec<Object> = message
        .list("toolCalls")
        .into_iter()
        .filter_map(Object::read)
        .collect();
    reply.calls.calls = calls.iter().map(call).collect();
    run.push(reply);
    for call in &calls {
        let outputs = outputs(call);
        let end = match &*call.text("status") {
            "success" => Some(ended(true)),
            "error" | "cancelled" => Some(ended(false)),
            _ => None,
        };
        if end.is_some() || !outputs.is_empty() {
            run.push(result(call.text("id"), outputs, end));
        }
    }
}

fn call<'a>(call: &Object<'a>) -> RawCall<'a> {
    RawCall {
        id: call.text("id"),
        name: call.text("name"),
        arguments: call.raw("args").map_or(Cow::Borrowed("{}"), json_text),
    }
}

/// A thought: a text, or what it is about and what it says.
fn thought(raw: &str) -> Cow<'_, str> {
    let Some(thought) = Object::read(raw) else {
        return json::raw_text(raw);
    };
    let said = ["subject", "description", "text"].map(|field| thought.text(field));
    let said: Vec<&str> = said
        .iter()
        .map(|text| &**text)
        .filter(|text| !text.is_empty())
        .collect();
    Cow::Owned(said.join(" — "))
}

/// What a call gave back: parts, most of them `functionResponse`s with a text in `output` or `error`.
fn outputs<'a>(call: &Object<'a>) -> Content<'a> {
    let Some(raw) = call.raw("result") else {
        return Content::default();
    };
    if !raw.starts_with('[') {
        return Content::Text(json_text(raw));
    }
    let parts: Vec<Part> = elements(raw).into_iter().map(output_part).collect();
    match parts.iter().any(|part| matches!(part, Part::Media(_))) {
        true => Content::Parts(parts),
        false => Content::Text(Content::Parts(parts).into_text()),
    }
}

fn output_part(raw: &str) -> Part<'_> {
    let Some(part) = Object::read(raw) else {
        return Part::Text(json::raw_text(raw));
    };
    if part.has("inlineData") {
        let mime = part.object("inlineData").text("mimeType");
        return Part::Media(Media {
            kind: media_of(&mime),
            reference: None,
        });
    }
    Part::Text(match part.object("functionResponse").raw("response") {
        Some(response) => output(response),
        None if part.has("text") => part.text("text"),
        None => json_text(raw),
    })
}

fn output(response: &str) -> Cow<'_, str> {
    let fields = Object::read(response).unwrap_or_default();
    match fields.raw("output") {
        Some(output) if fields.fields().count() == 1 => json_text(output),
        _ => json_text(response),
    }
}
