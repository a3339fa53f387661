//! What was thought, in a field of its own: a text, blocks of text, or an object around one, as APIs and servers write it.
//! What only says how it was thought (encrypted blocks, signatures, the effort) is no text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{self, Text, visit_scalars};
use super::object::{Object, elements};

/// All that a field of reasoning says, as one text.
#[derive(Debug, Default)]
pub(super) struct Thought<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Thought<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ThoughtVisitor).map(Thought)
    }
}

struct ThoughtVisitor;

impl<'de> Visitor<'de> for ThoughtVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text, blocks of text, or an object around one")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }

    visit_scalars!(value => Cow::Owned(format!("{value:?}")));

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(block) = seq.next_element::<&RawValue>()? {
            texts.push(text_of(block.get(), 1));
        }
        Ok(json::join_all(texts.into_iter()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, raw)) = map.next_entry::<Text, &RawValue>()? {
            fields.push((name.0, raw.get()));
        }
        Ok(text_of_block(&Object::of(fields), 0))
    }
}

/// Fields of a block that hold its text, the likeliest first. Where one has words the others repeat them.
const TEXTS: [&str; 8] = [
    "text",
    "thinking",
    "reasoning",
    "reasoning_content",
    "content",
    "summary",
    "value",
    "parts",
];
/// Fields that hold no words.
const WORDLESS: [&str; 9] = [
    "type",
    "id",
    "format",
    "index",
    "effort",
    "signature",
    "data",
    "encrypted_content",
    "generate_summary",
];
/// How deep blocks may lie in blocks.
const DEEPEST: u8 = 4;

fn text_of(raw: &str, depth: u8) -> Cow<'_, str> {
    if depth >= DEEPEST {
        return json::raw_text(raw);
    }
    if raw.starts_with('[') {
        let blocks = elements(raw).into_iter();
        return json::join_all(blocks.map(|block| text_of(block, depth + 1)));
    }
    match Object::read(raw) {
        Some(block) => text_of_block(&block, depth),
        None => json::raw_text(raw),
    }
}

/// A block's text: of a thought of Gemini's with its subject before it. A block of unknown fields is kept as its JSON.
fn text_of_block<'a>(block: &Object<'a>, depth: u8) -> Cow<'a, str> {
    if block.has("description") {
        return json::join(block.text("subject"), block.text("description"));
    }
    let mut texts = TEXTS.iter().filter_map(|name| block.raw(name));
    let text = texts.find_map(|raw| Some(text_of(raw, depth + 1)).filter(|text| !text.is_empty()));
    let mut fields = block.fields();
    let is_wordless = fields
        .all(|(name, raw)| raw == "null" || WORDLESS.contains(&name) || TEXTS.contains(&name));
    match text {
        Some(text) => text,
        None if is_wordless => Cow::Borrowed(""),
        None => Cow::Owned(block.to_json()),
    }
}
