//! togethercomputer/CoderForge-Preview: OpenAI's messages and tools as JSON text, and a `reward` from −1 to 1.
//! Its runs are OpenHands'; a run is called `<task>_run<number>`.

use super::{Column, Dialect};
use crate::trace::Outcome;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("trajectory_id", Column::Trajectory),
        ("reward", Column::Reward),
        ("finish_reason", Column::Exit),
    ],
    // It holds the runs of the other splits whose reward is 1.
    split: Some(|split| {
        let is_solved = split.starts_with("filtered_reward1");
        is_solved.then_some(Outcome::Success)
    }),
    ..Dialect::new("coder_forge")
};
