//! Anthropic's Messages: a message is a list of blocks, of which `thinking`, `tool_use` and `tool_result` are reasoning,
//! calls and observations; a user's message may hold results beside its text.

use super::{CallField, Dialect, Field, PartField, PartKind};

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[
        ("thinking", Field::Reasoning),
        ("tool_use_id", Field::Answers),
    ],
    call_fields: &[
        ("input", CallField::Arguments),
        ("tool_use_id", CallField::Id),
    ],
    parts: &[
        ("thinking", PartKind::Reasoning),
        ("tooluse", PartKind::Call),
        ("toolresult", PartKind::Result),
    ],
    part_fields: &[
        ("id", PartField::Id),
        ("name", PartField::Name),
        ("input", PartField::Arguments),
        ("tool_use_id", PartField::CallId),
        ("content", PartField::Content),
        ("thinking", PartField::Reasoning),
    ],
    ..Dialect::new("anthropic")
};
