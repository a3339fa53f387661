//! Traces of coding agents as the Hub shows them: a message may stand in an envelope `{type, message: {…}}`, and names are
//! in camel case (`toolCalls`, `toolCallId`). `datasets` makes rows of session files, with the file's events in `trace`.

use super::{CallField, Column, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::object::Object;
use crate::trace::reported::Report;
use crate::trace::row::Row;
use crate::trace::tools::Tools;
use crate::trace::{Repairs, Role, session};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("session_id", Column::TrajectoryElse),
        ("harness", Column::Harness),
    ],
    told_by: &["harness"],
    read: Some(read_trace),
    reads_plain: false,
    fields: &[
        ("type", Field::Kind),
        ("message", Field::Envelope),
        ("toolCalls", Field::Calls),
        ("toolCallId", Field::Answers),
        ("reasoningContent", Field::Reasoning),
        ("isError", Field::Report(Report::IsError)),
    ],
    roles: &[("toolresult", Speaker::One(Role::Tool))],
    call_fields: &[("toolCallId", CallField::Id), ("toolName", CallField::Name)],
    parts: &[("toolcall", PartKind::Call)],
    part_fields: &[
        ("toolCallId", PartField::CallId),
        ("toolName", PartField::Name),
        ("isError", PartField::Report(Report::IsError)),
    ],
    ..Dialect::new("agent_trace")
};

/// Reads the events of the session where the row has no messages that were made of them, or has the events there.
fn read_trace<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let row = Object::read(row)?;
    let lists = ["messages", "trace", "traces"].map(|column| row.list(column));
    let events = lists.into_iter().find(|events| !events.is_empty())?;
    if !holds_events(&events) {
        return None;
    }
    let mut run = session::read_values(&events, repairs)?;
    if run.tools.is_empty() {
        let tools = row.raw("tools").map(serde_json::from_str::<Tools>);
        run.tools = tools.and_then(Result::ok).unwrap_or_default().0;
    }
    Some(run)
}

/// Whether these are a session's events: most messages say at once that they are none.
fn holds_events(events: &[&str]) -> bool {
    let first = events.first().and_then(|event| Object::read(event));
    let is_plain = first.is_none_or(|first| first.has("role") && first.has("content"));
    !is_plain && session::session_name(events).is_some_and(|name| name != super::message_list::NAME)
}
