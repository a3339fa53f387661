//! What something that is shown stands for, as a filter would say it: a bar of a chart, a difference between two groups.
//! Whoever clicks it sets that filter.

use serde::{Deserialize, Serialize};

use super::filter::{Bounds, ListKey, RangeKey};

/// What is pointed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Pointed {
    /// A label has this value.
    Is(ListKey, String),
    /// A number lies within these bounds.
    Within(RangeKey, Bounds),
    /// This one row, by its index in the split.
    Row(u64),
}
