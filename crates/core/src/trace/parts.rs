//! A message's text that is a list of parts: text, thinking, tool use and tool result, as Anthropic's API, OpenAI's
//! and the Hub's agent traces write them. A part of an unknown kind is kept as its JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{self, Text, visit_scalars};
use super::speaker::Plain;
use super::structured::RawCall;
use super::vocabulary::VOCABULARY;
use super::{Media, Reported};

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
}

/// What a message says: one text, or parts in order.
#[derive(Debug, PartialEq)]
pub(super) enum Content<'a> {
    Text(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

impl Default for Content<'_> {
    fn default() -> Self {
        Content::Text(Cow::Borrowed(""))
    }
}

/// One part of a message.
#[derive(Debug, PartialEq)]
pub(super) enum Part<'a> {
    Text(Cow<'a, str>),
    Reasoning(Cow<'a, str>),
    Call(RawCall<'a>),
    Result {
        id: Cow<'a, str>,
        text: Cow<'a, str>,
        reported: Option<Reported>,
    },
    /// An image or another medium, of which the text has a placeholder.
    Media(Media<'a>),
}

impl<'a> Content<'a> {
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Text(text) => text.is_empty(),
            Content::Parts(parts) => parts.is_empty(),
        }
    }

    /// Whether its first words are these.
    pub fn starts_with(&self, words: &str) -> bool {
        match self {
            Content::Text(text) => text.trim_start().starts_with(words),
            Content::Parts(parts) => match parts.first() {
                Some(Part::Text(text)) => text.trim_start().starts_with(words),
                _ => words.is_empty(),
            },
        }
    }

    /// Both contents, one after the other; a content that stands there twice is kept once.
    pub fn and(self, other: Content<'a>) -> Content<'a> {
        if self.is_empty() || self == other {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let mut parts = self.into_parts();
        parts.extend(other.into_parts());
        Content::Parts(parts)
    }

    pub fn into_parts(self) -> Vec<Part<'a>> {
        match self {
            Content::Text(text) if text.is_empty() => Vec::new(),
            Content::Text(text) => vec![Part::Text(text)],
            Content::Parts(parts) => parts,
        }
    }

    /// All of its words as one text, whatever kind of part they stand in.
    pub fn into_text(self) -> Cow<'a, str> {
        match self {
            Content::Text(text) => text,
            Content::Parts(parts) => json::join_all(parts.into_iter().map(Part::into_text)),
        }
    }

    pub fn into_owned(self) -> Content<'static> {
        match self {
            Content::Text(text) => Content::Text(Cow::Owned(text.into_owned())),
            Content::Parts(parts) => {
                Content::Parts(parts.into_iter().map(Part::into_owned).collect())
            }
        }
    }
}

impl<'a> Part<'a> {
    fn into_text(self) -> Cow<'a, str> {
        match self {
            Part::Text(text) | Part::Reasoning(text) | Part::Result { text, .. } => text,
            Part::Call(call) => json::join(call.name, call.arguments),
            Part::Media(media) => Cow::Borrowed(media.kind.placeholder()),
        }
    }

    fn into_owned(self) -> Part<'static> {
        match self {
            Part::Text(text) => Part::Text(Cow::Owned(text.into_owned())),
            Part::Reasoning(text) => Part::Reasoning(Cow::Owned(text.into_owned())),
            Part::Call(call) => Part::Call(call.into_owned()),
            Part::Result { id, text, reported } => Part::Result {
                id: Cow::Owned(id.into_owned()),
                text: Cow::Owned(text.into_owned()),
                reported,
            },
            Part::Media(media) => Part::Media(media.to_owned()),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a message's text or parts")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Content::default())
    }

    visit_scalars!(value => Content::Text(Cow::Owned(format!("{value:?}"))));

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(raw) = seq.next_element::<&RawValue>()? {
            parts.push(read_part(raw.get(), 0));
        }
        Ok(Content::Parts(parts))
    }

    /// One part alone, or an object that is kept as its JSON.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let json = json::object_text(map)?;
        Ok(match read_part(&json, 0) {
            Part::Text(text) => Content::Text(Cow::Owned(text.into_owned())),
            part => Content::Parts(vec![part.into_owned()]),
        })
    }
}

/// How deep parts may hold parts: a tool's result holds texts. What is deeper is kept as its JSON.
const DEEPEST: u8 = 2;

/// Reads one part of a list; what is not a known part is kept as its JSON.
fn read_part(raw: &str, depth: u8) -> Part<'_> {
    if !raw.trim_start().starts_with('{') {
        return Part::Text(json::raw_text(raw));
    }
    serde_json::from_str::<Fields>(raw)
        .ok()
        .and_then(|fields| fields.into_part(depth))
        .unwrap_or(Part::Text(Cow::Borrowed(raw)))
}

/// A part's own content: text, or parts again.
fn content_text(raw: &RawValue, depth: u8) -> Cow<'_, str> {
    let raw = raw.get();
    if depth >= DEEPEST || !raw.starts_with('[') {
        return json::raw_text(raw);
    }
    let Ok(parts) = serde_json::from_str::<Vec<&RawValue>>(raw) else {
        return Cow::Borrowed(raw);
    };
    json::join_all(
        parts
            .into_iter()
            .map(|part| read_part(part.get(), depth + 1).into_text()),
    )
}

/// The fields that parts of any kind have.
#[derive(Default)]
struct Fields<'a> {
    kind: Option<Kind>,
    text: Option<&'a RawValue>,
    thinking: Option<&'a RawValue>,
    id: Cow<'a, str>,
    answers: Cow<'a, str>,
    name: Cow<'a, str>,
    input: Option<&'a RawValue>,
    content: Option<&'a RawValue>,
}

impl<'a> Fields<'a> {
    /// The part, where its kind is known and its fields are there.
    fn into_part(self, depth: u8) -> Option<Part<'a>> {
        match self.kind.map_or(Some(PartKind::Text), |kind| kind.0)? {
            PartKind::Call => Some(Part::Call(RawCall {
                id: json::either(self.id, self.answers),
                name: self.name,
                arguments: json::raw_text(self.input.map_or("", RawValue::get)),
            })),
            PartKind::Result => Some(Part::Result {
                id: json::either(self.answers, self.id),
                text: content_text(self.content.or(self.text)?, depth),
                reported: None,
            }),
            PartKind::Reasoning => {
                let raw = self.thinking.or(self.text).or(self.content)?;
                Some(Part::Reasoning(content_text(raw, depth)))
            }
            PartKind::Text => {
                let raw = self.text.or(self.content)?;
                Some(Part::Text(content_text(raw, depth)))
            }
        }
    }
}

/// A part's kind; `None` where no dialect has it.
struct Kind(Option<PartKind>);

impl Kind {
    /// A part that does not say its kind is a text.
    fn of(name: &str) -> Self {
        let plain = Plain::of(name);
        Kind(match plain.as_str() {
            "" => Some(PartKind::Text),
            plain => VOCABULARY.parts.get(plain),
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a part of a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<Text>()? {
            match VOCABULARY.part_fields.get(&key.0) {
                Some(PartField::Kind) => {
                    fields.kind = Some(Kind::of(&map.next_value::<Text>()?.0));
                }
                Some(PartField::Text) => fields.text = map.next_value()?,
                Some(PartField::Reasoning) => fields.thinking = map.next_value()?,
                Some(PartField::Id) => fields.id = map.next_value::<Text>()?.0,
                Some(PartField::CallId) => fields.answers = map.next_value::<Text>()?.0,
                Some(PartField::Name) => fields.name = map.next_value::<Text>()?.0,
                Some(PartField::Arguments) => fields.input = map.next_value()?,
                Some(PartField::Content) => fields.content = map.next_value()?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}
