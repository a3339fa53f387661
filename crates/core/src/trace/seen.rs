//! What there is in a row of unknown shape: each column's name, kind and first words, for the page to ask the user
//! which column holds what.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{self, Text};
use super::{FieldSeen, RowError, nested};

/// No more columns than these are told of.
const MOST_FIELDS: usize = 60;
/// Characters of a value that are shown.
const SAMPLE: usize = 80;

/// Why nothing in a row is a conversation: it holds none, or an empty one.
pub(super) fn why_unread(row: &str) -> RowError {
    match nested::fault_of_empty_run(row) {
        None => no_messages(row),
        Some(fault) if fault.is_empty() => RowError::Died("its conversation is empty".to_owned()),
        Some(fault) => RowError::Died(fault),
    }
}

/// The error that tells every column of the row.
pub(super) fn no_messages(row: &str) -> RowError {
    let mut json = serde_json::Deserializer::from_str(row);
    match Columns.deserialize(&mut json) {
        Err(error) => RowError::Json(error.to_string()),
        Ok(columns) => {
            RowError::NoMessages(columns.into_iter().take(MOST_FIELDS).map(field).collect())
        }
    }
}

fn field((name, value): (Cow<str>, &str)) -> FieldSeen {
    FieldSeen {
        name: name.into_owned(),
        kind: kind(value),
        sample: json::raw_text(value).chars().take(SAMPLE).collect(),
    }
}

/// The kind of a JSON value, in words.
pub(super) fn kind(value: &str) -> String {
    match value.trim_start().as_bytes().first() {
        Some(b'{') => with_names("an object", &names(value)),
        Some(b'[') => list_kind(value),
        Some(b'"') => text_kind(value),
        Some(b't' | b'f') => "true or false".to_owned(),
        Some(b'n') => "nothing (null)".to_owned(),
        _ => "number".to_owned(),
    }
}

fn text_kind(value: &str) -> String {
    let inner = value.get(1..).unwrap_or_default().trim_start();
    let kind = if inner.starts_with("[{") || inner.starts_with("{\\\"") {
        "text that holds JSON"
    } else {
        "text"
    };
    kind.to_owned()
}

fn list_kind(value: &str) -> String {
    let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(value) else {
        return "a list".to_owned();
    };
    let Some(first) = elements.first() else {
        return "an empty list".to_owned();
    };
    let (one, many) = match first.get().as_bytes().first() {
        Some(b'{') => ("object", "objects"),
        Some(b'[') => ("list", "lists"),
        Some(b'"') => ("text", "texts"),
        _ => ("value", "values"),
    };
    let count = elements.len();
    let list = format!("list of {count} {}", if count == 1 { one } else { many });
    with_names(&list, &names(first.get()))
}

fn with_names(kind: &str, names: &[String]) -> String {
    if names.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} with {}", names.join(", "))
    }
}

/// The first names of an object's fields.
fn names(value: &str) -> Vec<String> {
    let mut json = serde_json::Deserializer::from_str(value);
    let columns = Columns.deserialize(&mut json).unwrap_or_default();
    columns
        .into_iter()
        .take(8)
        .map(|(name, _)| name.chars().take(40).collect())
        .collect()
}

/// Reads an object as names and raw values.
pub(super) struct Columns;

impl<'de> DeserializeSeed<'de> for Columns {
    type Value = Vec<(Cow<'de, str>, &'de str)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Columns {
    type Value = Vec<(Cow<'de, str>, &'de str)>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut columns = Vec::new();
        while let Some((name, value)) = map.next_entry::<Text, &RawValue>()? {
            columns.push((name.0, value.get()));
        }
        Ok(columns)
    }
}
