//! tau-bench and tau2-bench: conversations of an agent with a simulated user, in which both may call tools; a results file
//! holds them all. <https://github.com/sierra-research/tau2-bench>, `data_model/simulation.py` and `message.py`;
//! <https://github.com/sierra-research/tau-bench>, `types.py`.

use std::borrow::Cow;

use super::{Column, Dialect};
use crate::trace::cell::Columns;
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::{Repairs, Reported, json};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["simulations", "reward_info"],
    read: Some(read),
    // tau-bench's own: a list of `task_id`, `reward`, `info`, `traj`, `trial`.
    columns: &[("traj", Column::Conversation)],
    ..Dialect::new("tau")
};

/// A simulation, alone or as the only one of its file, which says what ran it.
fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let file = Object::read(row)?;
    let run = match file.list("simulations").as_slice() {
        [] => file.clone(),
        [only] => Object::read(only)?,
        _ => return None,
    };
    let list = [run.list("messages"), run.list("traj")];
    let list = list.into_iter().find(|list| !list.is_empty())?;
    let mut messages = Vec::new();
    for raw in list {
        add(raw, &mut messages);
    }
    Some(Row {
        messages,
        columns: labels(&file, &run),
        ..Row::default()
    })
}

fn labels<'a>(file: &Object<'a>, run: &Object<'a>) -> Columns<'a> {
    let info = file.object("info");
    let mut columns = Columns::default();
    columns.put_text(Column::Trajectory, run.text("id"));
    columns.put_text(Column::Instance, run.text("task_id"));
    columns.put_text(Column::Teacher, info.object("agent_info").text("llm"));
    columns.put_text(
        Column::Category,
        info.object("environment_info").text("domain_name"),
    );
    columns.put_text(Column::Exit, run.text("termination_reason"));
    columns.put_text(Column::Reward, run.object("reward_info").text("reward"));
    columns
}

/// A message; several results of one turn stand in one.
fn add<'a>(raw: &'a str, messages: &mut Vec<RawMessage<'a>>) {
    let Some(message) = Object::read(raw) else {
        messages.push(RawMessage::read(raw));
        return;
    };
    let several = message.raw("tool_messages").map_or_else(Vec::new, elements);
    for one in several.into_iter().filter_map(Object::read) {
        messages.push(result(&one));
    }
    match &*message.text("role") {
        "tool" if message.has("tool_messages") => {}
        "tool" => messages.push(result(&message)),
        "user" if message.raw("tool_calls").is_some() => messages.push(user_call(&message)),
        _ => messages.push(RawMessage::read(raw)),
    }
}

/// What a call gave back. A simulated user has tools of its own: the agent neither called them nor sees what they give.
fn result<'a>(message: &Object<'a>) -> RawMessage<'a> {
    if message.is("requestor", "user") {
        return RawMessage::of("user", message.content("content"));
    }
    let mut result = RawMessage::of("tool", message.content("content"));
    result.answers = json::either(message.text("tool_call_id"), message.text("id"));
    result.beside.reported = message.bool("error").map(|failed| match failed {
        true => Reported::Error,
        false => Reported::Ok,
    });
    result
}

/// A call of the simulated user, kept as its JSON.
fn user_call<'a>(message: &Object<'a>) -> RawMessage<'a> {
    let said = message.content("content").into_text();
    let calls = message.list("tool_calls").into_iter().map(json::compact);
    let all = json::join_all(std::iter::once(said).chain(calls));
    RawMessage::of("user", Content::Text(Cow::Owned(all.into_owned())))
}
