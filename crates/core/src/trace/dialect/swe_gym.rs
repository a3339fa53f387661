//! SWE-Gym/OpenHands-Sampled-Trajectories: OpenAI's messages; `run_id` names a run over many tasks, and the patch stands
//! in `test_result`. Some of its splits hold solved runs only.

use super::{CellField, Column, Dialect};
use crate::trace::Outcome;

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("instance_id", Column::Instance),
        ("run_id", Column::Run),
        ("resolved", Column::Flag),
        ("git_patch", Column::ModelPatchElse),
        ("test_result", Column::ModelPatchInside),
    ],
    cell_fields: &[("git_patch", CellField::Patch)],
    split: Some(|split| {
        let is_solved = split.starts_with("train.success");
        is_solved.then_some(Outcome::Success)
    }),
    ..Dialect::new("swe_gym")
};
