//! Inspect's logs: a sample is a run, with its `scores`; a log in JSON holds all samples, one in an archive (`.eval`) has
//! a file for each. <https://github.com/UKGovernmentBEIS/inspect_ai>, `log/_log.py`, `scorer/_metric.py`.

use std::borrow::Cow;

use super::{Column, Dialect};
use crate::trace::cell::{Cell, Columns};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::{Repairs, Reported, Tool, json, tools};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["samples", "scores"],
    read: Some(read),
    ..Dialect::new("inspect")
};

/// A sample, alone or as the only one of its log, which says which model answered.
fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let log = Object::read(row)?;
    let sample = match log.list("samples").as_slice() {
        [] => log.clone(),
        [only] => Object::read(only)?,
        _ => return None,
    };
    let is_sample = sample.has("input") || sample.has("epoch") || log.has("eval");
    let list = sample.list("messages");
    if !is_sample || list.is_empty() {
        return None;
    }
    let attachments = sample.object("attachments");
    let mut left = row.len();
    let mut messages = Vec::with_capacity(list.len());
    for raw in list {
        messages.push(match attached(raw, &attachments, &mut left) {
            Cow::Borrowed(raw) => message(raw),
            Cow::Owned(whole) => message(&whole).into_owned(),
        });
    }
    Some(Row {
        messages,
        tools: tools_of(&sample),
        columns: labels(&log, &sample),
        ..Row::default()
    })
}

/// A message's JSON with its long texts in their places: Inspect keeps them in `attachments` and names them
/// `attachment://HASH`. At most `left` bytes are put in: one text may be named without end.
fn attached<'a>(raw: &'a str, attachments: &Object, left: &mut usize) -> Cow<'a, str> {
    const NAMED: &str = "attachment://";
    let mut whole = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(NAMED) {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric());
        let (name, after) = after.split_at(end.unwrap_or(after.len()));
        let text = attachments.raw(name).and_then(|raw| {
            let text = raw.strip_prefix('"')?.strip_suffix('"')?;
            *left = left.checked_sub(text.len())?;
            Some(text)
        });
        whole.push_str(before);
        match text {
            Some(text) => whole.push_str(text),
            None => whole.extend([NAMED, name]),
        }
        rest = after;
    }
    match whole.is_empty() {
        true => Cow::Borrowed(raw),
        false => Cow::Owned(whole + rest),
    }
}

/// A message; one whose `error` is set answers a call that failed, and the model was told the error's words.
fn message(raw: &str) -> RawMessage<'_> {
    let mut message = RawMessage::read(raw);
    let fields = Object::read(raw).unwrap_or_default();
    if fields.is("role", "tool") && fields.raw("error").is_some() {
        message.beside.reported = Some(Reported::Error);
        let said = std::mem::take(&mut message.content);
        message.content = said.and(fields.object("error").content("message"));
    }
    message
}

/// The tools that the model was first asked with.
fn tools_of<'a>(sample: &Object<'a>) -> Vec<Tool<'a>> {
    let events = sample.list("events").into_iter().filter_map(Object::read);
    let asked = events.into_iter().find(|event| event.is("event", "model"));
    let given = asked.unwrap_or_default().list("tools").into_iter();
    given.map(|raw| tools::tool(json::raw_text(raw))).collect()
}

fn labels<'a>(log: &Object<'a>, sample: &Object<'a>) -> Columns<'a> {
    let eval = log.object("eval");
    let mut columns = Columns::default();
    let (id, epoch) = (sample.text("id"), sample.text("epoch"));
    let several = !matches!(&*epoch, "" | "1");
    let run = match several {
        true => Cow::Owned(format!("{id}_epoch_{epoch}")),
        false => id.clone(),
    };
    columns.put_text(Column::Trajectory, json::either(sample.text("uuid"), run));
    columns.put_text(Column::Instance, id);
    let model = sample.object("output").text("model");
    columns.put_text(Column::Teacher, json::either(eval.text("model"), model));
    columns.put_text(Column::Category, eval.text("task"));
    let limit = sample.object("limit").text("type");
    let error = sample
        .object("error")
        .raw("message")
        .map_or("", |_| "error");
    columns.put_text(Column::Exit, json::either(limit, Cow::Borrowed(error)));
    if let Some(score) = score(sample) {
        columns.put(Column::Reward, score);
    }
    columns
}

/// The first score that is a verdict: `C` correct, `P` partially, `I` incorrect, `N` no answer (which Inspect counts as
/// nothing reached), or a number from 0 to 1.
fn score<'a>(sample: &Object<'a>) -> Option<Cell<'a>> {
    let scores = sample.object("scores");
    let values = scores.fields().filter_map(|(_, raw)| {
        let score = Object::read(raw)?;
        let value = score.raw("value")?;
        let mark = match &*json::raw_text(value) {
            "C" => 1,
            "I" | "N" => 0,
            "P" => return Some(Cell::Text(Cow::Borrowed("partial"))),
            _ if value.starts_with(['{', '[']) => return None,
            _ => return serde_json::from_str(value).ok(),
        };
        Some(Cell::Number(mark.into()))
    });
    values.into_iter().next()
}
