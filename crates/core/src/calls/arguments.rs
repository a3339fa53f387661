//! What a call's arguments say, read lightly: whether they are a JSON object, its keys, its `command`, its hash.
//! Values that aren't asked for are skipped, not built: arguments hold whole files.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{canonical, shell};
use crate::ground::text::head;

/// The parts of a call's arguments that are counted by.
#[derive(Debug, Default)]
pub(crate) struct Arguments<'a> {
    /// `command` (or `cmd`): its text; the last word of a list such as `["bash", "-lc", "…"]`.
    pub command: Option<Cow<'a, str>>,
    /// Whether there is a `path`.
    pub path: bool,
    /// Its keys as they stand in the JSON, quotes and all.
    pub keys: Vec<&'a str>,
    /// The object's hash, whatever the order of its keys.
    pub hash: u64,
}

/// The arguments of one call; an error where they are not a JSON object.
pub(crate) type ReadArguments<'a> = Result<Arguments<'a>, serde_json::Error>;

/// Reads a call's arguments.
pub(super) fn read(arguments: &str) -> ReadArguments<'_> {
    serde_json::from_str(arguments)
}

/// Bytes that are kept of a tool's name; APIs allow 64.
const NAME_BYTES: usize = 64;

/// What a call is counted by: its tool and the word that is the tool's verb, unless the tool is a shell. Most calls of a run
/// are equal in this, so that they are counted by it before anything is asked of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CountedBy<'a> {
    name: &'a str,
    word: Option<&'a str>,
}

impl<'a> CountedBy<'a> {
    /// Of a call whose arguments are known.
    pub fn call(name: &'a str, arguments: &'a ReadArguments) -> Self {
        let word = word(arguments);
        Self { name, word }
    }

    /// Of a call whose arguments are not known.
    pub fn name(name: &'a str) -> Self {
        Self { name, word: None }
    }

    /// See [`super::tool_name`].
    pub fn tool_name(self) -> String {
        let name = head(self.name, NAME_BYTES);
        match self.word.filter(|_| !shell::is_shell(self.name)) {
            Some(verb) => format!("{name}:{verb}"),
            None => name.to_owned(),
        }
    }
}

/// A `command` that may be a verb: one word, beside a `path`.
fn word<'a>(arguments: &'a ReadArguments) -> Option<&'a str> {
    let arguments = arguments.as_ref().ok().filter(|arguments| arguments.path)?;
    let is_word = |word: &&str| {
        (1..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    arguments.command.as_deref().filter(is_word)
}

impl<'de> Deserialize<'de> for Arguments<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ArgumentsVisitor)
    }
}

struct ArgumentsVisitor;

impl<'de> Visitor<'de> for ArgumentsVisitor {
    type Value = Arguments<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut arguments = Arguments::default();
        while let Some(key) = map.next_key::<&RawValue>()? {
            let value = map.next_value::<&RawValue>()?;
            match key.get() {
                r#""command""# | r#""cmd""# => arguments.command = command(value),
                r#""path""# => arguments.path = value.get() != "null",
                _ => {}
            }
            let member = canonical::member(key.get(), value.get());
            arguments.hash = arguments.hash.wrapping_add(member);
            arguments.keys.push(key.get());
        }
        Ok(arguments)
    }
}

fn command(value: &RawValue) -> Option<Cow<'_, str>> {
    text(value.get()).or_else(|| {
        let words: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        text(words.last()?.get())
    })
}

/// A JSON string's text; borrowed where it holds no escape.
fn text(json: &str) -> Option<Cow<'_, str>> {
    if !json.starts_with('"') {
        return None;
    }
    match json.contains('\\') {
        true => serde_json::from_str(json).ok().map(Cow::Owned),
        false => serde_json::from_str(json).ok().map(Cow::Borrowed),
    }
}
