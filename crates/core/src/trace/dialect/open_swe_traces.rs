//! nvidia/Open-SWE-Traces: OpenAI's messages, `reasoning_content` (`think` in the first generation), and the patches, the
//! teacher and the task's kind in `metadata`. Its configs are harnesses, its splits teachers.

use super::{CellField, Column, Dialect, Field};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("messages", Column::Conversation),
        ("trajectory", Column::Conversation),
        ("instance_id", Column::Instance),
        ("trajectory_id", Column::Trajectory),
        ("repo", Column::Repo),
        ("license", Column::License),
        ("language", Column::Language),
        ("resolved", Column::Flag),
        ("metadata", Column::Metadata),
        ("metadata.category", Column::Category),
        ("metadata.teacher_model", Column::Teacher),
        ("teacher_model", Column::Teacher),
        ("model_patch", Column::ModelPatch),
        ("reference_patch", Column::ReferencePatch),
        ("git_hack_attempted", Column::GitHack),
    ],
    cell_fields: &[
        ("name", CellField::Name),
        ("patch", CellField::Patch),
        ("num_modified_files", CellField::DeclaredFiles),
        ("num_modified_lines", CellField::DeclaredLines),
    ],
    fields: &[("think", Field::Reasoning)],
    ..Dialect::new("open_swe_traces")
};
