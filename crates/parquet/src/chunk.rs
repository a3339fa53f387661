//! A column's part of a row group as it is written: a page of levels and values, behind one of the different values where
//! both are smaller so. The `parquet` crate's own way brings half a megabyte of code, for encodings that a table never has.

use std::collections::HashMap;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::runs;

/// The values of a column, row by row. Each is taken as Parquet writes it plainly.
#[derive(Debug, Default)]
pub struct Values {
    /// 1 where the value is known, 0 where it is not.
    levels: Vec<u32>,
    /// The known ones, one behind the other.
    plain: Vec<u8>,
    /// Of each known one, its place among the different ones.
    places: Vec<u32>,
    /// The different ones in the order in which they came first, one behind the other, and their places.
    different: Vec<u8>,
    known: HashMap<Vec<u8>, u32>,
}

impl Values {
    /// Adds the next row's number, of 64 bits; `None` where it is not known.
    pub fn push_number(&mut self, number: Option<[u8; 8]>) {
        self.push(number.as_ref().map(<[u8; 8]>::as_slice));
    }

    /// Adds the next row's text.
    pub fn push_text(&mut self, text: Option<&str>) {
        let value = text.map(|text| {
            let length = (text.len() as u32).to_le_bytes();
            [&length, text.as_bytes()].concat()
        });
        self.push(value.as_deref());
    }

    fn push(&mut self, value: Option<&[u8]>) {
        self.levels.push(value.is_some().into());
        let Some(value) = value else { return };
        self.plain.extend(value);
        let place = self.known.get(value).copied().unwrap_or_else(|| {
            let place = self.known.len() as u32;
            self.known.insert(value.to_owned(), place);
            self.different.extend(value);
            place
        });
        self.places.push(place);
    }

    /// The chunk's bytes, and what the file says of it.
    ///
    /// # Errors
    /// None that memory gives.
    pub fn write(self, leaf: ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
        let rows = self.levels.len();
        let mut data = Vec::new();
        if leaf.max_def_level() > 0 {
            let levels = runs::write(&self.levels, 1);
            data.extend((levels.len() as u32).to_le_bytes());
            data.extend(levels);
        }
        let mut out = Chunk::default();
        let places = self.written_places();
        let is_smaller = self.different.len() + places.len() < self.plain.len();
        let encoding = match is_smaller {
            true => {
                let different = self.known.len() as u32;
                out.add(&self.different, |buf| Page::DictionaryPage {
                    buf,
                    num_values: different,
                    encoding: Encoding::PLAIN,
                    is_sorted: false,
                })?;
                data.extend(places);
                Encoding::RLE_DICTIONARY
            }
            false => {
                data.extend(self.plain);
                Encoding::PLAIN
            }
        };
        let begin = out.add(&data, |buf| Page::DataPage {
            buf,
            num_values: rows as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        let metadata = ColumnChunkMetaData::builder(leaf)
            .set_compression(Compression::SNAPPY)
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, encoding])
            .set_num_values(rows as i64)
            .set_total_uncompressed_size(out.unpacked as i64)
            .set_total_compressed_size(out.bytes.bytes_written() as i64)
            .set_dictionary_page_offset(is_smaller.then_some(0))
            .set_data_page_offset(begin)
            .build()?;
        let written = ColumnCloseResult {
            bytes_written: out.bytes.bytes_written() as u64,
            rows_written: rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((out.bytes.into_inner()?.into(), written))
    }

    /// The places, behind the count of their bits.
    fn written_places(&self) -> Vec<u8> {
        let most = self.known.len().saturating_sub(1) as u32;
        let bits = (u32::BITS - most.leading_zeros()).max(1);
        let mut out = vec![bits as u8];
        out.extend(runs::write(&self.places, bits));
        out
    }
}

/// Pages one behind the other.
struct Chunk {
    bytes: TrackedWrite<Vec<u8>>,
    /// How many bytes they are before they are packed.
    unpacked: usize,
}

impl Default for Chunk {
    fn default() -> Self {
        Self {
            bytes: TrackedWrite::new(Vec::new()),
            unpacked: 0,
        }
    }
}

impl Chunk {
    /// Adds a page of these bytes; gives where it begins.
    fn add(&mut self, bytes: &[u8], page: impl FnOnce(Bytes) -> Page) -> Result<i64> {
        let packed = snap::raw::Encoder::new().compress_vec(bytes);
        let packed = packed.map_err(|error| ParquetError::General(error.to_string()))?;
        let page = CompressedPage::new(page(packed.into()), bytes.len());
        let written = SerializedPageWriter::new(&mut self.bytes).write_page(page)?;
        self.unpacked += written.uncompressed_size;
        Ok(written.offset as i64)
    }
}
