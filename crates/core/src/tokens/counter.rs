//! Counts tokens with one vocabulary: a text's, a trajectory's, and what a chat template adds.

use std::fmt;

use super::builtin::BuiltIn;
use super::known::Known;
use super::template::{Arguments, Template, TemplateError};
use super::{OBSERVATION_LIMITS, Reuse, Templated, TokenCounts, Tokenizer};
use crate::trace::{Message, Role, Trajectory};

/// What turns text into tokens.
pub trait Vocabulary {
    /// How many tokens a text is. Special tokens in it (`<|im_end|>`) are counted as the text that they are: a
    /// dataset's text never ends a turn.
    fn count(&self, text: &str) -> usize;

    /// How many tokens a rendered conversation is: a special token of the vocabulary is one.
    fn count_rendered(&self, text: &str) -> usize;

    /// How much of what was counted was remembered, where anything is.
    fn reuse(&self) -> Reuse {
        Reuse::default()
    }
}

/// Texts that are remembered whole: a memory of 1 MB.
const TEXTS: usize = 1 << 16;

/// Lines that a vocabulary remembers: a memory of 4 MB.
pub(super) const LINES: usize = 1 << 18;

/// A text of fewer bytes is counted by its lines alone, as fast as it is looked up.
const LONG: usize = 512;

/// Counts tokens with one vocabulary, and what one chat template adds where there is one. Making one takes some 0.1 s or
/// more, so it is made once per worker; dropping it gives the memory back.
pub struct Counter {
    vocabulary: Box<dyn Vocabulary>,
    template: Option<Template>,
    known: Known,
}

impl Counter {
    /// Unpacks a tokenizer's vocabulary, for text only.
    pub fn new(tokenizer: Tokenizer) -> Self {
        Self::of(Box::new(BuiltIn::new(tokenizer, Templated::None)), None)
    }

    /// Unpacks a tokenizer's vocabulary, and the chat template that is chosen for it.
    ///
    /// # Errors
    /// None of a built-in template.
    pub fn with_template(
        tokenizer: Tokenizer,
        templated: Templated,
    ) -> Result<Self, TemplateError> {
        let vocabulary = BuiltIn::new(tokenizer, templated);
        let family = templated.family(tokenizer);
        let template = family.map(|family| family.template()).transpose()?;
        Ok(Self::of(Box::new(vocabulary), template))
    }

    /// A counter of any vocabulary.
    pub fn of(vocabulary: Box<dyn Vocabulary>, template: Option<Template>) -> Self {
        Self {
            vocabulary,
            template,
            known: Known::new(TEXTS),
        }
    }

    /// Whether what a chat template adds is counted.
    pub fn has_template(&self) -> bool {
        self.template.is_some()
    }

    /// How many tokens a text is, by itself and without a template.
    pub fn count(&self, text: &str) -> u32 {
        let count = || number(self.vocabulary.count(text));
        match text.len() {
            ..LONG => count(),
            _ => self.known.or_count(text, count),
        }
    }

    /// How much of the text that was counted line by line stood in lines that were counted before.
    pub fn reuse(&self) -> Reuse {
        self.vocabulary.reuse()
    }

    /// The tokens of a row by role, and what the template adds. Each text is counted by itself and the counts are added.
    pub fn row(&self, trajectory: &Trajectory) -> TokenCounts {
        self.row_or_why(trajectory).0
    }

    /// As [`row`](Self::row), and why what the template adds is not known, where it refuses the row.
    pub fn row_or_why(&self, trajectory: &Trajectory) -> (TokenCounts, Option<TemplateError>) {
        self.row_given(trajectory, None)
    }

    /// The same, where a trainer hands the arguments of calls to the template in its own way.
    pub fn row_given(
        &self,
        trajectory: &Trajectory,
        arguments: Option<Arguments>,
    ) -> (TokenCounts, Option<TemplateError>) {
        let mut counts = self.tools(trajectory);
        for message in &trajectory.messages {
            counts += self.message(message);
        }
        let why = self.add_template(trajectory, arguments, &mut counts);
        (counts, why)
    }

    /// Adds what the template adds to the counts of all of a trajectory's texts: tokens of the rendered conversation less
    /// those of the texts. A template may leave texts out; then it is less than nothing. What is given back is why it is
    /// not known, where the template refuses the trajectory.
    pub fn add_template(
        &self,
        trajectory: &Trajectory,
        arguments: Option<Arguments>,
        counts: &mut TokenCounts,
    ) -> Option<TemplateError> {
        let template = self.template.as_ref()?;
        match template.render_given(trajectory, arguments, false) {
            Ok(text) => {
                let rendered = i64::from(number(self.vocabulary.count_rendered(&text)));
                let texts = i64::try_from(counts.total()).unwrap_or(i64::MAX);
                let added = rendered.saturating_sub(texts);
                let edge = if added < 0 { i32::MIN } else { i32::MAX };
                counts.template = Some(i32::try_from(added).unwrap_or(edge));
                None
            }
            Err(why) => Some(why),
        }
    }

    /// The tokens of a row's tool schemas.
    pub fn tools(&self, trajectory: &Trajectory) -> TokenCounts {
        let schemas = trajectory.tools.iter();
        let schemas = schemas.map(|tool| self.count(&tool.schema));
        TokenCounts {
            tools: schemas.fold(0, u32::saturating_add),
            ..TokenCounts::default()
        }
    }

    /// The tokens of one message, by role.
    pub fn message(&self, message: &Message) -> TokenCounts {
        let mut counts = TokenCounts {
            reasoning: self.count(&message.reasoning),
            ..TokenCounts::default()
        };
        for call in &message.calls {
            let tokens = self
                .count(&call.name)
                .saturating_add(self.count(&call.arguments));
            counts.calls = counts.calls.saturating_add(tokens);
        }
        match message.role {
            Role::System => counts.system = self.count(&message.text),
            Role::Assistant => counts.assistant = self.count(&message.text),
            Role::User if message.answers.is_none() => counts.user = self.count(&message.text),
            Role::Tool | Role::User => {
                counts.observations = self.count(&message.text);
                counts.beyond =
                    OBSERVATION_LIMITS.map(|most| counts.observations.saturating_sub(most));
            }
        }
        counts
    }
}

pub(super) fn number(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Counter")
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}
