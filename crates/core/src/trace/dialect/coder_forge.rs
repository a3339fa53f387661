//! togethercomputer/CoderForge-Preview: OpenAI's messages and tools as JSON text, and a `reward` from −1 to 1.
//! Its runs are OpenHands'.

use super::{Column, Dialect};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("trajectory_id", Column::Trajectory),
        ("reward", Column::Reward),
    ],
    ..Dialect::new("coder_forge")
};
