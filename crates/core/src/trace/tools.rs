//! The tools' schemas: a list of objects, of JSON texts, or one text that holds such a list.
//! Each schema stays as it stands in the row.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Tool;
use super::json::{self, Text};

/// The column `tools`.
#[derive(Debug, Default)]
pub(super) struct Tools<'a>(pub Vec<Tool<'a>>);

impl Tools<'_> {
    pub fn into_owned(self) -> Tools<'static> {
        let own = |tool: Tool| Tool {
            name: Cow::Owned(tool.name.into_owned()),
            schema: Cow::Owned(tool.schema.into_owned()),
        };
        Tools(self.0.into_iter().map(own).collect())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Tools<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Tools(from_raw(raw.get())))
    }
}

/// The tools of any value: null and an empty text have none.
fn from_raw(raw: &str) -> Vec<Tool<'_>> {
    match raw.as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(raw)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|element| one(element.get()))
            .collect(),
        Some(b'"') => from_text(json::raw_text(raw)),
        _ => one(raw).into_iter().collect(),
    }
}

/// One element of the list: an object as its JSON, a text as it is.
fn one(raw: &str) -> Option<Tool<'_>> {
    let schema = json::raw_text(raw);
    (!schema.is_empty()).then(|| tool(schema))
}

/// The tools of a text: a list in JSON or Python, else one schema.
fn from_text(text: Cow<'_, str>) -> Vec<Tool<'_>> {
    let inner = text.trim();
    if inner.is_empty() || matches!(inner, "null" | "None") {
        return Vec::new();
    }
    if inner.starts_with('[') {
        let list = json::embedded(inner, |json| {
            serde_json::from_str::<Vec<&RawValue>>(json)
                .ok()
                .map(|_| Tools(from_raw(json)).into_owned())
        });
        if let Some((tools, _)) = list {
            return tools.0;
        }
    }
    vec![tool(text)]
}

/// A tool of that schema; its name is read from it.
pub(super) fn tool(schema: Cow<'_, str>) -> Tool<'_> {
    let name = serde_json::from_str::<Name>(&schema)
        .map(|name| name.0)
        .unwrap_or_default();
    Tool {
        name: Cow::Owned(name),
        schema,
    }
}

/// The name in a schema, with or without the `function` around it.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NameVisitor).map(Name)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a tool's schema")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut name = String::new();
        while let Some(key) = map.next_key::<Text>()? {
            match &*key.0 {
                "name" => name = map.next_value::<Text>()?.0.into_owned(),
                "function" => name = map.next_value::<Inner>()?.0,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(name)
    }
}

/// The object in `function`; null has no name.
struct Inner(String);

impl<'de> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Inner(
            Option::<Name>::deserialize(deserializer)?.map_or(String::new(), |name| name.0),
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(json: &str) -> Vec<(String, String)> {
        let tools = serde_json::from_str::<Tools>(json).unwrap().0;
        tools
            .into_iter()
            .map(|t| (t.name.into_owned(), t.schema.into_owned()))
            .collect()
    }

    #[test]
    fn a_schema_stays_as_it_stands() {
        let bash = |schema: &str| vec![("bash".to_owned(), schema.to_owned())];
        let object = r#"{ "function": {"name": "bash"},  "type":"function"}"#;
        assert_eq!(read(&format!("[{object}]")), bash(object));
        assert_eq!(
            read(&serde_json::to_string(&[object]).unwrap()),
            bash(object)
        );
        let list = serde_json::to_string(&format!("[{object}]")).unwrap();
        assert_eq!(read(&list), bash(object));
        assert_eq!(read(r#""[{'name': 'bash'}]""#), bash(r#"{"name":"bash"}"#));
    }

    #[test]
    fn no_tools_are_no_tools_and_odd_ones_have_no_name() {
        assert_eq!(read("null"), []);
        assert_eq!(read("[]"), []);
        assert_eq!(read(r#""""#), []);
        assert_eq!(
            read(r#""use bash""#),
            [(String::new(), "use bash".to_owned())]
        );
    }
}
