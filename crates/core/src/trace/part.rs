//! One part of a message, by its `type` or by the one field that says what it is: text, thought, call, result, medium.
//! No words are lost: what a part says beside its own text becomes text, and a part of an unknown kind is kept as its JSON.

use std::borrow::Cow;

use super::given::Given;
use super::object::{Object, elements};
use super::parts::Part;
use super::reported::{self, Report};
use super::speaker::Plain;
use super::structured::{self, NO_ARGUMENTS, RawCall};
use super::vocabulary::VOCABULARY;
use super::{MediaKind, Reported, json, media};

/// What a part of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Something said.
    Text,
    /// Something thought.
    Reasoning,
    /// A tool call.
    Call,
    /// What a call gave back.
    Result,
    /// A call and, once there is one, its result.
    CallAndResult,
    /// A piece of code that a model runs by its API.
    Code,
    /// An image or another medium.
    Media(MediaKind),
    /// A file, which may be a text.
    Document,
    /// A mark at which a reply of the model begins.
    Step,
    /// What was thought, encrypted.
    HiddenThought,
}

/// What a field of a part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartField {
    /// The part's kind.
    Kind,
    /// What is said.
    Text,
    /// What is thought.
    Reasoning,
    /// Whether what is said is thought.
    IsThought,
    /// The part's own id; of a call, the call's.
    Id,
    /// The id of the call that the part is or answers.
    CallId,
    /// The tool's name.
    Name,
    /// The call's arguments.
    Arguments,
    /// What is said, thought or given back: a text, or parts again.
    Content,
    /// How the call ended.
    Report(Report),
    /// The part itself, one level down; the field says what it is.
    Inside(PartKind),
    /// The MIME type of a medium.
    Mime,
}

/// How deep parts may hold parts: a tool's result holds texts. What is deeper is kept as its JSON.
pub(super) const DEEPEST: u8 = 2;

/// Reads one part of a list; what is not a known part is kept as its JSON.
pub(super) fn read_part<'a>(raw: &'a str, depth: u8, parts: &mut Vec<Part<'a>>) {
    let before = parts.len();
    let Some(object) = Object::read(raw) else {
        parts.push(Part::Text(json::raw_text(raw)));
        return;
    };
    if add_part(&object, None, depth, parts).is_none() {
        parts.truncate(before);
        parts.push(Part::Text(without_ciphers(&object, raw)));
    }
}

/// A part as its JSON, without what only the provider of an API can read.
fn without_ciphers<'a>(object: &Object<'a>, raw: &'a str) -> Cow<'a, str> {
    let is_cipher = |name: &str| name.starts_with("encrypted_");
    if !object.fields().any(|(name, _)| is_cipher(name)) {
        return Cow::Borrowed(raw);
    }
    let kept = object.fields().filter(|(name, _)| !is_cipher(name));
    let kept = kept.map(|(name, raw)| {
        let name = serde_json::to_string(name).unwrap_or_default();
        format!("{name}:{}", json::compact(raw))
    });
    Cow::Owned(format!("{{{}}}", kept.collect::<Vec<_>>().join(",")))
}

/// Reads a part of which the field around it says what it is.
pub(super) fn read_as<'a>(kind: PartKind, raw: &'a str, parts: &mut Vec<Part<'a>>) {
    let read = Object::read(raw).and_then(|object| add_part(&object, Some(kind), 0, parts));
    if read.is_none() {
        parts.push(Part::Text(json::raw_text(raw)));
    }
}

/// The fields that parts of any kind have.
#[derive(Default)]
struct Fields<'a> {
    kind: Option<Cow<'a, str>>,
    text: Option<&'a str>,
    thinking: Option<&'a str>,
    is_thought: bool,
    id: Cow<'a, str>,
    answers: Cow<'a, str>,
    name: Cow<'a, str>,
    input: Option<&'a str>,
    content: Option<&'a str>,
    reported: Option<Reported>,
    inside: Option<(PartKind, &'a str)>,
    mime: Cow<'a, str>,
}

impl<'a> Fields<'a> {
    fn of(object: &Object<'a>) -> Self {
        let mut fields = Fields::default();
        for (name, raw) in object.fields() {
            let Some(field) = VOCABULARY.part_fields.get(name) else {
                continue;
            };
            let value = (raw != "null").then_some(raw);
            // Of two fields of one meaning, one may be there as null only.
            let text = |known: &mut Cow<'a, str>| {
                let text = value.map_or(Cow::Borrowed(""), json::raw_text);
                *known = json::either(text, std::mem::take(known));
            };
            match field {
                PartField::Kind => fields.kind = value.map(json::raw_text).or(fields.kind),
                PartField::Text => fields.text = fields.text.or(value),
                PartField::Reasoning => fields.thinking = fields.thinking.or(value),
                PartField::IsThought => fields.is_thought = raw == "true",
                PartField::Id => text(&mut fields.id),
                PartField::CallId => text(&mut fields.answers),
                PartField::Name => text(&mut fields.name),
                PartField::Arguments => fields.input = value.or(fields.input),
                PartField::Content => fields.content = first_said(fields.content, value),
                PartField::Report(report) => {
                    fields.reported = reported::both(fields.reported, report.read(raw));
                }
                PartField::Inside(kind) if raw.starts_with('{') => {
                    fields.inside = Some((kind, raw));
                }
                PartField::Inside(_) => {}
                PartField::Mime => text(&mut fields.mime),
            }
        }
        fields
    }

    /// The part's kind; `None` where no dialect has it. One that does not say it is a text.
    fn kind(&self) -> Option<PartKind> {
        let Some(kind) = &self.kind else {
            return Some(PartKind::Text);
        };
        match Plain::of(kind).as_str() {
            "" => Some(PartKind::Text),
            plain => VOCABULARY.parts.get(plain),
        }
    }
}

/// The one of two raw values that says something.
fn first_said<'a>(first: Option<&'a str>, second: Option<&'a str>) -> Option<&'a str> {
    let says = |raw: &&str| !matches!(*raw, "\"\"" | "[]" | "{}");
    first
        .filter(says)
        .or(second.filter(says))
        .or(first)
        .or(second)
}

/// Adds the part of these fields; `kind` is what the field around them says of it. `None` where they are of no known part.
fn add_part<'a>(
    object: &Object<'a>,
    kind: Option<PartKind>,
    depth: u8,
    parts: &mut Vec<Part<'a>>,
) -> Option<()> {
    let fields = Fields::of(object);
    if let Some((kind, raw)) = fields.inside
        && depth < DEEPEST
    {
        add_part(&Object::read(raw)?, Some(kind), depth + 1, parts)?;
        if let Some(Part::Call(call)) = parts.last_mut() {
            let id = json::either(fields.id, fields.answers);
            call.id = json::either(std::mem::take(&mut call.id), id);
        }
        return Some(());
    }
    match kind
        .or_else(|| fields.kind())
        .or_else(|| tool_part(&fields))?
    {
        PartKind::Text if fields.is_thought => {
            parts.push(Part::Reasoning(words(
                fields.text.or(fields.content)?,
                depth,
            )));
        }
        PartKind::Text if !fields.mime.is_empty() && fields.text.is_none() => {
            let kind = media::kind_of_mime(&fields.mime);
            parts.push(Part::Media(media::of_part(kind, object)));
        }
        PartKind::Text => match fields.text.or(fields.content) {
            Some(raw) => add_text(raw, depth, parts),
            // It is a text that is null.
            None if object.has("text") || object.has("content") => {}
            None => return None,
        },
        PartKind::Reasoning => {
            let said = [fields.thinking, fields.text, fields.content];
            let said = said.into_iter().flatten().map(|raw| words(raw, depth));
            let thought = said.reduce(|first, next| match json::same_words(&first, &next) {
                true => first,
                false => json::join(first, next),
            });
            parts.push(Part::Reasoning(thought.unwrap_or_default()));
        }
        PartKind::Call => add_call(fields, depth, parts),
        PartKind::Result => add_result(fields, depth, parts),
        PartKind::Code => parts.push(Part::Call(RawCall {
            name: Cow::Borrowed("code_execution"),
            arguments: Cow::Owned(object.to_json()),
            id: fields.id,
        })),
        PartKind::CallAndResult => add_call_and_result(fields, depth, parts),
        PartKind::Media(kind) => {
            let kind = match fields.mime.is_empty() {
                true => kind,
                false => media::kind_of_mime(&fields.mime),
            };
            parts.push(Part::Media(media::of_part(kind, object)));
        }
        PartKind::Document => add_document(object, &fields, depth, parts),
        PartKind::Step => parts.push(Part::Step),
        PartKind::HiddenThought => parts.push(Part::HiddenThought),
    }
    Some(())
}

/// The AI SDK's `tool-NAME`.
fn tool_part(fields: &Fields) -> Option<PartKind> {
    let kind = fields.kind.as_deref()?;
    (kind.starts_with("tool-") && !fields.answers.is_empty()).then_some(PartKind::CallAndResult)
}

/// A text, or a list of parts in its place.
pub(super) fn add_text<'a>(raw: &'a str, depth: u8, parts: &mut Vec<Part<'a>>) {
    if depth < DEEPEST && raw.starts_with('[') {
        for part in elements(raw) {
            read_part(part, depth + 1, parts);
        }
    } else {
        parts.push(Part::Text(json::raw_text(raw)));
    }
}

/// A call. What is said beside it is a text before it; a text in the place of name and arguments holds the call.
fn add_call<'a>(fields: Fields<'a>, depth: u8, parts: &mut Vec<Part<'a>>) {
    let said = fields.text.or(fields.content);
    if fields.name.is_empty()
        && let Some(found) = said.map(json::raw_text)
        && let Some(found) = structured::calls_in_text(&found)
    {
        let aside = found.aside.into_iter().map(|text| Part::Text(text.into()));
        parts.extend(aside);
        parts.extend(found.calls.into_iter().map(Part::Call));
        return;
    }
    if let Some(raw) = said {
        add_text(raw, depth, parts);
    }
    let arguments = fields.input.map(|raw| structured::arguments(raw).0);
    if fields.name.is_empty() && arguments.is_none() && said.is_some() {
        return;
    }
    parts.push(Part::Call(RawCall {
        id: json::either(fields.id, fields.answers),
        arguments: match fields.name.is_empty() {
            true => arguments.unwrap_or_default(),
            false => arguments.unwrap_or(Cow::Borrowed(NO_ARGUMENTS)),
        },
        name: fields.name,
    }));
}

/// What a call gave back: its content, and what is said beside it.
fn add_result<'a>(fields: Fields<'a>, depth: u8, parts: &mut Vec<Part<'a>>) {
    let mut given = Given::default();
    if let Some(raw) = fields.content {
        given.add(raw, depth);
    }
    let text = fields
        .text
        .map_or(Cow::Borrowed(""), |raw| words(raw, depth));
    if !matches!(given.texts.as_slice(), [one] if *one == text) {
        given.texts.push(text);
    }
    let id = json::either(fields.answers, fields.id);
    parts.push(Part::Result {
        id,
        text: json::join_all(given.texts.into_iter()),
        reported: reported::both(fields.reported, given.reported),
    });
    parts.extend(given.media.into_iter().map(Part::ResultMedia));
}

/// A call with its state and, once it is there, its output; by the AI SDK.
fn add_call_and_result<'a>(fields: Fields<'a>, depth: u8, parts: &mut Vec<Part<'a>>) {
    let kind = fields.kind.clone().unwrap_or_default();
    let id = json::either(fields.answers.clone(), fields.id.clone());
    let name = match (kind, fields.name.is_empty()) {
        (Cow::Borrowed(kind), true) => Cow::Borrowed(kind.strip_prefix("tool-").unwrap_or(kind)),
        (kind, true) => Cow::Owned(kind.trim_start_matches("tool-").to_owned()),
        (_, false) => fields.name.clone(),
    };
    let call = Part::Call(RawCall {
        id: id.clone(),
        name,
        arguments: fields.input.map_or(Cow::Borrowed(NO_ARGUMENTS), |raw| {
            structured::arguments(raw).0
        }),
    });
    parts.insert(end_of_calls(parts), call);
    if fields.content.is_some() || fields.text.is_some() {
        add_result(fields, depth, parts);
    }
}

/// Where the next call belongs: before the results of the reply's other calls, where marks say which calls are of one reply.
fn end_of_calls(parts: &[Part]) -> usize {
    /// Of a reply with more results, calls and results alternate.
    const MOST_RESULTS: usize = 64;
    let is_result = |part: &&Part| matches!(part, Part::Result { .. } | Part::ResultMedia(_));
    let results = parts.iter().rev().take(MOST_RESULTS).take_while(is_result);
    match (parts.first(), results.count()) {
        (Some(Part::Step), results) if results < MOST_RESULTS => parts.len() - results,
        _ => parts.len(),
    }
}

/// A document whose source is a text is a text; any other is a file.
fn add_document<'a>(
    object: &Object<'a>,
    fields: &Fields<'a>,
    depth: u8,
    parts: &mut Vec<Part<'a>>,
) {
    let source = object.object("source");
    let text = match source.raw("type") {
        Some("\"text\"") => source.raw("data"),
        Some("\"content\"") => source.raw("content"),
        _ => fields.text.or(fields.content),
    };
    for name in ["title", "context"] {
        let text = object.text(name);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
    }
    match text {
        Some(raw) => add_text(raw, depth, parts),
        None => parts.push(Part::Media(media::of_part(MediaKind::File, object))),
    }
}

/// A part's own content as text: text, or parts again.
fn words(raw: &str, depth: u8) -> Cow<'_, str> {
    let mut parts = Vec::new();
    add_text(raw, depth, &mut parts);
    json::join_all(parts.into_iter().map(Part::into_text))
}
