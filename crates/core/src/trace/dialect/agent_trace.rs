//! Traces of coding agents as the Hub shows them: a message may stand in an envelope `{type, message: {…}}`, and names are
//! in camel case (`toolCalls`, `toolCallId`).

use super::{CallField, Column, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::Role;
use crate::trace::reported::Report;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("session_id", Column::TrajectoryElse),
        ("harness", Column::Harness),
    ],
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
