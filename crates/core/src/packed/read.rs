//! A row as serde reads it, every text borrowed. What is asked for as raw JSON is written as such, into an arena that
//! lives as long as the row: few readers ask for it.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use typed_arena::Arena;

use super::{Row, Tag, json};

/// JSON that was written for readers of raw JSON.
pub type Texts = Arena<String>;

/// The newtype as which `serde_json` asks for raw JSON.
const AS_RAW: &str = "$serde_json::private::RawValue";
/// The newtype by whose name a reader asks for a text as it is (`visit_borrowed_str`), and for anything else as its raw
/// JSON (`visit_borrowed_bytes`).
pub const AS_VALUE: &str = "$tracesift::Value";

/// Why a value is not what it is read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(words: T) -> Self {
        Self(words.to_string())
    }
}

/// A value, or how many values make it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item<'a> {
    /// Null.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Whole(u64),
    /// A whole number below 0.
    Negative(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// So many items follow.
    List(usize),
    /// So many fields follow, each a key and a value.
    Object(usize),
}

/// How many items or fields follow, and how many bytes they take.
#[derive(Debug, Clone, Copy)]
struct Head {
    length: usize,
    shape: usize,
    texts: usize,
}

/// Reads a row's values one after the other: by serde, or as they come.
#[derive(Clone)]
pub struct Reader<'a> {
    words: &'a [String],
    shape: &'a [u8],
    texts: &'a str,
    written: Option<&'a Texts>,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Reader")
            .field("left", &self.shape.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Row<'a> {
    /// Reads the row; raw JSON that is asked for is written into `texts`.
    pub fn reader(&self, texts: &'a Texts) -> Reader<'a> {
        Reader {
            written: Some(texts),
            ..self.values()
        }
    }

    /// The row's values as they come.
    pub fn values(&self) -> Reader<'a> {
        Reader {
            words: self.words,
            shape: self.shape,
            texts: self.texts,
            written: None,
        }
    }
}

impl<'a> Reader<'a> {
    /// The next value; null where there is none.
    pub fn value(&mut self) -> Item<'a> {
        let tag = self.shape.split_first().and_then(|(tag, rest)| {
            self.shape = rest;
            Tag::of(*tag)
        });
        match tag {
            Some(Tag::Null) | None => Item::Null,
            Some(Tag::False) => Item::Bool(false),
            Some(Tag::True) => Item::Bool(true),
            Some(Tag::Negative) => Item::Negative(i64::from_le_bytes(self.bytes())),
            Some(Tag::Whole) => Item::Whole(self.number()),
            Some(Tag::Float) => Item::Float(f64::from_le_bytes(self.bytes())),
            Some(Tag::Text) => {
                let length = self.length();
                let (text, rest) = self.texts.split_at_checked(length).unwrap_or_default();
                self.texts = rest;
                Item::Text(text)
            }
            Some(Tag::Word) => Item::Text(self.key()),
            Some(Tag::EmptyList) => Item::List(0),
            Some(Tag::EmptyObject) => Item::Object(0),
            Some(Tag::List) => Item::List(self.head().length),
            Some(Tag::Object) => Item::Object(self.head().length),
        }
    }

    /// The name of the next field.
    pub fn key(&mut self) -> &'a str {
        let place = self.length();
        self.words.get(place).map_or("", String::as_str)
    }

    /// Passes over the next value.
    pub fn skip(&mut self) {
        let tag = self.shape.first().copied().and_then(Tag::of);
        if !matches!(tag, Some(Tag::List | Tag::Object)) {
            self.value();
            return;
        }
        self.bytes::<1>();
        let head = self.head();
        let behind = |shape: &'a [u8], texts: &'a str| {
            let is_known = head.shape > 0 || head.length == 0;
            let behind = (shape.get(head.shape..)?, texts.get(head.texts..)?);
            is_known.then_some(behind)
        };
        match behind(self.shape, self.texts) {
            Some((shape, texts)) => (self.shape, self.texts) = (shape, texts),
            None => (0..head.length).for_each(|_| {
                if tag == Some(Tag::Object) {
                    self.key();
                }
                self.skip();
            }),
        }
    }

    /// What stands before items or fields; each of them takes a byte at least.
    fn head(&mut self) -> Head {
        let [length, shape, texts] = [(); 3].map(|()| u32::from_le_bytes(self.bytes()) as usize);
        Head {
            length: length.min(self.shape.len()),
            shape,
            texts,
        }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        match self.shape.split_first_chunk() {
            Some((bytes, rest)) => {
                self.shape = rest;
                *bytes
            }
            None => [0; N],
        }
    }

    /// A length or a place.
    fn length(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }

    fn number(&mut self) -> u64 {
        // Most are one byte.
        if let Some((byte, rest)) = self.shape.split_first()
            && byte & 0x80 == 0
        {
            self.shape = rest;
            return u64::from(*byte);
        }
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.shape.split_first() {
            self.shape = rest;
            number |= u64::from(byte & 0x7f)
                .checked_shl(shift)
                .unwrap_or_default();
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        number
    }

    fn is_text(&self) -> bool {
        let tag = self.shape.first().copied().and_then(Tag::of);
        matches!(tag, Some(Tag::Text | Tag::Word))
    }

    /// The next value's JSON, kept as long as the row.
    fn raw(&mut self) -> Result<&'a str, Error> {
        let texts = self.written;
        let texts = texts.ok_or_else(|| Error::custom("raw JSON has no place to stand"))?;
        let mut text = String::new();
        json::write(self, &mut text);
        Ok(texts.alloc(text))
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value() {
            Item::Null => visitor.visit_unit(),
            Item::Bool(truth) => visitor.visit_bool(truth),
            Item::Whole(number) => visitor.visit_u64(number),
            Item::Negative(number) => visitor.visit_i64(number),
            Item::Float(number) => visitor.visit_f64(number),
            Item::Text(text) => visitor.visit_borrowed_str(text),
            Item::List(items) => {
                let mut items = Left::of(self, items);
                let value = visitor.visit_seq(&mut items)?;
                items.skip();
                Ok(value)
            }
            Item::Object(fields) => {
                let mut fields = Left::of(self, fields);
                let value = visitor.visit_map(&mut fields)?;
                fields.skip_fields();
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.shape.first() == Some(&(Tag::Null as u8)) {
            self.skip();
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            AS_RAW => visitor.visit_map(Raw(Some(self.raw()?))),
            AS_VALUE if self.is_text() => self.deserialize_any(visitor),
            AS_VALUE => visitor.visit_borrowed_bytes(self.raw()?.as_bytes()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

/// The items or fields that are left of a list or an object.
struct Left<'r, 'a> {
    reader: &'r mut Reader<'a>,
    left: usize,
}

impl<'r, 'a> Left<'r, 'a> {
    fn of(reader: &'r mut Reader<'a>, left: usize) -> Self {
        Self { reader, left }
    }

    /// Whether there was another one.
    fn pass(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_left
    }

    fn skip(&mut self) {
        while self.pass() {
            self.reader.skip();
        }
    }

    fn skip_fields(&mut self) {
        while self.pass() {
            self.reader.key();
            self.reader.skip();
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Left<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        match self.pass() {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> MapAccess<'de> for &mut Left<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if !self.pass() {
            return Ok(None);
        }
        let key = BorrowedStrDeserializer::new(self.reader.key());
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.reader)
    }
}

/// Raw JSON as `serde_json` takes it: an object of one field, whose name says so.
struct Raw<'a>(Option<&'a str>);

impl<'de> MapAccess<'de> for Raw<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let key = self.0.map(|_| BorrowedStrDeserializer::new(AS_RAW));
        key.map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let text = self.0.take().unwrap_or("null");
        seed.deserialize(BorrowedStrDeserializer::new(text))
    }
}
