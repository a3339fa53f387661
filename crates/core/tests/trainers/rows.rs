//! The rows that are exported: some that hold what formats stumble over, rows of the demo, and real ones where
//! `TRACESIFT_TRACES` names a folder of them.

use std::path::Path;

use serde_json::{Value, json};

/// All rows, one JSON object each.
pub fn all() -> Vec<String> {
    let mut rows = made();
    rows.extend((0..4).map(|index| tracesift_core::source::demo::row(1, index)));
    rows.extend(real());
    rows
}

/// One row of each kind, for loaders that take seconds for one.
pub fn few() -> Vec<String> {
    let mut rows = made();
    rows.extend((0..2).map(|index| tracesift_core::source::demo::row(1, index)));
    // Five of each harness follow each other.
    rows.extend(real().into_iter().step_by(5));
    rows
}

/// Real rows, of three harnesses; none without the folder.
fn real() -> Vec<String> {
    let Ok(folder) = std::env::var("TRACESIFT_TRACES") else {
        return Vec::new();
    };
    let names = ["swe-gym-openhands", "swe-smith-xml", "nebius-swe-agent"];
    let texts = names.map(|name| {
        let file = Path::new(&folder).join(format!("{name}.jsonl"));
        std::fs::read_to_string(file).expect("real rows")
    });
    texts
        .iter()
        .flat_map(|text| text.lines().map(str::to_owned))
        .collect()
}

/// Small rows, each with something that a format may lose.
pub fn made() -> Vec<String> {
    let rows = [
        plain(),
        thinking(),
        parallel(),
        failing(),
        odd_texts(),
        without_tools(),
    ];
    rows.iter().map(Value::to_string).collect()
}

fn row(id: &str, messages: Value, tools: &Value) -> Value {
    json!({"instance_id": id, "repo": "o/n", "license": "MIT", "messages": messages, "tools": tools})
}

fn tools() -> Value {
    json!([
        {"type": "function", "function": {"name": "bash", "description": "runs a command", "parameters":
            {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}}},
        {"type": "function", "function": {"name": "view", "parameters":
            {"type": "object", "properties": {"path": {"type": "string"}, "lines":
                {"type": "array", "items": {"type": "integer"}}}}}},
    ])
}

fn call(id: &str, name: &str, arguments: &Value) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments.to_string()}})
}

fn plain() -> Value {
    let messages = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Fix the sum."},
        {"role": "assistant", "content": "I look.", "tool_calls": [call("a", "bash", &json!({"command": "ls"}))]},
        {"role": "tool", "tool_call_id": "a", "content": "sum.py"},
        {"role": "assistant", "content": "", "tool_calls": [call("b", "view", &json!({"path": "sum.py", "lines": [1, 2]}))]},
        {"role": "tool", "tool_call_id": "b", "content": "1 + 1\n= 3"},
        {"role": "assistant", "content": "Done."},
    ]);
    row("plain", messages, &tools())
}

fn thinking() -> Value {
    let messages = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Fix the sum."},
        {"role": "assistant", "content": "I look.", "reasoning_content": "First look,\n\nthen think.",
            "tool_calls": [call("a", "bash", &json!({"command": "ls"}))]},
        {"role": "tool", "tool_call_id": "a", "content": "sum.py"},
        {"role": "assistant", "content": "", "reasoning_content": "No words, only a call.",
            "tool_calls": [call("b", "bash", &json!({"command": "cat sum.py"}))]},
        {"role": "tool", "tool_call_id": "b", "content": ""},
        {"role": "user", "content": "And now?"},
        {"role": "assistant", "content": "Done.", "reasoning_content": "It is done."},
    ]);
    row("thinking", messages, &tools())
}

fn parallel() -> Value {
    let messages = json!([
        {"role": "user", "content": "Look at both."},
        {"role": "assistant", "content": "Both at once.", "tool_calls": [
            call("a", "view", &json!({"path": "a.py"})), call("b", "bash", &json!({"command": "cat b.py"}))]},
        {"role": "tool", "tool_call_id": "a", "content": "of a"},
        {"role": "tool", "tool_call_id": "b", "content": "of b"},
        {"role": "assistant", "content": "Seen."},
    ]);
    row("parallel", messages, &tools())
}

/// The second turn's call fails, by the harness's own words.
fn failing() -> Value {
    let messages = json!([
        {"role": "user", "content": "Run it."},
        {"role": "assistant", "content": "I run it.", "reasoning_content": "It may fail.",
            "tool_calls": [call("a", "bash", &json!({"command": "false"}))]},
        {"role": "tool", "tool_call_id": "a", "content": "ERROR: no such command\n[Command finished with exit code 1]"},
        {"role": "assistant", "content": "Again.", "tool_calls": [call("b", "bash", &json!({"command": "true"}))]},
        {"role": "tool", "tool_call_id": "b", "content": "fine"},
        {"role": "assistant", "content": "It works."},
    ]);
    row("failing", messages, &tools())
}

/// Texts with the signs of JSON, templates and other alphabets, and arguments of every type.
fn odd_texts() -> Value {
    let arguments = json!({"command": "echo '{\"a\": [1, 2]}' | sed 's/é/ü/'\n", "n": 3, "half": 0.5, "on": true,
        "none": null, "deep": {"list": [{"x": 1}, {"y": "z"}]}});
    let messages = json!([
        {"role": "system", "content": "Write {{content}} and {% raw %} as they are."},
        {"role": "user", "content": "数を直して 🛠 <b>bold</b> <image> {\"role\": \"user\"}"},
        {"role": "assistant", "content": "\"Quoted\" \\ back\\slash\ttab", "tool_calls": [call("a", "bash", &arguments)]},
        {"role": "tool", "tool_call_id": "a", "content": "{\"a\": [1, 2]}\r\nline two\u{2028}three"},
        {"role": "assistant", "content": "fertig – ça marche"},
    ]);
    row("odd texts", messages, &tools())
}

fn without_tools() -> Value {
    let messages = json!([
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Good day."},
    ]);
    row("without tools", messages, &json!([]))
}
