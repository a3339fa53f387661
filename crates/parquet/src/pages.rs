//! A leaf's bytes, cut into pages and unpacked, and the queue from which the `parquet` crate's decoder takes them.
//! What the decoder takes for granted of a page is checked before the page is queued.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::Result as DecoderResult;
use parquet::schema::types::ColumnDescPtr;

use super::codec::{self, Unpacked};
use super::encoding::{self, Bad};
use super::header::{self, Header, Kind};
use super::runs;
use super::thrift::Fault;
use super::{ParquetError, Result};

/// Bytes of one page at most, packed or unpacked: its longest texts are whole in memory.
pub const MOST_PAGE_BYTES: usize = 256 * 1024 * 1024;
/// Levels of one page at most; writers make pages of some ten thousand.
const MOST_LEVELS: u32 = 16 * 1024 * 1024;
/// Levels of one row at most.
const MOST_ROW_LEVELS: u64 = 4 * 1024 * 1024;
/// Bytes of a page's header at most: some writers put a whole text into it.
pub const MOST_HEADER: u64 = 16 * 1024 * 1024;
/// A header without statistics takes some twenty bytes.
const FIRST_HEADER: u64 = 1024;

const LONG_LEVELS: &str = "a page's levels are longer than the page";

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
    /// Levels of the row that the last page left open.
    open_row: u64,
}

/// What the next bytes are.
#[derive(Debug)]
pub enum Cut {
    /// A page, unpacked and checked.
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
            open_row: 0,
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

    /// The next page that holds something.
    ///
    /// # Errors
    /// [`ParquetError`] where the bytes are not a page, or too large a one.
    pub fn next(&mut self) -> Result<Cut> {
        while self.at < self.end {
            let header = match header::read(&self.bytes) {
                Ok(header) => header,
                Err(Fault::Damaged) => return Err(self.damaged("a page can't be read")),
                Err(Fault::Short) if self.bytes.len() as u64 > MOST_HEADER => {
                    return Err(self.damaged("a page's description does not end"));
                }
                Err(Fault::Short) => {
                    // Twice as many each time: the whole is read again.
                    let more = FIRST_HEADER.max(2 * self.bytes.len() as u64);
                    return self.need(self.at.saturating_add(more).min(self.end));
                }
            };
            if header.packed.max(header.unpacked) > MOST_PAGE_BYTES as u64 {
                return Err(self.too_large(header.packed.max(header.unpacked)));
            }
            let start = self.at.saturating_add(header.bytes);
            let end = start.saturating_add(header.packed);
            if end > self.needs_from() {
                return self.need(end);
            }
            let place = |at: u64| usize::try_from(at - self.at).unwrap_or(usize::MAX);
            let page = self.bytes.slice(place(start)..place(end));
            self.bytes = self.bytes.slice(place(end)..);
            self.at = end;
            if let Some(page) = self.page(&header, page)? {
                return Ok(Cut::Page(page));
            }
        }
        Ok(Cut::End)
    }

    fn need(&self, upto: u64) -> Result<Cut> {
        match upto <= self.end && upto > self.needs_from() {
            true => Ok(Cut::Need(upto)),
            false => Err(self.damaged("a page is longer than what is there of the column")),
        }
    }

    /// A page as the decoder takes it; none of those that hold nothing.
    fn page(&mut self, header: &Header, page: Bytes) -> Result<Option<Page>> {
        match header.kind {
            Kind::Index | Kind::Data { values: 0, .. } | Kind::DataV2 { values: 0, .. } => Ok(None),
            Kind::Dictionary { values, encoding } => {
                let buf = self.unpack(&page, header.unpacked)?;
                encoding::check_dictionary(&self.column, encoding, &buf, values as usize)
                    .map_err(|bad| self.bad(bad))?;
                Ok(Some(Page::DictionaryPage {
                    buf,
                    num_values: values,
                    encoding,
                    is_sorted: false,
                }))
            }
            Kind::Data {
                values,
                encoding,
                has_levels_of_today,
            } => {
                if self.has_levels() && !has_levels_of_today {
                    return Err(self.damaged("its levels are written in a form of before 2013"));
                }
                let buf = self.unpack(&page, header.unpacked)?;
                let mut at = 0;
                let mut levels = |is_there: bool| {
                    if !is_there {
                        return Some(0..0);
                    }
                    let (length, _) = buf.get(at..)?.split_first_chunk()?;
                    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
                    let start = at + 4;
                    at = start.checked_add(length).filter(|end| *end <= buf.len())?;
                    Some(start..at)
                };
                let repetition = levels(self.column.max_rep_level() > 0);
                let definition = levels(self.column.max_def_level() > 0);
                let (Some(repetition), Some(definition)) = (repetition, definition) else {
                    return Err(self.damaged(LONG_LEVELS));
                };
                let present = self.count(&buf, repetition, definition, values)?;
                let (encoding, buf) = self.values(encoding, buf, at, present)?;
                Ok(Some(Page::DataPage {
                    buf,
                    num_values: values,
                    encoding,
                    def_level_encoding: Encoding::RLE,
                    rep_level_encoding: Encoding::RLE,
                    statistics: None,
                }))
            }
            Kind::DataV2 {
                values,
                encoding,
                definition_bytes,
                repetition_bytes,
                is_packed,
            } => {
                let at = u64::from(definition_bytes) + u64::from(repetition_bytes);
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                if at > page.len() {
                    return Err(self.damaged(LONG_LEVELS));
                }
                let middle = repetition_bytes as usize;
                let present = self.count(&page, 0..middle, middle..at, values)?;
                let buf = if is_packed && self.codec != Compression::UNCOMPRESSED {
                    let stated = header.unpacked.saturating_sub(at as u64);
                    let unpacked = self.unpack(&page.slice(at..), stated)?;
                    behind(page.get(..at).unwrap_or_default(), &unpacked)
                } else {
                    page
                };
                let (encoding, buf) = self.values(encoding, buf, at, present)?;
                Ok(Some(Page::DataPageV2 {
                    buf,
                    num_values: values,
                    encoding,
                    num_nulls: values.saturating_sub(present),
                    num_rows: 0,
                    def_levels_byte_len: definition_bytes,
                    rep_levels_byte_len: repetition_bytes,
                    is_compressed: false,
                    statistics: None,
                }))
            }
        }
    }

    fn has_levels(&self) -> bool {
        self.column.max_def_level() > 0 || self.column.max_rep_level() > 0
    }

    /// How many values a page's levels promise.
    fn count(
        &mut self,
        page: &[u8],
        repetition: Range<usize>,
        definition: Range<usize>,
        levels: u32,
    ) -> Result<u32> {
        if levels > MOST_LEVELS {
            return Err(self.damaged("a page states more values than any page has"));
        }
        let found = self.counted(page, repetition, definition, levels);
        let (present, longest) = found.map_err(|damaged| self.bad(damaged.into()))?;
        if longest > MOST_ROW_LEVELS {
            return Err(self.damaged("a row has more values than any row has"));
        }
        u32::try_from(present).map_err(|_| self.damaged(LONG_LEVELS))
    }

    /// How many values are there, and the levels of the longest row.
    fn counted(
        &mut self,
        page: &[u8],
        repetition: Range<usize>,
        definition: Range<usize>,
        levels: u32,
    ) -> std::result::Result<(u64, u64), runs::Damaged> {
        let bits = |most: i16| u16::BITS - most.unsigned_abs().leading_zeros();
        let most = self.column.max_rep_level();
        let mut longest = self.open_row;
        if most > 0 {
            let (mut row, mut highest) = (self.open_row, 0);
            let bytes = page.get(repetition).unwrap_or_default();
            runs::each(bytes, bits(most), u64::from(levels), |level, times| {
                if level == 0 {
                    longest = longest.max(row);
                    row = 1;
                } else {
                    row += times;
                    highest = highest.max(level);
                }
            })?;
            longest = longest.max(row);
            self.open_row = row;
            if highest > u32::from(most.unsigned_abs()) {
                return Err(runs::Damaged);
            }
        }
        let most = self.column.max_def_level();
        if most == 0 {
            return Ok((u64::from(levels), longest));
        }
        let most_level = u32::from(most.unsigned_abs());
        let (mut present, mut highest) = (0, 0);
        let bytes = page.get(definition).unwrap_or_default();
        runs::each(bytes, bits(most), u64::from(levels), |level, times| {
            present += if level == most_level { times } else { 0 };
            highest = highest.max(level);
        })?;
        match highest <= most_level {
            true => Ok((present, longest)),
            false => Err(runs::Damaged),
        }
    }

    /// The page with its values, from `at` on, as the decoder may have them.
    fn values(
        &self,
        encoding: Encoding,
        page: Bytes,
        at: usize,
        present: u32,
    ) -> Result<(Encoding, Bytes)> {
        let values = page.slice(at..);
        let before = values.clone();
        let found = encoding::checked(
            &self.column,
            encoding,
            values,
            present as usize,
            MOST_PAGE_BYTES,
        );
        let (encoding, values) = found.map_err(|bad| self.bad(bad))?;
        let is_same = values.as_ptr() == before.as_ptr() && values.len() == before.len();
        match is_same {
            true => Ok((encoding, page)),
            false => Ok((
                encoding,
                behind(page.get(..at).unwrap_or_default(), &values),
            )),
        }
    }

    fn unpack(&self, packed: &Bytes, stated: u64) -> Result<Bytes> {
        let stated = usize::try_from(stated).unwrap_or(usize::MAX);
        let unpacked = codec::unpack(self.codec, packed, stated, MOST_PAGE_BYTES);
        unpacked.map_err(|error| match error {
            Unpacked::TooLarge => self.too_large(MOST_PAGE_BYTES as u64),
            Unpacked::Damaged(why) => self.damaged(&why),
        })
    }

    fn bad(&self, bad: Bad) -> ParquetError {
        match bad {
            Bad::TooLarge => self.too_large(MOST_PAGE_BYTES as u64),
            Bad::Damaged(why) => self.damaged(why),
        }
    }

    fn damaged(&self, why: &str) -> ParquetError {
        let why = tracesift_core::ground::words::plain(why, 120);
        ParquetError::Corrupt(format!("the column {}: {why}", self.name()))
    }

    fn too_large(&self, bytes: u64) -> ParquetError {
        ParquetError::PageTooLarge {
            column: self.name(),
            bytes,
        }
    }

    fn name(&self) -> String {
        tracesift_core::ground::words::plain(&self.column.path().string(), 100)
    }
}

/// Values behind the levels of their page.
fn behind(levels: &[u8], values: &[u8]) -> Bytes {
    let mut page = Vec::with_capacity(levels.len() + values.len());
    page.extend_from_slice(levels);
    page.extend_from_slice(values);
    page.into()
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
