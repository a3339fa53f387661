//! Hermes Agent's sessions: an object each as `hermes sessions export` writes it (`{id, source, model, system_prompt,
//! messages, …}`), the same with the facts in `session`, the messages alone, or lines of a collector's.
//!
//! `active: 0` marks messages that the user took back. Source: `hermes_state.py` of NousResearch/hermes-agent.

use std::borrow::Cow;

use super::{Column, Dialect, Session};
use crate::trace::Repairs;
use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::reported;
use crate::trace::row::Row;
use crate::trace::session::parted_at;
use crate::trace::transcript::{Transcript, events, note_unknown};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["session", "started_at", "end_reason"],
    read: Some(read_object),
    session: Some(&Session {
        name: "Hermes session",
        tells,
        runs: |values| parted_at(values, is_head),
        read,
    }),
    ..Dialect::new("hermes_session")
};

fn read_object<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let object = Object::read(row)?;
    let messages = object.list("messages");
    let facts = match object.raw("session").and_then(Object::read) {
        Some(facts) => facts,
        None => object,
    };
    let is_own = facts.has("source") && (facts.has("started_at") || facts.has("system_prompt"));
    if !is_own || messages.is_empty() || !events(&messages).all(|message| message.has("role")) {
        return None;
    }
    let mut run = Transcript::of("hermes");
    read_facts(&facts, &mut run);
    read_messages(messages, &mut run);
    run.into_row()
}

/// The first line of a collector's: `{type: "external_session_meta", payload}`.
fn is_head(event: &Object) -> bool {
    event.is("type", "external_session_meta")
}

fn tells(values: &[&str]) -> bool {
    let mut told = false;
    for event in events(values) {
        let is_row = event.has("role") && event.has("session_id");
        let is_own = is_row && (event.has("active") || event.has("observed"));
        if !is_own && !is_head(&event) && !event.is("type", "external_message") {
            return false;
        }
        told |= is_own || event.object("payload").text("source").contains("hermes");
    }
    told
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of("hermes");
    let mut messages = Vec::new();
    for value in values {
        let event = Object::read(value).unwrap_or_default();
        if is_head(&event) {
            read_facts(&event.object("payload"), &mut run);
        } else if event.has("role") {
            run.label(Column::Trajectory, event.text("session_id"));
            messages.push(*value);
        } else {
            note_unknown(&event, repairs);
        }
    }
    read_messages(messages, &mut run);
    run.into_row()
}

fn read_facts<'a>(facts: &Object<'a>, run: &mut Transcript<'a>) {
    run.label(Column::Trajectory, facts.text("id"));
    run.label(Column::Exit, facts.text("end_reason"));
    run.chose(facts.text("model"));
    run.say("system", facts.text("system_prompt"));
    run.tools(facts.raw("tools"));
}

/// The messages that count, by their numbers where all have one.
fn read_messages<'a>(messages: Vec<&'a str>, run: &mut Transcript<'a>) {
    let rows = messages
        .into_iter()
        .filter_map(|raw| Some((raw, Object::read(raw)?)));
    let is_active =
        |row: &Object| row.integer("active") != Some(0) && row.bool("active") != Some(false);
    let mut rows: Vec<(&str, Object)> = rows.filter(|(_, row)| is_active(row)).collect();
    if rows.iter().all(|(_, row)| row.integer("id").is_some()) {
        rows.sort_by_key(|(_, row)| row.integer("id"));
    }
    for (raw, row) in rows {
        run.push(message(raw, &row));
    }
}

fn message<'a>(raw: &'a str, row: &Object<'a>) -> RawMessage<'a> {
    /// Content of several parts is kept as JSON behind these.
    const PARTS: &str = "\u{0}json:";
    let mut message = RawMessage::read(raw);
    if let Some(parts) = row.text("content").strip_prefix(PARTS)
        && let Ok(parts) = serde_json::from_str::<Content>(parts)
    {
        message.content = parts.into_owned();
    }
    // A tool's result is a JSON object as text.
    if row.is("role", "tool")
        && let Some(result) = Object::read(&row.text("content"))
    {
        message.beside.reported =
            reported::both(message.beside.reported, reported::of_result(&result));
    }
    // The provider's field is filled from the other one, or with a blank.
    let thoughts = ["reasoning_content", "reasoning"].map(|field| row.text(field));
    let [provider, streamed] = thoughts.map(|text| match text.trim().is_empty() {
        true => Cow::Borrowed(""),
        false => text,
    });
    message.reasoning = json::either(provider, streamed);
    message
}
