//! Words that many data sets use and that are not one dialect's own: names of columns, of speakers and of calls' fields.
//! What is found by a word of another dialect comes before.

use super::{CallField, CellField, Column, Dialect, PartField, ResultWords, Speaker};
use crate::trace::{Outcome, Role};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("system", Column::System),
        ("system_prompt", Column::System),
        ("task_id", Column::Instance),
        ("id", Column::TrajectoryElse),
        ("repo_name", Column::Repo),
        ("category", Column::Category),
        ("success", Column::Flag),
        ("gold_patch", Column::ReferencePatch),
        ("exit_reason", Column::Exit),
    ],
    cell_fields: &[("model_name", CellField::Name)],
    split: Some(|split| match split {
        "resolved" => Some(Outcome::Success),
        "unresolved" => Some(Outcome::Failure),
        _ => None,
    }),
    roles: &[
        ("agent", Speaker::One(Role::Assistant)),
        ("bot", Speaker::One(Role::Assistant)),
        ("chatbot", Speaker::One(Role::Assistant)),
        ("chatgpt", Speaker::One(Role::Assistant)),
        ("env", Speaker::One(Role::Tool)),
        ("environment", Speaker::One(Role::Tool)),
        ("functionoutput", Speaker::One(Role::Tool)),
        ("functionresult", Speaker::One(Role::Tool)),
        ("ipython", Speaker::One(Role::Tool)),
        ("toolcalls", Speaker::Call),
    ],
    call_fields: &[
        ("tool_call_id", CallField::Id),
        ("tool_name", CallField::Name),
        ("parameters", CallField::Arguments),
        ("kwargs", CallField::Arguments),
    ],
    part_fields: &[
        ("tool_call_id", PartField::CallId),
        ("tool_name", PartField::Name),
        ("reasoning", PartField::Reasoning),
        ("result", PartField::Content),
    ],
    results: ResultWords {
        failed_beside_shell: &[
            "Traceback (most recent call last)",
            "Error:",
            "Error executing",
        ],
        ..ResultWords::NONE
    },
    ..Dialect::new("common")
};
