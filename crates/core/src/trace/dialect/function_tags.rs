//! Calls as XML in the text: `<function=name><parameter=key>value</parameter></function>`. OpenHands and SWE-agent ask
//! models for it where an API has no tools; SWE-smith, SWE-Play and Qwen Coder's template write the same.

use super::Dialect;
use crate::trace::tagged::{TaggedCalls, rest, skip_space, text_object, without_newlines};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[("<function=", read)],
    ..Dialect::new("function_tags")
};

/// `<function=name>` with parameters or a JSON object, up to `</function>` or the text's end.
pub(super) fn read(text: &str, start: usize) -> Option<TaggedCalls> {
    let head = start + "<function=".len();
    let name_end = rest(text, head).find(['>', '<', '\n'])? + head;
    let name = text.get(head..name_end).unwrap_or_default().trim();
    if name.is_empty() || !rest(text, name_end).starts_with('>') {
        return None;
    }
    let body = skip_space(text, name_end + 1);
    if rest(text, body).starts_with('{') {
        return read_json_body(text, start, name, body);
    }
    let mut parameters = Vec::new();
    let mut at = body;
    while rest(text, at).starts_with("<parameter=") {
        let (key, value, end) = read_parameter(text, at)?;
        parameters.push((key, value));
        at = skip_space(text, end);
    }
    let end = match rest(text, at) {
        // Models that stop at the closing tag leave it out.
        "" if !parameters.is_empty() => text.len(),
        closing if closing.starts_with("</function>") => at + "</function>".len(),
        _ => return None,
    };
    Some(TaggedCalls::one(start..end, name, text_object(&parameters)))
}

/// `<function=name>{…}</function>`
fn read_json_body(text: &str, start: usize, name: &str, body: usize) -> Option<TaggedCalls> {
    let close = rest(text, body).find("</function>")? + body;
    let arguments = text.get(body..close).unwrap_or_default().trim();
    let range = start..close + "</function>".len();
    Some(TaggedCalls::one(range, name, arguments.to_owned()))
}

/// `<parameter=key>value</parameter>`: the key, the value without the newlines at its ends, and where it ends.
/// A value may hold the closing tag itself: it ends at the first one that a parameter, the call's end or the text's
/// end follows.
fn read_parameter(text: &str, start: usize) -> Option<(&str, &str, usize)> {
    const CLOSE: &str = "</parameter>";
    let head = start + "<parameter=".len();
    let key_end = rest(text, head).find(['>', '<', '\n'])? + head;
    if !rest(text, key_end).starts_with('>') {
        return None;
    }
    let from = key_end + 1;
    let mut at = from;
    loop {
        let close = rest(text, at).find(CLOSE)? + at;
        let end = close + CLOSE.len();
        let after = rest(text, end).trim_start();
        if after.is_empty() || after.starts_with("<parameter=") || after.starts_with("</function>")
        {
            let key = text.get(head..key_end).unwrap_or_default().trim();
            let value = text.get(from..close).unwrap_or_default();
            return Some((key, without_newlines(value), end));
        }
        at = end;
    }
}
