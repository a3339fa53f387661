//! The tools' schemas: a list of objects, of JSON texts, or one text that holds such a list.
//! Each schema stays as it stands in the row.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Tool;
use super::json::{self, Text};
use super::object::{Object, elements};

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
pub(super) fn from_raw(raw: &str) -> Vec<Tool<'_>> {
    match raw.as_bytes().first() {
        Some(b'[') => elements(raw).into_iter().flat_map(one).collect(),
        Some(b'"') => from_text(json::raw_text(raw)),
        Some(b'{') => by_name(raw).unwrap_or_else(|| one(raw)),
        _ => one(raw),
    }
}

/// Tools in an object by their names, as the AI SDK has them.
fn by_name(raw: &str) -> Option<Vec<Tool<'_>>> {
    const OF_A_TOOL: [&str; 4] = ["description", "parameters", "inputSchema", "input_schema"];
    let object = Object::read(raw)?;
    let is_tool =
        |raw| Object::read(raw).is_some_and(|tool| OF_A_TOOL.iter().any(|name| tool.has(name)));
    let is_one = ["name", "function", "type"]
        .iter()
        .any(|name| object.has(name));
    let mut fields = object.fields();
    if is_one || !fields.all(|(_, raw)| is_tool(raw)) {
        return None;
    }
    let tools = object.fields().map(|(name, raw)| Tool {
        name: Cow::Owned(name.to_owned()),
        schema: Cow::Borrowed(raw),
    });
    Some(tools.collect())
}

/// One element of the list: an object as its JSON, a text as it is, Gemini's declarations one by one.
fn one(raw: &str) -> Vec<Tool<'_>> {
    let schema = json::raw_text(raw);
    if schema.is_empty() {
        return Vec::new();
    }
    let tool = tool(schema);
    if !tool.name.is_empty() || !raw.starts_with('{') {
        return vec![tool];
    }
    let object = Object::read(raw).unwrap_or_default();
    let names = ["functionDeclarations", "function_declarations"];
    let declared = names.iter().find_map(|name| object.raw(name));
    if let Some(declared) = declared {
        return elements(declared).into_iter().flat_map(one).collect();
    }
    // A tool of the API's own has a type only.
    let name = object.text("type");
    vec![Tool { name, ..tool }]
}

/// So many `<tools>` of a prompt are looked at: most only name the tag.
const MOST_TAGS: usize = 16;

/// The tools that a prompt declares between `<tools>` and `</tools>`, as the templates of Hermes and Qwen write them: a
/// list, or one object after the other.
pub(super) fn in_prompt(prompt: &str) -> Vec<Tool<'static>> {
    const OPEN: &str = "<tools>";
    if !prompt.contains(OPEN) {
        return Vec::new(); // known several times sooner than where one would be
    }
    let mut rest = prompt;
    for _ in 0..MOST_TAGS {
        let Some((_, body)) = rest.split_once(OPEN) else {
            break;
        };
        let mut tools = Vec::new();
        let mut json = serde_json::Deserializer::from_str(body).into_iter::<&RawValue>();
        while let Some(Ok(value)) = json.next() {
            if !value.get().starts_with(['[', '{']) {
                break;
            }
            tools.extend(Tools(from_raw(value.get())).into_owned().0);
        }
        tools.retain(|tool| !tool.name.is_empty());
        if !tools.is_empty() {
            return tools;
        }
        rest = body;
    }
    Vec::new()
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
    let name = match serde_json::from_str::<Name>(&schema) {
        Ok(name) => name.0,
        Err(_) if is_name(&schema) => schema.to_string(),
        Err(_) => String::new(),
    };
    Tool {
        name: Cow::Owned(name),
        schema,
    }
}

/// Whether a schema is nothing but a tool's name.
fn is_name(schema: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    schema.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && schema.chars().all(is_letter)
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
    fn geminis_declarations_are_tools_and_an_apis_own_tool_is_named_by_its_type() {
        let tools = read(
            r#"[{"functionDeclarations": [{"name": "a"}, {"name": "b"}]}, {"type": "web_search"}, "bash"]"#,
        );
        let names: Vec<&str> = tools.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "web_search", "bash"]);
        let tools = read(r#"{"f": {"description": "d", "inputSchema": {}}}"#);
        let name = tools.first().map(|(name, _)| name.as_str());
        assert_eq!(name, Some("f"));
    }

    #[test]
    fn tools_in_a_prompt_are_found_where_they_are_not_only_named() {
        let prompt = "Signatures are within <tools></tools> tags:\n<tools>\n{\"type\": \"function\", \"function\": \
            {\"name\": \"a\"}}\n{\"name\": \"b\"}\n</tools>\nCall them.";
        let names: Vec<_> = in_prompt(prompt)
            .into_iter()
            .map(|tool| tool.name)
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(in_prompt("Use <tools> well, [x] too").len(), 0);
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
