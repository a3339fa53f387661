//! Llama's `<|python_tag|>`: a call as JSON, as a Python call, or a piece of Python for its code interpreter.
//! <https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/prompt_format.md>

use std::borrow::Cow;

use super::Dialect;
use crate::trace::python_calls;
use crate::trace::structured::{RawCalls, calls_at};
use crate::trace::tagged::{TaggedCalls, first_token, rest, text_object};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[(OPEN, read)],
    ..Dialect::new("llama")
};

const OPEN: &str = "<|python_tag|>";
/// Tokens that end it.
const ENDS: [&str; 3] = ["<|eom_id|>", "<|eot_id|>", "<|end_of_text|>"];

/// All that follows, up to the token that ends the turn.
fn read(text: &str, start: usize) -> Option<TaggedCalls> {
    let from = start + OPEN.len();
    let body = rest(text, from);
    let (length, token) = first_token(body, &ENDS).unwrap_or((body.len(), ""));
    let body = body.get(..length)?.trim();
    let range = start..from + length + token.len();
    if let Some(calls) = json_calls(body) {
        return Some(TaggedCalls::read(range, calls));
    }
    if let Some(mut calls) = python_calls::read_named(body) {
        for call in &mut calls {
            // Its built-in tools are objects with one method: `brave_search.call(query="…")`.
            if let Some(tool) = call.name.strip_suffix(".call") {
                call.name = Cow::Owned(tool.to_owned());
            }
        }
        return TaggedCalls::many(range, calls);
    }
    let is_code = !body.is_empty();
    is_code.then(|| TaggedCalls::one(range, "code_interpreter", text_object(&[("code", body)])))
}

/// Calls as JSON, a semicolon between them.
fn json_calls(text: &str) -> Option<RawCalls<'static>> {
    let (mut all, mut length) = calls_at(text)?;
    while let Some(next) = rest(text, length).trim_start().strip_prefix(';') {
        let next = next.trim_start();
        let (calls, more) = calls_at(next)?;
        all.calls.extend(calls.calls);
        all.aside.extend(calls.aside);
        length = text.len() - next.len() + more;
    }
    rest(text, length).trim().is_empty().then_some(all)
}
