//! Looks for words in the texts of a run: whether a filter by text lets it pass, and where the reader marks them.
//! Whatever is looked for is a regular expression in the end, whose search takes time that grows with the text only.

mod find; // where the texts hold it
mod query; // what is looked for, as the address says it
mod texts; // the texts of a run, as the reader shows them

pub use find::{Found, Hit, LISTED, Place};
pub use query::{TextKind, TextQuery};
pub use texts::Part;

use std::ops::ControlFlow;

use regex::{Regex, RegexBuilder};

use crate::trace::Trajectory;
use texts::{each_text, patch};

/// The most memory that a regular expression may take, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// What is looked for, ready to look.
#[derive(Debug, Clone)]
pub struct Search {
    kind: Option<TextKind>,
    pattern: Regex,
}

/// What was given is no regular expression that can be searched for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{pattern}” is not a regular expression that can be used: {why}")]
pub struct BadPattern {
    /// As it was given.
    pub pattern: String,
    /// The reason, in one line.
    pub why: String,
}

impl Search {
    /// Makes a search ready. Words are found in any case; a pattern says by itself whether case counts (`(?i)`).
    ///
    /// # Errors
    /// The pattern is not one, or too large a one.
    pub fn new(query: &TextQuery) -> Result<Self, BadPattern> {
        let pattern = match query.is_pattern {
            true => query.words.clone(),
            false => regex::escape(&query.words),
        };
        let built = RegexBuilder::new(&pattern)
            .case_insensitive(!query.is_pattern)
            .size_limit(MOST_BYTES)
            .dfa_size_limit(2 * MOST_BYTES)
            .build();
        let pattern = built.map_err(|error| BadPattern {
            pattern: query.words.clone(),
            // The last line says what is wrong, those before it where.
            why: error
                .to_string()
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned(),
        })?;
        Ok(Self {
            kind: query.kind,
            pattern,
        })
    }

    /// Whether a text of the run holds it.
    pub fn is_in(&self, run: &Trajectory) -> bool {
        let holds = |text: &str| match self.pattern.is_match(text) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        each_text(run, self.kind, |_, _, text| holds(text)).is_break()
            || patch(run, self.kind).is_some_and(|patch| holds(patch).is_break())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Call, CallForm, Message, Role};

    fn run() -> Trajectory<'static> {
        let message = |role, text: &'static str| Message {
            role,
            text: text.into(),
            ..Message::default()
        };
        let mut assistant = message(Role::Assistant, "I look at the LOG");
        assistant.reasoning = "maybe a typo".into();
        assistant.calls.push(Call {
            name: "bash".into(),
            arguments: r#"{"command":"git log"}"#.into(),
            id: "1".into(),
            form: CallForm::Structured,
            answer: Some(2),
        });
        Trajectory {
            messages: vec![
                message(Role::User, "fix the bug"),
                assistant,
                message(Role::Tool, "KeyError: 17"),
            ],
            model_patch: Some("+fixed".into()),
            ..Trajectory::default()
        }
    }

    fn finds(query: &str) -> bool {
        let search = TextQuery::read(query).map(|query| Search::new(&query));
        matches!(search, Ok(Ok(search)) if search.is_in(&run()))
    }

    #[test]
    fn words_are_found_in_any_case_and_only_where_they_are_looked_for() {
        for query in [
            "Log",
            "assistant:the log",
            "assistant:typo",
            "call:git log",
            "user:bug",
            "patch:FIXED",
            "keyerror",
        ] {
            assert!(finds(query), "{query}");
        }
        for query in [
            "user:log",
            "observation:bug",
            "call:typo",
            "patch:bug",
            "log.",
            "absent",
        ] {
            assert!(!finds(query), "{query}");
        }
    }

    #[test]
    fn a_pattern_is_taken_as_it_is_written() {
        assert!(finds("observation:/KeyError: \\d+/"));
        assert!(!finds("observation:/keyerror/"));
        assert!(finds("/(?i)keyerror/"));
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_the_reason() {
        for pattern in ["/(/", "/a{1000000}/"] {
            let search = TextQuery::read(pattern).map(|query| Search::new(&query));
            let why = search.ok().and_then(Result::err).map(|error| error.why);
            assert!(
                why.is_some_and(|why| !why.is_empty() && !why.contains('\n')),
                "{pattern}"
            );
        }
    }
}
