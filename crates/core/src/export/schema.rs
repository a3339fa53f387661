//! Tool schemas as trainers expect them: `{"type": "function", "function": {"name", "description", "parameters"}}`.
//! Whatever a row holds, a loader finds a list of objects with a function's name.

use serde::Serialize;
use serde_json::{Value, json};

use crate::trace::Tool;

/// All of a row's tools as the JSON text of one list.
pub(super) fn list(tools: &[Tool]) -> String {
    Value::Array(objects(tools)).to_string()
}

/// As [`list`]; `null` where there are none. TRL hands what it reads on to the chat template as it is, and Llama's says
/// “given the following functions” before an empty list, too.
pub(super) fn list_or_null(tools: &[Tool]) -> String {
    match tools {
        [] => Value::Null.to_string(),
        tools => list(tools),
    }
}

/// All of a row's tools as a list of objects.
pub(super) fn objects(tools: &[Tool]) -> Vec<Value> {
    tools.iter().map(Tool::as_function).collect()
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
