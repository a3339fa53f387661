//! mini-coder's trajectories: runs of mini-swe-agent as messages whose calls are bash blocks; `verified` is the verdict.
//!

use super::{Column, Dialect};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("instance_id", Column::Instance),
        ("model", Column::Teacher),
        ("verified", Column::Flag),
        ("patch", Column::PatchUnlessNamed),
    ],
    ..Dialect::new("mini_coder")
};
