//! The vocabularies that we carry: those of the `tiktoken` crate; tests compare its counts with the vendors' own
//! tokenizers.

use std::cell::RefCell;

use tiktoken::{CoreBpe, encoding};

use super::counter::{Vocabulary, number};
use super::known::{Known, SHORTEST};
use super::template::Family;
use super::{Templated, Tokenizer};

/// One of the vocabularies, unpacked, and which texts are one token each in what a chat template writes.
///
/// What is remembered are counts of chunks, not of texts: a rendered conversation holds texts that were counted before,
/// with a few words before and after them.
pub(super) struct BuiltIn {
    vocabulary: CoreBpe,
    specials: Specials,
    known: RefCell<Known>,
}

impl BuiltIn {
    /// Unpacks a tokenizer's vocabulary (some 0.2 s). `templated` says of which models it is the vocabulary, where
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
            specials: Specials::new(family.map_or(&[], Family::specials)),
            known: RefCell::default(),
        }
    }
}

impl Vocabulary for BuiltIn {
    fn count(&self, text: &str) -> usize {
        let anew = |chunk| {
            pieces(chunk)
                .map(|piece| self.vocabulary.count(piece))
                .sum()
        };
        let chunks = parts(text, chunk);
        let counts =
            chunks.map(|chunk| Known::or_count(&self.known, chunk, || number(anew(chunk))));
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

/// A long text in pieces: without a break in it, merging needs 25 bytes of memory a byte of text and ever more time.
///
/// A piece ends where every vocabulary's pattern ends a token, so that the count is the same. Where 256 KB have no such
/// place (a file in base64, one letter over and over), the cut may cost a token or two.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    parts(text, cut)
}

/// A text in parts; `end` says where the first part of a text ends.
fn parts(text: &str, end: impl Fn(&str) -> usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let part;
        (part, rest) = rest.split_at_checked(end(rest))?;
        Some(part).filter(|part| !part.is_empty())
    })
}

/// Where the first chunk of a text ends: where every vocabulary ends a token and the bytes around are one kind in
/// [`CHOSEN`]. By the bytes around alone, so that a text has the same chunks wherever it stands, but for its ends.
fn chunk(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut places = SHORTEST..bytes.len();
    let end = places.find(|&at| ends_token(bytes, at) && is_chosen(bytes, at));
    end.unwrap_or(bytes.len())
}

/// Of so many places where a token ends a chunk ends in one: chunks of some 200 bytes. Shorter ones cost more to look up,
/// longer ones leave more at a text's ends to be counted again.
const CHOSEN: u64 = 8;

fn is_chosen(bytes: &[u8], at: usize) -> bool {
    let around = bytes.get(at.wrapping_sub(4)..at.wrapping_add(4));
    let around = around.and_then(|around| <[u8; 8]>::try_from(around).ok());
    // Fibonacci hashing: the upper bits of the product depend on all bytes.
    let hash = around.map(|around| u64::from_le_bytes(around).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    hash.is_some_and(|hash| (hash >> 32).is_multiple_of(CHOSEN))
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
