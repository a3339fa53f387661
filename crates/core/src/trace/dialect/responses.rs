//! OpenAI's Responses: a list of items of which a `type` says what they are; calls and their outputs are items of their
//! own, paired by `call_id`.

use super::{CallField, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::Role;

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[
        ("type", Field::Kind),
        ("call_id", Field::Answers),
        ("name", Field::Name),
        ("arguments", Field::Arguments),
        ("output", Field::Text),
    ],
    roles: &[
        ("functioncall", Speaker::Call),
        ("functioncalloutput", Speaker::One(Role::Tool)),
    ],
    call_fields: &[("call_id", CallField::Id)],
    parts: &[
        ("inputtext", PartKind::Text),
        ("outputtext", PartKind::Text),
        ("reasoning", PartKind::Reasoning),
        ("functioncall", PartKind::Call),
        ("functioncalloutput", PartKind::Result),
    ],
    part_fields: &[
        ("call_id", PartField::CallId),
        ("arguments", PartField::Arguments),
        ("output", PartField::Content),
        ("summary", PartField::Content),
    ],
    ..Dialect::new("responses")
};
