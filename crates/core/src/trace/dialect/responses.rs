//! OpenAI's Responses: a list of items of which a `type` says what they are; calls and their outputs are items of their
//! own, paired by `call_id`, and so is what was thought. <https://platform.openai.com/docs/api-reference/responses>

use std::borrow::Cow;

use super::{CallField, Dialect, Field, PartField, PartKind, Speaker};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::{Content, Part};
use crate::trace::{MediaKind, Reported, Role, structured};

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[
        ("type", Field::Kind),
        ("call_id", Field::Answers),
        ("name", Field::Name),
        ("arguments", Field::Arguments),
        ("output", Field::Text),
        ("summary", Field::Summary),
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
        ("shellcall", |item, message| call(message, "shell", item.raw("action"))),
        ("applypatchcall", |item, message| {
            call(message, "apply_patch", item.raw("operation"));
        }),
        ("computercall", |item, message| {
            call(message, "computer", item.raw("action"));
        }),
        ("websearchcall", |item, message| {
            call(message, "web_search", item.raw("action"));
        }),
        ("imagegenerationcall", |_, message| {
            call(message, "image_generation", None);
        }),
        ("filesearchcall", |item, message| {
            hosted(message, "file_search", item, "queries", "results");
        }),
        ("codeinterpretercall", |item, message| {
            hosted(message, "code_interpreter", item, "code", "outputs");
        }),
        ("mcpcall", |_, message| {
            let given = std::mem::take(&mut message.content);
            give(message, given.into_text());
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

/// Makes the message a call of that tool.
fn call<'a>(message: &mut RawMessage<'a>, name: &'static str, arguments: Option<&'a str>) {
    message.flat.name = Cow::Borrowed(name);
    if let Some(raw) = arguments {
        message.flat.arguments = structured::arguments(raw).0;
    }
}

/// A call that the API answers itself, with its one argument and what it gave back.
fn hosted<'a>(
    message: &mut RawMessage<'a>,
    name: &'static str,
    item: &Object<'a>,
    argument: &str,
    given: &str,
) {
    call(message, name, None);
    let value = item.raw(argument).unwrap_or("null");
    message.flat.arguments = Cow::Owned(format!("{{\"{argument}\":{value}}}"));
    give(message, item.text(given));
}

/// What the call gave back, if anything.
fn give<'a>(message: &mut RawMessage<'a>, text: Cow<'a, str>) {
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
    let codes = parts.iter().filter_map(|part| match part {
        Part::Text(text) => Object::read(text)?.object("outcome").integer("exit_code"),
        _ => None,
    });
    message.beside.reported = codes.last().map(Reported::Exit);
}
