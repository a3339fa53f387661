//! Anthropic's Messages: a message is a list of blocks, of which `thinking`, `tool_use` and `tool_result` are reasoning,
//! calls and observations; a user's message may hold results beside its text.

use super::{CallField, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::MediaKind;
use crate::trace::reported::Report;

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[
        ("thinking", Field::Reasoning),
        ("thinking_blocks", Field::Reasoning),
        ("tool_use_id", Field::Answers),
        ("is_error", Field::Report(Report::IsError)),
    ],
    roles: &[("tooluse", Speaker::Call)],
    call_fields: &[
        ("input", CallField::Arguments),
        ("tool_use_id", CallField::Id),
    ],
    parts: &[
        ("thinking", PartKind::Reasoning),
        ("tooluse", PartKind::Call),
        ("toolresult", PartKind::Result),
        ("servertooluse", PartKind::Call),
        ("mcptooluse", PartKind::Call),
        ("mcptoolresult", PartKind::Result),
        ("websearchtoolresult", PartKind::Result),
        ("webfetchtoolresult", PartKind::Result),
        ("toolsearchtoolresult", PartKind::Result),
        ("codeexecutiontoolresult", PartKind::Result),
        ("bashcodeexecutiontoolresult", PartKind::Result),
        ("texteditorcodeexecutiontoolresult", PartKind::Result),
        ("searchresult", PartKind::Text),
        ("redactedthinking", PartKind::HiddenThought),
        ("image", PartKind::Media(MediaKind::Image)),
        ("document", PartKind::Document),
        ("containerupload", PartKind::Media(MediaKind::File)),
    ],
    part_fields: &[
        ("id", PartField::Id),
        ("name", PartField::Name),
        ("input", PartField::Arguments),
        ("tool_use_id", PartField::CallId),
        ("content", PartField::Content),
        ("thinking", PartField::Reasoning),
        ("is_error", PartField::Report(Report::IsError)),
        ("media_type", PartField::Mime),
    ],
    ..Dialect::new("anthropic")
};
