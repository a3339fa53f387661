//! The values of one page as the `parquet` crate's decoder may have them: as many as the levels promise, none beyond
//! the page. The crate panics where they are not. Its newer encodings are written out as plain ones, with a limit.

use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::schema::types::ColumnDescriptor;

use super::runs;

/// Values of a dictionary at most.
const MOST_ENTRIES: usize = 4 * 1024 * 1024;
/// Numbers of one block at most; writers make 128.
const MOST_BLOCK: u64 = 1024 * 1024;

/// Why values can't be given to the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// They are not what the page says.
    Damaged(&'static str),
    /// Written out they take more than the limit.
    TooLarge,
}

impl From<runs::Damaged> for Bad {
    fn from(_: runs::Damaged) -> Self {
        Self::Damaged("a page's numbers are not written as they should be")
    }
}

const SHORT: Bad = Bad::Damaged("a page has fewer values than it states");
const UNKNOWN: Bad = Bad::Damaged("its values are written in a form that is not read here");
const LENGTHS: Bad = Bad::Damaged("a page's values have other lengths than it states");

type Values<T> = Result<T, Bad>;

/// `count` values, and how they are written.
pub fn checked(
    column: &ColumnDescriptor,
    encoding: Encoding,
    bytes: Bytes,
    count: usize,
    limit: usize,
) -> Values<(Encoding, Bytes)> {
    let kind = column.physical_type();
    if count == 0 {
        // Writers leave out what would stand before the first value, or write it.
        return Ok((Encoding::PLAIN, Bytes::new()));
    }
    let plain = |values: Vec<u8>| Ok((Encoding::PLAIN, values.into()));
    match (encoding, kind) {
        (Encoding::PLAIN, _) => check_plain(column, &bytes, count)?,
        (Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY, _) => {
            let (bits, indices) = bytes.split_first().ok_or(SHORT)?;
            if *bits > 32 {
                return Err(runs::Damaged.into());
            }
            runs::check(indices, u32::from(*bits), count as u64)?;
        }
        (Encoding::RLE, Type::BOOLEAN) => {
            let (length, runs) = length(&bytes)?;
            runs::check(runs.get(..length).ok_or(SHORT)?, 1, count as u64)?;
        }
        (Encoding::DELTA_BINARY_PACKED, Type::INT32) => {
            return plain(whole_numbers(&bytes, count, |out, number| {
                out.extend_from_slice(&(number as i32).to_le_bytes());
            })?);
        }
        (Encoding::DELTA_BINARY_PACKED, Type::INT64) => {
            return plain(whole_numbers(&bytes, count, |out, number| {
                out.extend_from_slice(&number.to_le_bytes());
            })?);
        }
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, Type::BYTE_ARRAY) => {
            return plain(texts(&bytes, count, limit)?);
        }
        (Encoding::DELTA_BYTE_ARRAY, Type::BYTE_ARRAY) => {
            return plain(joined_texts(&bytes, count, None, limit)?);
        }
        (Encoding::DELTA_BYTE_ARRAY, Type::FIXED_LEN_BYTE_ARRAY) => {
            return plain(joined_texts(&bytes, count, Some(width(column)?), limit)?);
        }
        (Encoding::BYTE_STREAM_SPLIT, Type::BYTE_ARRAY | Type::BOOLEAN | Type::INT96) => {
            return Err(UNKNOWN);
        }
        (Encoding::BYTE_STREAM_SPLIT, _) => {
            return plain(merged_streams(&bytes, count, width(column)?)?);
        }
        // The crate reads length-prefixed values of fixed length that its own older versions wrote.
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, Type::FIXED_LEN_BYTE_ARRAY) => {
            let texts = texts(&bytes, count, limit)?;
            return plain(without_lengths(&texts, width(column)?)?);
        }
        _ => return Err(UNKNOWN),
    }
    Ok((encoding, bytes))
}

/// Whether a dictionary holds so many values.
pub fn check_dictionary(
    column: &ColumnDescriptor,
    encoding: Encoding,
    bytes: &[u8],
    count: usize,
) -> Values<()> {
    if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY) {
        return Err(UNKNOWN);
    }
    if count > MOST_ENTRIES {
        return Err(Bad::Damaged("its dictionary is larger than any real one"));
    }
    check_plain(column, bytes, count)
}

fn check_plain(column: &ColumnDescriptor, bytes: &[u8], count: usize) -> Values<()> {
    let needed = match column.physical_type() {
        Type::BOOLEAN => count.div_ceil(8),
        Type::BYTE_ARRAY => {
            let mut rest = bytes;
            for _ in 0..count {
                let (length, after) = length(rest)?;
                rest = after.get(length..).ok_or(SHORT)?;
            }
            return Ok(());
        }
        _ => count.checked_mul(width(column)?).ok_or(SHORT)?,
    };
    match needed <= bytes.len() {
        true => Ok(()),
        false => Err(SHORT),
    }
}

/// Bytes of a value, where all have as many.
fn width(column: &ColumnDescriptor) -> Values<usize> {
    match column.physical_type() {
        Type::INT32 | Type::FLOAT => Ok(4),
        Type::INT64 | Type::DOUBLE => Ok(8),
        Type::INT96 => Ok(12),
        Type::FIXED_LEN_BYTE_ARRAY => usize::try_from(column.type_length())
            .ok()
            .filter(|width| *width > 0)
            .ok_or(Bad::Damaged("its values have no length")),
        Type::BOOLEAN | Type::BYTE_ARRAY => Err(UNKNOWN),
    }
}

/// A length and what follows it.
fn length(bytes: &[u8]) -> Values<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk().ok_or(SHORT)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| SHORT)?;
    Ok((length, rest))
}

fn whole_numbers(bytes: &[u8], count: usize, write: impl Fn(&mut Vec<u8>, i64)) -> Values<Vec<u8>> {
    let mut out = Vec::new();
    deltas(bytes, count, |number| write(&mut out, number))?;
    Ok(out)
}

/// Texts whose lengths stand before them all → each behind its length.
fn texts(bytes: &[u8], count: usize, limit: usize) -> Values<Vec<u8>> {
    let (lengths, mut rest) = lengths(bytes, count)?;
    let mut out = Vec::new();
    for length in lengths {
        let length = length as usize;
        let (text, after) = rest.split_at_checked(length).ok_or(LENGTHS)?;
        room(&out, 4 + length, limit)?;
        out.extend_from_slice(&(length as u32).to_le_bytes());
        out.extend_from_slice(text);
        rest = after;
    }
    Ok(out)
}

/// Texts each of which begins as the one before it; behind their lengths, where they are not all as long.
fn joined_texts(bytes: &[u8], count: usize, width: Option<usize>, limit: usize) -> Values<Vec<u8>> {
    let (prefixes, rest) = lengths(bytes, count)?;
    let (suffixes, mut rest) = lengths(rest, count)?;
    let mut out = Vec::new();
    let mut before = 0..0;
    for (prefix, suffix) in prefixes.into_iter().zip(suffixes) {
        let (prefix, suffix) = (prefix as usize, suffix as usize);
        let (text, after) = rest.split_at_checked(suffix).ok_or(LENGTHS)?;
        let length = prefix + suffix;
        if prefix > before.len() || width.is_some_and(|width| width != length) {
            return Err(LENGTHS);
        }
        room(&out, 4 + length, limit)?;
        if width.is_none() {
            out.extend_from_slice(&(length as u32).to_le_bytes());
        }
        let start = out.len();
        out.extend_from_within(before.start..before.start + prefix);
        out.extend_from_slice(text);
        before = start..out.len();
        rest = after;
    }
    Ok(out)
}

fn room(out: &[u8], more: usize, limit: usize) -> Values<()> {
    match out.len().saturating_add(more) <= limit {
        true => Ok(()),
        false => Err(Bad::TooLarge),
    }
}

fn without_lengths(texts: &[u8], width: usize) -> Values<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = texts;
    while !rest.is_empty() {
        let (length, after) = length(rest)?;
        let (text, after) = after.split_at_checked(length).ok_or(LENGTHS)?;
        if length != width {
            return Err(LENGTHS);
        }
        out.extend_from_slice(text);
        rest = after;
    }
    Ok(out)
}

/// All first bytes, all second bytes, … → value after value.
fn merged_streams(bytes: &[u8], count: usize, width: usize) -> Values<Vec<u8>> {
    let stride = bytes.len() / width;
    if stride < count || !bytes.len().is_multiple_of(width) {
        return Err(SHORT);
    }
    let mut out = vec![0; count * width];
    for (place, stream) in bytes.chunks_exact(stride).enumerate() {
        let values = out.chunks_exact_mut(width);
        for (value, byte) in values.zip(stream) {
            if let Some(at) = value.get_mut(place) {
                *at = *byte;
            }
        }
    }
    Ok(out)
}

/// Lengths, and what follows them.
fn lengths(bytes: &[u8], count: usize) -> Values<(Vec<u32>, &[u8])> {
    let mut lengths = Vec::new();
    let mut is_fit = true;
    let used = deltas(bytes, count, |length| {
        // Lengths are 32-bit numbers, whose sums wrap.
        let length = u32::try_from(length as i32);
        is_fit &= length.is_ok();
        lengths.push(length.unwrap_or_default());
    })?;
    match is_fit {
        true => Ok((lengths, bytes.get(used..).unwrap_or_default())),
        false => Err(LENGTHS),
    }
}

/// Gives numbers that are written as differences; how many bytes they took.
fn deltas(bytes: &[u8], count: usize, mut each: impl FnMut(i64)) -> Values<usize> {
    let mut reader = Deltas { bytes, at: 0 };
    let (block, parts) = (reader.number()?, reader.number()?);
    let total = reader.number()?;
    let first = reader.signed()?;
    let per_part = block.checked_div(parts).unwrap_or_default();
    let is_fit = block <= MOST_BLOCK && per_part > 0 && per_part.is_multiple_of(32);
    if !is_fit || per_part * parts != block {
        return Err(runs::Damaged.into());
    }
    if total != count as u64 {
        return Err(SHORT);
    }
    let mut last = first;
    each(last);
    let mut rest = total - 1;
    while rest > 0 {
        let least = reader.signed()?;
        let widths = reader.take(parts)?;
        for bits in widths {
            if rest == 0 {
                break;
            }
            let here = rest.min(per_part);
            let packed = reader.packed(u64::from(*bits), per_part, here)?;
            unpack(packed, u32::from(*bits), here, |delta| {
                last = last.wrapping_add(least).wrapping_add(delta as i64);
                each(last);
            });
            rest -= here;
        }
    }
    Ok(reader.at)
}

/// Numbers of up to 64 bits, the first in the lowest ones.
fn unpack(packed: &[u8], bits: u32, values: u64, mut each: impl FnMut(u64)) {
    let mask = (1_u128 << bits) - 1;
    let (mut held, mut holds) = (0_u128, 0);
    let mut bytes = packed.iter();
    for _ in 0..values {
        while holds < bits {
            held |= u128::from(bytes.next().copied().unwrap_or_default()) << holds;
            holds += 8;
        }
        each((held & mask) as u64);
        held >>= bits;
        holds -= bits;
    }
}

struct Deltas<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Deltas<'b> {
    fn take(&mut self, bytes: u64) -> Values<&'b [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(bytes).ok().and_then(|n| rest.get(..n));
        let taken = taken.ok_or(SHORT)?;
        self.at += taken.len();
        Ok(taken)
    }

    /// The bytes of one part: room for all of its values, but the file may end behind the last one that is there.
    fn packed(&mut self, bits: u64, room: u64, values: u64) -> Values<&'b [u8]> {
        if bits > 64 {
            return Err(runs::Damaged.into());
        }
        let rest = self.bytes.len().saturating_sub(self.at) as u64;
        let needed = (values * bits).div_ceil(8);
        self.take((room * bits / 8).min(rest).max(needed))
    }

    fn number(&mut self) -> Values<u64> {
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = self.take(1)?.first().copied().unwrap_or_default();
            number |= u64::from(byte & 0x7f).wrapping_shl(7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(runs::Damaged.into())
    }

    fn signed(&mut self) -> Values<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}
