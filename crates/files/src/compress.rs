//! Compressed files, decoded as they are read: nothing of them lies in memory but a window.
//! What is unpacked is counted, so that a file made to fill the disk is stopped.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::kind::Packing;

/// Any archive may unpack to so many bytes.
const SMALL: u64 = 2_000_000_000;
/// A larger one to so many times its own size: text rarely shrinks to a hundredth.
const TIMES: u64 = 100;
/// The window of Zstandard that is allowed, in bytes: what `--long=27` needs.
const WINDOW: u64 = 1 << 27;
/// Memory that a decoder of xz may take, in KiB.
const XZ_MEMORY: u32 = 256 * 1024;

/// How much may still be unpacked, shared by all readers of one archive.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    all: u64,
    left: Rc<Cell<u64>>,
}

impl Budget {
    /// The budget of an archive of this size.
    pub fn of(size: u64) -> Self {
        Self::bytes(SMALL.max(size.saturating_mul(TIMES)))
    }

    fn bytes(all: u64) -> Self {
        Self {
            all,
            left: Rc::new(Cell::new(all)),
        }
    }

    /// The same, of which nothing is used yet: for an archive that is read anew.
    pub fn again(&self) -> Self {
        Self::bytes(self.all)
    }

    /// A reader that uses it up.
    pub fn counted<R: Read>(&self, reader: R) -> Counted<R> {
        Counted {
            reader,
            left: self.clone(),
        }
    }
}

/// What comes out of an archive, counted.
pub(crate) struct Counted<R> {
    reader: R,
    left: Budget,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(to)?;
        let left = self.left.left.get().checked_sub(count as u64);
        self.left.left.set(left.unwrap_or_default());
        match left {
            Some(_) => Ok(count),
            None => Err(io::Error::other(
                "it unpacks to more than a hundred times its size; unpack it by yourself and open the folder",
            )),
        }
    }
}

/// A compressed file as it was before; what is wrong with it shows up when it is read.
pub(crate) fn decoder<'r>(packing: Packing, packed: impl Read + 'r) -> Box<dyn Read + 'r> {
    let packed = BufReader::with_capacity(1 << 16, packed);
    match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Packing::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, XZ_MEMORY)),
        Packing::Zstd => Box::new(Zstd::new(packed)),
    }
}

/// Frames of Zstandard one after the other, those that hold no data passed over.
struct Zstd<R> {
    packed: R,
    frame: Option<FrameDecoder>,
}

impl<R: io::BufRead> Zstd<R> {
    fn new(packed: R) -> Self {
        Self {
            packed,
            frame: None,
        }
    }

    /// Begins the next frame; `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            let mut frame = FrameDecoder::new();
            frame.set_max_window_size(WINDOW);
            match frame.init(&mut self.packed) {
                Ok(()) => {
                    self.frame = Some(frame);
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let skipped = (&mut self.packed).take(u64::from(length));
                    io::copy(&mut { skipped }, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: io::BufRead> Read for Zstd<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        loop {
            let Some(frame) = &mut self.frame else {
                match self.begin()? {
                    true => continue,
                    false => return Ok(0),
                }
            };
            while frame.can_collect() == 0 && !frame.is_finished() {
                let blocks = BlockDecodingStrategy::UptoBlocks(1);
                let decoded = frame.decode_blocks(&mut self.packed, blocks);
                decoded.map_err(io::Error::other)?;
            }
            let count = frame.read(to)?;
            if count > 0 {
                return Ok(count);
            }
            self.frame = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unpacks_to_more_than_is_allowed_is_stopped_and_all_entries_share_what_is() {
        let budget = Budget::bytes(1_000);
        let blanks = |count: usize| vec![b' '; count];
        let read = |count| io::copy(&mut budget.counted(&*blanks(count)), &mut io::sink());
        assert!(read(600).is_ok_and(|count| count == 600));
        assert!(read(600).is_err_and(|error| error.to_string().contains("a hundred times")));
        assert!(read(1).is_err());
        let again = budget.again();
        assert!(io::copy(&mut again.counted(&*blanks(1_000)), &mut io::sink()).is_ok());
    }

    #[test]
    fn text_that_shrinks_well_is_no_bomb() {
        assert!(Budget::of(100_000_000).all >= 100 * 100_000_000);
        assert!(Budget::of(1).all >= 1_000_000_000);
    }
}
