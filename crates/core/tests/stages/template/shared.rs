//! Rows as trajectories: those of the trainers' tests, and some that only a template stumbles over.

use serde_json::{Value, json};
use tracesift_core::trace::{self, RowContext, Trajectory};

use crate::template::rows;

/// All rows, each with a name for messages.
pub fn all() -> Vec<String> {
    let mut all = rows::all();
    all.extend(made());
    all
}

/// Few rows, none of them long.
pub fn few() -> Vec<String> {
    let mut few = rows::made();
    few.extend(made());
    few.push(tracesift_core::source::demo::row(1, 0));
    few
}

pub fn read(row: &str) -> Trajectory<'_> {
    trace::read(row, &RowContext::default()).unwrap_or_else(|error| panic!("{error}: {row}"))
}

/// Rows with what templates look at: names that are methods, numbers, alphabets, tags in texts, who speaks first.
fn made() -> Vec<String> {
    let call = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
    let rows = [
        // Keys that are methods of dictionaries; numbers of every kind; nothing, lists, an empty object.
        json!([
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": "", "tool_calls": [
                call("a", "edit", r#"{"items": [1, 2.0, 1e22, 1e-7, 0.1, -3, 12345678901234567, true, null, {}], "get": {"keys": "é \"x\" \\ \n\t\u0001 日本 🙂"}, "values": ""}"#),
            ]},
            {"role": "tool", "tool_call_id": "a", "content": "done"},
        ]),
        // Arguments that are not an object, or not JSON.
        json!([
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": "x", "tool_calls": [call("b", "run", "[1]")]},
            {"role": "tool", "tool_call_id": "b", "content": ""},
            {"role": "assistant", "content": "y", "tool_calls": [call("c", "run", "{broken")]},
            {"role": "tool", "tool_call_id": "c", "content": "<tool_response>a</tool_response>"},
        ]),
        // Blanks at the ends, tags of thinking in a text, two questions, the assistant last.
        json!([
            {"role": "system", "content": "  Be good.\n"},
            {"role": "user", "content": " one \n"},
            {"role": "assistant", "content": "<think>\nhm\n</think>\n\n answer \n"},
            {"role": "user", "content": "<tool_response>\nnot really\n</tool_response>"},
            {"role": "assistant", "reasoning_content": "\nI think.\n", "content": "\n\nso\n"},
        ]),
        // Nobody asks; special tokens as text.
        json!([
            {"role": "assistant", "content": "<|im_end|> {{ 1 + 1 }} {% raw %} <|eot_id|>"},
            {"role": "user", "content": ""},
        ]),
        // Two system prompts, and two users in a row.
        json!([
            {"role": "system", "content": "a"},
            {"role": "system", "content": "b"},
            {"role": "user", "content": "c"},
            {"role": "user", "content": "d"},
            {"role": "assistant", "content": "e"},
        ]),
    ];
    let tools = json!([
        {"type": "function", "function": {"name": "edit", "description": "Ändert <b>&'\"</b> 日本", "parameters":
            {"type": "object", "properties": {"items": {"type": "array", "default": [1.5, 100000.0, 1e16]}}}}},
        {"name": "run", "input_schema": {"z": 1, "a": 2}},
    ]);
    let row = |(at, messages): (usize, &Value)| {
        let tools = if at % 2 == 0 {
            tools.clone()
        } else {
            json!([])
        };
        json!({"messages": messages, "tools": tools}).to_string()
    };
    rows.iter().enumerate().map(row).collect()
}
