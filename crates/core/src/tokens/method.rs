//! What tokens are counted with: a vocabulary, and a chat template or none. The address says it, every count names it.

use serde::{Deserialize, Serialize};

use super::Tokenizer;
use super::template::Family;

/// What tokens are counted with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// The tokenizer, where no model is named.
    pub tokenizer: Tokenizer,
    /// A model of the Hub whose own tokenizer counts, as `namespace/name`; [`Self::FILE`]: files that were chosen.
    pub model: Option<String>,
    /// Which chat template is counted with.
    pub template: Templated,
}

/// Which chat template a conversation is counted with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Templated {
    /// None: texts only.
    #[default]
    None,
    /// That of the tokenizer's family, or of the model.
    Own,
    /// That of a family.
    Family(Family),
}

impl Templated {
    /// The built-in template that this is for a built-in tokenizer.
    pub fn family(self, tokenizer: Tokenizer) -> Option<Family> {
        match self {
            Self::None => None,
            Self::Own => Family::of(tokenizer),
            Self::Family(family) => Some(family),
        }
    }

    /// Every choice with its word in the address.
    pub fn words() -> [(&'static str, Self); 2 + Family::ALL.len()] {
        let mut words = [("none", Self::None); 2 + Family::ALL.len()];
        let chosen = std::iter::once(("own", Self::Own));
        let families = Family::ALL.map(|family| (family.name(), Self::Family(family)));
        let choices = chosen.chain(families);
        words
            .iter_mut()
            .skip(1)
            .zip(choices)
            .for_each(|(word, choice)| *word = choice);
        words
    }
}

impl Method {
    /// The word for files that a person chose, in a model's place.
    pub const FILE: &str = "file";

    /// The method in words, to follow a count: whose tokens they are, and what is in them.
    pub fn words(&self) -> String {
        format!("{}, {}", self.vocabulary(), self.template_words())
    }

    /// Whose tokens are counted.
    pub fn vocabulary(&self) -> &str {
        match self.model.as_deref() {
            Some(Self::FILE) => "the tokenizer of a file",
            Some(model) => model,
            None => self.tokenizer.title(),
        }
    }

    /// What is in the counts besides the texts.
    pub fn template_words(&self) -> String {
        let text_only = || "text only, without chat template".to_owned();
        match (self.template, self.model.as_deref()) {
            (Templated::None, _) => text_only(),
            (Templated::Family(family), _) => {
                format!("with the chat template of {}", family.title())
            }
            (Templated::Own, Some(Self::FILE)) => "with its chat template".to_owned(),
            (Templated::Own, Some(model)) => format!("with the chat template of {model}"),
            (Templated::Own, None) => match Family::of(self.tokenizer) {
                Some(family) => format!("with the chat template of {}", family.title()),
                None => format!("{}: no chat template is known for it", text_only()),
            },
        }
    }

    /// Whether what a template adds is in the counts.
    pub fn has_template(&self) -> bool {
        match self.template {
            Templated::None => false,
            Templated::Family(_) => true,
            Templated::Own => self.model.is_some() || Family::of(self.tokenizer).is_some(),
        }
    }
}
