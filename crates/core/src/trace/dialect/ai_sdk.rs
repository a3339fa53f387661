//! Vercel's AI SDK: model messages with `tool-call` and `tool-result` parts, and UI messages whose `tool-NAME` parts are a call
//! and its result. <https://ai-sdk.dev/docs/reference/ai-sdk-core/ui-message>

use super::{Dialect, Field, PartField, PartKind};
use crate::trace::MediaKind;
use crate::trace::reported::Report;

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[("toolInvocations", Field::Invocations)],
    parts: &[
        ("dynamictool", PartKind::CallAndResult),
        ("toolinvocation", PartKind::CallAndResult),
        ("stepstart", PartKind::Step),
        ("toolerror", PartKind::Result),
        ("media", PartKind::Media(MediaKind::File)),
        ("imagedata", PartKind::Media(MediaKind::Image)),
        ("filedata", PartKind::Media(MediaKind::File)),
        ("tooloutputdenied", PartKind::Result),
    ],
    part_fields: &[
        ("toolInvocation", PartField::Inside(PartKind::CallAndResult)),
        ("errorText", PartField::Content),
        ("state", PartField::Report(Report::Status)),
        ("mediaType", PartField::Mime),
    ],
    ..Dialect::new("ai_sdk")
};
