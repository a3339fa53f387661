//! GitHub Copilot CLI (`~/.copilot/session-state/*/events.jsonl`): `{type: "assistant.message", data: {…}}` a line. What a
//! subagent does names the call for which it works in `parentToolCallId`.
//!
//! Source: the event types of github/copilot-sdk (`nodejs/src/generated/session-events.ts`).

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Column, Dialect, Session};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::session::join_turns;
use crate::trace::structured::RawCall;
use crate::trace::transcript::{
    Transcript, ended, events, json_text, note_unknown, result, thought,
};
use crate::trace::{Repairs, SessionRun, Thread};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Copilot CLI session",
        tells,
        runs,
        read,
    }),
    // Older versions keep one object a session.
    columns: &[("chatMessages", Column::Conversation)],
    ..Dialect::new("copilot_cli")
};

/// What a kind begins with that holds nothing of the conversation.
const BESIDE: &[&str] = &[
    "session.",
    "hook.",
    "assistant.turn_",
    "assistant.usage",
    "assistant.intent",
    "assistant.message_delta",
    "assistant.message_start",
    "assistant.reasoning_delta",
    "assistant.streaming_delta",
    "tool.execution_start",
    "tool.execution_partial",
    "tool.execution_progress",
    "tool.user_requested",
    "subagent.",
    "permission.",
    "user_input.",
    "elicitation.",
    "external_tool.",
    "command.",
    "commands.",
    "system.notification",
    "pending_messages.",
    "exit_plan_mode.",
    "mcp.",
    "abort",
    "skill.invoked",
];

fn tells(values: &[&str]) -> bool {
    let mut told = false;
    for event in events(values) {
        let kind = event.text("type");
        if kind.is_empty() {
            return false;
        }
        let known = ["session.start", "user.message", "assistant.message"];
        told |=
            event.has("data") && (known.contains(&&*kind) || kind.starts_with("tool.execution_"));
    }
    told
}

fn runs(values: &[&str]) -> Vec<SessionRun> {
    let mut runs: Vec<SessionRun> = Vec::new();
    let mut subagents: HashMap<String, usize> = HashMap::new();
    let mut main: Option<usize> = None;
    for (value, raw) in values.iter().enumerate() {
        let Some(event) = Object::read(raw) else {
            continue;
        };
        let caller = event.object("data").text("parentToolCallId");
        let known = match caller.is_empty() {
            true if event.is("type", "session.start") => None,
            true => main,
            false => subagents.get(&*caller).copied(),
        };
        match known.and_then(|at| runs.get_mut(at)) {
            Some(run) => run.values.push(value),
            None => {
                let thread = match caller.is_empty() {
                    true => Thread::Main,
                    false => Thread::Subagent,
                };
                match thread {
                    Thread::Subagent => drop(subagents.insert(caller.into_owned(), runs.len())),
                    _ => main = Some(runs.len()),
                }
                runs.push(SessionRun {
                    values: vec![value],
                    thread,
                });
            }
        }
    }
    runs
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of("copilot-cli");
    // A hook tells of the user's words, too, and an event of the thoughts: they count where no message has them.
    let has_users = events(values).any(|event| event.is("type", "user.message"));
    let has_thoughts = events(values).any(|event| event.object("data").has("reasoningText"));
    for event in events(values) {
        let data = event.object("data");
        run.label(Column::Trajectory, data.text("parentToolCallId"));
        match &*event.text("type") {
            "session.start" | "session.resume" => {
                run.label(Column::Trajectory, data.text("sessionId"));
                run.chose(data.text("selectedModel"));
            }
            "session.model_change" => run.chose(data.text("newModel")),
            "session.shutdown" => run.chose(data.text("currentModel")),
            "assistant.usage" => run.chose(data.text("model")),
            "system.message" => run.push(RawMessage::of("system", data.content("content"))),
            "user.message" => run.push(RawMessage::of("user", data.content("content"))),
            "hook.start" if !has_users && data.is("hookType", "userPromptSubmitted") => {
                run.say("user", data.object("input").text("prompt"));
            }
            "assistant.message" => read_reply(&data, &mut run),
            "assistant.reasoning" if has_thoughts => {}
            "assistant.reasoning" => run.push(thought(data.text("content"))),
            "tool.execution_complete" => read_result(&data, &mut run),
            kind if BESIDE.iter().any(|start| kind.starts_with(start)) => {}
            _ => note_unknown(&event, repairs),
        }
    }
    let messages = std::mem::take(run.messages());
    *run.messages() = join_turns(messages);
    run.into_row()
}

fn read_reply<'a>(data: &Object<'a>, run: &mut Transcript<'a>) {
    run.wrote(data.text("model"));
    let mut reply = RawMessage::of("assistant", data.content("content"));
    reply.reasoning = data.text("reasoningText");
    let requests = data.list("toolRequests");
    let requests = requests.into_iter().filter_map(Object::read);
    reply.calls.calls = requests
        .map(|request| RawCall {
            id: request.text("toolCallId"),
            name: request.text("name"),
            arguments: request
                .raw("arguments")
                .map_or(Cow::Borrowed("{}"), json_text),
        })
        .collect();
    run.reply(data.text("messageId"), reply);
}

fn read_result<'a>(data: &Object<'a>, run: &mut Transcript<'a>) {
    run.chose(data.text("model"));
    let (result_of, error) = (data.object("result"), data.object("error"));
    let content = if result_of.has("content") {
        result_of.content("content")
    } else if error.has("message") {
        Content::Text(error.text("message"))
    } else {
        let raw = data.raw("result").or(data.raw("error"));
        Content::Text(raw.map_or(Cow::Borrowed(""), json_text))
    };
    let end = data.bool("success").map(ended);
    run.push(result(data.text("toolCallId"), content, end));
}
