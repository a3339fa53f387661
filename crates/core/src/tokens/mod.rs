//! How many tokens a text is, by the tokenizer chosen, with exact vocabularies. Each text of a row is counted by itself
//! and the counts are added, so that a count can be traced; what a chat template adds is counted apart.

mod builtin; // the vocabularies that we carry
mod counter; // counts with one vocabulary
mod cut; // where a text may be cut without another count
mod known; // counts of texts that were counted before
mod method; // what is counted with, in the address and in words
pub mod model; // the tokenizer and the template of a model of the Hub
pub mod template; // a conversation as the trainer will see it

pub use counter::{Counter, Vocabulary};
pub use method::{Method, Templated};

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// A tokenizer whose vocabulary we carry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tokenizer {
    /// Qwen 2, 2.5, 3 and 3-Coder.
    #[default]
    Qwen2,
    /// GPT-4o and later.
    O200kBase,
    /// GPT-4.
    Cl100kBase,
    /// Llama 3.
    Llama3,
    /// DeepSeek V3 and R1.
    DeepseekV3,
    /// MiniMax M2.
    MinimaxM2,
    /// Mistral V3 (Tekken).
    MistralV3,
    /// Kimi K2.
    KimiK2,
    /// GLM 4.
    Glm4,
}

impl Tokenizer {
    /// Every tokenizer, in the order in which they are offered.
    pub const ALL: [Tokenizer; 9] = [
        Tokenizer::Qwen2,
        Tokenizer::O200kBase,
        Tokenizer::Cl100kBase,
        Tokenizer::Llama3,
        Tokenizer::DeepseekV3,
        Tokenizer::MinimaxM2,
        Tokenizer::MistralV3,
        Tokenizer::KimiK2,
        Tokenizer::Glm4,
    ];

    /// The word of the address.
    pub fn name(self) -> &'static str {
        match self {
            Tokenizer::Qwen2 => "qwen2",
            Tokenizer::O200kBase => "o200k_base",
            Tokenizer::Cl100kBase => "cl100k_base",
            Tokenizer::Llama3 => "llama3",
            Tokenizer::DeepseekV3 => "deepseek_v3",
            Tokenizer::MinimaxM2 => "minimax_m2",
            Tokenizer::MistralV3 => "mistral_v3",
            Tokenizer::KimiK2 => "kimi_k2",
            Tokenizer::Glm4 => "glm4",
        }
    }

    /// The models that use it, for people.
    pub fn title(self) -> &'static str {
        match self {
            Tokenizer::Qwen2 => "Qwen 2 / 2.5 / 3",
            Tokenizer::O200kBase => "GPT-4o and later (o200k)",
            Tokenizer::Cl100kBase => "GPT-4 / 3.5 (cl100k)",
            Tokenizer::Llama3 => "Llama 3",
            Tokenizer::DeepseekV3 => "DeepSeek V3 / R1",
            Tokenizer::MinimaxM2 => "MiniMax M2",
            Tokenizer::MistralV3 => "Mistral (Tekken)",
            Tokenizer::KimiK2 => "Kimi K2",
            Tokenizer::Glm4 => "GLM 4",
        }
    }

    /// Whether its models' own tokenizer composes letters with their accents first (NFC), so that `e` and U+0301 are as
    /// many tokens as `é`. The `tokenizer.json` of Qwen 2, 2.5 and 3 has the normalizer `NFC`, that of Llama 3 none and
    /// that of DeepSeek V3 an empty one; `tiktoken`, for which OpenAI's, Mistral's and Kimi K2's vocabularies are published,
    /// takes text as it is. GLM 4 and MiniMax M2 are taken to do so, too: no package holds their file.
    pub fn composes(self) -> bool {
        self == Tokenizer::Qwen2
    }

    /// The tokenizer of a word of the address.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|tokenizer| tokenizer.name() == name)
    }
}

/// How many bytes of text were counted, and how many of them were remembered from before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reuse {
    /// Bytes whose count was remembered.
    pub known: u64,
    /// All bytes.
    pub all: u64,
}

/// Tokens of one row, by role, and what a chat template adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCounts {
    /// System prompts.
    pub system: u32,
    /// User messages that are not observations.
    pub user: u32,
    /// Assistant text.
    pub assistant: u32,
    /// Assistant reasoning.
    pub reasoning: u32,
    /// Tool calls: each name and each arguments text.
    pub calls: u32,
    /// Observations.
    pub observations: u32,
    /// Tool schemas, each as it stands in the row.
    pub tools: u32,
    /// What a chat template adds, or leaves out where it is less than nothing; `None` where none was chosen, or where it
    /// refuses the row.
    pub template: Option<i32>,
    /// Of the observations' tokens, those beyond the first [`OBSERVATION_LIMITS`] of each observation: what shortening
    /// them would save.
    #[serde(default)]
    pub beyond: [u32; OBSERVATION_LIMITS.len()],
}

/// Tokens to which observations may be shortened.
pub const OBSERVATION_LIMITS: [u32; 6] = [256, 512, 1024, 2048, 4096, 8192];

impl TokenCounts {
    /// The tokens of all of the row's texts, without what a template adds.
    pub fn total(&self) -> u64 {
        [
            self.system,
            self.user,
            self.assistant,
            self.reasoning,
            self.calls,
            self.observations,
            self.tools,
        ]
        .iter()
        .map(|&n| u64::from(n))
        .sum()
    }

    /// The tokens of the row as a trainer will see it: with what the template adds, where one was chosen.
    pub fn total_with_template(&self) -> u64 {
        let added = i64::from(self.template.unwrap_or_default());
        self.total().saturating_add_signed(added)
    }

    /// The tokens that a trainer learns from: assistant text, reasoning and calls.
    pub fn trainable(&self) -> u64 {
        u64::from(self.assistant) + u64::from(self.reasoning) + u64::from(self.calls)
    }
}

impl AddAssign for TokenCounts {
    fn add_assign(&mut self, more: Self) {
        let add = |sum: &mut u32, more: u32| *sum = sum.saturating_add(more);
        add(&mut self.system, more.system);
        add(&mut self.user, more.user);
        add(&mut self.assistant, more.assistant);
        add(&mut self.reasoning, more.reasoning);
        add(&mut self.calls, more.calls);
        add(&mut self.observations, more.observations);
        add(&mut self.tools, more.tools);
        self.template = match (self.template, more.template) {
            (Some(sum), Some(more)) => Some(sum.saturating_add(more)),
            (sum, more) => sum.or(more),
        };
        self.beyond
            .iter_mut()
            .zip(more.beyond)
            .for_each(|(sum, n)| add(sum, n));
    }
}
