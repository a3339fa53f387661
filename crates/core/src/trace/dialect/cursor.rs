//! Cursor: the transcripts that it keeps (`~/.cursor/projects/*/agent-transcripts`), `{role, message: {content}}` a line,
//! with the head that collectors put before them; and the stream that its agent prints, where calls are lines.

use std::borrow::Cow;

use super::{Column, Dialect, Session};
use crate::trace::Repairs;
use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::session::{one_run, parted_at};
use crate::trace::transcript::{Transcript, call, ended, events, json_text, note_unknown, result};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Cursor session",
        tells,
        runs: |values| match events(values).any(|event| is_head(&event)) {
            true => parted_at(values, is_head),
            false => one_run(values),
        },
        read,
    }),
    ..Dialect::new("cursor")
};

fn is_head(event: &Object) -> bool {
    event.is("type", "cursor_session_meta")
}

fn tells(values: &[&str]) -> bool {
    let mut told = false;
    for event in events(values) {
        let is_message = event.has("role") && event.object("message").has("content");
        if !is_message && !event.has("type") {
            return false;
        }
        let is_call =
            event.is("type", "tool_call") && event.object("tool_call").fields().count() > 0;
        told |= is_message || event.text("type").starts_with("cursor_") || is_call;
    }
    told
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of("cursor");
    let mut thinking = String::new();
    for event in events(values) {
        run.label(Column::Trajectory, event.text("session_id"));
        match &*event.text("type") {
            "cursor_session_meta" | "system" => run.chose(event.text("model")),
            "cursor_available_tools" => run.tools(event.raw("tools")),
            "thinking" => thinking.push_str(&event.text("text")),
            "tool_call" if event.is("subtype", "completed") => {
                read_call(&event, std::mem::take(&mut thinking), &mut run);
            }
            "tool_call" | "turn_ended" | "result" | "interaction_query" => {}
            _ if event.has("message") => {
                let message = event.object("message");
                run.wrote(message.text("model"));
                let mut message = event
                    .raw("message")
                    .map(RawMessage::read)
                    .unwrap_or_default();
                if message.role.is_empty() {
                    message.role = json::either(event.text("role"), event.text("type"));
                }
                if message.role == "assistant" && !thinking.is_empty() {
                    message.reasoning = Cow::Owned(std::mem::take(&mut thinking));
                }
                run.push(message);
            }
            _ => note_unknown(&event, repairs),
        }
    }
    run.into_row()
}

/// A call of the stream: `tool_call: {readToolCall: {args, result: {success | error}}}`.
fn read_call<'a>(event: &Object<'a>, thinking: String, run: &mut Transcript<'a>) {
    let calls = event.object("tool_call");
    let Some((name, raw)) = calls.borrowed_fields().next() else {
        return;
    };
    let called = Object::read(raw).unwrap_or_default();
    let name = name.strip_suffix("ToolCall").unwrap_or(name);
    let mut message = call(
        event.text("call_id"),
        Cow::Borrowed(name),
        called.raw("args"),
    );
    message.reasoning = Cow::Owned(thinking);
    run.push(message);
    let answer = called.object("result");
    let Some((how, raw)) = answer.borrowed_fields().next() else {
        return;
    };
    let end = match how {
        "success" => Some(ended(true)),
        "error" | "rejected" | "failure" => Some(ended(false)),
        _ => None,
    };
    let text = Content::Text(json_text(raw));
    run.push(result(event.text("call_id"), text, end));
}
