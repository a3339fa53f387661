//! A message that is being read, field by field: what a field's value is worth depends on others that come after it.
//! Its kind, its channel and its envelope say at the end what the message is.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::json::{self, Text};
use super::message::{Field, RawMessage};
use super::object::{Object, elements};
use super::part::{self, PartKind};
use super::parts::{Content, Part};
use super::reported::{self, Report};
use super::speaker::{self, Plain, Speaker};
use super::thought::Thought;
use super::tools::Tools;
use super::vocabulary::VOCABULARY;
use super::{Role, media, structured};

/// A message of which some fields are read.
pub(super) struct Reading<'r, 'a> {
    message: &'r mut RawMessage<'a>,
    kind: Cow<'a, str>,
    channel: Cow<'a, str>,
    recipient: Cow<'a, str>,
    thought: Cow<'a, str>,
    summary: Content<'a>,
    invocations: Vec<Part<'a>>,
    /// What went wrong, in words.
    fault: Cow<'a, str>,
    pub inner: Option<RawMessage<'a>>,
    item: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'r, 'a> Reading<'r, 'a> {
    /// A message of which no field is read yet.
    pub fn of(message: &'r mut RawMessage<'a>) -> Self {
        Reading {
            message,
            kind: Cow::Borrowed(""),
            channel: Cow::Borrowed(""),
            recipient: Cow::Borrowed(""),
            thought: Cow::Borrowed(""),
            summary: Content::default(),
            invocations: Vec::new(),
            fault: Cow::Borrowed(""),
            inner: None,
            item: Vec::new(),
        }
    }

    /// Reads a field's value.
    pub fn add<A: MapAccess<'a>>(
        &mut self,
        field: Field,
        name: Cow<'a, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let message = &mut *self.message;
        match field {
            Field::Role => {
                let role = std::mem::take(&mut message.role);
                message.role = json::either(map.next_value::<Text>()?.0, role);
            }
            Field::Text => {
                message.content = std::mem::take(&mut message.content).and(map.next_value()?);
            }
            Field::Reasoning => {
                let more = map.next_value::<Thought>()?.0;
                message.add_reasoning(more);
            }
            Field::Thought => self.thought = map.next_value::<Content>()?.into_text(),
            Field::Calls => message.calls = map.next_value()?,
            Field::FunctionCall => message.function_call = map.next_value()?,
            Field::Answers => {
                let answers = std::mem::take(&mut message.answers);
                message.answers = json::either(map.next_value::<FirstText>()?.0, answers);
            }
            Field::Name => {
                let name = std::mem::take(&mut message.flat.name);
                message.flat.name = json::either(map.next_value::<Text>()?.0, name);
            }
            Field::Arguments => {
                let (arguments, nulls) = structured::arguments(raw(map)?);
                message.calls.nulls = message.calls.nulls.saturating_add(nulls);
                message.flat.arguments = arguments;
            }
            Field::Kind => self.kind = map.next_value::<Text>()?.0,
            Field::Report(report) => {
                let raw = raw(map)?;
                if report == Report::Fault && raw.starts_with('"') {
                    self.fault = json::raw_text(raw);
                }
                message.beside.reported = reported::both(message.beside.reported, report.read(raw));
            }
            Field::Weight => {
                let weight = weight(raw(map)?);
                message.beside.weight = weight.or(message.beside.weight);
            }
            Field::Channel => self.channel = map.next_value::<Text>()?.0,
            Field::Recipient => self.recipient = map.next_value::<Text>()?.0,
            Field::Tools => message.tools.append(&mut map.next_value::<Tools>()?.0),
            Field::Media(kind) => {
                let media = media::of_list(kind, raw(map)?).into_iter();
                let parts = media.map(Part::Media).collect();
                let content = std::mem::take(&mut message.content);
                message.content = content.and(Content::Parts(parts));
            }
            Field::Invocations => {
                for call in elements(raw(map)?) {
                    part::read_as(PartKind::CallAndResult, call, &mut self.invocations);
                }
            }
            Field::Summary => self.summary = map.next_value()?,
            Field::Item => self.item.push((name, raw(map)?)),
            // Who reads the object reads this field.
            Field::Envelope => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    /// All fields of the message are read.
    pub fn finish(self) {
        let message = self.message;
        // SWE-agent's `thought` is most often the beginning of the text; only what is not is reasoning.
        if !self.thought.is_empty() && !message.content.starts_with(self.thought.trim()) {
            message.reasoning = json::join(std::mem::take(&mut message.reasoning), self.thought);
        }
        if !self.kind.is_empty() {
            let kind = Plain::of(&self.kind);
            if let Some(read) = VOCABULARY.items.get(kind.as_str()) {
                read(&Object::of(self.item), message);
            }
            if VOCABULARY.roles.get(kind.as_str()) == Some(Speaker::Thought) {
                message.content = self.summary.and(std::mem::take(&mut message.content));
            }
        }
        if !self.invocations.is_empty() && !message.content.has_calls() {
            let said = std::mem::take(&mut message.content)
                .into_parts()
                .into_iter();
            message.content = Content::Parts(said.chain(self.invocations).collect());
        }
        if !self.fault.is_empty() {
            let content = std::mem::take(&mut message.content);
            message.content = content.and(Content::Text(self.fault));
        }
        if !(self.channel.is_empty() && self.recipient.is_empty()) {
            name_by_channel(message, &self.channel, &self.recipient);
        }
        unwrap_envelope(message, self.kind, self.inner);
    }
}

fn raw<'a, A: MapAccess<'a>>(map: &mut A) -> Result<&'a str, A::Error> {
    Ok(map.next_value::<&RawValue>()?.get())
}

/// A number, or whether anything is learned at all.
fn weight(raw: &str) -> Option<f64> {
    match raw.trim_matches('"') {
        "true" | "True" => Some(1.0),
        "false" | "False" => Some(0.0),
        number => number
            .parse()
            .ok()
            .filter(|weight: &f64| weight.is_finite()),
    }
}

/// Channels of what the assistant thinks: harmony's, and the kinds of turns of SWE-chat.
const THINKING: [&str; 5] = [
    "analysis",
    "thinking",
    "thought",
    "reasoning",
    "assistantthinking",
];

/// What the assistant says in a channel for thoughts is a thought, what it says to a tool is a call.
fn name_by_channel<'a>(message: &mut RawMessage<'a>, channel: &str, recipient: &str) {
    let is_turn = matches!(
        speaker::of(&message.role),
        Some(Speaker::One(Role::Assistant))
    );
    if !is_turn {
        return;
    }
    if let Some(name) = recipient.strip_prefix("functions.") {
        let content = std::mem::take(&mut message.content);
        message.flat.name = Cow::Owned(name.to_owned());
        message.flat.arguments = content.into_text();
        message.role = Cow::Borrowed("tool_call");
    } else if THINKING.contains(&Plain::of(channel).as_str()) {
        message.role = Cow::Borrowed("thinking");
    }
}

/// A session's line may hold the message in an envelope `{type, message: {role, content}}`.
fn unwrap_envelope<'a>(
    outer: &mut RawMessage<'a>,
    kind: Cow<'a, str>,
    inner: Option<RawMessage<'a>>,
) {
    if let Some(inner) = inner {
        if outer.role.is_empty() && inner.has_speaker() {
            *outer = inner;
            return;
        }
        outer.content = std::mem::take(&mut outer.content).and(inner.content);
    }
    if outer.role.is_empty() && speaker::of_kind(&kind).is_some() {
        outer.role = kind;
    }
}

/// A text, or the first of a list of texts: some harnesses write `tool_call_ids`.
struct FirstText<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for FirstText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(FirstText(match Content::deserialize(deserializer)? {
            Content::Text(text) => text,
            Content::Parts(parts) => parts.into_iter().next().map_or(Cow::Borrowed(""), |part| {
                Content::Parts(vec![part]).into_text()
            }),
        }))
    }
}
