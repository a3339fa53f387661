//! Writes rows value by value, as whatever reads a file comes upon them; lists and objects are opened and closed.
//! How long the row's JSON would be is counted on the way: the rows' sizes do not depend on how they came.

use std::collections::HashMap;

use super::{Rows, Start, Tag};

/// Writes rows.
#[derive(Debug, Default)]
pub struct Writer {
    rows: Rows,
    places: HashMap<String, usize>,
    /// Bytes of each field's name in JSON, with the colon.
    key_bytes: Vec<u64>,
    /// Bytes of the JSON of the row that is being written.
    json: u64,
    /// Where the lengths of lists and objects stand that are not closed yet.
    open: Vec<usize>,
}

impl Writer {
    /// The place of a field's name, by which [`key`](Self::key) knows it.
    pub fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.rows.keys.len();
        self.rows.keys.push(name.to_owned());
        self.key_bytes.push(3 + json_bytes(name));
        self.places.insert(name.to_owned(), place);
        place
    }

    /// Bytes of what was written of the row that is not ended yet.
    pub fn row_bytes(&self) -> u64 {
        self.json
    }

    /// Begins a row, of this number; the next value is the row.
    pub fn begin(&mut self, index: u64) {
        self.json = 0;
        self.open.clear();
        self.rows.rows.push(Start {
            index,
            json_bytes: 0,
            shape: self.rows.shape.len(),
            texts: self.rows.texts.len(),
        });
    }

    /// The row is whole.
    pub fn end(&mut self) {
        if let Some(row) = self.rows.rows.last_mut() {
            row.json_bytes = self.json;
        }
    }

    /// The row can't be written to its end: it is none.
    pub fn give_up(&mut self) {
        if let Some(row) = self.rows.rows.pop() {
            self.rows.shape.truncate(row.shape);
            self.rows.texts.truncate(row.texts);
        }
    }

    /// The rows that were written.
    pub fn finish(self) -> Rows {
        self.rows
    }

    /// Null.
    pub fn null(&mut self) {
        self.tag(Tag::Null, 4);
    }

    /// A truth value.
    pub fn bool(&mut self, truth: bool) {
        match truth {
            true => self.tag(Tag::True, 4),
            false => self.tag(Tag::False, 5),
        }
    }

    /// A whole number.
    pub fn whole(&mut self, number: u64) {
        self.tag(Tag::Whole, digits(number));
        self.rows.shape.extend(number.to_le_bytes());
    }

    /// A whole number that may be negative.
    pub fn signed(&mut self, number: i64) {
        if let Ok(number) = u64::try_from(number) {
            return self.whole(number);
        }
        self.tag(Tag::Negative, 1 + digits(number.unsigned_abs()));
        self.rows.shape.extend(number.to_le_bytes());
    }

    /// A number; one that JSON has no word for is null.
    pub fn float(&mut self, number: f64) {
        match serde_json::to_string(&number) {
            Ok(json) if number.is_finite() => {
                self.tag(Tag::Float, json.len() as u64);
                self.rows.shape.extend(number.to_le_bytes());
            }
            _ => self.null(),
        }
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.tag(Tag::Text, 2 + json_bytes(text));
        self.number(text.len());
        self.rows.texts.push_str(text);
    }

    /// Opens a list: its items follow, each after [`item`](Self::item), then [`close`](Self::close).
    pub fn open_list(&mut self) {
        self.open(Tag::List);
    }

    /// Opens an object: its fields follow, each a [`key`](Self::key) and a value, then [`close`](Self::close).
    pub fn open_object(&mut self) {
        self.open(Tag::Object);
    }

    /// The next value is an item of the list that was opened last.
    pub fn item(&mut self) {
        let open = self.open.last().copied();
        let length = open.and_then(|at| self.length(at));
        if let Some(length) = length {
            let before = u32::from_le_bytes(*length);
            *length = before.saturating_add(1).to_le_bytes();
            self.json += u64::from(before > 0);
        }
    }

    /// The name of the next field, by its [`place`](Self::place).
    pub fn key(&mut self, place: usize) {
        self.item();
        self.json += self.key_bytes.get(place).copied().unwrap_or_default();
        self.number(place);
    }

    /// Closes the list or object that was opened last.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// Where the next value is written.
    pub(super) fn place_of_next(&self) -> Place {
        Place {
            shape: self.rows.shape.len(),
            texts: self.rows.texts.len(),
            open: self.open.len(),
            json: self.json,
        }
    }

    /// Takes back what was written from there on.
    pub(super) fn go_back(&mut self, to: Place) {
        self.rows.shape.truncate(to.shape);
        self.rows.texts.truncate(to.texts);
        self.open.truncate(to.open);
        self.json = to.json;
    }

    fn open(&mut self, tag: Tag) {
        self.tag(tag, 2);
        self.open.push(self.rows.shape.len());
        self.rows.shape.extend([0; 4]);
    }

    fn length(&mut self, at: usize) -> Option<&mut [u8; 4]> {
        self.rows.shape.get_mut(at..)?.first_chunk_mut()
    }

    fn tag(&mut self, tag: Tag, json_bytes: u64) {
        self.json += json_bytes;
        self.rows.shape.push(tag as u8);
    }

    /// A length or a place: seven bits a byte, the lowest first, the last without the eighth.
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.rows.shape.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.rows.shape.push(number as u8);
    }
}

/// A place between two values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    shape: usize,
    texts: usize,
    open: usize,
    json: u64,
}

fn digits(number: u64) -> u64 {
    u64::from(number.checked_ilog10().unwrap_or_default()) + 1
}

/// Bytes of a text in JSON, without its quotation marks.
fn json_bytes(text: &str) -> u64 {
    /// So many bytes are looked at side by side, each in a lane of its own.
    const LANES: usize = 16;
    /// After so many steps a lane may be full: each byte adds up to five.
    const STEPS: usize = 51;
    let (blocks, rest) = text.as_bytes().as_chunks::<LANES>();
    let mut bytes = text.len() as u64;
    for steps in blocks.chunks(STEPS) {
        let mut lanes = [0_u8; LANES];
        for block in steps {
            for (lane, byte) in lanes.iter_mut().zip(block) {
                *lane += escaped(*byte);
            }
        }
        bytes += lanes.iter().map(|lane| u64::from(*lane)).sum::<u64>();
    }
    bytes
        + rest
            .iter()
            .map(|byte| u64::from(escaped(*byte)))
            .sum::<u64>()
}

/// By how many bytes a byte becomes longer in JSON: by one where it has a letter of its own, else it is `\u001b`.
fn escaped(byte: u8) -> u8 {
    let is_control = byte < 0x20;
    let has_letter = (byte.wrapping_sub(8) < 6) & (byte != 11);
    let is_escaped = is_control | (byte == b'"') | (byte == b'\\');
    u8::from(is_escaped) + (u8::from(is_control & !has_letter) << 2)
}
