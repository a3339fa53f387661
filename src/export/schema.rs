//! Tool schemas as trainers expect them: `{"type": "function", "function": {"name", "description", "parameters"}}`.
//! Whatever a row holds, a loader finds a list of objects with a function's name.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::trace::Tool;

/// All of a row's tools as the JSON text of one list.
pub(super) fn list(tools: &[Tool]) -> String {
    Value::Array(objects(tools)).to_string()
}

/// All of a row's tools as a list of objects.
pub(super) fn objects(tools: &[Tool]) -> Vec<Value> {
    tools.iter().map(wrapped).collect()
}

/// As [`objects`], each with a description and with parameters, empty where the row has none: for trainers that stop
/// at a tool without them.
pub(super) fn complete(tools: &[Tool]) -> Vec<Value> {
    let mut tools = objects(tools);
    for tool in &mut tools {
        let Some(function) = tool.get_mut("function").and_then(Value::as_object_mut) else {
            continue;
        };
        let description = function.entry("description").or_insert_with(|| json!(""));
        if !description.is_string() {
            *description = json!(description.to_string());
        }
        let parameters = function.entry("parameters").or_insert_with(|| json!({}));
        if !parameters.is_object() {
            *parameters = json!({});
        }
        if let Some(parameters) = parameters.as_object_mut() {
            parameters.entry("type").or_insert_with(|| json!("object"));
            let properties = parameters.entry("properties").or_insert_with(|| json!({}));
            if !properties.is_object() {
                *properties = json!({});
            }
        }
    }
    tools
}

/// A tool whose fields are texts, so that all tools have one type.
#[derive(Debug, Serialize)]
pub(super) struct Flat {
    #[serde(rename = "type")]
    kind: &'static str,
    function: FlatFunction,
}

#[derive(Debug, Serialize)]
struct FlatFunction {
    name: String,
    description: String,
    /// The JSON text of an object.
    parameters: String,
}

/// All of a row's tools as name, description and parameters.
pub(super) fn flat(tools: &[Tool]) -> Vec<Flat> {
    let flat = complete(tools).into_iter().map(|tool| {
        let function = tool.get("function");
        let text = |key: &str| {
            let text = function.and_then(|f| f.get(key)).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let parameters = function.and_then(|f| f.get("parameters"));
        Flat {
            kind: "function",
            function: FlatFunction {
                name: text("name"),
                description: text("description"),
                parameters: parameters.map(Value::to_string).unwrap_or_default(),
            },
        }
    });
    flat.collect()
}

/// One tool in its wrapper. A schema that is no JSON object is replaced by the tool's name.
fn wrapped(tool: &Tool) -> Value {
    let mut schema = match parse(&tool.schema) {
        Some(Value::Object(schema)) => schema,
        _ => Map::new(),
    };
    let mut function = match schema.shift_remove("function") {
        Some(Value::Object(function)) => function,
        _ => {
            schema.shift_remove("type");
            std::mem::take(&mut schema)
        }
    };
    if !function.get("name").is_some_and(Value::is_string) {
        function.shift_insert(0, "name".to_owned(), json!(tool.name));
    }
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("function"));
    out.insert("function".to_owned(), Value::Object(function));
    out.extend(schema.into_iter().filter(|(key, _)| key != "type"));
    Value::Object(out)
}

/// The schema's JSON; once more where the JSON is a text that holds JSON.
fn parse(schema: &str) -> Option<Value> {
    let value = match serde_json::from_str(schema).ok()? {
        Value::String(inner) => serde_json::from_str(&inner).ok()?,
        value => value,
    };
    Some(without_nulls(value))
}

/// The value without the keys that are null: Arrow gives every object of a list the keys of all of them.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
