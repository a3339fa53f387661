//! A run as a session's dialect puts it together, event by event: what was said, who ran it, which model spoke.
//! What dialects of sessions have in common beyond the shape of their events stands here.

use std::borrow::Cow;

use super::cell::Columns;
use super::column::Column;
use super::json;
use super::message::RawMessage;
use super::object::{Object, elements};
use super::parts::{Content, Part};
use super::row::Row;
use super::speaker::{self, Speaker};
use super::structured::RawCall;
use super::tools::{self, Tools};
use super::{MediaKind, Repair, Repairs, Reported, Role, Tool};

/// More names of models than these are not told apart.
const MOST_MODELS: usize = 64;

/// A run in the making.
#[derive(Default)]
pub(super) struct Transcript<'a> {
    messages: Vec<RawMessage<'a>>,
    tools: Vec<Tool<'a>>,
    columns: Columns<'a>,
    /// Each model with the number of messages that it wrote.
    models: Vec<(Cow<'a, str>, u32)>,
    /// The reply that was added to last: its id, and the index of its message.
    reply: Option<(Cow<'a, str>, usize)>,
}

impl<'a> Transcript<'a> {
    /// A run of that harness.
    pub fn of(harness: impl Into<Cow<'a, str>>) -> Self {
        let mut run = Transcript::default();
        run.columns.put_text(Column::Harness, harness.into());
        run
    }

    /// Adds a message. One without words is none, unless it answers a call; what the system says in several messages in
    /// a row is one.
    pub fn push(&mut self, message: RawMessage<'a>) {
        let speaker = speaker::of(&message.role);
        if speaker != Some(Speaker::One(Role::Tool)) && is_silent(&message) {
            return;
        }
        match self.messages.last_mut() {
            Some(last) if is_system(last) && is_system(&message) => last.append(message),
            _ => self.messages.push(message),
        }
    }

    /// Adds a text of that speaker.
    pub fn say(&mut self, role: &'static str, text: impl Into<Cow<'a, str>>) {
        self.push(RawMessage::of(role, Content::Text(text.into())));
    }

    /// Adds a piece of the reply of that id: pieces of one reply are one message, also where a call's result comes
    /// between them.
    pub fn reply(&mut self, id: Cow<'a, str>, piece: RawMessage<'a>) {
        let known = self
            .reply
            .take_if(|(known, _)| !id.is_empty() && *known == id);
        if let Some((_, at)) = known
            && let Some(message) = self.messages.get_mut(at)
        {
            message.append(piece);
            self.reply = Some((id, at));
            return;
        }
        let at = self.messages.len();
        self.push(piece);
        if self.messages.len() > at {
            self.reply = Some((id, at));
        }
    }

    /// Labels the run, unless it has the label.
    pub fn label(&mut self, column: Column, text: Cow<'a, str>) {
        if self.columns.first_text(column).is_none() {
            self.columns.put_text(column, text);
        }
    }

    /// Notes which model wrote a message.
    pub fn wrote(&mut self, model: Cow<'a, str>) {
        self.count(model, 1);
    }

    /// Notes a model that was chosen, which counts where no message says who wrote it.
    pub fn chose(&mut self, model: Cow<'a, str>) {
        self.count(model, 0);
    }

    fn count(&mut self, model: Cow<'a, str>, times: u32) {
        let is_full = self.models.len() >= MOST_MODELS;
        match self.models.iter_mut().find(|(known, _)| *known == model) {
            Some((_, count)) => *count = count.saturating_add(times),
            None if model.is_empty() || is_full => {}
            None => self.models.push((model, times)),
        }
    }

    /// Takes the tools of a list of schemas or names, unless it has some.
    pub fn tools(&mut self, raw: Option<&'a str>) {
        let Some(raw) = raw.filter(|_| self.tools.is_empty()) else {
            return;
        };
        let names = elements(raw);
        if !names.is_empty() && names.iter().all(|name| name.starts_with('"')) {
            self.tools = names.into_iter().map(named_tool).collect();
        } else {
            self.tools = serde_json::from_str::<Tools>(raw).unwrap_or_default().0;
        }
    }

    /// The messages so far, to be changed.
    pub fn messages(&mut self) -> &mut Vec<RawMessage<'a>> {
        &mut self.messages
    }

    /// The row; `None` where nothing was said.
    pub fn into_row(mut self) -> Option<Row<'a>> {
        let mut teacher: Option<(Cow<str>, u32)> = None;
        for (model, count) in self.models {
            if teacher.as_ref().is_none_or(|(_, most)| count > *most) {
                teacher = Some((model, count));
            }
        }
        if let Some((model, _)) = teacher {
            self.columns.put_text(Column::Teacher, model);
        }
        (!self.messages.is_empty()).then_some(Row {
            messages: self.messages,
            tools: self.tools,
            columns: self.columns,
            ..Row::default()
        })
    }
}

/// Whether a message has neither words nor calls.
fn is_silent(message: &RawMessage) -> bool {
    let calls = message
        .calls
        .calls
        .iter()
        .chain(&message.function_call.calls);
    let words = match &message.content {
        Content::Text(text) => !text.trim().is_empty(),
        Content::Parts(parts) => parts.iter().any(|part| match part {
            Part::Text(text) | Part::Reasoning(text) => !text.trim().is_empty(),
            _ => true,
        }),
    };
    let calls = calls.count() > 0 || !message.flat.name.is_empty();
    !words && !calls && message.reasoning.trim().is_empty()
}

fn is_system(message: &RawMessage) -> bool {
    speaker::of(&message.role) == Some(Speaker::One(Role::System))
}

/// A tool of which the session only has the name.
fn named_tool(name: &str) -> Tool<'_> {
    tools::tool(Cow::Owned(format!("{{\"name\":{name}}}")))
}

/// The objects among values.
pub(super) fn events<'a>(values: &[&'a str]) -> impl Iterator<Item = Object<'a>> {
    values.iter().filter_map(|value| Object::read(value))
}

/// A message in which the assistant calls a tool; `arguments` is raw JSON.
pub(super) fn call<'a>(
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    arguments: Option<&'a str>,
) -> RawMessage<'a> {
    let arguments = arguments.map_or(Cow::Borrowed(""), json_text);
    call_with(id, name, json::either(arguments, Cow::Borrowed("{}")))
}

/// A message in which the assistant calls a tool; `arguments` is what stands there as text.
pub(super) fn call_with<'a>(
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    arguments: Cow<'a, str>,
) -> RawMessage<'a> {
    let mut message = RawMessage::of("assistant", Content::default());
    message.calls.calls.push(RawCall {
        id,
        name,
        arguments,
    });
    message
}

/// A message that answers a call.
pub(super) fn result<'a>(
    id: Cow<'a, str>,
    content: Content<'a>,
    reported: Option<Reported>,
) -> RawMessage<'a> {
    let mut message = RawMessage::of("tool", content);
    message.answers = id;
    message.beside.reported = reported;
    message
}

/// A message of the assistant's in which it only thinks.
pub(super) fn thought(text: Cow<'_, str>) -> RawMessage<'_> {
    RawMessage {
        reasoning: text,
        ..RawMessage::of("assistant", Content::default())
    }
}

/// How a call ended that succeeded or not.
pub(super) fn ended(well: bool) -> Reported {
    match well {
        true => Reported::Ok,
        false => Reported::Error,
    }
}

/// A raw value as text: a string as it is, anything else as compact JSON.
pub(super) fn json_text(raw: &str) -> Cow<'_, str> {
    match raw.as_bytes().first() {
        Some(b'{' | b'[') => compact(raw),
        _ => json::raw_text(raw),
    }
}

/// JSON without the blanks between its values; every other character stays.
fn compact(raw: &str) -> Cow<'_, str> {
    let kept = || {
        let (mut in_string, mut escaped) = (false, false);
        move |letter: &char| {
            let is_blank = !in_string && letter.is_ascii_whitespace();
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = in_string,
                '"' => in_string = !in_string,
                _ => {}
            }
            !is_blank
        }
    };
    let mut keeps = kept();
    if raw.chars().all(|letter| keeps(&letter)) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.chars().filter(kept()).collect())
}

/// A part of a message that stands alone.
pub(super) fn part(raw: &str) -> Vec<Part<'_>> {
    let content = serde_json::from_str::<Content>(raw);
    content.map(Content::into_parts).unwrap_or_default()
}

/// The kind of a medium of that MIME type.
pub(super) fn media_of(mime: &str) -> MediaKind {
    match mime.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Audio,
        Some("video") => MediaKind::Video,
        _ => MediaKind::File,
    }
}

/// Counts an event of a kind that no one knows, where it seems to hold words.
pub(super) fn note_unknown(event: &Object, repairs: &mut Repairs) {
    const WORDS: [&str; 9] = [
        "text",
        "content",
        "message",
        "messages",
        "prompt",
        "output",
        "summary",
        "parts",
        "arguments",
    ];
    let holds_words = |event: &Object| {
        let mut raw = WORDS.iter().filter_map(|field| event.raw(field));
        raw.any(|raw| !matches!(raw, "\"\"" | "[]" | "{}") && raw.starts_with(['"', '[', '{']))
    };
    let inner = ["payload", "data"].map(|field| event.object(field));
    let found = holds_words(event) || inner.iter().any(holds_words);
    repairs.add(Repair::EventLeftOut, u32::from(found));
}

/// The first field of these that is a whole number, as an exit code.
pub(super) fn exit_code(object: &Object, fields: &[&str]) -> Option<Reported> {
    let mut codes = fields.iter().filter_map(|field| object.integer(field));
    codes.next().map(Reported::Exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_loses_the_blanks_between_its_values_and_nothing_else() {
        let pretty = "{\n  \"a\": \"x \\\" y\",\n  \"b\": [1.0, 12345678901234567890123]\n}";
        let expected = "{\"a\":\"x \\\" y\",\"b\":[1.0,12345678901234567890123]}";
        assert_eq!(compact(pretty), expected);
        assert!(matches!(compact(expected), Cow::Borrowed(_)));
    }
}
