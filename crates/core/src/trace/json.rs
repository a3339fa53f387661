//! Any JSON value as text: a string as it is, null as nothing, the rest as its JSON.
//! Datasets put numbers, lists and objects where others have text; none of it may be lost.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::packed::AS_VALUE;

/// The visits of a number or a truth value, all with one result: `visit_scalars!(value => …)`, where `value` can be
/// shown with `{:?}`, which is its JSON. A result that needs the visitor names it first: `visit_scalars!(self, value => …)`.
macro_rules! visit_scalars {
    ($value:ident => $result:expr) => {
        visit_scalars!(self, $value => $result);
    };
    ($self:ident, $value:ident => $result:expr) => {
        fn visit_bool<E>($self, $value: bool) -> Result<Self::Value, E> {
            Ok($result)
        }

        fn visit_i64<E>($self, $value: i64) -> Result<Self::Value, E> {
            Ok($result)
        }

        fn visit_u64<E>($self, $value: u64) -> Result<Self::Value, E> {
            Ok($result)
        }

        fn visit_f64<E>($self, $value: f64) -> Result<Self::Value, E> {
            Ok($result)
        }
    };
}
pub(super) use visit_scalars;

/// A value as text; borrowed where the row holds it unescaped.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }

    visit_scalars!(value => Cow::Owned(format!("{value:?}")));

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        list_text(seq).map(Cow::Owned)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        object_text(map).map(Cow::Owned)
    }
}

/// A text, or any other value as its raw JSON. A text that does not stand in JSON is not written as JSON to be read again.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Json(&'a str),
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_VALUE, ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(match raw.starts_with('"') {
            true => Value::Text(raw_text(raw)),
            false => Value::Json(raw),
        })
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_borrowed_bytes<E: Error>(self, json: &'de [u8]) -> Result<Self::Value, E> {
        std::str::from_utf8(json)
            .map(Value::Json)
            .map_err(E::custom)
    }
}

/// The compact JSON of an object, its fields in their order.
pub(super) fn object_text<'de, A: MapAccess<'de>>(map: A) -> Result<String, A::Error> {
    let mut json = String::new();
    Compact(&mut json).visit_map(map)?;
    Ok(json)
}

/// The compact JSON of a list.
pub(super) fn list_text<'de, A: SeqAccess<'de>>(seq: A) -> Result<String, A::Error> {
    let mut json = String::new();
    Compact(&mut json).visit_seq(seq)?;
    Ok(json)
}

/// Writes any value as compact JSON. (A `serde_json::Value` would do, but its fields' order depends on which crates
/// of the build ask for `preserve_order`.)
struct Compact<'j>(&'j mut String);

impl Compact<'_> {
    fn push<T: serde::Serialize, E: Error>(self, value: T) -> Result<(), E> {
        self.0
            .push_str(&serde_json::to_string(&value).map_err(E::custom)?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Compact<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Compact<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.push(value)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.push(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.push(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.push(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.push('[');
        let first = self.0.len();
        loop {
            let before = self.0.len();
            if before > first {
                self.0.push(',');
            }
            if seq.next_element_seed(Compact(self.0))?.is_none() {
                self.0.truncate(before);
                self.0.push(']');
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.push('{');
        let first = self.0.len();
        while let Some(key) = map.next_key::<Text>()? {
            if self.0.len() > first {
                self.0.push(',');
            }
            Compact(self.0).push(&key.0)?;
            self.0.push(':');
            map.next_value_seed(Compact(self.0))?;
        }
        self.0.push('}');
        Ok(())
    }
}

/// The text of a JSON value of which the raw JSON is known: objects and lists keep their very characters.
pub(super) fn raw_text(raw: &str) -> Cow<'_, str> {
    let raw = raw.trim();
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<Text>(raw).map_or(Cow::Borrowed(raw), |text| text.0),
        _ if raw == "null" => Cow::Borrowed(""),
        _ => Cow::Borrowed(raw),
    }
}

/// JSON without the whitespace between its tokens; numbers and texts keep their very characters.
pub(super) fn compact(json: &str) -> Cow<'_, str> {
    if !json.contains([' ', '\n', '\r', '\t']) {
        return Cow::Borrowed(json);
    }
    let (mut in_text, mut escaped) = (false, false);
    let kept = json.chars().filter(|c| {
        let keep = in_text || !matches!(c, ' ' | '\n' | '\r' | '\t');
        if *c == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = in_text && *c == '\\' && !escaped;
        keep
    });
    Cow::Owned(kept.collect())
}

/// A key or value that is JSON text itself, or Python's `repr` of the same; read as `T`.
/// The flag says whether it was Python.
pub(super) fn embedded<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<(T, bool)> {
    if let Some(value) = read(text) {
        return Some((value, false));
    }
    let json = super::python::to_json(text)?;
    read(&json).map(|value| (value, true))
}

/// The texts that are not empty, a blank line between them.
pub(super) fn join_all<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Cow<'a, str> {
    texts.fold(Cow::Borrowed(""), join)
}

/// Two texts, a blank line between them; or the one that is not empty.
pub(super) fn join<'a>(mut first: Cow<'a, str>, second: Cow<'a, str>) -> Cow<'a, str> {
    if first.is_empty() {
        return second;
    }
    if !second.is_empty() {
        let joined = first.to_mut();
        joined.push_str("\n\n");
        joined.push_str(&second);
    }
    first
}

/// Whether both texts are the same but for whitespace.
pub(super) fn same_words(first: &str, second: &str) -> bool {
    first == second || {
        let mut second = second.chars().filter(|c| !c.is_whitespace());
        let mut first = first.chars().filter(|c| !c.is_whitespace());
        first.by_ref().all(|c| second.next() == Some(c)) && second.next().is_none()
    }
}

/// `first`, or `second` where `first` is empty.
pub(super) fn either<'a>(first: Cow<'a, str>, second: Cow<'a, str>) -> Cow<'a, str> {
    if first.is_empty() { second } else { first }
}

/// `text[range]` for a borrowed or an owned text, borrowed where it can be.
pub(super) fn slice<'a>(text: &Cow<'a, str>, range: std::ops::Range<usize>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(range).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(range).unwrap_or_default().to_owned()),
    }
}

/// The range of `text` without the whitespace around it.
pub(super) fn trimmed(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    start..end
}
