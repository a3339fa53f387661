//! JSON without what only its file has: whitespace between tokens, and the null fields with which Arrow pads objects.
//! Every other token keeps its very characters.

use std::borrow::Cow;

/// The JSON in its shortest form, without the fields that are null; and how many those were.
pub(super) fn without_padding(json: &str) -> (Cow<'_, str>, u32) {
    let mut writer = Writer {
        json: String::with_capacity(json.len()),
        ..Writer::default()
    };
    let mut rest = json;
    while !rest.is_empty() {
        let (token, after) = rest
            .split_at_checked(token_length(rest))
            .unwrap_or((rest, ""));
        writer.add(token);
        rest = after;
    }
    match writer.json.len() == json.len() {
        true => (Cow::Borrowed(json), 0),
        false => (Cow::Owned(writer.json), writer.nulls),
    }
}

/// The bytes of the token at the text's start; whitespace is one, too.
fn token_length(text: &str) -> usize {
    let is_word = |c: char| !c.is_ascii_whitespace() && !"{}[],:\"".contains(c);
    match text.chars().next() {
        Some('"') => string_length(text),
        Some(c) if c.is_ascii_whitespace() => text
            .find(|c: char| !c.is_ascii_whitespace())
            .unwrap_or(text.len()),
        Some(c) if is_word(c) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        _ => 1,
    }
}

/// The bytes of the string at the text's start, its quotes included.
fn string_length(text: &str) -> usize {
    let mut at = 1;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['"', '\\'])) {
        at += found + 1;
        if text.get(..at).is_some_and(|text| text.ends_with('"')) {
            return at;
        }
        let escaped = text.get(at..).and_then(|rest| rest.chars().next());
        at += escaped.map_or(0, char::len_utf8);
    }
    text.len()
}

#[derive(Default)]
struct Writer {
    json: String,
    /// Where the field began that is being written.
    field: usize,
    nulls: u32,
}

impl Writer {
    fn add(&mut self, token: &str) {
        match token {
            "null" if self.json.ends_with(':') => self.drop_field(),
            // The field before it was dropped.
            "," if self.json.ends_with('{') => {}
            "{" | "," => {
                self.json.push_str(token);
                self.field = self.json.len();
            }
            _ if token.starts_with(|c: char| c.is_ascii_whitespace()) => {}
            _ => self.json.push_str(token),
        }
    }

    fn drop_field(&mut self) {
        self.json.truncate(self.field);
        if self.json.ends_with(',') {
            self.json.pop();
        }
        self.nulls = self.nulls.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(json: &str) -> String {
        without_padding(json).0.into_owned()
    }

    #[test]
    fn whitespace_between_tokens_goes_and_every_other_character_stays() {
        assert_eq!(
            short("{\n  \"a b\" : [ 1.50, \"x \\\" {, \" ],\t\"c\":{ }\n}"),
            "{\"a b\":[1.50,\"x \\\" {, \"],\"c\":{}}"
        );
        assert_eq!(short(r#"{"a":1}"#), r#"{"a":1}"#);
    }

    #[test]
    fn fields_that_are_null_go_wherever_they_stand() {
        for (padded, short_form) in [
            (r#"{"a":null}"#, "{}"),
            (r#"{"a":null,"b":1}"#, r#"{"b":1}"#),
            (r#"{"b":1,"a":null}"#, r#"{"b":1}"#),
            (r#"{"b":1,"a":null,"c":null,"d":2}"#, r#"{"b":1,"d":2}"#),
            (
                r#"{"a":{"x":null},"b":[null,{"y":null}]}"#,
                r#"{"a":{},"b":[null,{}]}"#,
            ),
            (r#"{"a":null,"b":{"c":null,"d":1}}"#, r#"{"b":{"d":1}}"#),
        ] {
            assert_eq!(short(padded), short_form);
        }
        assert_eq!(without_padding(r#"{"a":null, "b":null}"#).1, 2);
    }
}
