//! Gemini's contents: the agent is `model`, a message's texts are `parts`, arguments are `args`.
//!

use super::{CallField, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::Role;

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[("parts", Field::Text)],
    roles: &[
        ("model", Speaker::One(Role::Assistant)),
        ("functionresponse", Speaker::One(Role::Tool)),
    ],
    call_fields: &[("args", CallField::Arguments)],
    parts: &[("functionresponse", PartKind::Result)],
    part_fields: &[("args", PartField::Arguments)],
    ..Dialect::new("gemini")
};
