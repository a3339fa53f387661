//! A text cut to a number of bytes, and a text's words.
//! Cutting at a byte may split a character; whoever cuts does it here.

/// The longest start of a text that has at most so many bytes.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// Calls `on` with the words of a text: letters, digits and `_` that stand together.
pub(crate) fn each_word<'t>(text: &'t str, mut on: impl FnMut(&'t [u8])) {
    let mut on_some = |word: &'t [u8]| {
        if !word.is_empty() {
            on(word);
        }
    };
    // Most texts, and most lines of the others, need no look at their characters.
    let mut on_part = |part: &'t str| {
        if part.is_ascii() {
            let is_end = |byte: &u8| !IN_WORD.get(usize::from(*byte)).is_some_and(|is_in| *is_in);
            part.as_bytes().split(is_end).for_each(&mut on_some);
        } else {
            let words = part.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            words.for_each(|word| on_some(word.as_bytes()));
        }
    };
    match text.is_ascii() {
        true => on_part(text),
        // No word goes over the end of a line.
        false => text.split('\n').for_each(on_part),
    }
}

/// Whether a byte of ASCII is part of a word.
static IN_WORD: [bool; 256] = in_word();

const fn in_word() -> [bool; 256] {
    let mut in_word = [false; 256];
    let mut rest: &mut [bool] = &mut in_word;
    let mut byte: u8 = 0;
    while let Some((is_in, others)) = rest.split_first_mut() {
        *is_in = byte.is_ascii_alphanumeric() || byte == b'_';
        rest = others;
        byte = byte.wrapping_add(1);
    }
    in_word
}
