//! OpenAI's Responses: a list of items of which a `type` says what they are; calls and their outputs are items of their
//! own, paired by `call_id`, and so is what was thought. <https://platform.openai.com/docs/api-reference/responses>

use std::borrow::Cow;

use super::{CallField, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::{MediaKind, Repairs, Reported, Role, structured};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["instructions"],
    read: Some(read_request),
    fields: &[
        ("type", Field::Kind),
        ("call_id", Field::Answers),
        ("name", Field::Name),
        ("arguments", Field::Arguments),
        ("output", Field::Text),
        ("summary", Field::Summary),
        ("id", Field::Item),
        ("input", Field::Item),
        ("action", Field::Item),
        ("operation", Field::Item),
        ("queries", Field::Item),
        ("code", Field::Item),
        ("outputs", Field::Item),
        ("results", Field::Item),
    ],
    roles: &[
        ("functioncall", Speaker::Call),
        ("functioncalloutput", Speaker::One(Role::Tool)),
        ("customtoolcall", Speaker::Call),
        ("customtoolcalloutput", Speaker::One(Role::Tool)),
        ("localshellcall", Speaker::Call),
        ("localshellcalloutput", Speaker::One(Role::Tool)),
        ("shellcall", Speaker::Call),
        ("shellcalloutput", Speaker::One(Role::Tool)),
        ("applypatchcall", Speaker::Call),
        ("applypatchcalloutput", Speaker::One(Role::Tool)),
        ("computercall", Speaker::Call),
        ("computercalloutput", Speaker::One(Role::Tool)),
        ("websearchcall", Speaker::Call),
        ("filesearchcall", Speaker::Call),
        ("codeinterpretercall", Speaker::Call),
        ("imagegenerationcall", Speaker::Call),
        ("mcpcall", Speaker::Call),
        ("mcplisttools", Speaker::Aside),
        ("itemreference", Speaker::Aside),
        ("compaction", Speaker::Aside),
    ],
    items: &[
        ("customtoolcall", |item, message| {
            let input = item.text("input");
            let input = serde_json::to_string(&input).unwrap_or_default();
            message.flat.arguments = Cow::Owned(format!("{{\"input\":{input}}}"));
        }),
        ("localshellcall", |item, message| {
            call(message, "local_shell", item.raw("action"));
        }),
        ("shellcall", |item, message| {
            call(message, "shell", item.raw("action"))
        }),
        ("applypatchcall", |item, message| {
            call(message, "apply_patch", item.raw("operation"));
        }),
        ("computercall", |item, message| {
            call(message, "computer", item.raw("action"));
        }),
        ("websearchcall", |item, message| {
            call(message, "web_search", item.raw("action"));
            give(message, item, Cow::Borrowed(""));
        }),
        ("imagegenerationcall", |item, message| {
            call(message, "image_generation", None);
            give(message, item, Cow::Borrowed(""));
        }),
        ("filesearchcall", |item, message| {
            call(message, "file_search", None);
            message.flat.arguments = only_argument(item, "queries");
            give(message, item, item.text("results"));
        }),
        ("codeinterpretercall", |item, message| {
            call(message, "code_interpreter", None);
            message.flat.arguments = only_argument(item, "code");
            give(message, item, item.text("outputs"));
        }),
        ("mcpcall", |item, message| {
            let given = std::mem::take(&mut message.content);
            give(message, item, given.into_text());
        }),
        ("shellcalloutput", |_, message| report_exit(message)),
    ],
    call_fields: &[("call_id", CallField::Id)],
    parts: &[
        ("inputtext", PartKind::Text),
        ("outputtext", PartKind::Text),
        ("reasoning", PartKind::Reasoning),
        ("functioncall", PartKind::Call),
        ("functioncalloutput", PartKind::Result),
        ("inputimage", PartKind::Media(MediaKind::Image)),
        ("computerscreenshot", PartKind::Media(MediaKind::Image)),
        ("inputfile", PartKind::Media(MediaKind::File)),
    ],
    part_fields: &[
        ("call_id", PartField::CallId),
        ("arguments", PartField::Arguments),
        ("output", PartField::Content),
        ("summary", PartField::Content),
    ],
    ..Dialect::new("responses")
};

/// A request, and the response's output where it stands beside: `instructions`, `input`, `output`.
fn read_request<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let object = Object::read(row)?;
    let items = |field| object.list(field).into_iter().map(RawMessage::read);
    let messages: Vec<RawMessage> = items("input").chain(items("output")).collect();
    let is_spoken = messages.iter().any(RawMessage::has_speaker);
    is_spoken.then(|| Row {
        messages,
        system: object.text("instructions"),
        ..Row::default()
    })
}

/// Makes the message a call of that tool.
fn call<'a>(message: &mut RawMessage<'a>, name: &'static str, arguments: Option<&'a str>) {
    message.flat.name = Cow::Borrowed(name);
    if let Some(raw) = arguments {
        message.flat.arguments = structured::arguments(raw).0;
    }
}

/// An object of the item's one field.
fn only_argument<'a>(item: &Object, field: &str) -> Cow<'a, str> {
    let value = item.raw(field).unwrap_or("null");
    Cow::Owned(format!("{{\"{field}\":{value}}}"))
}

/// What a call gave back that the API answers itself, if anything. The item's id is the call's.
fn give<'a>(message: &mut RawMessage<'a>, item: &Object<'a>, text: Cow<'a, str>) {
    if message.answers.is_empty() {
        message.answers = item.text("id");
    }
    if !text.is_empty() {
        message.content = Content::Parts(vec![Part::Result {
            id: message.answers.clone(),
            text,
            reported: message.beside.reported,
        }]);
    }
}

/// The exit code of the last command.
fn report_exit(message: &mut RawMessage) {
    let Content::Parts(parts) = &message.content else {
        return;
    };
    let mut codes = parts.iter().rev().filter_map(|part| match part {
        Part::Text(text) => Object::read(text)?.object("outcome").integer("exit_code"),
        _ => None,
    });
    message.beside.reported = codes.next().map(Reported::Exit);
}
