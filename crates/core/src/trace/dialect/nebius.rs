//! nebius/SWE-agent-trajectories and its kin: the conversation is `trajectory`, the agent is `ai`, texts stand in `text`
//! and the system prompt in a field of its own; `target` is the verdict.

use super::{Column, Dialect, Field, Speaker};
use crate::trace::Role;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("trajectory", Column::Conversation),
        ("instance_id", Column::Instance),
        ("model_name", Column::Teacher),
        ("target", Column::Flag),
        ("generated_patch", Column::ModelPatch),
        ("exit_status", Column::Exit),
    ],
    fields: &[("text", Field::Text), ("system_prompt", Field::Text)],
    roles: &[("ai", Speaker::One(Role::Assistant))],
    ..Dialect::new("nebius")
};
