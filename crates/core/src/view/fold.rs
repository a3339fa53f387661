//! A long text's beginning, with what is needed to say how much more there is.
//! The rest is asked for when someone unfolds it.

use serde::{Deserialize, Serialize};

use super::code::{Code, Span};
use crate::ground::text::head;

/// Bytes that are shown of a text before it is unfolded.
pub const HEAD_BYTES: usize = 4096;

/// A text, folded past its first [`HEAD_BYTES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folded {
    /// The text's beginning; all of it where it is short.
    pub head: String,
    /// Bytes of the whole text.
    pub bytes: usize,
    /// Lines of the whole text; a newline at its end begins no further one.
    pub lines: usize,
    /// The colours of the beginning, where it is code.
    pub colours: Vec<Span>,
}

impl Folded {
    /// Folds a text; `code` says how it is code.
    pub(super) fn new(text: &str, code: Code) -> Self {
        let newlines = text.bytes().filter(|byte| *byte == b'\n').count();
        let unended = !text.is_empty() && !text.ends_with('\n');
        let head = head(text, HEAD_BYTES);
        Self {
            colours: code.colours(head, head.len() < text.len()),
            head: head.to_owned(),
            bytes: text.len(),
            lines: newlines + usize::from(unended),
        }
    }

    /// Whether there is more than the head.
    pub fn is_folded(&self) -> bool {
        self.head.len() < self.bytes
    }
}
