//! The chat templates that we carry, one for each family of models whose vocabulary we carry. Each is a file beside this
//! one, which says where it is from.

use serde::{Deserialize, Serialize};

use super::{Edges, Template, TemplateError};
use crate::tokens::Tokenizer;

/// A family of models that share a chat template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Qwen 2.5, and with it most models that speak ChatML.
    #[serde(rename = "qwen2_5")]
    Qwen25,
    /// Qwen 3.
    Qwen3,
    /// Llama 3.1.
    #[serde(rename = "llama3_1")]
    Llama31,
    /// DeepSeek V3.
    DeepseekV3,
    /// MiniMax M2.
    MinimaxM2,
    /// Mistral, by its tokenizer V13.
    Mistral,
    /// Kimi K2 Thinking.
    KimiK2,
    /// GLM 4.5.
    Glm4,
}

impl Family {
    /// Every family, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Qwen25,
        Self::Qwen3,
        Self::Llama31,
        Self::DeepseekV3,
        Self::MinimaxM2,
        Self::Mistral,
        Self::KimiK2,
        Self::Glm4,
    ];

    /// The family that a tokenizer is of. OpenAI publishes no template for what its models are trained on.
    pub fn of(tokenizer: Tokenizer) -> Option<Self> {
        match tokenizer {
            Tokenizer::Qwen2 => Some(Self::Qwen3),
            Tokenizer::Llama3 => Some(Self::Llama31),
            Tokenizer::DeepseekV3 => Some(Self::DeepseekV3),
            Tokenizer::MinimaxM2 => Some(Self::MinimaxM2),
            Tokenizer::MistralV3 => Some(Self::Mistral),
            Tokenizer::KimiK2 => Some(Self::KimiK2),
            Tokenizer::Glm4 => Some(Self::Glm4),
            Tokenizer::O200kBase | Tokenizer::Cl100kBase => None,
        }
    }

    /// The tokenizer of its models.
    pub fn tokenizer(self) -> Tokenizer {
        match self {
            Self::Qwen25 | Self::Qwen3 => Tokenizer::Qwen2,
            Self::Llama31 => Tokenizer::Llama3,
            Self::DeepseekV3 => Tokenizer::DeepseekV3,
            Self::MinimaxM2 => Tokenizer::MinimaxM2,
            Self::Mistral => Tokenizer::MistralV3,
            Self::KimiK2 => Tokenizer::KimiK2,
            Self::Glm4 => Tokenizer::Glm4,
        }
    }

    /// The word of the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Qwen25 => "qwen2_5",
            Self::Qwen3 => "qwen3",
            Self::Llama31 => "llama3_1",
            Self::DeepseekV3 => "deepseek_v3",
            Self::MinimaxM2 => "minimax_m2",
            Self::Mistral => "mistral",
            Self::KimiK2 => "kimi_k2",
            Self::Glm4 => "glm4",
        }
    }

    /// The models that use it, for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Qwen25 => "Qwen 2.5 (ChatML)",
            Self::Qwen3 => "Qwen 3",
            Self::Llama31 => "Llama 3.1",
            Self::DeepseekV3 => "DeepSeek V3",
            Self::MinimaxM2 => "MiniMax M2",
            Self::Mistral => "Mistral (V13)",
            Self::KimiK2 => "Kimi K2 Thinking",
            Self::Glm4 => "GLM 4.5",
        }
    }

    /// The template's text.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Qwen25 => include_str!("qwen2_5.jinja"),
            Self::Qwen3 => include_str!("qwen3.jinja"),
            Self::Llama31 => include_str!("llama3_1.jinja"),
            Self::DeepseekV3 => include_str!("deepseek_v3.jinja"),
            Self::MinimaxM2 => include_str!("minimax_m2.jinja"),
            Self::Mistral => include_str!("mistral.jinja"),
            Self::KimiK2 => include_str!("kimi_k2.jinja"),
            Self::Glm4 => include_str!("glm4.jinja"),
        }
    }

    /// The tokens that the template puts in by name.
    pub fn edges(self) -> Edges {
        let edges = |begin: &str, end: &str| Edges {
            begin: Some(begin.to_owned()),
            end: Some(end.to_owned()),
        };
        match self {
            Self::Llama31 => edges("<|begin_of_text|>", "<|eot_id|>"),
            Self::DeepseekV3 => edges("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
            Self::Mistral => edges("<s>", "</s>"),
            _ => Edges::default(),
        }
    }

    /// The texts that the family's tokenizers take for one token each: those that its template, or a text that quotes
    /// it, may hold.
    pub const fn specials(self) -> &'static [&'static str] {
        match self {
            Self::Qwen25 => &[
                "<|endoftext|>",
                "<|im_start|>",
                "<|im_end|>",
                "<tool_call>",
                "</tool_call>",
            ],
            Self::Qwen3 => &[
                "<|endoftext|>",
                "<|im_start|>",
                "<|im_end|>",
                "<tool_call>",
                "</tool_call>",
                "<tool_response>",
                "</tool_response>",
                "<think>",
                "</think>",
            ],
            Self::Llama31 => &[
                "<|begin_of_text|>",
                "<|end_of_text|>",
                "<|start_header_id|>",
                "<|end_header_id|>",
                "<|eot_id|>",
                "<|eom_id|>",
                "<|python_tag|>",
            ],
            Self::DeepseekV3 => &[
                "<｜begin▁of▁sentence｜>",
                "<｜end▁of▁sentence｜>",
                "<｜User｜>",
                "<｜Assistant｜>",
                "<｜tool▁calls▁begin｜>",
                "<｜tool▁calls▁end｜>",
                "<｜tool▁call▁begin｜>",
                "<｜tool▁call▁end｜>",
                "<｜tool▁outputs▁begin｜>",
                "<｜tool▁outputs▁end｜>",
                "<｜tool▁output▁begin｜>",
                "<｜tool▁output▁end｜>",
                "<｜tool▁sep｜>",
            ],
            Self::MinimaxM2 => &[
                "]~!b[",
                "]~b]",
                "[e~[",
                "<think>",
                "</think>",
                "<minimax:tool_call>",
                "</minimax:tool_call>",
            ],
            Self::Mistral => &[
                "<s>",
                "</s>",
                "[INST]",
                "[/INST]",
                "[AVAILABLE_TOOLS]",
                "[/AVAILABLE_TOOLS]",
                "[TOOL_RESULTS]",
                "[/TOOL_RESULTS]",
                "[TOOL_CALLS]",
                "[SYSTEM_PROMPT]",
                "[/SYSTEM_PROMPT]",
                "[ARGS]",
            ],
            Self::KimiK2 => &[
                "[BOS]",
                "[EOS]",
                "<|im_end|>",
                "<|im_user|>",
                "<|im_assistant|>",
                "<|im_system|>",
                "<|im_middle|>",
                "<|tool_calls_section_begin|>",
                "<|tool_calls_section_end|>",
                "<|tool_call_begin|>",
                "<|tool_call_argument_begin|>",
                "<|tool_call_end|>",
                "<think>",
                "</think>",
            ],
            Self::Glm4 => &[
                "<|endoftext|>",
                "[gMASK]",
                "<sop>",
                "<|system|>",
                "<|user|>",
                "<|assistant|>",
                "<|observation|>",
                "<think>",
                "</think>",
                "<tool_call>",
                "</tool_call>",
                "<tool_response>",
                "</tool_response>",
                "<arg_key>",
                "</arg_key>",
                "<arg_value>",
                "</arg_value>",
                "/nothink",
            ],
        }
    }

    /// The template, ready to be used.
    ///
    /// # Errors
    /// None of a built-in template; the type is that of any other.
    pub fn template(self) -> Result<Template, TemplateError> {
        Template::new(self.title(), self.source(), self.edges())
    }
}
