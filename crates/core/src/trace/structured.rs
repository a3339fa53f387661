//! Calls in fields of their own: `tool_calls`, the deprecated `function_call`, and a message that is nothing but a call.
//! They come nested in `function` or flat, as a list, one object, JSON text or Python text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{self, Text, visit_scalars};
use super::vocabulary::VOCABULARY;

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

    fn is_empty(&self) -> bool {
        self.name.is_empty() && self.arguments.is_empty()
    }
}

/// The calls of one field, and how the field held them.
#[derive(Debug, Default)]
pub(super) struct RawCalls<'a> {
    pub calls: Vec<RawCall<'a>>,
    pub from_json_text: bool,
    pub from_python_text: bool,
}

/// The calls in a text that is JSON or Python: one call or a list of them. `None` where it is neither.
pub(super) fn calls_in_text(text: &str) -> Option<RawCalls<'static>> {
    if !text.trim_start().starts_with(['{', '[', '(']) {
        return None;
    }
    let (calls, python) = json::embedded(text, |json| {
        let calls = serde_json::from_str::<RawCalls>(json).ok()?.calls;
        let named = !calls.is_empty() && calls.iter().all(|call| !call.name.is_empty());
        named.then(|| calls.into_iter().map(RawCall::into_owned).collect())
    })?;
    Some(RawCalls {
        calls,
        from_json_text: !python,
        from_python_text: python,
    })
}

impl<'de: 'a, 'a> Deserialize<'de> for RawCalls<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CallsVisitor)
    }
}

struct CallsVisitor;

impl<'de> Visitor<'de> for CallsVisitor {
    type Value = RawCalls<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("tool calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = RawCalls::default();
        while let Some(one) = seq.next_element::<RawCalls>()? {
            all.from_json_text |= one.from_json_text;
            all.from_python_text |= one.from_python_text;
            all.calls.extend(one.calls);
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let call = read_call(map)?;
        Ok(RawCalls {
            calls: if call.is_empty() {
                Vec::new()
            } else {
                vec![call]
            },
            ..RawCalls::default()
        })
    }

    /// A list that was stored as text; what is neither JSON nor Python is kept as a nameless call's arguments.
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if text.trim().is_empty() || is_nothing(text) {
            return Ok(RawCalls::default());
        }
        Ok(calls_in_text(text).unwrap_or_else(|| RawCalls {
            calls: vec![RawCall {
                arguments: Cow::Owned(text.to_owned()),
                ..RawCall::default()
            }],
            ..RawCalls::default()
        }))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(RawCalls::default())
    }

    visit_scalars!(_value => RawCalls::default());
}

/// Texts by which data sets say that there are no calls.
fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "[]" | "{}" | "()" | "null" | "None" | "nan")
}

/// Reads one call, flat or nested in `function`.
fn read_call<'de, A: MapAccess<'de>>(mut map: A) -> Result<RawCall<'de>, A::Error> {
    let mut call = RawCall::default();
    while let Some(key) = map.next_key::<Text>()? {
        match VOCABULARY.call_fields.get(&key.0) {
            Some(CallField::Id) => call.id = map.next_value::<Text>()?.0,
            Some(CallField::Name) => call.name = map.next_value::<Text>()?.0,
            Some(CallField::Arguments) => {
                let arguments = json::raw_text(map.next_value::<&RawValue>()?.get());
                if !arguments.is_empty() {
                    call.arguments = arguments;
                }
            }
            Some(CallField::Function) => {
                let inner = map.next_value::<Function>()?.0;
                call.name = json::either(inner.name, call.name);
                call.arguments = json::either(inner.arguments, call.arguments);
            }
            None => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(call)
}

/// What stands one level down in a call: an object, or in flat forms the name alone.
struct Function<'a>(RawCall<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Function<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FunctionVisitor).map(Function)
    }
}

struct FunctionVisitor;

impl<'de> Visitor<'de> for FunctionVisitor {
    type Value = RawCall<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a function's name and arguments")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        read_call(map)
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(RawCall {
            name: Cow::Owned(name.to_owned()),
            ..RawCall::default()
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let json = json::list_text(seq)?;
        Ok(RawCall {
            arguments: Cow::Owned(json),
            ..RawCall::default()
        })
    }

    visit_scalars!(_value => RawCall::default());

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(RawCall::default())
    }
}
