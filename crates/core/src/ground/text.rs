//! A text cut to a number of bytes.
//! Cutting at a byte may split a character; whoever cuts does it here.

/// The longest start of a text that has at most so many bytes.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}
