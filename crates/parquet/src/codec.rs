//! A page's bytes, unpacked by the column's compression.
//! The size that a file states is never trusted: output grows as it comes and stops at a limit.

use std::io::Read;

use bytes::Bytes;
use parquet::basic::Compression;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// Why bytes could not be unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unpacked {
    /// They are not output of this compression; the reason in its own words.
    Damaged(String),
    /// They grow beyond the limit.
    TooLarge,
}

/// The compressions that are read here; `None` for one that is not.
pub fn is_known(codec: Compression) -> bool {
    !matches!(codec, Compression::LZO)
}

/// How much larger than its packed bytes a page is believed to get before it does.
const BELIEVED: usize = 32;

/// Unpacks `packed` to at most `limit` bytes. `stated` is how many the file says that there will be.
///
/// # Errors
/// [`Unpacked`]; `LZO`, which nobody has written for years, is damaged by definition.
pub fn unpack(
    codec: Compression,
    packed: &Bytes,
    stated: usize,
    limit: usize,
) -> Result<Bytes, Unpacked> {
    let room = stated.min(packed.len().saturating_mul(BELIEVED)).min(limit);
    match codec {
        Compression::UNCOMPRESSED if packed.len() > limit => Err(Unpacked::TooLarge),
        Compression::UNCOMPRESSED => Ok(packed.clone()),
        // A page without values may have no bytes at all, which no compression gives.
        _ if packed.is_empty() => Ok(Bytes::new()),
        Compression::SNAPPY => snappy(packed, limit),
        Compression::GZIP(_) => {
            all_of(flate2::bufread::MultiGzDecoder::new(&**packed), room, limit)
        }
        Compression::BROTLI(_) => {
            const BUFFER: usize = 4096;
            all_of(
                brotli_decompressor::Decompressor::new(&**packed, BUFFER),
                room,
                limit,
            )
        }
        Compression::ZSTD(_) => zstd(packed, room, limit),
        Compression::LZ4_RAW => lz4_block(packed, room, limit),
        Compression::LZ4 => lz4_hadoop(packed, limit)
            .or_else(|_| lz4_frame(packed, room, limit))
            .or_else(|_| lz4_block(packed, room, limit)),
        Compression::LZO => Err(Unpacked::Damaged("LZO is not read here".to_owned())),
    }
}

fn damaged(error: impl ToString) -> Unpacked {
    Unpacked::Damaged(error.to_string())
}

/// Reads a stream to its end; `room` is made for it before.
fn all_of(mut stream: impl Read, room: usize, limit: usize) -> Result<Bytes, Unpacked> {
    const FIRST: usize = 16 * 1024;
    let most = limit.saturating_add(1);
    let mut out = Vec::with_capacity(room.min(most));
    loop {
        // Room is doubled, but never beyond the limit.
        let more = out.len().max(FIRST).min(most - out.len());
        if out.len() == out.capacity() {
            out.reserve_exact(more);
        }
        let free = out.capacity().min(most) - out.len();
        let mut part = stream.by_ref().take(free as u64);
        let read = part.read_to_end(&mut out).map_err(damaged)?;
        if out.len() > limit {
            return Err(Unpacked::TooLarge);
        }
        if read < free {
            return Ok(out.into());
        }
    }
}

fn snappy(packed: &[u8], limit: usize) -> Result<Bytes, Unpacked> {
    let size = snap::raw::decompress_len(packed).map_err(damaged)?;
    // Snappy makes at most 64 bytes of three: a size that the bytes can't hold is a lie.
    if size > limit {
        return Err(Unpacked::TooLarge);
    }
    if size / 32 > packed.len() {
        return Err(Unpacked::Damaged(
            "it states a size that it can't have".to_owned(),
        ));
    }
    let out = snap::raw::Decoder::new().decompress_vec(packed);
    out.map(Bytes::from).map_err(damaged)
}

fn zstd(packed: &[u8], room: usize, limit: usize) -> Result<Bytes, Unpacked> {
    let window = u64::try_from(limit).unwrap_or(u64::MAX);
    let mut rest = packed;
    let mut out = Vec::new();
    // A page is one frame; writers that flush make several.
    while !rest.is_empty() {
        let mut decoder = FrameDecoder::new();
        // A decoder that begins anew makes room for the window at once; one that begins lets it grow and copies it each time.
        // So it begins twice where that is no more room than the page is believed to need.
        decoder.set_max_window_size(room as u64);
        if decoder.init(rest).is_err() {
            decoder.set_max_window_size(window);
        }
        let stream = StreamingDecoder::new_with_decoder(&mut rest, decoder);
        let part = all_of(
            stream.map_err(damaged)?,
            room.saturating_sub(out.len()),
            limit.saturating_sub(out.len()),
        )?;
        if out.is_empty() && rest.is_empty() {
            return Ok(part);
        }
        out.extend_from_slice(&part);
    }
    Ok(out.into())
}

/// A bare LZ4 block does not say how large it gets: where what is stated is too little, room is doubled until it fits.
fn lz4_block(packed: &[u8], room: usize, limit: usize) -> Result<Bytes, Unpacked> {
    // No block makes more than 255 bytes of one.
    let most = packed.len().saturating_mul(255).min(limit);
    let mut room = room.max(64);
    loop {
        let mut out = vec![0; room];
        match lz4_flex::block::decompress_into(packed, &mut out) {
            Ok(size) => {
                out.truncate(size);
                return Ok(out.into());
            }
            Err(lz4_flex::block::DecompressError::OutputTooSmall { .. }) if room < most => {
                room = room.saturating_mul(4).min(most);
            }
            Err(lz4_flex::block::DecompressError::OutputTooSmall { .. }) if most == limit => {
                return Err(Unpacked::TooLarge);
            }
            Err(error) => return Err(damaged(error)),
        }
    }
}

fn lz4_frame(packed: &[u8], room: usize, limit: usize) -> Result<Bytes, Unpacked> {
    all_of(lz4_flex::frame::FrameDecoder::new(packed), room, limit)
}

/// Hadoop's framing of LZ4: blocks, each after its size and its packed size, in big-endian numbers.
fn lz4_hadoop(packed: &[u8], limit: usize) -> Result<Bytes, Unpacked> {
    let no_frame = || Unpacked::Damaged("it is not framed LZ4".to_owned());
    let mut rest = packed;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (size, after) = number(rest).ok_or_else(no_frame)?;
        let (packed_size, after) = number(after).ok_or_else(no_frame)?;
        let block = after.get(..packed_size).ok_or_else(no_frame)?;
        if size > limit.saturating_sub(out.len()) {
            return Err(Unpacked::TooLarge);
        }
        if size / 255 > packed_size {
            return Err(no_frame());
        }
        let part = lz4_flex::block::decompress(block, size).map_err(damaged)?;
        if part.len() != size {
            return Err(no_frame());
        }
        out.extend_from_slice(&part);
        rest = after.get(packed_size..).unwrap_or_default();
    }
    Ok(out.into())
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((usize::try_from(u32::from_be_bytes(*number)).ok()?, rest))
}
