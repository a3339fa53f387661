//! A message's text that is a list of parts: text, thinking, tool use, tool result, images, as Anthropic's API, OpenAI's,
//! Gemini's and others write them. A part of an unknown kind is kept as its JSON; `part` reads a single one.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{self, visit_scalars};
use super::part::read_part;
use super::structured::RawCall;
use super::{Media, Reported};

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
    /// An image or another medium, of which the text gets a placeholder.
    Media(Media<'a>),
    /// A medium of the result before it, whose text has the placeholder.
    ResultMedia(Media<'a>),
    /// A reply of the model begins.
    Step,
    /// A thought that only the provider of an API can read.
    HiddenThought,
}

impl<'a> Content<'a> {
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Text(text) => text.is_empty(),
            Content::Parts(parts) => parts.is_empty(),
        }
    }

    /// Whether a part is a call.
    pub fn has_calls(&self) -> bool {
        let is_call = |part: &Part| matches!(part, Part::Call(_));
        matches!(self, Content::Parts(parts) if parts.iter().any(is_call))
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
        if self.is_empty() || self == other || other.repeats(&self) {
            return other;
        }
        if other.is_empty() || self.repeats(&other) {
            return self;
        }
        let mut parts = self.into_parts();
        parts.extend(other.into_parts());
        Content::Parts(parts)
    }

    /// Whether its parts say what the other says in one text.
    fn repeats(&self, other: &Content) -> bool {
        let (Content::Parts(parts), Content::Text(text)) = (self, other) else {
            return false;
        };
        let said = parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(Cow::Borrowed(&**text)),
            _ => None,
        });
        json::same_words(&json::join_all(said), text)
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
    /// Its words.
    pub fn into_text(self) -> Cow<'a, str> {
        match self {
            Part::Text(text) | Part::Reasoning(text) | Part::Result { text, .. } => text,
            Part::Call(call) => json::join(call.name, call.arguments),
            Part::Media(media) => Cow::Borrowed(media.kind.placeholder()),
            Part::ResultMedia(_) | Part::Step | Part::HiddenThought => Cow::Borrowed(""),
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
            Part::ResultMedia(media) => Part::ResultMedia(media.to_owned()),
            Part::Step => Part::Step,
            Part::HiddenThought => Part::HiddenThought,
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
            read_part(raw.get(), 0, &mut parts);
        }
        Ok(Content::Parts(parts))
    }

    /// One part alone, or an object that is kept as its JSON.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let json = json::object_text(map)?;
        let mut parts = Vec::new();
        read_part(&json, 0, &mut parts);
        Ok(match parts.as_mut_slice() {
            [Part::Text(text)] => Content::Text(Cow::Owned(std::mem::take(text).into_owned())),
            _ => Content::Parts(parts.into_iter().map(Part::into_owned).collect()),
        })
    }
}
