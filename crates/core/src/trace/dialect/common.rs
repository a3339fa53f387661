//! Words that many datasets use and that are not one dialect's own: names of columns, of speakers and of calls' fields.
//! What is found by a word of another dialect comes before.

use super::{
    CallField, CellField, Column, Dialect, Field, PartField, PartKind, ResultWords, Speaker,
};
use crate::trace::reported::Report;
use crate::trace::{MediaKind, Outcome, Role};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("system", Column::System),
        ("functions", Column::Tools),
        ("tool_definitions", Column::Tools),
        ("available_tools", Column::Tools),
        ("tool_defs", Column::Tools),
        ("tool_schemas", Column::Tools),
        ("images", Column::Media(MediaKind::Image)),
        ("videos", Column::Media(MediaKind::Video)),
        ("audios", Column::Media(MediaKind::Audio)),
        ("system_prompt", Column::System),
        ("task_id", Column::Instance),
        ("id", Column::TrajectoryElse),
        ("repo_name", Column::Repo),
        ("category", Column::Category),
        ("success", Column::Flag),
        ("gold_patch", Column::ReferencePatch),
        ("exit_reason", Column::Exit),
    ],
    cell_fields: &[("model_name", CellField::Name)],
    split: Some(|split| match split {
        "resolved" => Some(Outcome::Success),
        "unresolved" => Some(Outcome::Failure),
        _ => None,
    }),
    fields: &[
        ("reasoning_details", Field::Reasoning),
        ("reasoning_text", Field::Reasoning),
        ("reasoning_summary", Field::Reasoning),
        // Cohere's, before its calls.
        ("tool_plan", Field::Reasoning),
        ("thoughts", Field::Reasoning),
        ("tool_name", Field::Name),
        // SWE-chat's turns.
        ("tool_input_json", Field::Arguments),
        ("turn_type", Field::Channel),
        ("ok", Field::Report(Report::IsSuccess)),
        ("success", Field::Report(Report::IsSuccess)),
        ("error", Field::Report(Report::Fault)),
        ("status", Field::Report(Report::Status)),
        ("exit_code", Field::Report(Report::ExitCode)),
        ("exitCode", Field::Report(Report::ExitCode)),
        ("returncode", Field::Report(Report::ExitCode)),
        ("return_code", Field::Report(Report::ExitCode)),
        ("loss", Field::Weight),
        ("loss_weight", Field::Weight),
        ("trainable", Field::Weight),
        // Axolotl's.
        ("training", Field::Weight),
        // slime's mask of a turn.
        ("step_loss_mask", Field::Weight),
        ("loss_mask", Field::Weight),
        ("images", Field::Media(MediaKind::Image)),
        ("image_urls", Field::Media(MediaKind::Image)),
        ("videos", Field::Media(MediaKind::Video)),
        ("audios", Field::Media(MediaKind::Audio)),
    ],
    roles: &[
        ("agent", Speaker::One(Role::Assistant)),
        ("bot", Speaker::One(Role::Assistant)),
        ("chatbot", Speaker::One(Role::Assistant)),
        ("chatgpt", Speaker::One(Role::Assistant)),
        ("env", Speaker::One(Role::Tool)),
        ("environment", Speaker::One(Role::Tool)),
        ("functionoutput", Speaker::One(Role::Tool)),
        ("functionresult", Speaker::One(Role::Tool)),
        ("ipython", Speaker::One(Role::Tool)),
        ("toolcalls", Speaker::Call),
        ("thought", Speaker::Thought),
        ("assistantthinking", Speaker::Thought),
        ("aimessage", Speaker::One(Role::Assistant)),
        ("humanmessage", Speaker::One(Role::User)),
        ("systemmessage", Speaker::One(Role::System)),
        ("toolmessage", Speaker::One(Role::Tool)),
    ],
    call_fields: &[
        ("tool_call_id", CallField::Id),
        ("tool_name", CallField::Name),
        ("parameters", CallField::Arguments),
        ("kwargs", CallField::Arguments),
        ("tool_input", CallField::Arguments),
        ("function_name", CallField::Name),
    ],
    parts: &[
        ("audio", PartKind::Media(MediaKind::Audio)),
        ("audiourl", PartKind::Media(MediaKind::Audio)),
        ("video", PartKind::Media(MediaKind::Video)),
        ("videourl", PartKind::Media(MediaKind::Video)),
        ("reasoningtext", PartKind::Reasoning),
        ("summarytext", PartKind::Reasoning),
    ],
    part_fields: &[
        ("tool_call_id", PartField::CallId),
        ("tool_name", PartField::Name),
        ("reasoning", PartField::Reasoning),
        ("result", PartField::Content),
        ("ok", PartField::Report(Report::IsSuccess)),
        ("success", PartField::Report(Report::IsSuccess)),
        ("error", PartField::Report(Report::Fault)),
        ("status", PartField::Report(Report::Status)),
        ("exit_code", PartField::Report(Report::ExitCode)),
        ("exitCode", PartField::Report(Report::ExitCode)),
    ],
    results: ResultWords {
        failed_beside_shell: &[
            "Traceback (most recent call last)",
            "Error:",
            "Error executing",
        ],
        ..ResultWords::NONE
    },
    ..Dialect::new("common")
};
