//! ReAct's lines `Action:` and `Action Input:`, answered by `Observation:`; LangChain's agents write the same, or a fenced
//! JSON object with `action` and `action_input`. <https://arxiv.org/abs/2210.03629>

use super::Dialect;
use crate::trace::json;
use crate::trace::object::Object;
use crate::trace::python_calls;
use crate::trace::tagged::{TaggedCalls, rest, text_object};
use crate::trace::written::Written;

pub(super) const DIALECT: Dialect = Dialect {
    written: Some(&Written {
        read,
        is_shown: |prompt, _| {
            prompt.contains("Action Input:") || prompt.contains("\"action_input\"")
        },
        is_answer: |answer, _| answer.starts_with("Observation"),
    }),
    ..Dialect::new("react")
};

/// The last action of a text, up to the observation that a model may have made up after it.
fn read(text: &str) -> Option<TaggedCalls> {
    const ACTION: &str = "Action:";
    if !text.contains(ACTION) {
        return None; // known several times sooner than where one would be
    }
    let start = text.rfind(ACTION)?;
    if !(start == 0 || rest(text, start - 1).starts_with('\n')) {
        return None;
    }
    let from = start + ACTION.len();
    let body = rest(text, from);
    let (body, observed) = body.split_once("\nObservation").unwrap_or((body, ""));
    // The word by which a model is stopped is none of its own.
    let end = match observed.trim_matches([':', ' ', '\n']).is_empty() {
        true => text.len(),
        false => from + body.len(),
    };
    let (range, body) = (start..end, body.trim());
    if let Some((name, input)) = body.split_once("\nAction Input:") {
        let name = name.trim();
        let is_name = !name.is_empty() && !name.contains('\n');
        return is_name.then(|| TaggedCalls::one(range, name, arguments(input)));
    }
    if let Some(object) = Object::read(unfenced(body)) {
        let name = object.text("action");
        let input = object.raw("action_input")?;
        let input = json::raw_text(input);
        return (!name.is_empty()).then(|| TaggedCalls::one(range, &name, arguments(&input)));
    }
    if let Some((name, input)) = bracketed(body) {
        return Some(TaggedCalls::one(
            range,
            name,
            text_object(&[("input", input)]),
        ));
    }
    TaggedCalls::many(range, python_calls::read(body)?)
}

/// `Search[the sun]`, as the paper writes it.
fn bracketed(action: &str) -> Option<(&str, &str)> {
    let (name, input) = action.strip_suffix(']')?.split_once('[')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_name && !input.contains('\n')).then_some((name, input))
}

/// An action's input: a JSON object as it stands, or Python's form of one; else a text.
fn arguments(input: &str) -> String {
    let input = unfenced(input.trim());
    if input.starts_with('{') {
        let object = json::embedded(input, |json| {
            serde_json::from_str::<&serde_json::value::RawValue>(json)
                .ok()
                .map(|raw| raw.get().to_owned())
        });
        if let Some((object, _)) = object {
            return object;
        }
    }
    text_object(&[("input", input)])
}

/// What stands in a fence, where the text is one.
fn unfenced(text: &str) -> &str {
    let inner = text
        .strip_prefix("```")
        .and_then(|text| text.strip_suffix("```"));
    inner.map_or(text, |inner| {
        let inner = inner.strip_prefix("json").unwrap_or(inner);
        inner.trim()
    })
}
