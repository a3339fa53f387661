//! A call's arguments one by one, each as a person reads it: a text without JSON's escapes, all else indented.
//! What is not a JSON object is shown as it is.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The arguments of a call: names and texts.
pub(crate) fn lay_out(arguments: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let (pairs, raw) = match serde_json::from_str::<Pairs>(arguments) {
        Ok(pairs) => (pairs.0, None),
        Err(_) => (
            Vec::new(),
            Some((Cow::Borrowed(""), Cow::Borrowed(arguments))),
        ),
    };
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| (text(name), text(value)))
        .chain(raw.filter(|(_, text)| !text.is_empty()))
}

/// The members of an object, as they stand in its text.
struct Pairs<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

fn text(value: &RawValue) -> Cow<'_, str> {
    let json = value.get();
    match json.bytes().next() {
        // A text with half a surrogate pair can't be a Rust text; it is shown with its escapes.
        Some(b'"') => serde_json::from_str(json).map_or(Cow::Borrowed(json), Cow::Owned),
        Some(b'[' | b'{') if json.len() <= INDENTED_BYTES => Cow::Owned(indented(json)),
        _ => Cow::Borrowed(json),
    }
}

/// The longest JSON that is indented; a longer one is data, which no one reads in the page.
const INDENTED_BYTES: usize = 64 * 1024;

/// Levels that are indented further than the one around them, so that hostile nesting doesn't grow without bound.
const DEEPEST: usize = 12;

/// Valid JSON with a member a line. Numbers and texts stay as they are written.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        if in_text {
            out.push(c);
            in_text = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '{' | '[' => {
                while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                out.push(c);
                if let Some(end) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => {
                in_text = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..depth.min(DEEPEST)).for_each(|_| out.push_str("  "));
}
