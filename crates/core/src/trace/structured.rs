//! Calls in fields of their own: `tool_calls`, the deprecated `function_call`, and a message that is nothing but a call.
//! They come nested in `function` or flat, as a list, one object, JSON text or Python text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::json::{self, Text, Value, visit_scalars};
use super::vocabulary::VOCABULARY;
use super::{compact, python_calls};

/// What a field of a call holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallField {
    /// The call's id.
    Id,
    /// The tool's name.
    Name,
    /// The arguments: an object, or a text that holds one.
    Arguments,
    /// Name and arguments, one level down; in flat forms the name alone.
    Function,
    /// What is said of the call beside: its kind, its place among others.
    Aside,
}

/// A call as the row has it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct RawCall<'a> {
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub arguments: Cow<'a, str>,
}

impl RawCall<'_> {
    pub fn into_owned(self) -> RawCall<'static> {
        RawCall {
            id: Cow::Owned(self.id.into_owned()),
            name: Cow::Owned(self.name.into_owned()),
            arguments: Cow::Owned(self.arguments.into_owned()),
        }
    }
}

/// The calls of one field, and how the field held them.
#[derive(Debug, Default)]
pub(super) struct RawCalls<'a> {
    pub calls: Vec<RawCall<'a>>,
    pub from_json_text: bool,
    pub from_python_text: bool,
    /// They were written as Python calls, one a line.
    pub by_line: bool,
    /// Null fields that were left out of arguments.
    pub nulls: u32,
    /// What the assistant wrote in the calls' JSON beside names and arguments, each as a JSON object.
    pub aside: Vec<String>,
}

impl RawCalls<'_> {
    pub fn into_owned(self) -> RawCalls<'static> {
        RawCalls {
            calls: self.calls.into_iter().map(RawCall::into_owned).collect(),
            from_json_text: self.from_json_text,
            from_python_text: self.from_python_text,
            by_line: self.by_line,
            nulls: self.nulls,
            aside: self.aside,
        }
    }

    fn add(&mut self, other: Self) {
        self.from_json_text |= other.from_json_text;
        self.from_python_text |= other.from_python_text;
        self.by_line |= other.by_line;
        self.nulls = self.nulls.saturating_add(other.nulls);
        match self.calls.is_empty() {
            true => self.calls = other.calls,
            false => self.calls.extend(other.calls),
        }
        self.aside.extend(other.aside);
    }
}

/// Where calls are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// As values of the row. Arguments that are an object have lost how they were written, and Arrow may have padded them.
    Row,
    /// As a text in a field of their own.
    FieldText,
    /// As words of a message, all of which are kept.
    Words,
}

/// The calls in a message's words: one call or a list of them, as JSON or Python. `None` where they are neither.
pub(super) fn calls_in_text(text: &str) -> Option<RawCalls<'static>> {
    embedded_calls(text, Place::Words)
}

fn embedded_calls(text: &str, place: Place) -> Option<RawCalls<'static>> {
    if !text.trim_start().starts_with(['{', '[', '(']) {
        return None;
    }
    let (calls, python) = json::embedded(text, |json| {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let found = place.deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        found.is_named().then(|| found.into_owned())
    })?;
    Some(RawCalls {
        from_json_text: !python,
        from_python_text: python,
        ..calls
    })
}

/// The calls of the JSON with which a text begins, in a message's words, and how many bytes they have. `None` where the
/// text begins otherwise, or a call has no name.
pub(super) fn calls_at(text: &str) -> Option<(RawCalls<'static>, usize)> {
    let mut json = serde_json::Deserializer::from_str(text).into_iter::<Said>();
    let found = json.next()?.ok()?.0;
    let found = found.is_named().then(|| found.into_owned())?;
    Some((found, json.byte_offset()))
}

impl RawCalls<'_> {
    fn is_named(&self) -> bool {
        !self.calls.is_empty() && self.calls.iter().all(|call| !call.name.is_empty())
    }
}

/// Calls in a message's words.
struct Said<'a>(RawCalls<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Said<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Place::Words.deserialize(deserializer).map(Said)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawCalls<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Place::Row.deserialize(deserializer)
    }
}

impl<'de> DeserializeSeed<'de> for Place {
    type Value = RawCalls<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place {
    type Value = RawCalls<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("tool calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = RawCalls::default();
        while let Some(one) = seq.next_element_seed(self)? {
            all.add(one);
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(Fields::read(map, self)?.into_calls())
    }

    /// A list that was stored as text, or calls in Python; what is neither is kept as a nameless call's arguments.
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if text.trim().is_empty() || is_nothing(text) {
            return Ok(RawCalls::default());
        }
        let place = match self {
            Place::Words => Place::Words,
            Place::Row | Place::FieldText => Place::FieldText,
        };
        if let Some(found) = embedded_calls(text, place) {
            return Ok(found);
        }
        if let Some(calls) = python_calls::read(text) {
            return Ok(RawCalls {
                calls,
                from_python_text: true,
                by_line: true,
                ..RawCalls::default()
            });
        }
        Ok(RawCalls {
            calls: vec![RawCall {
                arguments: Cow::Owned(text.to_owned()),
                ..RawCall::default()
            }],
            ..RawCalls::default()
        })
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(RawCalls::default())
    }

    visit_scalars!(_value => RawCalls::default());
}

/// Texts by which datasets say that there are no calls.
fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "[]" | "{}" | "()" | "null" | "None" | "nan")
}

/// The arguments in a field of the row: a text as it is, an object in its shortest form and without the nulls by which
/// Arrow pads it, and how many those were.
pub(super) fn arguments(raw: &str) -> (Cow<'_, str>, u32) {
    match raw.starts_with(['{', '[']) {
        true => compact::without_padding(raw),
        false => (json::raw_text(raw), 0),
    }
}

/// What stands in for arguments that are null or not there.
pub(super) const NO_ARGUMENTS: &str = "{}";

/// The fields of one call, flat or nested in `function`.
#[derive(Default)]
struct Fields<'a> {
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    /// `None` where they are null or not there.
    arguments: Option<Cow<'a, str>>,
    nulls: u32,
    /// The fields that are none of a call's, as JSON without braces.
    aside: String,
}

impl<'a> Fields<'a> {
    fn read<A: MapAccess<'a>>(mut map: A, place: Place) -> Result<Self, A::Error> {
        let mut call = Fields::default();
        while let Some(key) = map.next_key::<Text>()? {
            match VOCABULARY.call_fields.get(&key.0) {
                // Of two fields of one meaning, one may be there as null only.
                Some(CallField::Id) => {
                    call.id = json::either(map.next_value::<Text>()?.0, call.id);
                }
                Some(CallField::Name) => {
                    call.name = json::either(map.next_value::<Text>()?.0, call.name);
                }
                Some(CallField::Arguments) => {
                    call.add_arguments(map.next_value()?, place);
                }
                Some(CallField::Function) => {
                    let inner = map.next_value_seed(Function(place))?;
                    call.name = json::either(inner.name, call.name);
                    call.arguments = inner.arguments.or(call.arguments);
                    call.nulls = call.nulls.saturating_add(inner.nulls);
                    call.add_aside(&inner.aside);
                }
                None if place == Place::Words => {
                    let raw = map.next_value::<&RawValue>()?.get();
                    if !matches!(raw, "null" | "\"\"" | "{}" | "[]") {
                        let key = serde_json::to_string(&key.0).unwrap_or_default();
                        call.add_aside(&format!("{key}:{raw}"));
                    }
                }
                Some(CallField::Aside) | None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(call)
    }

    /// Of arguments that come twice the last that say something count.
    fn add_arguments(&mut self, value: Value<'a>, place: Place) {
        let (arguments, nulls) = match value {
            Value::Json("null") => return,
            Value::Text(text) => (text, 0),
            Value::Json(raw) if place == Place::Row => arguments(raw),
            Value::Json(raw) => (json::raw_text(raw), 0),
        };
        self.nulls = self.nulls.saturating_add(nulls);
        if self.arguments.is_none() || !arguments.is_empty() {
            self.arguments = Some(arguments);
        }
    }

    fn add_aside(&mut self, fields: &str) {
        if !self.aside.is_empty() && !fields.is_empty() {
            self.aside.push(',');
        }
        self.aside.push_str(fields);
    }

    fn into_calls(self) -> RawCalls<'a> {
        let has_arguments = self.arguments.as_ref().is_some_and(|text| !text.is_empty());
        if self.name.is_empty() && !has_arguments {
            return RawCalls::default();
        }
        let aside = (!self.aside.is_empty()).then(|| format!("{{{}}}", self.aside));
        RawCalls {
            calls: vec![RawCall {
                id: self.id,
                name: self.name,
                arguments: self.arguments.unwrap_or(Cow::Borrowed(NO_ARGUMENTS)),
            }],
            nulls: self.nulls,
            aside: aside.into_iter().collect(),
            ..RawCalls::default()
        }
    }
}

/// What stands one level down in a call: an object, or in flat forms the name alone.
struct Function(Place);

impl<'de> DeserializeSeed<'de> for Function {
    type Value = Fields<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Function {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a function's name and arguments")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Fields::read(map, self.0)
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Fields {
            name: Cow::Owned(name.to_owned()),
            ..Fields::default()
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let json = json::list_text(seq)?;
        Ok(Fields {
            arguments: Some(Cow::Owned(json)),
            ..Fields::default()
        })
    }

    visit_scalars!(_value => Fields::default());

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Fields::default())
    }
}
