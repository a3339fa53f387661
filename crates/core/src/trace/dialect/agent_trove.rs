//! open-thoughts/AgentTrove: `conversations` of `role` and `content` from many sources, with a `result` in words.
//! Its `task` may be a name or a whole issue. The `result` of a source is a reward (`1.0`, `0.0`), `success` or `timeout`,
//! or the class of an error, which says nothing of the task.

use super::{Column, Dialect};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("conversations", Column::Conversation),
        ("task", Column::Task),
        ("trial_name", Column::TrajectoryElse),
        ("model", Column::Teacher),
        ("original_teacher", Column::Teacher),
        ("agent", Column::Harness),
        ("result", Column::Result),
    ],
    ..Dialect::new("agent_trove")
};
