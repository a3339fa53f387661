//! What a program logs of each request to a model: the `messages` that were sent and the `response`. OpenHands writes
//! them as `llm_completions`, LiteLLM's loggers the same; the last log of a run holds all of it.

use super::{Column, Dialect};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::{Repairs, Tool, json, tools};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["response"],
    read: Some(read),
    ..Dialect::new("completion_log")
};

/// Where the model was not asked for tool calls, OpenHands keeps what it made of the texts as `fncall_messages` and
/// `fncall_response`: there the calls stand in fields of their own.
fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let log = Object::read(row)?;
    let has_calls = log.has("fncall_messages") && log.has("fncall_response");
    let (messages, response) = match has_calls {
        true => ("fncall_messages", "fncall_response"),
        false => ("messages", "response"),
    };
    let response = unwrapped(log.object(response), "choices");
    // Proxies keep what was sent in an object of its own.
    let log = match log.has(messages) {
        true => log,
        false => unwrapped(log.object("request"), messages),
    };
    let choice = response
        .list("choices")
        .first()
        .copied()
        .and_then(Object::read)?;
    let reply = choice.raw("message")?;
    let sent = log.list(messages);
    let all = sent.into_iter().chain([reply]).map(RawMessage::read);
    let mut read = Row {
        messages: all.collect(),
        tools: tools_of(&log),
        ..Row::default()
    };
    read.columns.put_text(
        Column::Teacher,
        json::either(response.text("model"), log.text("model")),
    );
    Some(read)
}

/// What was sent or answered: the object, or its `body` where it tells of the connection, too.
fn unwrapped<'a>(sent: Object<'a>, field: &str) -> Object<'a> {
    match sent.has(field) {
        true => sent,
        false => sent.object("body"),
    }
}

/// The tools of the request, wherever a program keeps what else it sent.
fn tools_of<'a>(log: &Object<'a>) -> Vec<Tool<'a>> {
    let sent = [
        log.list("tools"),
        log.object("kwargs").list("tools"),
        log.object("optional_params").list("tools"),
    ];
    let sent = sent
        .into_iter()
        .find(|tools| !tools.is_empty())
        .unwrap_or_default();
    sent.into_iter()
        .map(|raw| tools::tool(json::raw_text(raw)))
        .collect()
}
