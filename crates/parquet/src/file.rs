//! A Parquet file's own description, its footer: rows, row groups, and where the bytes of each leaf lie.
//! Read once per file; every offset and count is checked here, so that the rest may rely on them.

use std::ops::Range;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetStatisticsPolicy,
};
use parquet::schema::types::SchemaDescriptor;

use super::codec;
use super::footer;
use super::{ParquetError, Result};

/// Bytes at a file's end that are asked for first: most footers are smaller.
const FIRST_TAIL: u64 = 64 * 1024;
/// A footer's bytes at most. One of a thousand row groups of fifty leaves has about 5 MB.
const MOST_FOOTER: u64 = 16 * 1024 * 1024;
/// Bytes of a leaf's page index at most: some twenty a page.
const MOST_INDEX: i32 = 16 * 1024 * 1024;
/// The format's mark, at the file's beginning.
const MARK: u64 = 4;
/// The footer's length and the format's mark, at its end.
const END: u64 = 8;

/// A file that can be read.
#[derive(Debug, Clone)]
pub struct ParquetFile {
    meta: Arc<ParquetMetaData>,
    /// Bytes of the file.
    pub size: u64,
    /// Rows of the file.
    pub rows: u64,
    /// Its row groups, in order.
    pub groups: Vec<Group>,
}

/// A row group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The first row's index in the file.
    pub first: u64,
    /// Its rows.
    pub rows: u64,
}

/// The bytes of one leaf in one row group.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Where they lie in the file, dictionary included.
    pub bytes: Range<u64>,
    /// How they are compressed.
    pub codec: Compression,
    /// Where the index of its pages lies, if there is one.
    pub index: Option<Range<u64>>,
}

/// What the end of a file gave.
#[derive(Debug)]
pub enum Footer {
    /// The whole description.
    Whole(ParquetFile),
    /// It is longer: these bytes are needed.
    More(Range<u64>),
}

/// The bytes to ask for first.
pub fn tail(size: u64) -> Range<u64> {
    size.saturating_sub(FIRST_TAIL)..size
}

/// Reads the footer out of the file's last bytes.
///
/// # Errors
/// [`ParquetError`] where the file is not a Parquet file or its description does not fit the file.
pub fn footer(size: u64, last: &[u8]) -> Result<Footer> {
    let (rest, mark) = last
        .split_last_chunk::<4>()
        .ok_or(ParquetError::NotParquet)?;
    match mark {
        b"PAR1" => {}
        b"PARE" => return Err(ParquetError::Encrypted),
        _ => return Err(ParquetError::NotParquet),
    }
    let (rest, length) = rest
        .split_last_chunk::<4>()
        .ok_or(ParquetError::NotParquet)?;
    let length = u64::from(u32::from_le_bytes(*length));
    if length > MOST_FOOTER {
        return Err(ParquetError::FooterTooLarge(length));
    }
    let Some(start) = size
        .checked_sub(END + length)
        .filter(|start| *start >= MARK)
    else {
        return Err(ParquetError::corrupt(
            "its description is longer than the file",
        ));
    };
    let from = rest
        .len()
        .checked_sub(usize::try_from(length).unwrap_or(usize::MAX));
    match from.and_then(|from| rest.get(from..)) {
        None => Ok(Footer::More(start..size)),
        Some(bytes) => {
            footer::check(bytes)?;
            // Statistics are not used: they would take most of the memory.
            let options = ParquetMetaDataOptions::new()
                .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
                .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
                .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
            let meta = ParquetMetaDataReader::decode_metadata_with_options(bytes, Some(&options))?;
            Ok(Footer::Whole(ParquetFile::checked(meta, size)?))
        }
    }
}

impl ParquetFile {
    fn checked(meta: ParquetMetaData, size: u64) -> Result<Self> {
        let mut groups = Vec::with_capacity(meta.num_row_groups());
        let mut first = 0_u64;
        for group in meta.row_groups() {
            let rows = u64::try_from(group.num_rows());
            let rows =
                rows.map_err(|_| ParquetError::corrupt("a row group has fewer than no rows"))?;
            if group.num_columns() != meta.file_metadata().schema_descr().num_columns() {
                return Err(ParquetError::corrupt("a row group lacks columns"));
            }
            groups.push(Group { first, rows });
            first = first
                .checked_add(rows)
                .filter(|rows| *rows <= u64::from(u32::MAX))
                .ok_or_else(|| ParquetError::corrupt("it states more rows than any file has"))?;
        }
        let stated = u64::try_from(meta.file_metadata().num_rows()).ok();
        if stated != Some(first) {
            return Err(ParquetError::corrupt(
                "it states another number of rows than its row groups have",
            ));
        }
        Ok(Self {
            meta: Arc::new(meta),
            size,
            rows: first,
            groups,
        })
    }

    /// The file's columns.
    pub fn schema(&self) -> &SchemaDescriptor {
        self.meta.file_metadata().schema_descr()
    }

    /// The bytes of a leaf in a row group.
    ///
    /// # Errors
    /// [`ParquetError`] where they lie outside the file or are compressed by something unknown.
    pub fn chunk(&self, group: usize, leaf: usize) -> Result<Chunk> {
        let chunk = self.chunk_meta(group, leaf)?;
        let name = || chunk.column_path().string();
        if chunk.file_path().is_some_and(|path| !path.is_empty()) {
            return Err(ParquetError::corrupt(format!(
                "the column {} is in another file",
                name()
            )));
        }
        let codec = chunk.compression();
        if !codec::is_known(codec) {
            return Err(ParquetError::Codec {
                column: name(),
                codec: "LZO".to_owned(),
            });
        }
        // Where there are no rows, writers state no place, or that of the mark.
        if self.groups.get(group).is_some_and(|group| group.rows == 0) {
            return Ok(Chunk {
                bytes: MARK..MARK,
                codec,
                index: None,
            });
        }
        // Some writers state a dictionary at 0, where the format's mark is: they have none.
        let data = chunk.data_page_offset();
        let start = match chunk.dictionary_page_offset() {
            Some(dictionary) if dictionary > 0 => dictionary.min(data),
            _ => data,
        };
        let bytes = self.range(start, chunk.compressed_size()).ok_or_else(|| {
            ParquetError::corrupt(format!("the column {} lies outside the file", name()))
        })?;
        let index = match (chunk.offset_index_offset(), chunk.offset_index_length()) {
            (Some(offset), Some(length)) if (1..=MOST_INDEX).contains(&length) => {
                self.range(offset, i64::from(length))
            }
            _ => None,
        };
        Ok(Chunk {
            bytes,
            codec,
            index,
        })
    }

    pub(super) fn chunk_meta(&self, group: usize, leaf: usize) -> Result<&ColumnChunkMetaData> {
        let group = self.meta.row_groups().get(group);
        let chunk = group.and_then(|group| group.columns().get(leaf));
        chunk.ok_or_else(|| ParquetError::corrupt("it lacks a part that it states"))
    }

    fn range(&self, start: i64, length: i64) -> Option<Range<u64>> {
        let start = u64::try_from(start).ok().filter(|start| *start >= MARK)?;
        let end = start.checked_add(u64::try_from(length).ok()?)?;
        (end <= self.size.saturating_sub(END)).then_some(start..end)
    }
}
