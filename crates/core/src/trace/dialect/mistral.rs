//! Mistral's `[TOOL_CALLS]`: a JSON list of calls, or since its eleventh tokenizer `name[ARGS]{…}`, each with a token of its
//! own. <https://github.com/mistralai/mistral-common>, `tokens/tokenizers/instruct.py`

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::Dialect;
use crate::trace::structured::{RawCall, calls_at};
use crate::trace::tagged::{TaggedCalls, rest, skip_space};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[(OPEN, read)],
    ..Dialect::new("mistral")
};

const OPEN: &str = "[TOOL_CALLS]";

fn read(text: &str, start: usize) -> Option<TaggedCalls> {
    let body = skip_space(text, start + OPEN.len());
    if rest(text, body).starts_with(['[', '{']) {
        let (calls, length) = calls_at(rest(text, body))?;
        return Some(TaggedCalls::read(start..body + length, calls));
    }
    let name_end = rest(text, body).find(['[', '{', '\n'])? + body;
    let mut call = RawCall {
        name: Cow::Owned(text.get(body..name_end)?.trim().to_owned()),
        ..RawCall::default()
    };
    let mut at = name_end;
    if let Some(id) = rest(text, at).strip_prefix("[CALL_ID]") {
        let length = id.find('[')?;
        call.id = Cow::Owned(id.get(..length)?.trim().to_owned());
        at += "[CALL_ID]".len() + length;
    }
    if rest(text, at).starts_with("[ARGS]") {
        at += "[ARGS]".len();
    }
    at = skip_space(text, at);
    let length = json_length(rest(text, at))?;
    call.arguments = Cow::Owned(text.get(at..at + length)?.to_owned());
    if call.name.is_empty() {
        return None;
    }
    TaggedCalls::many(start..at + length, vec![call])
}

/// The bytes of the JSON object with which a text begins.
fn json_length(text: &str) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let mut json = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    json.next()?.ok()?;
    Some(json.byte_offset())
}
