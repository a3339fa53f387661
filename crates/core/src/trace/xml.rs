//! Calls that an assistant writes in its text as XML: `<function=name><parameter=key>value</parameter></function>`
//! and `<tool_call>{"name": …, "arguments": {…}}</tool_call>`. What is not well-formed stays text.

use std::borrow::Cow;
use std::ops::Range;

use super::draft::{Draft, count};
use super::json;
use super::structured::{self, RawCalls};
use super::{Call, CallForm, Repair, Repairs};

/// Moves the calls out of the assistant's texts, in order. A message with calls in fields of their own is left as it is.
pub(super) fn take_calls(drafts: &mut [Draft], repairs: &mut Repairs) {
    for draft in drafts.iter_mut().filter(|draft| draft.is_turn()) {
        let message = &mut draft.message;
        if !message.calls.is_empty() || !message.text.contains('<') {
            continue;
        }
        let found = find_calls(&message.text);
        if found.is_empty() {
            continue;
        }
        repairs.add(Repair::CallFromXml, count(found.len()));
        message.text = cut(&message.text, found.iter().map(|f| f.range.clone()));
        message.calls = found.into_iter().map(Found::into_call).collect();
    }
}

/// A call and where it stands.
struct Found {
    range: Range<usize>,
    name: String,
    arguments: String,
}

impl Found {
    fn into_call(self) -> Call<'static> {
        Call {
            id: Cow::Borrowed(""),
            name: Cow::Owned(self.name),
            arguments: Cow::Owned(self.arguments),
            form: CallForm::Xml,
            answer: None,
        }
    }
}

/// The text without the ranges, which are in order; whitespace at the cuts is trimmed, rests are joined by a blank line.
pub(super) fn cut<'a>(
    text: &Cow<'a, str>,
    ranges: impl Iterator<Item = Range<usize>>,
) -> Cow<'a, str> {
    let mut rests = Vec::new();
    let mut from = 0;
    for range in ranges {
        rests.push(from..range.start);
        from = range.end;
    }
    let first = rests.first().map_or(0, |rest| rest.start);
    rests.push(from..text.len());
    json::join_all(rests.into_iter().map(|rest| {
        let part = text.get(rest.clone()).unwrap_or_default();
        let end = rest.start + part.trim_end().len();
        let lead = part.len() - part.trim_start().len();
        let start = if rest.start == first {
            rest.start
        } else {
            rest.start + lead
        };
        json::slice(text, start.min(end)..end)
    }))
}

/// After so many tags that are no call, a text is left as it is: each may have cost a look at the whole text.
const MOST_FAILURES: usize = 16;

/// All calls of a text, in order.
fn find_calls(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let (mut at, mut failures) = (0, 0);
    while let Some(tag) = rest(text, at).find('<') {
        let start = at + tag;
        let here = rest(text, start);
        at = start + 1;
        let call = if here.starts_with("<function=") {
            read_function(text, start)
        } else if here.starts_with("<tool_call>") {
            read_tool_call(text, start)
        } else {
            continue;
        };
        match call {
            Some(call) => {
                at = call.range.end;
                found.push(call);
            }
            None if failures == MOST_FAILURES => break,
            None => failures += 1,
        }
    }
    found
}

/// The rest of the text from `at` on.
fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// Where the whitespace from `at` on ends.
fn skip_space(text: &str, at: usize) -> usize {
    let rest = rest(text, at);
    at + (rest.len() - rest.trim_start().len())
}

/// `<function=name>` with parameters or a JSON object, up to `</function>` or the text's end.
fn read_function(text: &str, start: usize) -> Option<Found> {
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
    Some(Found {
        range: start..end,
        name: name.to_owned(),
        arguments: object(&parameters),
    })
}

/// `<function=name>{…}</function>`
fn read_json_body(text: &str, start: usize, name: &str, body: usize) -> Option<Found> {
    let close = rest(text, body).find("</function>")? + body;
    Some(Found {
        range: start..close + "</function>".len(),
        name: name.to_owned(),
        arguments: text.get(body..close).unwrap_or_default().trim().to_owned(),
    })
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

/// A value without one newline at each end.
fn without_newlines(value: &str) -> &str {
    let value = value.strip_prefix('\n').unwrap_or(value);
    value.strip_suffix('\n').unwrap_or(value)
}

/// `<tool_call>` with JSON or a `<function=…>` inside.
fn read_tool_call(text: &str, start: usize) -> Option<Found> {
    const CLOSE: &str = "</tool_call>";
    let body = skip_space(text, start + "<tool_call>".len());
    let (mut call, inner_end) = if rest(text, body).starts_with("<function=") {
        let call = read_function(text, body)?;
        let end = call.range.end;
        (call, end)
    } else {
        read_json_call(text, body)?
    };
    let after = skip_space(text, inner_end);
    call.range = match rest(text, after) {
        "" => start..text.len(),
        closing if closing.starts_with(CLOSE) => start..after + CLOSE.len(),
        _ => return None,
    };
    Some(call)
}

/// A call as JSON, up to where the JSON ends; or as Python, up to the closing tag.
fn read_json_call(text: &str, body: usize) -> Option<(Found, usize)> {
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
    let found = Found {
        range: body..end,
        name: call.name.into_owned(),
        arguments: call.arguments.into_owned(),
    };
    Some((found, end))
}

/// A compact JSON object of text values, in the order of the text.
fn object(parameters: &[(&str, &str)]) -> String {
    use serde::ser::{SerializeMap, Serializer};
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut json);
    let written = serializer
        .serialize_map(Some(parameters.len()))
        .and_then(|mut map| {
            for (key, value) in parameters {
                map.serialize_entry(key, value)?;
            }
            map.end()
        });
    match written {
        Ok(()) => String::from_utf8(json).unwrap_or_default(),
        Err(_) => String::new(),
    }
}
