//! The text of one label over all rows: each distinct value is kept once, and a row has its code.
//! A label that is not known, or is an empty text, has the code [`TextColumn::NONE`].

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

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
/// The index holds codes alone: a value's text and hash are had from the values, so that no text is kept twice and a value
/// of which every row has its own takes little room.
#[derive(Debug, Clone, Default)]
pub(in crate::frame) struct Dictionary {
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    text_bytes: usize,
    /// The code that was given last: rows that follow each other often have the same value.
    last: u32,
}

impl Dictionary {
    /// The code of a value, which is added to `values` where it is new; `NONE` for an empty one.
    pub(in crate::frame) fn code(&mut self, values: &mut Vec<String>, text: &str) -> u32 {
        if text.is_empty() {
            return TextColumn::NONE;
        }
        let last = values.get(self.last as usize);
        if last.is_some_and(|last| last == text) && text.len() <= LONGEST_VALUE {
            return self.last;
        }
        let value = shortened(text);
        let hash = |value: &str| self.hasher.hash_one(value);
        let of = |code: &u32| values.get(*code as usize).map_or("", String::as_str);
        let entry = self.index.entry(
            hash(&value),
            |code| of(code) == value,
            |code| hash(of(code)),
        );
        self.last = match entry {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                let code = u32::try_from(values.len()).unwrap_or(TextColumn::NONE);
                vacant.insert(code);
                self.text_bytes += value.len();
                values.push(value.into_owned());
                code
            }
        };
        self.last
    }

    /// Bytes that the index and the texts hold.
    pub(in crate::frame) fn bytes(&self) -> usize {
        // One code and one byte of its state a slot, 8 slots for 7 codes.
        self.text_bytes + self.index.capacity() * 8 / 7 * (size_of::<u32>() + 1)
    }
}

/// The text as it is kept.
fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_VALUE {
        return text.into();
    }
    let kept = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|&end| end <= LONGEST_VALUE)
        .last()
        .and_then(|end| text.get(..end));
    format!("{}…", kept.unwrap_or_default()).into()
}
