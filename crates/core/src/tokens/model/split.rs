//! Whether a tokenizer ends a token with every line, so that lines may be counted one by one and remembered: told by how
//! its file splits text.

use tokenizers::normalizers::NormalizerWrapper;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::SplitDelimiterBehavior;
use tokenizers::{AddedToken, ModelWrapper, Tokenizer};

/// What a pattern may be made of: the parts of those of Llama 3 and 4, Qwen 2 to 3.5, DeepSeek V3, GPT-OSS, Mistral
/// (Tekken), MiniMax and GLM 4, as their `tokenizer.json` or the `tiktoken` crate writes them. What one of them matches
/// ends at the latest with a newline behind which the next line begins with blanks and a sign, letter or digit of ASCII
/// (`cut::lines`), but for [`BLANKS`].
const PARTS: [&str; 17] = [
    CONTRACTION,
    r"[^\r\n\p{L}\p{N}]?\p{L}+",
    r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+",
    r"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*",
    r##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"##,
    "[\u{4e00}-\u{9fa5}\u{3040}-\u{309f}\u{30a0}-\u{30ff}]+",
    r"\p{N}",
    r"\p{N}{1,3}",
    r" ?[^\s\p{L}\p{N}]+[\r\n]*",
    r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
    r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*",
    r" ?[\p{P}\p{S}]+[\r\n]*",
    NEWLINES,
    BLANKS[0],
    BLANKS[1],
];

const CONTRACTION: &str = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

/// Ends with the last newline between two words: a pattern with it has no token that goes on behind that.
const NEWLINES: &str = r"\s*[\r\n]+";

/// Would take newlines and the blanks behind them, unless [`NEWLINES`] stands before them.
const BLANKS: [&str; 2] = [r"\s+(?!\S)", r"\s+"];

/// Whether the tokens of a text are those of its lines.
///
/// Not told of tokenizers that take a text as one word (SentencePiece's, of Llama 2 and Gemma), that split as GPT-2 does
/// (a token holds newlines and the blanks behind them), that change the text otherwise than by composing letters, or
/// whose added tokens hold two lines or the blanks around them.
pub(super) fn ends_lines(tokenizer: &Tokenizer) -> bool {
    let normalizer = tokenizer.get_normalizer().map_or(&[][..], normalizers);
    let steps = tokenizer.get_pre_tokenizer().map_or(&[][..], steps);
    let added = tokenizer.get_added_tokens_decoder();
    let is_certain = match tokenizer.get_model() {
        ModelWrapper::BPE(model) => model.dropout.is_none(),
        _ => true,
    };
    is_certain
        && normalizer
            .iter()
            .all(|step| matches!(step, NormalizerWrapper::NFC(_)))
        && steps.iter().all(|step| ends(step).is_some())
        && steps.iter().any(|step| ends(step) == Some(true))
        && added.values().all(is_within_line)
}

fn normalizers(all: &NormalizerWrapper) -> &[NormalizerWrapper] {
    match all {
        NormalizerWrapper::Sequence(sequence) => sequence.as_ref(),
        one => std::slice::from_ref(one),
    }
}

fn steps(all: &PreTokenizerWrapper) -> &[PreTokenizerWrapper] {
    match all {
        PreTokenizerWrapper::Sequence(sequence) => sequence.as_ref(),
        one => std::slice::from_ref(one),
    }
}

/// Whether a step ends a token with every line; `None` where it is not known to leave such ends alone.
fn ends(step: &PreTokenizerWrapper) -> Option<bool> {
    match step {
        PreTokenizerWrapper::Split(Split {
            pattern: SplitPattern::Regex(pattern),
            behavior: SplitDelimiterBehavior::Isolated,
            invert: false,
            ..
        }) => pattern_ends(pattern),
        PreTokenizerWrapper::Digits(_) => Some(false),
        PreTokenizerWrapper::ByteLevel(bytes) => {
            (!bytes.add_prefix_space && !bytes.use_regex).then_some(false)
        }
        _ => None,
    }
}

/// The same of a pattern: one of [`PARTS`] or several in a row.
fn pattern_ends(pattern: &str) -> Option<bool> {
    // DeepSeek's file has the signs themselves.
    let pattern = pattern.replace('\r', r"\r").replace('\n', r"\n");
    let mut rest = pattern.as_str();
    let mut with_newlines = false;
    loop {
        let (part, after) = PARTS.into_iter().find_map(|part| {
            let after = rest.strip_prefix(part)?;
            let suffix = after.strip_prefix(CONTRACTION);
            let after = suffix
                .and_then(|rest| rest.strip_prefix('?'))
                .unwrap_or(after);
            (after.is_empty() || after.starts_with('|')).then_some((part, after))
        })?;
        with_newlines |= part == NEWLINES;
        if BLANKS.contains(&part) && !with_newlines {
            return None;
        }
        match after.strip_prefix('|') {
            Some(next) => rest = next,
            None => return Some(with_newlines),
        }
    }
}

/// Whether an added token neither takes the blanks around it nor goes on behind a newline.
fn is_within_line(token: &AddedToken) -> bool {
    let inner = token.content.trim_end_matches(['\r', '\n']);
    !token.lstrip && !token.rstrip && !token.single_word && !inner.contains('\n')
}
