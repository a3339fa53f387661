//! One leaf of one row group: its levels and values, row by row, from bytes that come as they are asked for.
//! With an index of its pages it jumps to a row; without one it goes from the first page on.

use std::ops::Range;

use bytes::Bytes;
use parquet::basic::Type;
use parquet::column::page::Page;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::page_index::offset_index::PageLocation;
use parquet::schema::types::ColumnDescPtr;

use super::file::Chunk;
use super::pages::{Cut, Cutter, MOST_HEADER, MOST_PAGE_BYTES, Queue, QueueReader};
use super::plan::MOST;
use super::{ParquetError, Result};

/// How much of a leaf without an index is asked for at once, in bytes.
const WINDOW: u64 = 4 * 1024 * 1024;
/// A leaf of up to so many bytes is asked for as a whole.
const SMALL: u64 = 8 * 1024 * 1024;
/// Of a page with more levels rows are decoded one by one: a single one may hold most of them.
const MANY_LEVELS: u32 = 512 * 1024;

/// One leaf of one row group.
pub struct Leaf {
    column: ColumnDescPtr,
    chunk: Chunk,
    rows: u64,
    index: Option<PageIndex>,
    dictionary: Option<Page>,
    cutter: Cutter,
    queue: Queue,
    reader: Reader,
    /// The next row that the reader gives.
    at: u64,
    /// How many rows of `levels` are whole.
    have: u64,
    /// Whether bytes are still needed: a row may be half decoded.
    is_open: bool,
    /// Why the rows that were asked for can't be had.
    broken: Option<ParquetError>,
    /// Levels of the page that was queued last.
    page_levels: u32,
    /// Whether the decoder could not know that its last row ends it.
    ends_open: bool,
    /// Bytes of the pages from which the wanted rows come.
    page_bytes: usize,
    levels: Levels,
}

/// Levels and values of some rows of a leaf.
#[derive(Debug, Default)]
pub struct Levels {
    /// Repetition levels; empty where the leaf never repeats.
    pub repetition: Vec<i16>,
    /// Definition levels; empty where the leaf is never null.
    pub definition: Vec<i16>,
    /// The values that are there, in order.
    pub values: Values,
}

/// Values by their physical type.
#[derive(Debug, Default)]
#[allow(missing_docs)] // the format's own names
pub enum Values {
    #[default]
    None,
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Bool(values) => values.len(),
            Self::Int32(values) => values.len(),
            Self::Int64(values) => values.len(),
            Self::Int96(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Bytes(values) => values.len(),
            Self::Fixed(values) => values.len(),
        }
    }

    /// Bytes that they take, without those of their texts.
    fn bytes(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Bool(values) => values.capacity(),
            Self::Int32(values) => values.capacity() * size_of::<i32>(),
            Self::Int64(values) => values.capacity() * size_of::<i64>(),
            Self::Int96(values) => values.capacity() * size_of::<Int96>(),
            Self::Float(values) => values.capacity() * size_of::<f32>(),
            Self::Double(values) => values.capacity() * size_of::<f64>(),
            Self::Bytes(values) => values.capacity() * size_of::<ByteArray>(),
            Self::Fixed(values) => values.capacity() * size_of::<FixedLenByteArray>(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Where the pages of a leaf lie and which row each begins with.
#[derive(Debug, Clone)]
struct PageIndex {
    pages: Vec<(u64, Range<u64>)>,
}

impl PageIndex {
    /// An index that does not fit the chunk is none: the leaf is read from its first page on.
    fn checked(locations: &[PageLocation], chunk: &Chunk, rows: u64) -> Option<Self> {
        let mut pages: Vec<(u64, Range<u64>)> = Vec::with_capacity(locations.len());
        let mut end = chunk.bytes.start;
        for location in locations {
            let start = u64::try_from(location.offset).ok()?;
            let length = u64::try_from(location.compressed_page_size).ok()?;
            let first = u64::try_from(location.first_row_index).ok()?;
            let rises = match pages.last() {
                Some((before, _)) => first > *before && first < rows,
                None => first == 0,
            };
            if start < end || length == 0 || !rises {
                return None;
            }
            end = start.checked_add(length)?;
            pages.push((first, start..end));
        }
        (end <= chunk.bytes.end && !pages.is_empty()).then_some(Self { pages })
    }

    fn first_byte(&self) -> u64 {
        self.pages.first().map_or(0, |(_, bytes)| bytes.start)
    }

    /// The page that holds a row.
    fn page_of(&self, row: u64) -> Option<&(u64, Range<u64>)> {
        let after = self.pages.partition_point(|(first, _)| *first <= row);
        self.pages.get(after.checked_sub(1)?)
    }
}

impl Leaf {
    /// A leaf of a row group of `rows` rows. `locations` is what the file's index says of its pages.
    pub fn new(
        column: ColumnDescPtr,
        chunk: Chunk,
        rows: u64,
        locations: Option<&[PageLocation]>,
    ) -> Self {
        let index = locations.and_then(|locations| PageIndex::checked(locations, &chunk, rows));
        let queue = Queue::new(index.is_some());
        Self {
            cutter: Cutter::new(column.clone(), chunk.codec, chunk.bytes.clone()),
            reader: Reader::new(&column, &queue),
            column,
            chunk,
            rows,
            index,
            dictionary: None,
            queue,
            at: 0,
            have: 0,
            is_open: false,
            broken: None,
            page_levels: 0,
            ends_open: false,
            page_bytes: 0,
            levels: Levels::default(),
        }
    }

    /// The leaf's column.
    pub fn column(&self) -> &ColumnDescPtr {
        &self.column
    }

    /// Prepares to give `wanted` rows of the group: what was decoded before is dropped.
    pub fn go_to(&mut self, wanted: &Range<u64>) {
        self.levels = Levels::default();
        self.have = 0;
        self.broken = None;
        self.page_bytes = 0;
        let is_behind = wanted.start < self.at || std::mem::take(&mut self.is_open);
        let page = self
            .index
            .as_ref()
            .and_then(|index| index.page_of(wanted.start));
        let (first, byte) = page.map_or((0, self.chunk.bytes.start), |(first, bytes)| {
            (*first, bytes.start)
        });
        if is_behind || first > self.at {
            self.start_at(first, byte);
        }
    }

    fn start_at(&mut self, row: u64, byte: u64) {
        self.cutter = Cutter::new(
            self.column.clone(),
            self.chunk.codec,
            byte..self.chunk.bytes.end,
        );
        self.queue = Queue::new(self.index.is_some());
        self.reader = Reader::new(&self.column, &self.queue);
        self.at = row;
        // A dictionary that is known is queued again, unless the pages begin with it.
        if byte > self.chunk.bytes.start
            && let Some(dictionary) = self.dictionary.clone()
        {
            // The first page of a new queue is always taken.
            let _ = self.queue.push(dictionary);
        }
    }

    /// Decodes what is there, as long as it takes up to `room` bytes. The bytes that are still needed for the
    /// `wanted` rows; none: they are whole.
    ///
    /// # Errors
    /// [`ParquetError`] where the leaf is damaged, has fewer rows than the group, or the rows take more room.
    pub fn needs(&mut self, wanted: &Range<u64>, room: usize) -> Result<Vec<Range<u64>>> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let needs = self.decode_or_ask(wanted, room);
        // Where the decoder stopped in the middle, nothing can be read on.
        self.is_open = needs.as_ref().map_or(true, |needs| !needs.is_empty());
        self.broken = needs.as_ref().err().cloned();
        needs
    }

    /// Bytes that the wanted rows take, as far as they are decoded.
    pub fn held(&self) -> usize {
        let levels = self.levels.repetition.capacity() + self.levels.definition.capacity();
        levels * size_of::<i16>() + self.levels.values.bytes() + self.page_bytes
    }

    fn decode_or_ask(&mut self, wanted: &Range<u64>, room: usize) -> Result<Vec<Range<u64>>> {
        if let Some(dictionary) = self.needs_dictionary() {
            let most = MOST_PAGE_BYTES as u64 + MOST_HEADER;
            if dictionary.end - dictionary.start > most {
                return Err(self.too_large(dictionary.end - dictionary.start));
            }
            let pages = self.ask(self.cutter.needs_from(), wanted);
            let needs = [dictionary, pages].into_iter();
            return Ok(needs.filter(|range| !range.is_empty()).collect());
        }
        loop {
            if self.decode(wanted, room)? {
                return Ok(Vec::new());
            }
            match self.cutter.next()? {
                Cut::Page(page) => {
                    if page.is_dictionary_page() {
                        self.dictionary = Some(page.clone());
                    } else {
                        self.page_levels = page.num_values();
                    }
                    self.page_bytes += page.buffer().len();
                    self.queue.push(page)?;
                    if self.cutter.is_at_end() {
                        self.queue.end();
                    }
                    self.ends_open = self.column.max_rep_level() > 0
                        && self.index.is_none()
                        && !self.cutter.is_at_end();
                }
                Cut::Need(upto) => return Ok(vec![self.ask(upto, wanted)]),
                Cut::End => {
                    self.queue.end();
                    if self.decode(wanted, room)? {
                        return Ok(Vec::new());
                    }
                    // After the last page came bytes that are none: its last row is whole all the same.
                    let is_last = self.at + 1 == self.rows && wanted.end == self.rows;
                    if std::mem::take(&mut self.ends_open) && is_last {
                        (self.at, self.have) = (self.rows, self.have + 1);
                        return Ok(Vec::new());
                    }
                    let name = self.column.path().string();
                    return Err(ParquetError::Corrupt(format!(
                        "the column {name} has fewer rows than its row group"
                    )));
                }
            }
        }
    }

    /// With an index, pages in the middle are read without those before; their dictionary is not.
    fn needs_dictionary(&self) -> Option<Range<u64>> {
        let index = self.index.as_ref()?;
        let is_inside = self.cutter.starts_at() > self.chunk.bytes.start;
        let room = self.chunk.bytes.start..index.first_byte();
        (is_inside && self.dictionary.is_none() && !room.is_empty()).then_some(room)
    }

    /// Bytes from the next one needed to where the wanted rows end, or as far as a window goes.
    fn ask(&self, upto: u64, wanted: &Range<u64>) -> Range<u64> {
        let from = self.cutter.needs_from();
        let end = self.chunk.bytes.end;
        let last = wanted.end.checked_sub(1);
        let of_index = self.index.as_ref().zip(last);
        let page = of_index.and_then(|(index, row)| index.page_of(row));
        let far = match page {
            Some((_, bytes)) => bytes.end,
            None if end.saturating_sub(self.chunk.bytes.start) <= SMALL => end,
            None => from.saturating_add(WINDOW),
        };
        // Of many rows not all are asked for at once, but every time what is left of a page.
        from..far.min(from.saturating_add(MOST)).max(upto).min(end)
    }

    fn too_large(&self, bytes: u64) -> ParquetError {
        ParquetError::PageTooLarge {
            column: tracesift_core::ground::words::plain(&self.column.path().string(), 100),
            bytes,
        }
    }

    /// Takes bytes of the file, every range that was asked for in one piece; those that are not this leaf's are
    /// passed over.
    ///
    /// # Errors
    /// [`ParquetError`] where they are a dictionary that can't be read.
    pub fn push(&mut self, start: u64, bytes: &Bytes) -> Result<()> {
        if let Some(room) = self.needs_dictionary() {
            let is_there =
                start <= room.start && start.saturating_add(bytes.len() as u64) >= room.end;
            let mut cutter = Cutter::new(self.column.clone(), self.chunk.codec, room);
            cutter.push(start, bytes);
            match cutter.next()? {
                Cut::Page(page) if page.is_dictionary_page() => {
                    self.dictionary = Some(page.clone());
                    self.queue.push(page)?;
                }
                Cut::Need(_) if !is_there => {}
                _ => return Err(ParquetError::corrupt("a column lacks its dictionary")),
            }
        }
        self.cutter.push(start, bytes);
        Ok(())
    }

    /// The levels and values of the wanted rows, once [`needs`](Self::needs) says that they are whole.
    pub fn take(&mut self) -> Levels {
        self.have = 0;
        std::mem::take(&mut self.levels)
    }

    /// Decodes queued pages up to the last wanted row; whether all wanted rows are whole.
    fn decode(&mut self, wanted: &Range<u64>, room: usize) -> Result<bool> {
        if wanted.end > self.rows {
            return Err(ParquetError::corrupt(
                "rows are asked for that it does not have",
            ));
        }
        if self.at < wanted.start {
            self.at += self.reader.skip(wanted.start - self.at)?;
            // Pages that were passed over are not kept.
            self.page_bytes = 0;
        }
        let most = match self.page_levels > MANY_LEVELS {
            true => 1,
            false => u64::MAX,
        };
        let rows = wanted.end.saturating_sub(wanted.start);
        while self.at >= wanted.start && self.have < rows {
            let read = self
                .reader
                .read((rows - self.have).min(most), &mut self.levels)?;
            self.have += read;
            self.at += read;
            if self.held() > room {
                return Err(self.too_large(self.held() as u64));
            }
            if read < most {
                break;
            }
        }
        Ok(self.have >= rows)
    }
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaf")
            .field("column", &self.column.path().string())
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The `parquet` crate's decoder of a leaf, by physical type.
enum Reader {
    Bool(ColumnReaderImpl<BoolType>),
    Int32(ColumnReaderImpl<Int32Type>),
    Int64(ColumnReaderImpl<Int64Type>),
    Int96(ColumnReaderImpl<Int96Type>),
    Float(ColumnReaderImpl<FloatType>),
    Double(ColumnReaderImpl<DoubleType>),
    Bytes(ColumnReaderImpl<ByteArrayType>),
    Fixed(ColumnReaderImpl<FixedLenByteArrayType>),
}

impl Reader {
    fn new(column: &ColumnDescPtr, queue: &Queue) -> Self {
        let column = column.clone();
        let pages = Box::new(QueueReader(queue.clone()));
        match column.physical_type() {
            Type::BOOLEAN => Self::Bool(ColumnReaderImpl::new(column, pages)),
            Type::INT32 => Self::Int32(ColumnReaderImpl::new(column, pages)),
            Type::INT64 => Self::Int64(ColumnReaderImpl::new(column, pages)),
            Type::INT96 => Self::Int96(ColumnReaderImpl::new(column, pages)),
            Type::FLOAT => Self::Float(ColumnReaderImpl::new(column, pages)),
            Type::DOUBLE => Self::Double(ColumnReaderImpl::new(column, pages)),
            Type::BYTE_ARRAY => Self::Bytes(ColumnReaderImpl::new(column, pages)),
            Type::FIXED_LEN_BYTE_ARRAY => Self::Fixed(ColumnReaderImpl::new(column, pages)),
        }
    }

    /// Passes over up to so many rows; how many were there.
    fn skip(&mut self, rows: u64) -> Result<u64> {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let skipped = match self {
            Self::Bool(reader) => reader.skip_records(rows),
            Self::Int32(reader) => reader.skip_records(rows),
            Self::Int64(reader) => reader.skip_records(rows),
            Self::Int96(reader) => reader.skip_records(rows),
            Self::Float(reader) => reader.skip_records(rows),
            Self::Double(reader) => reader.skip_records(rows),
            Self::Bytes(reader) => reader.skip_records(rows),
            Self::Fixed(reader) => reader.skip_records(rows),
        };
        Ok(skipped? as u64)
    }

    /// Decodes up to so many rows; how many became whole. Of one that is not, what is there is kept.
    fn read(&mut self, rows: u64, levels: &mut Levels) -> Result<u64> {
        macro_rules! read {
            ($reader:expr, $kind:ident) => {{
                if !matches!(levels.values, Values::$kind(_)) {
                    levels.values = Values::$kind(Vec::new());
                }
                let Values::$kind(values) = &mut levels.values else {
                    return Ok(0);
                };
                read_rows(
                    $reader,
                    rows,
                    &mut levels.definition,
                    &mut levels.repetition,
                    values,
                )
            }};
        }
        match self {
            Self::Bool(reader) => read!(reader, Bool),
            Self::Int32(reader) => read!(reader, Int32),
            Self::Int64(reader) => read!(reader, Int64),
            Self::Int96(reader) => read!(reader, Int96),
            Self::Float(reader) => read!(reader, Float),
            Self::Double(reader) => read!(reader, Double),
            Self::Bytes(reader) => read!(reader, Bytes),
            Self::Fixed(reader) => read!(reader, Fixed),
        }
    }
}

fn read_rows<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: u64,
    definition: &mut Vec<i16>,
    repetition: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<u64> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let read = reader.read_records(rows, Some(definition), Some(repetition), values)?;
    Ok(read.0 as u64)
}
