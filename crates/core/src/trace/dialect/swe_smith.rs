//! SWE-bench/SWE-smith-trajectories: runs of SWE-agent whose calls are `<function=…>`, fences or `tool_calls`, by its
//! split. A message's `thought` is the beginning of its text, and an observation names its calls in `tool_call_ids`.

use super::{Column, Dialect, Field};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("instance_id", Column::Instance),
        ("traj_id", Column::Trajectory),
        ("traj_id", Column::InstanceElse),
        ("model", Column::Teacher),
        ("resolved", Column::Flag),
        ("patch", Column::PatchUnlessNamed),
    ],
    fields: &[
        ("thought", Field::Thought),
        ("tool_call_ids", Field::Answers),
    ],
    ..Dialect::new("swe_smith")
};
