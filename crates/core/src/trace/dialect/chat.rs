//! OpenAI's Chat Completions, the form that most datasets have at heart: `messages` with `role` and `content`, calls in
//! `tool_calls`, and observations that name their call in `tool_call_id`.

use super::{CallField, Column, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::{MediaKind, Role};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[("messages", Column::Conversation), ("tools", Column::Tools)],
    fields: &[
        ("role", Field::Role),
        ("content", Field::Text),
        ("reasoning_content", Field::Reasoning),
        ("reasoning", Field::Reasoning),
        ("tool_calls", Field::Calls),
        ("function_call", Field::FunctionCall),
        ("tool_call_id", Field::Answers),
        ("refusal", Field::Text),
        ("tools", Field::Tools),
        ("weight", Field::Weight),
    ],
    roles: &[
        ("system", Speaker::One(Role::System)),
        ("developer", Speaker::One(Role::System)),
        ("user", Speaker::One(Role::User)),
        ("assistant", Speaker::One(Role::Assistant)),
        ("tool", Speaker::One(Role::Tool)),
        ("function", Speaker::One(Role::Tool)),
    ],
    call_fields: &[
        ("id", CallField::Id),
        ("function", CallField::Function),
        ("name", CallField::Name),
        ("arguments", CallField::Arguments),
        ("type", CallField::Aside),
        ("index", CallField::Aside),
    ],
    parts: &[
        ("text", PartKind::Text),
        ("refusal", PartKind::Text),
        ("imageurl", PartKind::Media(MediaKind::Image)),
        ("inputaudio", PartKind::Media(MediaKind::Audio)),
        ("file", PartKind::Media(MediaKind::File)),
    ],
    part_fields: &[
        ("type", PartField::Kind),
        ("text", PartField::Text),
        ("refusal", PartField::Text),
        ("function", PartField::Inside(PartKind::Call)),
    ],
    ..Dialect::new("chat")
};
