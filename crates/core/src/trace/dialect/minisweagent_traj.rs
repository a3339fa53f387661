//! mini-swe-agent's own files: `messages`, of which the last may be an `exit`, and `info` on how it ended.
//! <https://github.com/SWE-agent/mini-swe-agent>, `mini-swe-agent-1`, `-1.1` and version 2, docs/usage/output_files.md.

use std::borrow::Cow;

use super::{Column, Dialect, sweagent_traj};
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::row::Row;
use crate::trace::session::join_turns;
use crate::trace::structured::RawCall;
use crate::trace::{Repairs, Reported, json};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["trajectory_format", "info"],
    read: Some(read),
    ..Dialect::new("minisweagent_traj")
};

fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let file = Object::read(row)?;
    let info = file.object("info");
    let is_named = file.text("trajectory_format").starts_with("mini-swe-agent");
    let is_ended = info.has("exit_status") && info.has("model_stats");
    if !(is_named || is_ended || info.has("mini_version")) {
        return None;
    }
    let list = file.list("messages");
    if list.is_empty() {
        return None;
    }
    let mut columns = sweagent_traj::ending(&info);
    columns.put_text(Column::Harness, Cow::Borrowed("minisweagent"));
    let model = info.object("config").object("model");
    columns.put_text(Column::Teacher, model.text("model_name"));
    let mut messages = Vec::new();
    for raw in list {
        match Object::read(raw) {
            Some(message) if message.is("role", "exit") => {
                columns.append(sweagent_traj::ending(&message.object("extra")));
                columns.put_text(Column::Exit, message.text("content"));
            }
            // A reply of the Responses API is kept as it came.
            Some(message) if message.is("object", "response") => {
                let items = elements(message.raw("output").unwrap_or("[]")).into_iter();
                messages.extend(join_turns(items.map(RawMessage::read).collect()));
            }
            Some(message) => messages.push(one(raw, &message)),
            None => messages.push(RawMessage::read(raw)),
        }
    }
    Some(Row {
        messages,
        columns,
        ..Row::default()
    })
}

/// A message, with what `extra` says of it: the return code of what it shows, and the commands that were found in it
/// where the text does not show them as a block.
fn one<'a>(raw: &'a str, fields: &Object<'a>) -> RawMessage<'a> {
    let mut message = RawMessage::read(raw);
    let extra = fields.object("extra");
    message.beside.reported = extra.integer("returncode").map(Reported::Exit);
    let is_written = fields.has("tool_calls") || fields.text("content").contains("```");
    if fields.is("role", "assistant") && !is_written {
        let actions = extra.list("actions").into_iter().filter_map(Object::read);
        message.calls.calls.extend(actions.map(|action| RawCall {
            id: action.text("tool_call_id"),
            name: Cow::Borrowed("bash"),
            arguments: Cow::Owned(format!(
                r#"{{"command":{}}}"#,
                json::compact(action.raw("command").unwrap_or(r#""""#))
            )),
        }));
    }
    message
}
