//! Amp: a thread as it is exported, `{id: "T-…", messages: [{role, content: [blocks]}]}` with Anthropic's blocks, of which a
//! result says in `run` how the call ended. Messages of the role `info` were shown to the user only.

use std::borrow::Cow;

use super::{Column, Dialect};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::transcript::{Transcript, ended, events, exit_code, json_text, part, result};
use crate::trace::{Repairs, Reported};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["v", "env", "nextMessageId", "agentMode", "created"],
    read: Some(read),
    ..Dialect::new("amp")
};

fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let thread = Object::read(row)?;
    let messages = thread.list("messages");
    let is_own = events(&messages).all(|message| message.has("role") && message.has("content"));
    let is_thread = thread.text("id").starts_with("T-");
    let has_ids = events(&messages).any(|message| message.has("messageId"));
    if messages.is_empty() || !is_own || !(is_thread || has_ids) {
        return None;
    }
    let mut run = Transcript::of("amp");
    run.label(Column::Trajectory, thread.text("id"));
    for message in events(&messages) {
        read_message(&message, &mut run);
    }
    run.into_row()
}

fn read_message<'a>(message: &Object<'a>, run: &mut Transcript<'a>) {
    let role = match &*message.text("role") {
        "assistant" => "assistant",
        "user" => "user",
        "system" => "system",
        _ => return,
    };
    run.wrote(message.object("usage").text("model"));
    let mut said = Vec::new();
    for raw in message.list("content") {
        let block = Object::read(raw).unwrap_or_default();
        if block.is("type", "tool_result") {
            say(role, &mut said, run);
            run.push(read_result(&block));
        } else {
            said.extend(part(raw));
        }
    }
    if message
        .raw("content")
        .is_some_and(|raw| raw.starts_with('"'))
    {
        said.push(Part::Text(message.text("content")));
    }
    say(role, &mut said, run);
}

fn say<'a>(role: &'static str, said: &mut Vec<Part<'a>>, run: &mut Transcript<'a>) {
    let parts = std::mem::take(said);
    if !parts.is_empty() {
        run.push(RawMessage::of(role, Content::Parts(parts)));
    }
}

/// A result: `toolUseID`, and `run: {status, result}`, of which a shell's has its output and exit code.
fn read_result<'a>(block: &Object<'a>) -> RawMessage<'a> {
    let id = ["toolUseID", "tool_use_id"].map(|field| block.text(field));
    let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    let ran = block.object("run");
    if !block.has("run") {
        return result(id, block.content("content"), None);
    }
    let given = ran.object("result");
    let content = match ran.raw("result").or(ran.raw("error")) {
        Some(_) if given.has("output") => given.text("output"),
        Some(raw) => json_text(raw),
        None => Cow::Borrowed(""),
    };
    let end = match &*ran.text("status") {
        "done" => exit_code(&given, &["exitCode"]).or(Some(Reported::Ok)),
        "error" | "cancelled" | "rejected-by-user" => Some(ended(false)),
        _ => None,
    };
    result(id, Content::Text(content), end)
}
