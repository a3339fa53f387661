//! Hermes' and Qwen's templates: `<tool_call>{"name": …, "arguments": {…}}</tool_call>` in the assistant's text, answered
//! by a user's message that begins with `<tool_response>`. Qwen Coder writes a `<function=…>` between the tags.

use std::borrow::Cow;

use super::{Dialect, function_tags};
use crate::trace::structured::{self, RawCall, RawCalls};
use crate::trace::tagged::{TaggedCalls, rest, skip_space};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[("<tool_call>", read)],
    observation_starts: &["<tool_response>"],
    ..Dialect::new("hermes")
};

/// `<tool_call>` with JSON or a `<function=…>` inside.
fn read(text: &str, start: usize) -> Option<TaggedCalls> {
    const CLOSE: &str = "</tool_call>";
    let body = skip_space(text, start + "<tool_call>".len());
    let (mut found, inner_end) = if rest(text, body).starts_with("<function=") {
        let found = function_tags::read(text, body)?;
        let end = found.range.end;
        (found, end)
    } else {
        read_json_call(text, body)?
    };
    let after = skip_space(text, inner_end);
    found.range = match rest(text, after) {
        "" => start..text.len(),
        closing if closing.starts_with(CLOSE) => start..after + CLOSE.len(),
        _ => return None,
    };
    Some(found)
}

/// A call as JSON, up to where the JSON ends; or as Python, up to the closing tag.
fn read_json_call(text: &str, body: usize) -> Option<(TaggedCalls, usize)> {
    let mut json = serde_json::Deserializer::from_str(rest(text, body)).into_iter::<RawCalls>();
    let (calls, end) = match json.next() {
        Some(Ok(found)) => (found.calls, body + json.byte_offset()),
        _ => {
            let close = rest(text, body).find("</tool_call>")? + body;
            let python = text.get(body..close).unwrap_or_default();
            (structured::calls_in_text(python)?.calls, close)
        }
    };
    let mut calls = calls.into_iter().filter(|call| !call.name.is_empty());
    let (call, None) = (calls.next()?, calls.next()) else {
        return None;
    };
    let found = TaggedCalls {
        range: body..end,
        calls: vec![RawCall {
            id: Cow::Borrowed(""),
            ..call.into_owned()
        }],
    };
    Some((found, end))
}
