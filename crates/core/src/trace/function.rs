//! A tool's schema in the form that chat APIs and chat templates know: `{"type": "function", "function": {…}}`.
//! Whatever a row holds, the function has a name.

use serde_json::{Map, Value, json};

use super::Tool;

impl Tool<'_> {
    /// The schema in its wrapper: `name`, and `description` and `parameters` where the row has them. A schema that is
    /// not a JSON object is replaced by the tool's name.
    pub fn as_function(&self) -> Value {
        let mut schema = match parse(&self.schema) {
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
        name_parameters(&mut function);
        if !function.get("name").is_some_and(Value::is_string) {
            function.shift_insert(0, "name".to_owned(), json!(self.name));
        }
        let mut out = Map::new();
        out.insert("type".to_owned(), json!("function"));
        out.insert("function".to_owned(), Value::Object(function));
        out.extend(schema.into_iter().filter(|(key, _)| key != "type"));
        Value::Object(out)
    }
}

/// Other names of `parameters`: Anthropic's, MCP's and the AI SDK's, Gemini's.
const PARAMETERS: [&str; 4] = [
    "input_schema",
    "inputSchema",
    "parametersJsonSchema",
    "parameters_json_schema",
];

/// Gives the schema of the arguments its usual name, in its place. The AI SDK has it in `jsonSchema` one level down.
fn name_parameters(function: &mut Map<String, Value>) {
    if function.contains_key("parameters") {
        return;
    }
    let fields = std::mem::take(function).into_iter();
    function.extend(fields.map(|(key, value)| match value {
        Value::Object(mut schema) if PARAMETERS.contains(&key.as_str()) => {
            let inner = schema.shift_remove("jsonSchema");
            let schema = inner.unwrap_or(Value::Object(schema));
            ("parameters".to_owned(), schema)
        }
        value => (key, value),
    }));
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
