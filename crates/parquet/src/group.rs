//! One row group being read: it says which bytes it needs for some rows, takes them, and gives the rows.
//! Rows are asked for in rising order where that is possible: what lies before them needs no second look then.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use parquet::file::page_index::offset_index::PageLocation;
use tracesift_core::packed::Writer;

use super::file::ParquetFile;
use super::leaf::Leaf;
use super::schema::Columns;
use super::thrift::{Reader, Wire};
use super::value::Form;
use super::write::{Column, RowWriter};
use super::{ParquetError, Result};

/// Bytes of the rows that are read at once, in all columns; a single page may take most of them.
const MOST_HELD: usize = 384 * 1024 * 1024;

/// Bytes of texts that room is made for before they are written: a dictionary's texts may come any number of times.
const MOST_EXPECTED: usize = 32 * 1024 * 1024;

/// A row group of a file, some of its columns.
#[derive(Debug)]
pub struct GroupReader {
    columns: Arc<Columns>,
    rows: u64,
    leaves: Vec<Leaf>,
    wanted: Range<u64>,
}

/// Where the indices of a row group's pages lie: for each wanted leaf that has one.
///
/// # Errors
/// [`ParquetError`] as [`ParquetFile::chunk`].
pub fn index_ranges(
    file: &ParquetFile,
    group: usize,
    columns: &Columns,
) -> Result<Vec<Option<Range<u64>>>> {
    let chunks = columns.leaves.iter().map(|leaf| file.chunk(group, *leaf));
    chunks.map(|chunk| Ok(chunk?.index)).collect()
}

/// What the index of a leaf's pages says; one that can't be read is none.
pub fn page_locations(bytes: &[u8]) -> Option<Vec<PageLocation>> {
    let mut reader = Reader::new(bytes);
    let mut last = 0;
    while let Some((id, wire)) = reader.field(&mut last).ok()? {
        if (id, wire) != (1, Wire::List) {
            reader.skip(wire).ok()?;
            continue;
        }
        let (pages, wire) = reader.list().ok()?;
        if wire != Wire::Struct {
            return None;
        }
        return (0..pages).map(|_| page_location(&mut reader)).collect();
    }
    None
}

fn page_location(reader: &mut Reader) -> Option<PageLocation> {
    let (mut offset, mut size, mut row) = (None, None, None);
    let mut last = 0;
    while let Some((id, wire)) = reader.field(&mut last).ok()? {
        match (id, wire) {
            (1, Wire::Int) => offset = Some(reader.int().ok()?),
            (2, Wire::Int) => size = Some(reader.int().ok()?),
            (3, Wire::Int) => row = Some(reader.int().ok()?),
            _ => reader.skip(wire).ok()?,
        }
    }
    Some(PageLocation {
        offset: offset?,
        compressed_page_size: i32::try_from(size?).ok()?,
        first_row_index: row?,
    })
}

impl GroupReader {
    /// A row group; `locations` are the pages of each wanted leaf, where an index names them.
    ///
    /// # Errors
    /// [`ParquetError`] where the file has no such group or its bytes lie elsewhere.
    pub fn new(
        file: &ParquetFile,
        group: usize,
        columns: Arc<Columns>,
        locations: &[Option<Vec<PageLocation>>],
    ) -> Result<Self> {
        let rows = file.groups.get(group).map(|group| group.rows);
        let rows = rows.ok_or_else(|| ParquetError::corrupt("it lacks a row group"))?;
        let leaves = columns.leaves.iter().enumerate().map(|(at, leaf)| {
            let chunk = file.chunk(group, *leaf)?;
            let column = file.chunk_meta(group, *leaf)?.column_descr_ptr();
            let locations = locations.get(at).and_then(Option::as_deref);
            Ok(Leaf::new(column, chunk, rows, locations))
        });
        let leaves = leaves.collect::<Result<_>>()?;
        Ok(Self {
            columns,
            rows,
            leaves,
            wanted: 0..0,
        })
    }

    /// Begins with these rows of the group. Then: [`needs`](Self::needs) and [`push`](Self::push) until nothing is
    /// needed, then [`read`](Self::read).
    pub fn go_to(&mut self, rows: Range<u64>) {
        self.wanted = rows.start.min(self.rows)..rows.end.min(self.rows);
        for leaf in &mut self.leaves {
            leaf.go_to(&self.wanted);
        }
    }

    /// The bytes of the file that are needed next; none: the rows can be read.
    ///
    /// # Errors
    /// [`ParquetError`] where the bytes that came are damaged; [`ParquetError::PageTooLarge`] also where fewer rows at
    /// once could be read.
    pub fn needs(&mut self) -> Result<Vec<Range<u64>>> {
        let mut needed = Vec::new();
        if !self.wanted.is_empty() {
            let mut room = MOST_HELD;
            for leaf in &mut self.leaves {
                needed.extend(leaf.needs(&self.wanted, room)?);
                room = room.saturating_sub(leaf.held());
            }
        }
        Ok(needed)
    }

    /// Takes bytes from `start` of the file on: each range that was needed whole, alone or with others.
    ///
    /// # Errors
    /// [`ParquetError`] where they are damaged.
    pub fn push(&mut self, start: u64, bytes: &Bytes) -> Result<()> {
        self.leaves
            .iter_mut()
            .try_for_each(|leaf| leaf.push(start, bytes))
    }

    /// Writes the rows; the group's first row has the number `first`.
    ///
    /// # Errors
    /// [`ParquetError`] where the columns do not fit together; the rows before stay written.
    pub fn read(&mut self, first: u64, out: &mut Writer) -> Result<()> {
        let leaves = self.leaves.iter_mut().map(|leaf| {
            let levels = leaf.take();
            let column = leaf.column();
            let form = Form::of(column);
            Column::new(levels, form, column.max_def_level(), column.max_rep_level())
        });
        let leaves: Vec<Column> = leaves.collect();
        let texts: usize = leaves.iter().map(Column::text_bytes).sum();
        out.expect_texts(texts.min(MOST_EXPECTED));
        let mut writer = RowWriter::new(&self.columns, leaves, out);
        let mut rows = self.wanted.clone();
        rows.try_for_each(|row| writer.row(first.saturating_add(row)))
    }
}
