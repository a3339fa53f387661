//! nvidia's Nemotron datasets: OpenAI's messages whose calls may be Python text, and a `uuid` for each row.
//! Their tools may stand without the `function` around them.

use super::{Column, Dialect, Speaker};
use crate::trace::Role;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[("uuid", Column::TrajectoryElse)],
    roles: &[
        ("tooloutput", Speaker::One(Role::Tool)),
        ("reasoning", Speaker::Thought),
        ("thinking", Speaker::Thought),
        ("answer", Speaker::One(Role::Assistant)),
    ],
    ..Dialect::new("nemotron")
};
