//! A message as the row has it: one pass over its fields, whatever they are called.
//! Nothing is decided here but which field holds what.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::{self, Text, visit_scalars};
use super::object::Object;
use super::parts::Content;
use super::reading::Reading;
use super::reported::Report;
use super::speaker;
use super::structured::{RawCall, RawCalls};
use super::tools::Tools;
use super::vocabulary::VOCABULARY;
use super::{FieldMap, MediaKind, Reported, Tool};

/// The names of a message's fields, where the user gave them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FieldNames<'m> {
    role: Option<&'m str>,
    text: Option<&'m str>,
    reasoning: Option<&'m str>,
}

impl<'m> FieldNames<'m> {
    pub fn new(map: &'m FieldMap) -> Self {
        FieldNames {
            role: map.get("role"),
            text: map.get("text"),
            reasoning: map.get("reasoning"),
        }
    }

    /// What the field holds: what the user said, else what its name says. What the user found elsewhere is not also
    /// looked for under the usual names.
    fn field(&self, name: &str) -> Option<Field> {
        match Some(name) {
            own if own == self.role => Some(Field::Role),
            own if own == self.text => Some(Field::Text),
            own if own == self.reasoning => Some(Field::Reasoning),
            _ => self.usual_field(name),
        }
    }

    fn usual_field(&self, name: &str) -> Option<Field> {
        let field = VOCABULARY.fields.get(name)?;
        let own = match field {
            Field::Role => self.role,
            Field::Text => self.text,
            Field::Reasoning | Field::Thought => self.reasoning,
            _ => None,
        };
        own.is_none().then_some(field)
    }

    /// Reads one message into its place, in which nothing stands yet.
    pub fn reader<'r, 'a>(self, message: &'r mut RawMessage<'a>) -> MessageReader<'m, 'r, 'a> {
        MessageReader {
            names: self,
            message,
        }
    }
}

/// What a field of a message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Who speaks.
    Role,
    /// What is said: a text, or parts.
    Text,
    /// What was thought before.
    Reasoning,
    /// What was thought, unless the text begins with the same.
    Thought,
    /// Calls: a list, one call, or a text that holds either.
    Calls,
    /// The one call of the deprecated `function_call`.
    FunctionCall,
    /// The id of the call that the message answers, or a list of them.
    Answers,
    /// The name of the call that the message is, where its speaker says that it is one.
    Name,
    /// The arguments of that call.
    Arguments,
    /// The message's kind, which may be its speaker.
    Kind,
    /// The message itself, one level down.
    Envelope,
    /// How the call ended that the message answers.
    Report(Report),
    /// How much is learned from the message: a number, or whether at all.
    Weight,
    /// To which of the assistant's channels it belongs: what is thought has one of its own.
    Channel,
    /// To whom the message goes, which may be a tool.
    Recipient,
    /// The schemas of tools that the message brings.
    Tools,
    /// Images or other media, beside the text.
    Media(MediaKind),
    /// Calls with their results, unless the parts have them, too.
    Invocations,
    /// A summary of what was thought, where the message is a thought.
    Summary,
    /// A field that only some kinds of items have; who reads the kind knows it.
    Item,
}

/// Reads what is special of an item's kind: its fields are those that its dialect calls [`Field::Item`].
pub(super) type ReadItem = for<'a> fn(&Object<'a>, &mut RawMessage<'a>);

/// A message as the row has it.
#[derive(Debug, Default)]
pub(super) struct RawMessage<'a> {
    /// Who speaks, as the row spells it; empty where it does not say.
    pub role: Cow<'a, str>,
    pub content: Content<'a>,
    /// Texts of reasoning fields.
    pub reasoning: Cow<'a, str>,
    pub calls: RawCalls<'a>,
    /// Calls of the deprecated `function_call`.
    pub function_call: RawCalls<'a>,
    /// The id of the call that it answers; empty where it has none.
    pub answers: Cow<'a, str>,
    /// Name and arguments beside the text; they are a call where the speaker says that the message is one.
    pub flat: RawCall<'a>,
    /// Tools that it brings.
    pub tools: Vec<Tool<'a>>,
    pub beside: Beside,
    /// It was not an object.
    pub odd: bool,
    /// It has a `role` and a `content`, by these very names.
    pub is_plain: bool,
}

/// What is known of a message beside what is said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Beside {
    /// How the call ended that it answers.
    pub reported: Option<Reported>,
    /// How much is learned from it: 0 is not at all, 1 is the usual.
    pub weight: Option<f64>,
    /// It repeats an earlier run's message.
    pub copied: bool,
    /// It is what all calls of the turn before gave back together, such as a terminal's screen.
    pub answers_turn: bool,
}

impl<'a> RawMessage<'a> {
    /// A message of that speaker.
    pub fn of(role: &'static str, content: Content<'a>) -> Self {
        RawMessage {
            role: Cow::Borrowed(role),
            content,
            ..RawMessage::default()
        }
    }

    /// The message of a JSON value; one that is not an object is kept as text.
    pub fn read(raw: &'a str) -> Self {
        let mut json = serde_json::Deserializer::from_str(raw);
        let mut message = RawMessage::default();
        match FieldNames::default()
            .reader(&mut message)
            .deserialize(&mut json)
        {
            Ok(()) => message,
            Err(_) => odd(Cow::Borrowed(raw)),
        }
    }

    /// Whether the row says who speaks, by a name that is known.
    pub fn has_speaker(&self) -> bool {
        speaker::of(&self.role).is_some()
    }

    /// Adds what the same speaker says next.
    pub fn append(&mut self, next: RawMessage<'a>) {
        let mut parts = std::mem::take(&mut self.content).into_parts();
        parts.extend(next.content.into_parts());
        self.content = Content::Parts(parts);
        self.reasoning = json::join(std::mem::take(&mut self.reasoning), next.reasoning);
        self.calls.calls.extend(next.calls.calls);
        self.beside.weight = self.beside.weight.or(next.beside.weight);
        self.beside.copied |= next.beside.copied;
    }

    /// Adds what was thought, unless it stands there already: some rows have it in several fields.
    pub fn add_reasoning(&mut self, more: Cow<'a, str>) {
        if !json::same_words(&more, &self.reasoning) {
            self.reasoning = json::join(std::mem::take(&mut self.reasoning), more);
        }
    }

    pub fn into_owned(self) -> RawMessage<'static> {
        RawMessage {
            role: Cow::Owned(self.role.into_owned()),
            content: self.content.into_owned(),
            reasoning: Cow::Owned(self.reasoning.into_owned()),
            calls: self.calls.into_owned(),
            function_call: self.function_call.into_owned(),
            answers: Cow::Owned(self.answers.into_owned()),
            flat: self.flat.into_owned(),
            tools: Tools(self.tools).into_owned().0,
            beside: self.beside,
            odd: self.odd,
            is_plain: self.is_plain,
        }
    }
}

/// Reads a message into its place: it is so large that to hand it on from function to function takes longer than to read
/// its small fields.
pub(super) struct MessageReader<'m, 'r, 'a> {
    names: FieldNames<'m>,
    message: &'r mut RawMessage<'a>,
}

impl<'de> DeserializeSeed<'de> for MessageReader<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MessageReader<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = Reading::of(self.message);
        let (mut has_role, mut has_content) = (false, false);
        while let Some(key) = map.next_key::<Text>()? {
            has_role |= key.0 == "role";
            has_content |= key.0 == "content";
            match self.names.field(&key.0) {
                Some(Field::Envelope) => {
                    let inner = read.inner.insert(RawMessage::default());
                    map.next_value_seed(self.names.reader(inner))?;
                }
                Some(field) => read.add(field, key.0, &mut map)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        read.finish();
        self.message.is_plain = has_role && has_content;
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let object = text.trim_start().starts_with('{');
        let message = object.then(|| from_text(text, self.names)).flatten();
        *self.message = message.unwrap_or_else(|| odd(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        *self.message = odd(Cow::Owned(json::list_text(seq)?));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        *self.message = odd(Cow::Borrowed(""));
        Ok(())
    }

    visit_scalars!(self, value => *self.message = odd(Cow::Owned(format!("{value:?}"))));
}

/// A message that was not an object, kept as text.
fn odd(text: Cow<'_, str>) -> RawMessage<'_> {
    RawMessage {
        content: Content::Text(text),
        odd: true,
        ..RawMessage::default()
    }
}

/// A message that was stored as JSON text.
fn from_text(text: &str, names: FieldNames) -> Option<RawMessage<'static>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut message = RawMessage::default();
    names.reader(&mut message).deserialize(&mut json).ok()?;
    json.end().ok()?;
    (!message.odd).then(|| message.into_owned())
}
