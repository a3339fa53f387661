//! UTF-16 as UTF-8, as it is read; half a character becomes U+FFFD.
//! Windows' shells write it (`> file.jsonl`), and nothing else here reads it.

use std::io::{self, Read};

/// A text in UTF-16, read as UTF-8 without its mark.
pub(crate) struct Utf16<R> {
    text: R,
    is_big_endian: bool,
    is_at_start: bool,
    /// Units that wait for their other half or for a reader.
    half_unit: Option<u8>,
    high: Option<u16>,
    ready: Vec<u8>,
    taken: usize,
}

impl<R: Read> Utf16<R> {
    /// A reader of a text whose high bytes come first, or last.
    pub fn new(text: R, is_big_endian: bool) -> Self {
        Self {
            text,
            is_big_endian,
            is_at_start: true,
            half_unit: None,
            high: None,
            ready: Vec::new(),
            taken: 0,
        }
    }

    /// Decodes some more; `false` at the end.
    fn decode_more(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 1 << 14];
        let count = self.text.read(&mut bytes)?;
        self.ready.clear();
        self.taken = 0;
        if count == 0 {
            if self.high.take().is_some() || self.half_unit.take().is_some() {
                self.push(char::REPLACEMENT_CHARACTER);
                return Ok(true);
            }
            return Ok(false);
        }
        for byte in bytes.iter().take(count) {
            match self.half_unit.take() {
                None => self.half_unit = Some(*byte),
                Some(first) => {
                    let unit = match self.is_big_endian {
                        true => u16::from_be_bytes([first, *byte]),
                        false => u16::from_le_bytes([first, *byte]),
                    };
                    self.take_unit(unit);
                }
            }
        }
        Ok(true)
    }

    fn take_unit(&mut self, unit: u16) {
        if std::mem::take(&mut self.is_at_start) && unit == 0xfeff {
            return;
        }
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let pair = char::decode_utf16([high, unit]).next();
                self.push(
                    pair.and_then(Result::ok)
                        .unwrap_or(char::REPLACEMENT_CHARACTER),
                );
                return;
            }
            (Some(_), _) => self.push(char::REPLACEMENT_CHARACTER),
            (None, _) => {}
        }
        match unit {
            0xd800..=0xdbff => self.high = Some(unit),
            _ => {
                let one = char::from_u32(u32::from(unit));
                self.push(one.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }

    fn push(&mut self, character: char) {
        let mut bytes = [0; 4];
        self.ready
            .extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.taken >= self.ready.len() {
            if !self.decode_more()? {
                return Ok(0);
            }
        }
        let ready = self.ready.get(self.taken..).unwrap_or_default();
        let count = ready.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.taken += count;
        Ok(count)
    }
}
