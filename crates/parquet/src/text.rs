//! JSON that is written with a limit to its size: one hostile value could fill the memory else.
//! Text that is JSON itself is copied token by token, never built up.

use std::fmt;
use std::io;

use serde::Serialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Bytes of one row at most.
const MOST_ROW_BYTES: usize = 128 * 1024 * 1024;
/// Bytes at most of a text that is not UTF-8.
const MOST_MENDED: usize = 16 * 1024 * 1024;

/// The row is as large as a row may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Whether so many bytes are too many.
pub fn has_no_room(out: &[u8], more: usize) -> bool {
    out.len().saturating_add(more) > MOST_ROW_BYTES
}

/// Writes a value.
pub fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), Full> {
    // A number, a text or a truth is written, or there is no room for it.
    serde_json::to_writer(Limited(out), value).map_err(|_| Full)
}

/// Writes a text.
pub fn of(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Full> {
    match std::str::from_utf8(bytes) {
        Ok(words) => json(out, words),
        Err(_) if bytes.len() > MOST_MENDED => Err(Full),
        Err(_) => json(out, &String::from_utf8_lossy(bytes)),
    }
}

/// JSON that a text holds stands in the row as what it is; any other text, as a text.
pub fn embedded(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Full> {
    if has_no_room(out, 0) {
        return Err(Full);
    }
    let start = out.len();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let copied = Copy(out).deserialize(&mut reader);
    match copied.and_then(|()| reader.end()) {
        Ok(()) => Ok(()),
        Err(_) if has_no_room(out, 0) => Err(Full),
        Err(_) => {
            out.truncate(start);
            of(out, bytes)
        }
    }
}

struct Limited<'o>(&'o mut Vec<u8>);

impl io::Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if has_no_room(self.0, bytes.len()) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies the next JSON value.
struct Copy<'o>(&'o mut Vec<u8>);

impl Copy<'_> {
    fn write<E: de::Error, T: Serialize + ?Sized>(self, value: &T) -> Result<(), E> {
        json(self.0, value).map_err(|Full| E::custom("no room"))
    }
}

impl<'de> DeserializeSeed<'de> for Copy<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Copy<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.write(&())
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<(), E> {
        self.write(&truth)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.write(&number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.write(&number)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        self.write(&number)
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<(), E> {
        self.write(words)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        let mut end = self.0.len();
        while items.next_element_seed(Copy(self.0))?.is_some() {
            end = self.0.len();
            self.0.push(b',');
        }
        self.0.truncate(end);
        self.0.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        let mut end = self.0.len();
        while fields.next_key_seed(Copy(self.0))?.is_some() {
            self.0.push(b':');
            fields.next_value_seed(Copy(self.0))?;
            end = self.0.len();
            self.0.push(b',');
        }
        self.0.truncate(end);
        self.0.push(b'}');
        Ok(())
    }
}
