//! Writes rows value by value, as whatever reads a file comes upon them; lists and objects are opened and closed.
//! How long the row's JSON would be is counted on the way: the rows' sizes do not depend on how they came.

use std::collections::HashMap;

use super::{Rows, Start, Tag};

/// Writes rows.
#[derive(Debug, Default)]
pub struct Writer {
    rows: Rows,
    places: HashMap<String, usize>,
    /// Bytes of each word in JSON.
    word_bytes: Vec<u64>,
    /// Bytes of the JSON of the row that is being written.
    json: u64,
    /// The lists and objects that are not closed yet.
    open: Vec<Open>,
}

/// A list or an object that is not closed yet: where its three numbers stand, where its texts begin.
#[derive(Debug, Clone, Copy)]
struct Open {
    head: usize,
    texts: usize,
    length: u32,
}

/// Bytes of the three numbers.
const HEAD: usize = 12;

impl Writer {
    /// The place of a field's name, or of a text that will come again, by which [`key`](Self::key) and [`word`](Self::word)
    /// know it. It is kept as long as the rows.
    pub fn place(&mut self, word: &str) -> usize {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = self.rows.words.len();
        self.rows.words.push(word.to_owned());
        self.word_bytes.push(2 + json_bytes(word));
        self.places.insert(word.to_owned(), place);
        place
    }

    /// Bytes of what was written of the row that is not ended yet.
    pub fn row_bytes(&self) -> u64 {
        self.json
    }

    /// Makes room for texts of so many bytes, where there is so much: what grows by and by is copied again and again.
    pub fn expect_texts(&mut self, bytes: usize) {
        let _ = self.rows.texts.try_reserve(bytes);
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
        self.number(number);
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
        self.number(text.len() as u64);
        self.rows.texts.push_str(text);
    }

    /// A text, by its [`place`](Self::place).
    pub fn word(&mut self, place: usize) {
        let bytes = self.word_bytes.get(place).copied().unwrap_or_default();
        self.tag(Tag::Word, bytes);
        self.number(place as u64);
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
        if let Some(open) = self.open.last_mut() {
            self.json += u64::from(open.length > 0);
            open.length = open.length.saturating_add(1);
        }
    }

    /// The name of the next field, by its [`place`](Self::place).
    pub fn key(&mut self, place: usize) {
        self.item();
        self.json += self.word_bytes.get(place).map_or(0, |bytes| bytes + 1);
        self.number(place as u64);
    }

    /// Closes the list or object that was opened last.
    pub fn close(&mut self) {
        let Some(Open {
            head,
            texts,
            length,
        }) = self.open.pop()
        else {
            return;
        };
        if length == 0 {
            self.rows.shape.truncate(head);
            if let Some(tag) = self.rows.shape.last_mut() {
                *tag = match *tag == Tag::List as u8 {
                    true => Tag::EmptyList as u8,
                    false => Tag::EmptyObject as u8,
                };
            }
            return;
        }
        let shape = self.rows.shape.len().saturating_sub(head + HEAD);
        let texts = self.rows.texts.len().saturating_sub(texts);
        // What is too long to be passed over at once is passed over item by item.
        let [shape, texts] = match [shape, texts].map(u32::try_from) {
            [Ok(shape), Ok(texts)] => [shape, texts],
            _ => [0, 0],
        };
        let numbers = [length, shape, texts].map(u32::to_le_bytes);
        if let Some(head) = self.rows.shape.get_mut(head..head + HEAD) {
            head.copy_from_slice(numbers.as_flattened());
        }
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
        self.open.push(Open {
            head: self.rows.shape.len(),
            texts: self.rows.texts.len(),
            length: 0,
        });
        self.rows.shape.extend([0; HEAD]);
    }

    fn tag(&mut self, tag: Tag, json_bytes: u64) {
        self.json += json_bytes;
        self.rows.shape.push(tag as u8);
    }

    /// A length or a place: seven bits a byte, the lowest first, the last without the eighth.
    fn number(&mut self, mut number: u64) {
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
