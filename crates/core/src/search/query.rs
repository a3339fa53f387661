//! A filter by what stands in the texts: words or a regular expression, in all of them or in those of one kind.
//! It is only said here; which rows hold it is found by reading them again ([`super::Search`]).

use serde::{Deserialize, Serialize};

/// Texts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextKind {
    /// What the user said, the system prompt with it.
    User,
    /// What the assistant said or thought.
    Assistant,
    /// What tools answered.
    Observation,
    /// The names and arguments of tool calls.
    Call,
    /// The final patch.
    Patch,
}

impl TextKind {
    /// Every kind.
    pub const ALL: [TextKind; 5] = [
        TextKind::User,
        TextKind::Assistant,
        TextKind::Observation,
        TextKind::Call,
        TextKind::Patch,
    ];

    /// Its name in the address.
    pub const fn name(self) -> &'static str {
        match self {
            TextKind::User => "user",
            TextKind::Assistant => "assistant",
            TextKind::Observation => "observation",
            TextKind::Call => "call",
            TextKind::Patch => "patch",
        }
    }

    /// Its name for people, in the plural.
    pub const fn title(self) -> &'static str {
        match self {
            TextKind::User => "user messages",
            TextKind::Assistant => "assistant messages",
            TextKind::Observation => "observations",
            TextKind::Call => "tool calls",
            TextKind::Patch => "final patches",
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextQuery {
    /// Whether runs that hold it are left out.
    pub is_excluded: bool,
    /// Where; everywhere where nothing is said.
    pub kind: Option<TextKind>,
    /// Words as they are written, in any case; or a regular expression.
    pub words: String,
    /// Whether `words` is a regular expression.
    pub is_pattern: bool,
}

impl TextQuery {
    /// The longest text that is looked for, in characters.
    pub const MOST: usize = 500;

    /// Reads `!observation:/Trace.*Error/`: what is left out begins with `!`, the kind of text stands before a colon, and
    /// a regular expression stands between slashes. All but the words may be missing.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let (is_excluded, rest) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let within = Self::within(rest)?;
        Ok(Self {
            is_excluded,
            ..within
        })
    }

    /// Reads what is looked for in a run that is open: the same, but nothing is left out by it.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn within(text: &str) -> Result<Self, String> {
        let named = text.split_once(':').and_then(|(name, words)| {
            let kind = TextKind::ALL.into_iter().find(|kind| kind.name() == name)?;
            Some((Some(kind), words))
        });
        let (kind, words) = named.unwrap_or((None, text));
        let pattern = words
            .strip_prefix('/')
            .and_then(|words| words.strip_suffix('/'));
        let is_pattern = pattern.is_some_and(|pattern| !pattern.is_empty());
        let words = pattern.filter(|_| is_pattern).unwrap_or(words);
        if words.trim().is_empty() {
            return Err("there are no words to look for".to_owned());
        }
        if words.chars().count() > Self::MOST {
            return Err(format!("more than {} characters", Self::MOST));
        }
        Ok(Self {
            is_excluded: false,
            kind,
            words: words.to_owned(),
            is_pattern,
        })
    }

    /// What a run that passes is looked through for; nothing where runs that hold it are left out.
    pub fn wanted(&self) -> Option<String> {
        (!self.is_excluded).then(|| self.written())
    }

    /// The same as it was read.
    pub fn written(&self) -> String {
        let mark = if self.is_excluded { "!" } else { "" };
        let kind = self
            .kind
            .map_or_else(String::new, |kind| format!("{}:", kind.name()));
        let slash = if self.is_pattern { "/" } else { "" };
        format!("{mark}{kind}{slash}{}{slash}", self.words)
    }

    /// The filter in words: `observations hold “Traceback”`.
    pub fn in_words(&self) -> String {
        let kind = self.kind.map_or("texts", TextKind::title);
        let hold = match self.is_excluded {
            true => "do not hold",
            false => "hold",
        };
        match self.is_pattern {
            true => format!("{kind} {hold} /{}/", self.words),
            false => format!("{kind} {hold} “{}”", self.words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_patterns_and_exclusions_are_told_from_words() {
        let query = |is_excluded, kind, words: &str, is_pattern| {
            let words = words.to_owned();
            Ok(TextQuery {
                is_excluded,
                kind,
                words,
                is_pattern,
            })
        };
        let observation = Some(TextKind::Observation);
        assert_eq!(
            TextQuery::read("!observation:/Trace.*Error/"),
            query(true, observation, "Trace.*Error", true)
        );
        assert_eq!(
            TextQuery::read("KeyError: 'a'"),
            query(false, None, "KeyError: 'a'", false)
        );
        assert_eq!(
            TextQuery::read("call:git log"),
            query(false, Some(TextKind::Call), "git log", false)
        );
        assert_eq!(
            TextQuery::read("/usr/bin"),
            query(false, None, "/usr/bin", false)
        );
        for nothing in ["", " ", "!", "call:"] {
            assert!(TextQuery::read(nothing).is_err(), "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_is_written_so_that_it_is_read_alike(text in "\\PC{0,40}") {
            if let Ok(query) = TextQuery::read(&text) {
                prop_assert_eq!(TextQuery::read(&query.written()), Ok(query));
            }
        }
    }
}
