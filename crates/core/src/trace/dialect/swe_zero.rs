//! SWE-ZERO and its kin: a turn is a THOUGHT and one bash block, whose output the user shows after `Observation:`.
//!

use super::Dialect;
use crate::trace::fenced::Fences;

pub(super) const DIALECT: Dialect = Dialect {
    fences: Fences {
        answers: &["Observation:", "OBSERVATION:"],
        ..Fences::NONE
    },
    ..Dialect::new("swe_zero")
};
