//! A leaf's bytes, cut into pages and unpacked, and the queue from which the `parquet` crate's decoder takes them.
//! What the decoder takes for granted of a page is checked before the page is queued.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError as DecoderError, Result as DecoderResult};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::codec::{self, Unpacked};
use super::{ParquetError, Result};

/// Bytes of one page at most, packed or unpacked: its longest texts are whole in memory.
pub const MOST_PAGE_BYTES: usize = 256 * 1024 * 1024;
/// Levels of one page at most; writers make pages of some ten thousand.
const MOST_LEVELS: u32 = 16 * 1024 * 1024;

/// Cuts pages off the bytes of one leaf of one row group.
#[derive(Debug)]
pub struct Cutter {
    column: ColumnDescPtr,
    codec: Compression,
    /// The bytes that are there and not cut yet, and where they begin in the file.
    bytes: Bytes,
    at: u64,
    /// Where the leaf's bytes end in the file.
    end: u64,
}

/// What the next bytes are.
#[derive(Debug)]
pub enum Cut {
    /// A page, unpacked.
    Page(Page),
    /// Not there yet: up to here they are needed.
    Need(u64),
    /// Nothing: the leaf is at its end.
    End,
}

impl Cutter {
    /// Begins at a page's first byte.
    pub fn new(column: ColumnDescPtr, codec: Compression, bytes: Range<u64>) -> Self {
        Self {
            column,
            codec,
            bytes: Bytes::new(),
            at: bytes.start,
            end: bytes.end,
        }
    }

    /// Where the bytes that are needed next begin.
    pub fn needs_from(&self) -> u64 {
        self.at.saturating_add(self.bytes.len() as u64)
    }

    /// Whether no page is left.
    pub fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    /// Where the next page begins.
    pub fn starts_at(&self) -> u64 {
        self.at
    }

    /// Takes the next bytes; those that are there already, or lie elsewhere, are passed over.
    pub fn push(&mut self, start: u64, bytes: &Bytes) {
        let from = self.needs_from();
        let skip = from
            .checked_sub(start)
            .and_then(|skip| usize::try_from(skip).ok());
        let Some(skip) = skip.filter(|skip| *skip < bytes.len()) else {
            return;
        };
        let most = usize::try_from(self.end.saturating_sub(from)).unwrap_or(usize::MAX);
        let news = bytes.slice(skip..bytes.len().min(skip.saturating_add(most)));
        if self.bytes.is_empty() {
            self.bytes = news;
        } else {
            let mut joined = Vec::with_capacity(self.bytes.len() + news.len());
            joined.extend_from_slice(&self.bytes);
            joined.extend_from_slice(&news);
            self.bytes = joined.into();
        }
    }

    /// The next page.
    ///
    /// # Errors
    /// [`ParquetError`] where the bytes are no page, or too large a one.
    pub fn next(&mut self) -> Result<Cut> {
        if self.at >= self.end {
            return Ok(Cut::End);
        }
        let window = Arc::new(Window {
            bytes: self.bytes.clone(),
            at: self.at,
            seen: Arc::default(),
        });
        let found = self.page_in(window.clone());
        let seen = window.seen();
        if let Some(size) = seen.too_large {
            return Err(self.too_large(size));
        }
        if let Some(needed) = seen.needed {
            return Ok(Cut::Need(needed.min(self.end).max(self.needs_from() + 1)));
        }
        let Some(page) = found? else {
            self.at = self.end;
            return Ok(Cut::End);
        };
        let used = usize::try_from(seen.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        self.bytes = self.bytes.slice(used.min(self.bytes.len())..);
        self.at = seen.end;
        Ok(Cut::Page(self.unpacked(page)?))
    }

    /// The crate's own reader finds the page. It is told that nothing is compressed: unpacking, with a limit, and
    /// of zstd too, is done here.
    fn page_in(&self, window: Arc<Window>) -> DecoderResult<Option<Page>> {
        let rest = self.end.saturating_sub(self.at);
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let meta = ColumnChunkMetaData::builder(self.column.clone())
            .set_compression(Compression::UNCOMPRESSED)
            .set_data_page_offset(signed(self.at))
            .set_total_compressed_size(signed(rest))
            .build()?;
        SerializedPageReader::new(window, &meta, 0, None)?.get_next_page()
    }

    fn unpacked(&self, page: Page) -> Result<Page> {
        match page {
            Page::DictionaryPage {
                buf,
                num_values,
                encoding,
                is_sorted,
            } => {
                self.check_levels(num_values)?;
                Ok(Page::DictionaryPage {
                    buf: self.unpack(&buf)?,
                    num_values,
                    encoding,
                    is_sorted,
                })
            }
            Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding,
                rep_level_encoding,
                statistics,
            } => {
                self.check_levels(num_values)?;
                for levels in [def_level_encoding, rep_level_encoding] {
                    if levels != Encoding::RLE {
                        // Bit-packed levels went out of use before list columns were written.
                        return Err(self.damaged("its levels are written in a form of before 2013"));
                    }
                }
                Ok(Page::DataPage {
                    buf: self.unpack(&buf)?,
                    num_values,
                    encoding,
                    def_level_encoding,
                    rep_level_encoding,
                    statistics,
                })
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                num_rows,
                def_levels_byte_len,
                rep_levels_byte_len,
                is_compressed,
                statistics,
            } => {
                self.check_levels(num_values)?;
                let levels = u64::from(def_levels_byte_len) + u64::from(rep_levels_byte_len);
                let levels = usize::try_from(levels).unwrap_or(usize::MAX);
                if levels > buf.len() || num_nulls > num_values {
                    return Err(self.damaged("a page's levels are longer than the page"));
                }
                let buf = if is_compressed && self.codec != Compression::UNCOMPRESSED {
                    let values = self.unpack(&buf.slice(levels..))?;
                    let mut whole = Vec::with_capacity(levels + values.len());
                    whole.extend_from_slice(buf.get(..levels).unwrap_or_default());
                    whole.extend_from_slice(&values);
                    whole.into()
                } else {
                    buf
                };
                Ok(Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding,
                    num_nulls,
                    num_rows,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics,
                })
            }
        }
    }

    fn unpack(&self, packed: &Bytes) -> Result<Bytes> {
        codec::unpack(self.codec, packed, MOST_PAGE_BYTES).map_err(|error| match error {
            Unpacked::TooLarge => self.too_large(MOST_PAGE_BYTES as u64),
            Unpacked::Damaged(why) => self.damaged(&why),
        })
    }

    fn check_levels(&self, levels: u32) -> Result<()> {
        if levels > MOST_LEVELS {
            return Err(self.damaged("a page states more values than any page has"));
        }
        Ok(())
    }

    fn damaged(&self, why: &str) -> ParquetError {
        let why = crate::hub::error::plain(why, 120);
        ParquetError::Corrupt(format!("the column {}: {why}", self.name()))
    }

    fn too_large(&self, bytes: u64) -> ParquetError {
        ParquetError::PageTooLarge {
            column: self.name(),
            bytes,
        }
    }

    fn name(&self) -> String {
        crate::hub::error::plain(&self.column.path().string(), 100)
    }
}

/// The bytes that are there, as the crate's reader asks for them; what it asks for beyond them is noted.
struct Window {
    bytes: Bytes,
    at: u64,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    /// The end of the page that was found.
    end: u64,
    /// Bytes up to here are needed.
    needed: Option<u64>,
    /// A page of so many bytes was asked for.
    too_large: Option<u64>,
}

impl Window {
    fn seen(&self) -> Seen {
        *locked(&self.seen)
    }

    fn from(&self, start: u64) -> Bytes {
        let skip = usize::try_from(start.saturating_sub(self.at)).unwrap_or(usize::MAX);
        self.bytes.slice(skip.min(self.bytes.len())..)
    }
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.at.saturating_add(self.bytes.len() as u64)
    }
}

impl ChunkReader for Window {
    type T = HeaderRead;

    fn get_read(&self, start: u64) -> DecoderResult<HeaderRead> {
        Ok(HeaderRead {
            bytes: self.from(start),
            end: self.len(),
            seen: self.seen.clone(),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> DecoderResult<Bytes> {
        let end = start.saturating_add(length as u64);
        let bytes = self.from(start);
        let mut seen = locked(&self.seen);
        if length > MOST_PAGE_BYTES {
            seen.too_large = Some(length as u64);
            return Err(DecoderError::EOF("the page is too large".to_owned()));
        }
        if bytes.len() < length {
            seen.needed = Some(end);
            return Err(DecoderError::EOF("more bytes are needed".to_owned()));
        }
        seen.end = end;
        Ok(bytes.slice(..length))
    }
}

/// Reads a page's header; where the bytes end before it does, it says so.
struct HeaderRead {
    bytes: Bytes,
    end: u64,
    seen: Arc<Mutex<Seen>>,
}

impl Read for HeaderRead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        /// A header without statistics takes some twenty bytes.
        const HEADER: u64 = 1024;
        let taken = self.bytes.len().min(into.len());
        if taken == 0 && !into.is_empty() {
            locked(&self.seen).needed = Some(self.end.saturating_add(HEADER));
        }
        let (now, _) = into.split_at_mut(taken);
        now.copy_from_slice(&self.bytes.split_to(taken));
        Ok(taken)
    }
}

/// Pages that were cut and are not decoded yet. The decoder holds one handle, whoever feeds it the other.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Mutex<Queued>>);

#[derive(Debug, Default)]
struct Queued {
    pages: VecDeque<Page>,
    has_dictionary: bool,
    is_whole: bool,
    begin_with_rows: bool,
}

impl Queue {
    /// An empty queue; whether every page begins with a row is known of pages that have an index.
    pub fn new(begin_with_rows: bool) -> Self {
        Self(Arc::new(Mutex::new(Queued {
            begin_with_rows,
            ..Queued::default()
        })))
    }

    /// Adds a page.
    ///
    /// # Errors
    /// [`ParquetError`] for one that the decoder could not take.
    pub fn push(&self, page: Page) -> Result<()> {
        let mut queued = locked(&self.0);
        let is_coded = matches!(
            page.encoding(),
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY
        );
        if page.is_dictionary_page() {
            if queued.has_dictionary {
                return Err(ParquetError::corrupt("a column has two dictionaries"));
            }
            queued.has_dictionary = true;
        } else if is_coded && !queued.has_dictionary {
            return Err(ParquetError::corrupt("a column lacks its dictionary"));
        }
        queued.pages.push_back(page);
        Ok(())
    }

    /// Says that no page comes after those that are queued.
    pub fn end(&self) {
        locked(&self.0).is_whole = true;
    }
}

/// The pages of a [`Queue`] as the decoder takes them.
pub struct QueueReader(pub Queue);

impl Iterator for QueueReader {
    type Item = DecoderResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for QueueReader {
    fn get_next_page(&mut self) -> DecoderResult<Option<Page>> {
        Ok(locked(&self.0.0).pages.pop_front())
    }

    /// Rows are never stated: pages would be skipped by them while a row of the page before is still open.
    fn peek_next_page(&mut self) -> DecoderResult<Option<PageMetadata>> {
        Ok(locked(&self.0.0).pages.front().map(|page| PageMetadata {
            num_rows: None,
            num_levels: Some(page.num_values() as usize),
            is_dict: page.is_dictionary_page(),
        }))
    }

    fn skip_next_page(&mut self) -> DecoderResult<()> {
        locked(&self.0.0).pages.pop_front();
        Ok(())
    }

    /// Whether the page that was taken last ends a row: if nothing follows it, or a page that must begin with one.
    fn at_record_boundary(&mut self) -> DecoderResult<bool> {
        let queued = locked(&self.0.0);
        Ok(match queued.pages.front() {
            _ if queued.begin_with_rows => true,
            Some(page) => matches!(page, Page::DataPageV2 { .. }),
            None => queued.is_whole,
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
