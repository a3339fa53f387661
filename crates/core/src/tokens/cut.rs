//! Where a text may be cut so that the parts have as many tokens as the whole: into lines, which are counted once and
//! remembered, and long texts into pieces.

use memchr::memchr;

/// A shorter line is one with the next, in bytes. Of shorter ones there are more to look up, and of longer ones fewer are
/// met again: in rows made of real runs, 77 % of OpenHands' bytes and 57 % of SWE-agent's stand in lines that were counted
/// before (16: 78 % and 58 %; 64: 74 % and 54 %; 96: 70 % and 51 %).
const SHORTEST: usize = 32;

/// A text in lines: parts that end behind a newline where every vocabulary ends a token, so that the counts of the lines
/// are that of the text. A line is the same wherever it stands.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    parts(text, line)
}

/// A long text in pieces: without a break in it, merging needs 25 bytes of memory a byte of text and ever more time.
///
/// A piece ends where every vocabulary's pattern ends a token, so that the count is the same. Where 256 KB have no such
/// place (a file in base64, one letter over and over), the cut may cost a token or two.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    parts(text, piece)
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

/// Where the first line of a text ends.
fn line(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = SHORTEST - 1;
    while let Some(newline) = bytes.get(at..).and_then(|rest| memchr(b'\n', rest)) {
        at += newline + 1;
        if begins_line(bytes, at) {
            return at;
        }
    }
    bytes.len()
}

/// Bytes of a piece at most.
const PIECE: usize = 256 * 1024;

fn piece(text: &str) -> usize {
    if text.len() <= PIECE {
        return text.len();
    }
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let end = (0..=PIECE).rev().find(is_boundary).unwrap_or(PIECE);
    let bytes = text.as_bytes();
    let last = (1..end).rev().find(|&at| ends_token(bytes, at));
    last.unwrap_or(end)
}

/// Whether a token ends before the byte at `at`: behind a newline, or behind a letter, before a blank and a letter.
fn ends_token(bytes: &[u8], at: usize) -> bool {
    match byte(bytes, at.wrapping_sub(1)) {
        b'\n' => begins_line(bytes, at),
        letter if letter.is_ascii_alphabetic() => {
            byte(bytes, at) == b' ' && byte(bytes, at + 1).is_ascii_alphabetic()
        }
        _ => false,
    }
}

/// Blanks at the head of a line that are looked over at most.
const INDENT: usize = 64;

/// Whether a token ends behind the newline before `at`: where the next line has a sign, a letter or a digit after its
/// indentation. But o200k joins signs, the newlines behind them and a slash; not a word's newline. All of ASCII, so that
/// no other alphabet's rules matter.
fn begins_line(bytes: &[u8], at: usize) -> bool {
    let indent = (0..INDENT)
        .take_while(|n| matches!(byte(bytes, at + n), b' ' | b'\t'))
        .count();
    let next = byte(bytes, at + indent);
    let follows_word = || byte(bytes, at.wrapping_sub(2)).is_ascii_alphanumeric();
    next.is_ascii_graphic() && (next != b'/' || indent > 0 || follows_word())
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}
