//! Reads Parquet bytes as a worker does: asks the library what it needs, gives it that and no more, counts it.
//! The bytes stand for a file on a server.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use tracesift_core::packed::Writer;
use tracesift_parquet::file::{Footer, ParquetFile, footer, tail};
use tracesift_parquet::group::{GroupReader, index_ranges, page_locations};
use tracesift_parquet::schema::Columns;
use tracesift_parquet::{ParquetError, Result};

/// A file on a server, and how much of it was asked for.
pub struct Served {
    bytes: Bytes,
    pub asked: u64,
    /// Whether the indices of pages are used where there are some.
    pub with_index: bool,
}

/// Rounds of needs that a reader may take for some rows; the largest test file has some hundred pages.
const MOST_ROUNDS: usize = 5_000;

impl Served {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into(),
            asked: 0,
            with_index: true,
        }
    }

    fn get(&mut self, range: &Range<u64>) -> Bytes {
        self.asked += range.end - range.start;
        let end = (range.end as usize).min(self.bytes.len());
        self.bytes.slice((range.start as usize).min(end)..end)
    }

    /// The file's description.
    pub fn open(&mut self) -> Result<ParquetFile> {
        let size = self.bytes.len() as u64;
        let mut range = tail(size);
        for _ in 0..2 {
            let last = self.get(&range);
            match footer(size, &last)? {
                Footer::Whole(file) => return Ok(file),
                Footer::More(more) => range = more,
            }
        }
        Err(ParquetError::Corrupt(
            "a footer asked for bytes twice".to_owned(),
        ))
    }

    /// A row group's reader, with the indices of its pages where there are some.
    pub fn group(
        &mut self,
        file: &ParquetFile,
        group: usize,
        columns: &Arc<Columns>,
        with_index: bool,
    ) -> Result<GroupReader> {
        let locations: Vec<_> = index_ranges(file, group, columns)?
            .into_iter()
            .map(|range| page_locations(&self.get(&range.filter(|_| with_index)?)))
            .collect();
        GroupReader::new(file, group, columns.clone(), &locations)
    }

    /// Rows of a group, as JSON.
    pub fn rows(&mut self, reader: &mut GroupReader, rows: Range<u64>) -> Result<Vec<String>> {
        reader.go_to(rows);
        for round in 0.. {
            assert!(round < MOST_ROUNDS, "bytes are asked for without end");
            if !self.feed(reader)? {
                break;
            }
        }
        let mut out = Writer::default();
        reader.read(0, &mut out)?;
        Ok(out.finish().iter().map(|row| row.to_json()).collect())
    }

    /// Asks for rows, gives some of what is needed, and leaves it at that.
    pub fn give_up(
        &mut self,
        reader: &mut GroupReader,
        rows: Range<u64>,
        rounds: usize,
    ) -> Result<()> {
        reader.go_to(rows);
        for _ in 0..rounds {
            self.feed(reader)?;
        }
        reader.needs().map(drop)
    }

    /// Gives what is needed; whether anything was.
    fn feed(&mut self, reader: &mut GroupReader) -> Result<bool> {
        let needs = reader.needs()?;
        for range in &needs {
            assert!(
                range.start < range.end,
                "an empty range is asked for: {range:?}"
            );
            let bytes = self.get(range);
            assert_eq!(
                bytes.len() as u64,
                range.end - range.start,
                "bytes outside the file are asked for"
            );
            reader.push(range.start, &bytes)?;
        }
        Ok(!needs.is_empty())
    }

    /// All rows of the file, `step` rows at a time.
    pub fn all(&mut self, step: u64) -> Result<Vec<String>> {
        self.all_of(step, |_| true)
    }

    /// All rows of the file, of the leaves that are wanted.
    pub fn all_of(&mut self, step: u64, wants: fn(&[String]) -> bool) -> Result<Vec<String>> {
        let file = self.open()?;
        let columns = Arc::new(Columns::of(file.schema(), wants)?);
        let mut all = Vec::new();
        for (at, group) in file.groups.iter().enumerate() {
            let mut reader = self.group(&file, at, &columns, self.with_index)?;
            let mut start = 0;
            while start < group.rows {
                let end = group.rows.min(start.saturating_add(step));
                all.extend(self.rows(&mut reader, start..end)?);
                start = end;
            }
        }
        Ok(all)
    }
}
