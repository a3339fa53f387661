//! Who speaks, by any of the names in use: `ai`, `gpt`, `human`, `observation`, `tool_call`, …
//! A name that no dialect has is read as the user's, so that its words are kept.

use super::Role;
use super::vocabulary::VOCABULARY;

/// Who a role's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    /// One of the usual four.
    One(Role),
    /// A message that is nothing but a call, from the assistant.
    Call,
    /// A message that is nothing but what the assistant thought.
    Thought,
    /// An item that is no message; it is kept only where it says something.
    Aside,
}

/// The speaker of that name; `None` where no dialect has it.
pub(super) fn of(name: &str) -> Option<Speaker> {
    let roles = &VOCABULARY.roles;
    roles
        .get(name)
        .or_else(|| roles.get(Plain::of(name).as_str()))
}

/// The speaker that a message's kind stands for, where no field says who speaks. (`function` is the kind of tools and of
/// calls.)
pub(super) fn of_kind(kind: &str) -> Option<Speaker> {
    of(kind).filter(|_| kind != "function")
}

/// Whether the name is already the one trainers use.
pub(super) fn is_usual(name: &str) -> bool {
    matches!(name, "system" | "user" | "assistant" | "tool")
}

/// The first letters and digits of a name, in lower case: `tool_use`, `tool-use` and `toolUse` are one.
pub(super) struct Plain {
    letters: [u8; Plain::LONGEST],
    len: usize,
}

impl Plain {
    const LONGEST: usize = 48;

    pub fn of(name: &str) -> Self {
        let mut plain = Plain {
            letters: [0; Plain::LONGEST],
            len: 0,
        };
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        for (slot, letter) in plain.letters.iter_mut().zip(letters) {
            *slot = letter.to_ascii_lowercase();
            plain.len += 1;
        }
        plain
    }

    pub fn as_str(&self) -> &str {
        let letters = self.letters.get(..self.len).unwrap_or_default();
        std::str::from_utf8(letters).unwrap_or_default()
    }
}
