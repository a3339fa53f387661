//! The stream that `codex exec --json` prints: items as they are done, a call together with what it gave back. The user's
//! words and the model's name are not in it. Source: `codex-rs/exec/src/exec_events.rs` of openai/codex.

use std::borrow::Cow;

use super::{Column, Dialect, Session};
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::session::{join_turns, parted_at};
use crate::trace::transcript::{
    Transcript, call, call_with, ended, events, exit_code, json_text, note_unknown, result, thought,
};
use crate::trace::{Repairs, Reported};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "stream of Codex",
        tells: |values| {
            let is_own = |event: Object| is_head(&event) || is_item(&event);
            events(values).all(|event| is_event(&event)) && events(values).any(is_own)
        },
        runs: |values| parted_at(values, is_head),
        read,
    }),
    ..Dialect::new("codex_exec")
};

fn is_head(event: &Object) -> bool {
    event.is("type", "thread.started")
}

fn is_item(event: &Object) -> bool {
    event.text("type").starts_with("item.") && event.has("item")
}

fn is_event(event: &Object) -> bool {
    let kind = event.text("type");
    is_head(event) || is_item(event) || kind.starts_with("turn.") || kind == "error"
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of("codex");
    for event in events(values) {
        match &*event.text("type") {
            "thread.started" => run.label(Column::Trajectory, event.text("thread_id")),
            "item.completed" => read_item(&event.object("item"), &mut run, repairs),
            _ => {}
        }
    }
    let messages = std::mem::take(run.messages());
    *run.messages() = join_turns(messages);
    run.into_row()
}

fn read_item<'a>(item: &Object<'a>, run: &mut Transcript<'a>, repairs: &mut Repairs) {
    let id = item.text("id");
    let status = match &*item.text("status") {
        "completed" => Some(Reported::Ok),
        "failed" | "declined" => Some(Reported::Error),
        _ => None,
    };
    match &*item.text("type") {
        "agent_message" => run.say("assistant", item.text("text")),
        "reasoning" => run.push(thought(item.text("text"))),
        "command_execution" => {
            run.push(call_with(
                id.clone(),
                Cow::Borrowed("shell"),
                only(item, "command"),
            ));
            let end = exit_code(item, &["exit_code"]).or(status);
            run.push(result(id, item.content("aggregated_output"), end));
        }
        "file_change" => {
            run.push(call_with(
                id.clone(),
                Cow::Borrowed("apply_patch"),
                only(item, "changes"),
            ));
            run.push(result(id, Content::default(), status));
        }
        "mcp_tool_call" => {
            let name = format!("{}.{}", item.text("server"), item.text("tool"));
            run.push(call(id.clone(), Cow::Owned(name), item.raw("arguments")));
            let (given, error) = (item.object("result"), item.object("error"));
            match error.has("message") {
                true => run.push(result(id, error.content("message"), Some(ended(false)))),
                false => run.push(result(id, given.content("content"), status)),
            }
        }
        "web_search" => {
            run.push(call_with(
                id,
                Cow::Borrowed("web_search"),
                only(item, "query"),
            ));
        }
        "todo_list" => {
            run.push(call_with(
                id,
                Cow::Borrowed("update_plan"),
                only(item, "items"),
            ));
        }
        // What went wrong in the program was shown to its user.
        "error" => {}
        _ => note_unknown(item, repairs),
    }
}

/// Arguments of which the item has one.
fn only<'a>(item: &Object<'a>, field: &str) -> Cow<'a, str> {
    let value = item.raw(field).unwrap_or("null");
    let value = match value.starts_with(['{', '[']) {
        true => json_text(value),
        false => Cow::Borrowed(value),
    };
    Cow::Owned(format!("{{\"{field}\":{value}}}"))
}
