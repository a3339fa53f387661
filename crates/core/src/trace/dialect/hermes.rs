//! Hermes' and Qwen's templates: `<tool_call>{"name": …, "arguments": {…}}</tool_call>` in the assistant's text, answered
//! by a user's message that begins with `<tool_response>`. Qwen Coder writes a `<function=…>` between the tags.

use super::{Dialect, function_tags};
use crate::trace::tagged::{TaggedCalls, closing, json_between, rest, skip_space};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[("<tool_call>", read)],
    observation_starts: &["<tool_response>"],
    ..Dialect::new("hermes")
};

const CLOSE: &str = "</tool_call>";

/// `<tool_call>` with JSON or a `<function=…>` inside.
fn read(text: &str, start: usize) -> Option<TaggedCalls> {
    let body = skip_space(text, start + "<tool_call>".len());
    if !rest(text, body).starts_with("<function=") {
        return json_between(text, start, ("<tool_call>", CLOSE));
    }
    let mut found = function_tags::read(text, body)?;
    found.range = start..closing(text, found.range.end, CLOSE)?;
    Some(found)
}
