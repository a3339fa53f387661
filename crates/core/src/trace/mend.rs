//! JSON with what Python and Node write into it and JSON does not have: NaN, Infinity, half a character.
//! Only a row that can't be read as it is comes here, so that good rows cost nothing.

use super::{Repair, Repairs};

/// In place of half a character.
const REPLACEMENT: &str = "\\ufffd";
/// What Python writes for numbers that are none.
const NOT_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The text as JSON, and what was mended: numbers that are none, or too large to be held, become null, and a lone
/// surrogate U+FFFD. `None` where there is nothing of these.
pub fn mend(text: &str) -> Option<(String, Repairs)> {
    let mut mended = String::with_capacity(text.len());
    let mut repairs = Repairs::default();
    let mut rest = text;
    while let Some(first) = rest.as_bytes().first() {
        let taken = match first {
            b'"' => {
                let string = string_of(rest);
                push_string(string, &mut mended, &mut repairs);
                string.len()
            }
            b'N' | b'I' | b'-' | b'0'..=b'9' => push_number(rest, &mut mended, &mut repairs),
            _ => {
                let is_other = |byte: &u8| matches!(byte, b'"' | b'N' | b'I' | b'-' | b'0'..=b'9');
                let bytes = rest.as_bytes().iter();
                let other = bytes.take_while(|byte| !is_other(byte)).count();
                mended.push_str(rest.get(..other).unwrap_or(rest));
                other
            }
        };
        rest = rest.get(taken.max(1)..).unwrap_or_default();
    }
    (repairs.total() > 0).then_some((mended, repairs))
}

/// Whether the text holds the escape of half a character, which no reader of parts of it may meet.
pub(super) fn has_lone_surrogate(json: &str) -> bool {
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        rest = rest.get(at..).unwrap_or_default();
        match escape_of(rest) {
            (_, Escape::Half) => return true,
            (len, _) => rest = rest.get(len..).unwrap_or_default(),
        }
    }
    false
}

/// A string with its quotes, at the beginning of this text; all of the text where it does not end.
fn string_of(text: &str) -> &str {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.and_then(|end| text.get(..end + 2)).unwrap_or(text)
}

fn push_string(string: &str, mended: &mut String, repairs: &mut Repairs) {
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let (len, kind) = escape_of(escape);
        match kind {
            Escape::Half => {
                mended.push_str(REPLACEMENT);
                repairs.add(Repair::SurrogateReplaced, 1);
            }
            Escape::Whole => mended.push_str(escape.get(..len).unwrap_or(escape)),
        }
        rest = escape.get(len..).unwrap_or_default();
    }
    mended.push_str(rest);
}

/// What an escape is.
enum Escape {
    /// Anything that JSON has.
    Whole,
    /// A surrogate without its other half.
    Half,
}

/// The length of the escape at the beginning of this text, and what it is.
fn escape_of(text: &str) -> (usize, Escape) {
    match unit_of(text) {
        Some(0xd800..=0xdbff) => match text.get(6..).and_then(unit_of) {
            Some(0xdc00..=0xdfff) => (12, Escape::Whole),
            _ => (6, Escape::Half),
        },
        Some(0xdc00..=0xdfff) => (6, Escape::Half),
        Some(_) => (6, Escape::Whole),
        None => {
            let escaped = text.chars().nth(1).map_or(0, char::len_utf8);
            (1 + escaped, Escape::Whole)
        }
    }
}

/// The UTF-16 unit that a `\u` escape at the beginning of this text names.
fn unit_of(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
}

/// Takes a number, or what stands in its place; how many bytes of the text that were.
fn push_number(text: &str, mended: &mut String, repairs: &mut Repairs) -> usize {
    let word = NOT_NUMBERS.iter().find(|word| text.starts_with(**word));
    if let Some(word) = word {
        mended.push_str("null");
        repairs.add(Repair::NumberFromNan, 1);
        return word.len();
    }
    let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    let len = text.bytes().take_while(is_of_number).count().max(1);
    let number = text.get(..len).unwrap_or(text);
    // Python writes whole numbers of any length, which no other reader takes.
    if number.parse::<f64>().is_ok_and(f64::is_infinite) {
        mended.push_str("null");
        repairs.add(Repair::NumberFromNan, 1);
    } else {
        mended.push_str(number);
    }
    len
}
