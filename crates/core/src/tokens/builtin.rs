//! The vocabularies that we carry: those of the `tiktoken` crate; tests compare its counts with the vendors' own
//! tokenizers.

use std::borrow::Cow;

use tiktoken::{CoreBpe, encoding};
use unicode_normalization_alignments::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::counter::{LINES, Vocabulary, number};
use super::cut::{lines, pieces};
use super::known::Known;
use super::template::Family;
use super::{Reuse, Templated, Tokenizer};

/// One of the vocabularies, unpacked, and which texts are one token each in what a chat template writes.
///
/// What is remembered are counts of lines: observations show the same files again and again, and a rendered conversation
/// holds texts that were counted before, with a few words before and after them.
pub(super) struct BuiltIn {
    vocabulary: CoreBpe,
    composes: bool,
    specials: Specials,
    known: Known,
}

impl BuiltIn {
    /// Unpacks a tokenizer's vocabulary (some 0.1 s). `templated` says of which models it is the vocabulary, where
    /// families share one.
    pub fn new(tokenizer: Tokenizer, templated: Templated) -> Self {
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
        let chosen = templated.family(tokenizer);
        let family = chosen.filter(|family| family.tokenizer() == tokenizer);
        let family = family.or_else(|| Family::of(tokenizer));
        Self {
            vocabulary,
            composes: tokenizer.composes(),
            specials: Specials::new(family.map_or(&[], Family::specials)),
            known: Known::new(LINES),
        }
    }

    /// How many tokens a text is that was not counted before. No letter and its accent stand in two lines.
    fn anew(&self, text: &str) -> u32 {
        let text = match self.composes {
            true => composed(text),
            false => Cow::Borrowed(text),
        };
        number(
            pieces(&text)
                .map(|piece| self.vocabulary.count(piece))
                .sum(),
        )
    }
}

impl Vocabulary for BuiltIn {
    fn count(&self, text: &str) -> usize {
        let counts = lines(text).map(|line| self.known.or_count(line, || self.anew(line)));
        counts.map(|tokens| tokens as usize).sum()
    }

    fn count_rendered(&self, text: &str) -> usize {
        let mut tokens = 0;
        let mut rest = text;
        while let Some((before, after)) = self.specials.split(rest) {
            tokens += self.count(before) + 1;
            rest = after;
        }
        tokens + self.count(rest)
    }

    fn reuse(&self) -> Reuse {
        self.known.reuse()
    }
}

/// A text with letters and their accents in one (NFC): by the tables that `tokenizers` has, too. Nearly all text is so
/// already, and a look tells.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || matches!(is_nfc_quick(text.chars()), IsNormalized::Yes) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().map(|(letter, _)| letter).collect())
}

/// The texts that are one token each.
struct Specials {
    texts: &'static [&'static str],
    /// By byte: whether one begins with it. A conversation is gone through byte by byte.
    begins: [bool; 256],
}

impl Specials {
    fn new(texts: &'static [&'static str]) -> Self {
        let mut begins = [false; 256];
        for first in texts.iter().filter_map(|text| text.bytes().next()) {
            if let Some(begins) = begins.get_mut(usize::from(first)) {
                *begins = true;
            }
        }
        Self { texts, begins }
    }

    /// What is before the first special token of a text and what is behind it. Of two that begin at one place the longer
    /// one is meant.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let begins = |byte: u8| self.begins.get(usize::from(byte)) == Some(&true);
        let bytes = text.bytes().enumerate();
        bytes.filter(|(_, byte)| begins(*byte)).find_map(|(at, _)| {
            let (before, from) = text.split_at_checked(at)?;
            let found = self.texts.iter();
            let found = found.filter(|special| from.starts_with(**special));
            let found = found.max_by_key(|special| special.len())?;
            Some((before, from.strip_prefix(*found)?))
        })
    }
}
