//! ShareGPT's form, which many trainers read: `conversations` of `from` and `value`, with `human` and `gpt`, and
//! `function_call` and `observation` for tools.

use super::{Column, Dialect, Field, Speaker};
use crate::trace::Role;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("conversations", Column::Conversation),
        ("conversation", Column::Conversation),
    ],
    fields: &[("from", Field::Role), ("value", Field::Text)],
    roles: &[
        ("human", Speaker::One(Role::User)),
        ("gpt", Speaker::One(Role::Assistant)),
        ("functioncall", Speaker::Call),
        ("toolcall", Speaker::Call),
        ("observation", Speaker::One(Role::Tool)),
        ("toolresponse", Speaker::One(Role::Tool)),
    ],
    ..Dialect::new("sharegpt")
};
