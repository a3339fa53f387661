//! Gemini's contents: the agent is `model`, a message's texts, calls and results are `parts` of which one field says what it
//! is, arguments are `args`. <https://ai.google.dev/api/caching#Content>

use super::{CallField, Column, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::reported::Report;
use crate::trace::{MediaKind, Role};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("contents", Column::Conversation),
        ("systemInstruction", Column::System),
        ("system_instruction", Column::System),
    ],
    fields: &[("parts", Field::Text)],
    roles: &[
        ("model", Speaker::One(Role::Assistant)),
        ("functionresponse", Speaker::One(Role::Tool)),
    ],
    call_fields: &[("args", CallField::Arguments)],
    parts: &[("functionresponse", PartKind::Result)],
    part_fields: &[
        ("args", PartField::Arguments),
        ("parts", PartField::Content),
        ("thought", PartField::IsThought),
        ("functionCall", PartField::Inside(PartKind::Call)),
        ("function_call", PartField::Inside(PartKind::Call)),
        ("functionResponse", PartField::Inside(PartKind::Result)),
        ("function_response", PartField::Inside(PartKind::Result)),
        ("response", PartField::Content),
        ("executableCode", PartField::Inside(PartKind::Code)),
        ("executable_code", PartField::Inside(PartKind::Code)),
        ("codeExecutionResult", PartField::Inside(PartKind::Result)),
        ("code_execution_result", PartField::Inside(PartKind::Result)),
        ("outcome", PartField::Report(Report::Status)),
        ("inlineData", PartField::Inside(FILE)),
        ("inline_data", PartField::Inside(FILE)),
        ("fileData", PartField::Inside(FILE)),
        ("file_data", PartField::Inside(FILE)),
        ("mimeType", PartField::Mime),
        ("mime_type", PartField::Mime),
    ],
    ..Dialect::new("gemini")
};

/// A medium, of the kind that its MIME type says.
const FILE: PartKind = PartKind::Media(MediaKind::File);
