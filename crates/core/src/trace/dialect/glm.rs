//! GLM's template: `<tool_call>name`, then `<arg_key>` and `<arg_value>` in turn, `</tool_call>`.
//! <https://huggingface.co/zai-org/GLM-4.5/blob/main/chat_template.jinja>

use super::Dialect;
use crate::trace::tagged::{TaggedCalls, closing, rest, skip_space, text_object, without_newlines};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[("<tool_call>", read)],
    ..Dialect::new("glm")
};

fn read(text: &str, start: usize) -> Option<TaggedCalls> {
    let head = start + "<tool_call>".len();
    let name_end = rest(text, head).find('<')? + head;
    let name = text.get(head..name_end)?.trim();
    if name.is_empty() || name.contains(['{', '[', '\n']) {
        return None;
    }
    let (mut arguments, mut at) = (Vec::new(), name_end);
    while rest(text, at).starts_with("<arg_key>") {
        let (key, end) = between(text, at, "<arg_key>", "</arg_key>")?;
        let (value, end) = between(text, skip_space(text, end), "<arg_value>", "</arg_value>")?;
        arguments.push((key.trim(), without_newlines(value)));
        at = skip_space(text, end);
    }
    let end = closing(text, at, "</tool_call>")?;
    Some(TaggedCalls::one(start..end, name, text_object(&arguments)))
}

/// What stands between two tags, of which the first is at `at`, and where the second ends.
fn between<'t>(text: &'t str, at: usize, open: &str, close: &str) -> Option<(&'t str, usize)> {
    let body = rest(text, at).strip_prefix(open)?;
    let length = body.find(close)?;
    Some((body.get(..length)?, at + open.len() + length + close.len()))
}
