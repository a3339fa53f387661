//! SWE-agent's own files (`.traj`): the conversation in `history`, the steps in `trajectory`, how it ended in `info`.
//! <https://github.com/SWE-agent/SWE-agent>, docs/usage/trajectories.md; 0.x and 1.x.

use std::borrow::Cow;

use super::{Column, Dialect};
use crate::trace::cell::{Cell, Columns};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::structured::RawCall;
use crate::trace::{Repairs, json};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["info"],
    read: Some(read),
    ..Dialect::new("sweagent_traj")
};

fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let file = Object::read(row)?;
    let info = file.object("info");
    let tells = ["exit_status", "submission", "model_stats"];
    if !tells.iter().any(|name| info.has(name)) {
        return None;
    }
    let history: Vec<RawMessage> = file.list("history").into_iter().map(message).collect();
    let messages = match history.iter().any(RawMessage::has_speaker) {
        true => history,
        false => steps(&file)?,
    };
    let mut columns = ending(&info);
    columns.put_text(Column::Harness, Cow::Borrowed("sweagent"));
    label(&file, &mut columns);
    Some(Row {
        messages,
        columns,
        ..Row::default()
    })
}

/// How a run ended and what it submitted; null is no patch.
pub(super) fn ending<'a>(info: &Object<'a>) -> Columns<'a> {
    let mut columns = Columns::default();
    columns.put_text(Column::Exit, info.text("exit_status"));
    if info.raw("submission").is_some() {
        columns.put(Column::ModelPatch, Cell::Text(info.text("submission")));
    }
    columns
}

/// What the run was started with, which stands in the file as JSON text.
fn label(file: &Object, columns: &mut Columns) {
    let config = file.text("replay_config");
    let Some(config) = Object::read(&config) else {
        return;
    };
    let own = |text: Cow<str>| Cow::Owned(text.into_owned());
    let model = config.object("agent").object("model");
    columns.put_text(Column::Teacher, own(model.text("name")));
    let problem = config.object("problem_statement");
    columns.put_text(Column::Instance, own(problem.text("id")));
}

/// A message of the history. A demonstration is shown to the model before the run: nothing of it is the run's own.
fn message(raw: &str) -> RawMessage<'_> {
    let mut message = RawMessage::read(raw);
    let fields = Object::read(raw).unwrap_or_default();
    if fields.bool("is_demo") == Some(true) {
        message.beside.copied = true;
        message.beside.weight = Some(0.0);
    }
    message
}

/// The steps as messages, where the file has no history: what was answered, done and seen.
fn steps<'a>(file: &Object<'a>) -> Option<Vec<RawMessage<'a>>> {
    let steps = file.list("trajectory").into_iter().filter_map(Object::read);
    let steps: Vec<Object> = steps.filter(|step| step.has("action")).collect();
    if steps.is_empty() {
        return None;
    }
    let mut messages = Vec::new();
    for step in &steps {
        let mut turn = RawMessage::of("assistant", Content::Text(step.text("thought")));
        let action = step.text("action");
        if action.trim().is_empty() {
            turn.content = Content::Text(json::either(step.text("response"), step.text("thought")));
        } else {
            let command = serde_json::to_string(action.trim_end()).unwrap_or_default();
            turn.calls.calls.push(RawCall {
                name: Cow::Borrowed("bash"),
                arguments: Cow::Owned(format!(r#"{{"command":{command}}}"#)),
                ..RawCall::default()
            });
        }
        let role = match turn.calls.calls.is_empty() {
            true => "user",
            false => "tool",
        };
        messages.push(turn);
        messages.push(RawMessage::of(role, step.content("observation")));
    }
    Some(messages)
}
