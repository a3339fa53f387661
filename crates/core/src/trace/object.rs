//! A JSON object as its fields' raw texts: what dialects read events by that have little in common.
//! Nothing is copied and nothing fails: a field that is not there, or not of the wanted kind, is empty.

use std::borrow::Cow;

use serde::de::DeserializeSeed;
use serde_json::value::RawValue;

use super::json;
use super::parts::Content;
use super::seen::Columns;

/// An object's fields in their order; of a field that comes twice the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Object<'a> {
    /// The object; `None` where the text is not one.
    pub fn read(raw: &'a str) -> Option<Self> {
        if !raw.trim_start().starts_with('{') {
            return None;
        }
        let mut json = serde_json::Deserializer::from_str(raw);
        Columns.deserialize(&mut json).ok().map(Object)
    }

    /// The object of these fields.
    pub fn of(fields: Vec<(Cow<'a, str>, &'a str)>) -> Self {
        Object(fields)
    }

    /// The fields and their raw JSON, in their order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(name, raw)| (&**name, *raw))
    }

    /// The fields whose names stand unescaped in the text, and their raw JSON.
    pub fn borrowed_fields(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(|(name, raw)| match name {
            Cow::Borrowed(name) => Some((*name, *raw)),
            Cow::Owned(_) => None,
        })
    }

    /// Its JSON, each field as it stands.
    pub fn to_json(&self) -> String {
        let field = |(name, raw): (&str, &str)| {
            let name = serde_json::to_string(name).unwrap_or_default();
            format!("{name}:{raw}")
        };
        let fields: Vec<String> = self.fields().map(field).collect();
        format!("{{{}}}", fields.join(","))
    }

    /// Whether it has the field, null or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The field's raw JSON; `None` where it is missing or null.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, raw)| *raw).filter(|raw| *raw != "null")
    }

    /// The field as text: a string as it is, null and a missing field as nothing, the rest as its JSON.
    pub fn text(&self, name: &str) -> Cow<'a, str> {
        self.raw(name).map_or(Cow::Borrowed(""), json::raw_text)
    }

    /// Whether the field is this string.
    pub fn is(&self, name: &str, text: &str) -> bool {
        let raw = self.raw(name);
        raw.is_some_and(|raw| raw.starts_with('"')) && self.text(name) == text
    }

    /// The truth value in the field.
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.raw(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The whole number in the field.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.raw(name)?.parse().ok()
    }

    /// The object in the field; one without fields where there is none.
    pub fn object(&self, name: &str) -> Object<'a> {
        self.raw(name).and_then(Object::read).unwrap_or_default()
    }

    /// The raw elements of the list in the field.
    pub fn list(&self, name: &str) -> Vec<&'a str> {
        self.raw(name).map_or_else(Vec::new, elements)
    }

    /// The field as a message's content: a text, or parts.
    pub fn content(&self, name: &str) -> Content<'a> {
        let content = self.raw(name).map(serde_json::from_str::<Content>);
        content.and_then(Result::ok).unwrap_or_default()
    }
}

/// The raw elements of a list; none where the text is not a list.
pub(super) fn elements(raw: &str) -> Vec<&str> {
    let list = serde_json::from_str::<Vec<&RawValue>>(raw).unwrap_or_default();
    list.into_iter().map(RawValue::get).collect()
}
