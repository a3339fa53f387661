//! Where a text may be cut so that the parts have as many tokens as the whole: into lines, which are counted once and
//! remembered, and long texts into pieces.

use memchr::memchr;

/// A shorter line is one with the next, in bytes. Of shorter ones there are more to look up, and with longer ones fewer
/// are met again: of rows made of real runs, 70 % of the bytes of OpenHands and 62 % of those of SWE-agent stand in lines
/// that were counted before (16: the same; 64: 67 % and 59 %; 96: 64 % and 56 %).
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
/// indentation (but a slash without any, which o200k joins to signs and newlines before it). All of ASCII, so that no
/// other alphabet's rules matter.
fn begins_line(bytes: &[u8], at: usize) -> bool {
    let indent = (0..INDENT)
        .take_while(|n| matches!(byte(bytes, at + n), b' ' | b'\t'))
        .count();
    let next = byte(bytes, at + indent);
    next.is_ascii_graphic() && (indent > 0 || next != b'/')
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}
