//! What stands before a page's bytes: what it is, how long, how many values, how they are written.

use parquet::basic::Encoding;

use super::thrift::{Fault, Reader, Wire};

/// Levels in this encoding are all that is read; the other one went out of use before lists were written.
pub const RLE_LEVELS: i64 = 3;

/// A page's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Bytes of the header itself.
    pub bytes: u64,
    /// Bytes of the page after it.
    pub packed: u64,
    /// Bytes of the page once unpacked, as it states.
    pub unpacked: u64,
    /// What the page is.
    pub kind: Kind,
}

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing that is read.
    Index,
    /// The values that others name by their number.
    Dictionary { values: u32, encoding: Encoding },
    /// Levels and values.
    Data {
        values: u32,
        encoding: Encoding,
        /// Whether the levels are written as today's are.
        has_levels_of_today: bool,
    },
    /// Levels, never packed, and values.
    DataV2 {
        values: u32,
        encoding: Encoding,
        definition_bytes: u32,
        repetition_bytes: u32,
        is_packed: bool,
    },
}

/// The header at the beginning of some bytes.
pub fn read(bytes: &[u8]) -> Result<Header, Fault> {
    let mut reader = Reader::new(bytes);
    let (mut kind, mut unpacked, mut packed) = (None, None, None);
    let (mut data, mut dictionary, mut data_v2) = Default::default();
    let mut last = 0;
    while let Some((id, wire)) = reader.field(&mut last)? {
        match (id, wire) {
            (1, Wire::Int) => kind = Some(reader.int()?),
            (2, Wire::Int) => unpacked = Some(length(reader.int()?)?),
            (3, Wire::Int) => packed = Some(length(reader.int()?)?),
            (5, Wire::Struct) => data = Numbers::read(&mut reader)?,
            (7, Wire::Struct) => dictionary = Numbers::read(&mut reader)?,
            (8, Wire::Struct) => data_v2 = Numbers::read(&mut reader)?,
            _ => reader.skip(wire)?,
        }
    }
    let kind = match kind.ok_or(Fault::Damaged)? {
        0 => Kind::Data {
            values: data.count(1)?,
            encoding: data.encoding(2)?,
            has_levels_of_today: data.get(3)? == RLE_LEVELS && data.get(4)? == RLE_LEVELS,
        },
        1 => Kind::Index,
        2 => Kind::Dictionary {
            values: dictionary.count(1)?,
            encoding: dictionary.encoding(2)?,
        },
        3 => Kind::DataV2 {
            values: data_v2.count(1)?,
            encoding: data_v2.encoding(4)?,
            definition_bytes: data_v2.count(5)?,
            repetition_bytes: data_v2.count(6)?,
            is_packed: data_v2.get(7).unwrap_or(1) != 0,
        },
        _ => return Err(Fault::Damaged),
    };
    Ok(Header {
        bytes: reader.at() as u64,
        packed: packed.ok_or(Fault::Damaged)?,
        unpacked: unpacked.ok_or(Fault::Damaged)?,
        kind,
    })
}

fn length(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| Fault::Damaged)
}

/// The numbers of a structure by their fields; a truth is 0 or 1.
#[derive(Debug, Default)]
struct Numbers([Option<i64>; 8]);

impl Numbers {
    fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let mut numbers = Self::default();
        let mut last = 0;
        while let Some((id, wire)) = reader.field(&mut last)? {
            let number = match wire {
                Wire::Int => Some(reader.int()?),
                Wire::Bool(truth) => Some(i64::from(truth)),
                _ => {
                    reader.skip(wire)?;
                    None
                }
            };
            let place = usize::try_from(id).ok();
            if let Some(place) = place.and_then(|id| numbers.0.get_mut(id)) {
                *place = number;
            }
        }
        Ok(numbers)
    }

    fn get(&self, field: usize) -> Result<i64, Fault> {
        self.0.get(field).copied().flatten().ok_or(Fault::Damaged)
    }

    fn count(&self, field: usize) -> Result<u32, Fault> {
        u32::try_from(self.get(field)?).map_err(|_| Fault::Damaged)
    }

    fn encoding(&self, field: usize) -> Result<Encoding, Fault> {
        Ok(match self.get(field)? {
            0 => Encoding::PLAIN,
            2 => Encoding::PLAIN_DICTIONARY,
            3 => Encoding::RLE,
            5 => Encoding::DELTA_BINARY_PACKED,
            6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            7 => Encoding::DELTA_BYTE_ARRAY,
            8 => Encoding::RLE_DICTIONARY,
            9 => Encoding::BYTE_STREAM_SPLIT,
            _ => return Err(Fault::Damaged),
        })
    }
}
