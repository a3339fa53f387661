//! verifiers, whose runs prime-rl trains on: `prompt`, `completion` and `reward`; `task` is the name of a whole set of tasks,
//! and `example_id` the task's number in it. <https://github.com/PrimeIntellect-ai/verifiers>, `types.py`.

use super::{Column, Dialect};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[("example_id", Column::Instance)],
    ..Dialect::new("verifiers")
};
