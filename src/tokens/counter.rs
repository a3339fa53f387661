//! Counts tokens with one vocabulary: a text's, a trajectory's.
//! The vocabularies are those of the `tiktoken` crate; tests compare its counts with the vendors' own tokenizers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use tiktoken::{CoreBpe, encoding};

use super::{OBSERVATION_LIMITS, TokenCounts, Tokenizer};
use crate::trace::{Message, Role, Trajectory};

/// Counts tokens with one tokenizer. Making one unpacks its vocabulary (some 0.2 s), so it is made once a worker;
/// dropping it gives the memory back.
pub struct Counter {
    tokenizer: Tokenizer,
    vocabulary: CoreBpe,
    /// Counts of the texts that most rows share: system prompts and tool schemas.
    shared: RefCell<HashMap<Box<str>, u32>>,
}

/// How many shared texts are remembered, and how long one may be, in bytes: at most 4 MB in all.
const SHARED: usize = 64;
const SHARED_BYTES: usize = 64 * 1024;

impl Counter {
    /// Unpacks a tokenizer's vocabulary.
    pub fn new(tokenizer: Tokenizer) -> Self {
        let vocabulary = match tokenizer {
            Tokenizer::Qwen2 => encoding::qwen2(),
            Tokenizer::O200kBase => encoding::o200k_base(),
            Tokenizer::Cl100kBase => encoding::cl100k_base(),
            Tokenizer::Llama3 => encoding::llama3(),
            Tokenizer::DeepseekV3 => encoding::deepseek_v3(),
            Tokenizer::MinimaxM2 => encoding::minimax_m2(),
            Tokenizer::MistralV3 => encoding::mistral_v3(),
            Tokenizer::KimiK2 => encoding::kimi_k2(),
            Tokenizer::Glm4 => encoding::glm4(),
        };
        Self {
            tokenizer,
            vocabulary,
            shared: RefCell::default(),
        }
    }

    /// Whose tokens it counts.
    pub fn tokenizer(&self) -> Tokenizer {
        self.tokenizer
    }

    /// How many tokens a text is. Special tokens in it (`<|im_end|>`) are counted as the text that they are: a data
    /// set's text never ends a turn.
    ///
    /// Text is taken as it is. Qwen's own tokenizer first composes letters with their accents (NFC), so that its
    /// count of decomposed text (`e` and U+0301) is lower.
    pub fn count(&self, text: &str) -> u32 {
        let tokens: usize = pieces(text).map(|piece| self.vocabulary.count(piece)).sum();
        u32::try_from(tokens).unwrap_or(u32::MAX)
    }

    /// The tokens of a row by role. Each text is counted by itself and the counts are added.
    pub fn row(&self, trajectory: &Trajectory) -> TokenCounts {
        let mut counts = self.tools(trajectory);
        for message in &trajectory.messages {
            counts += self.message(message);
        }
        counts
    }

    /// The tokens of a row's tool schemas.
    pub fn tools(&self, trajectory: &Trajectory) -> TokenCounts {
        let schemas = trajectory
            .tools
            .iter()
            .map(|tool| self.count_shared(&tool.schema));
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
            Role::System => counts.system = self.count_shared(&message.text),
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

    fn count_shared(&self, text: &str) -> u32 {
        if text.len() > SHARED_BYTES {
            return self.count(text);
        }
        if let Some(&tokens) = self.shared.borrow().get(text) {
            return tokens;
        }
        let tokens = self.count(text);
        let mut shared = self.shared.borrow_mut();
        if shared.len() >= SHARED {
            shared.clear();
        }
        shared.insert(text.into(), tokens);
        tokens
    }
}

/// A long text in pieces: without a break in it, merging needs 25 bytes of memory a byte of text and ever more time.
///
/// A piece ends where every vocabulary's pattern ends a token, so that the count is the same. Where 256 KB have no such
/// place (a file in base64, one letter over and over), the cut may cost a token or two.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let piece;
        (piece, rest) = rest.split_at_checked(cut(rest))?;
        Some(piece).filter(|piece| !piece.is_empty())
    })
}

/// Bytes of a piece at most.
const PIECE: usize = 256 * 1024;

fn cut(text: &str) -> usize {
    if text.len() <= PIECE {
        return text.len();
    }
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let end = (0..=PIECE).rev().find(is_boundary).unwrap_or(PIECE);
    let bytes = text.as_bytes();
    let last = (1..end).rev().find(|&at| ends_token(bytes, at));
    last.unwrap_or(end)
}

/// Blanks at the head of a line that are looked over at most.
const INDENT: usize = 64;

/// Whether a token ends before the byte at `at`: behind a newline, where the next line has a sign, a letter or a digit
/// after its indentation (but a slash without any, which o200k joins to signs and newlines before it); behind a
/// letter, before a blank and a letter. All of ASCII, so that no other alphabet's rules matter.
fn ends_token(bytes: &[u8], at: usize) -> bool {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    match byte(at.wrapping_sub(1)) {
        b'\n' => {
            let indent = (0..INDENT)
                .take_while(|n| matches!(byte(at + n), b' ' | b'\t'))
                .count();
            let next = byte(at + indent);
            next.is_ascii_graphic() && (indent > 0 || next != b'/')
        }
        letter if letter.is_ascii_alphabetic() => {
            byte(at) == b' ' && byte(at + 1).is_ascii_alphabetic()
        }
        _ => false,
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Counter")
            .field("tokenizer", &self.tokenizer)
            .finish_non_exhaustive()
    }
}
