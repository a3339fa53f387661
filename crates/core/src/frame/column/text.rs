//! The text of one label over all rows: each distinct value is kept once, and a row has its code.
//! A label that is not known, or is an empty text, has the code [`TextColumn::NONE`].

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// Text of all rows, each value kept once.
#[derive(Debug, Clone, Default)]
pub struct TextColumn {
    /// The values; a code is an index into them.
    pub values: Vec<String>,
    /// One code per row; [`TextColumn::NONE`] where not known.
    pub codes: Vec<u32>,
}

impl TextColumn {
    /// The code of a row whose label is not known.
    pub const NONE: u32 = u32::MAX;

    /// A column without rows.
    pub const fn empty() -> Self {
        Self {
            values: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// The value of a row.
    pub fn get(&self, position: usize) -> Option<&str> {
        let code = *self.codes.get(position)?;
        self.value(code)
    }

    /// The value of a code.
    pub fn value(&self, code: u32) -> Option<&str> {
        self.values
            .get(usize::try_from(code).ok()?)
            .map(String::as_str)
    }
}

/// The longest text that is kept of one value, in bytes; a longer one is cut and ends in `…`.
/// A row of the frame must stay small whatever stands in its labels; exports read labels from the row itself.
const LONGEST_VALUE: usize = 200;

/// Gives each distinct value a code.
///
/// The index holds hashes, not texts, so that no text is kept twice. Two values of one hash stand at neighbouring
/// keys and are told apart by the text itself.
#[derive(Debug, Clone, Default)]
pub(in crate::frame) struct Dictionary {
    index: HashMap<u64, u32>,
    hasher: RandomState,
    text_bytes: usize,
}

impl Dictionary {
    /// The code of a value, which is added to `values` where it is new; `NONE` for an empty one.
    pub(in crate::frame) fn code(&mut self, values: &mut Vec<String>, text: &str) -> u32 {
        if text.is_empty() {
            return TextColumn::NONE;
        }
        let (kept, cut) = shortened(text);
        let same = |value: &String| match value.strip_prefix(kept) {
            Some(rest) => rest == cut,
            None => false,
        };
        let mut key = self.hasher.hash_one((kept, cut));
        while let Some(&code) = self.index.get(&key) {
            if values.get(code as usize).is_some_and(same) {
                return code;
            }
            key = key.wrapping_add(1);
        }
        let code = u32::try_from(values.len()).unwrap_or(TextColumn::NONE);
        let value = [kept, cut].concat();
        self.text_bytes += value.capacity();
        self.index.insert(key, code);
        values.push(value);
        code
    }

    /// Bytes that the index and the texts hold.
    pub(in crate::frame) fn bytes(&self) -> usize {
        self.text_bytes + super::super::map_bytes(&self.index)
    }
}

/// The part of a text that is kept, and what is put after it.
fn shortened(text: &str) -> (&str, &'static str) {
    if text.len() <= LONGEST_VALUE {
        return (text, "");
    }
    let kept = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|&end| end <= LONGEST_VALUE)
        .last()
        .and_then(|end| text.get(..end));
    (kept.unwrap_or_default(), "…")
}
