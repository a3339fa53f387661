//! Reads Parquet bytes as a worker does: asks the library what it needs, gives it that and no more, counts it.
//! The bytes stand for a file on a server.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use tracesift::source::parquet::file::{Footer, ParquetFile, footer, tail};
use tracesift::source::parquet::group::{GroupReader, index_ranges, page_locations};
use tracesift::source::parquet::schema::Columns;
use tracesift::source::parquet::{ParquetError, Result};

/// A file on a server, and how much of it was asked for.
pub struct Served {
    bytes: Bytes,
    pub asked: u64,
}

impl Served {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into(),
            asked: 0,
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
        loop {
            let needs = reader.needs()?;
            if needs.is_empty() {
                break;
            }
            for range in needs {
                assert!(
                    range.start < range.end,
                    "an empty range is asked for: {range:?}"
                );
                let bytes = self.get(&range);
                if (bytes.len() as u64) < range.end - range.start {
                    return Err(ParquetError::Corrupt(
                        "bytes outside the file are asked for".to_owned(),
                    ));
                }
                reader.push(range.start, &bytes)?;
            }
        }
        let mut out = Vec::new();
        reader.read(|_, json| out.push(json.to_owned()))?;
        Ok(out)
    }

    /// All rows of the file, `step` rows at a time.
    pub fn all(&mut self, step: u64) -> Result<Vec<String>> {
        let file = self.open()?;
        let columns = Arc::new(Columns::of(file.schema(), |_| true)?);
        let mut all = Vec::new();
        for (at, group) in file.groups.iter().enumerate() {
            let mut reader = self.group(&file, at, &columns, true)?;
            let mut start = 0;
            while start < group.rows {
                let end = group.rows.min(start + step);
                all.extend(self.rows(&mut reader, start..end)?);
                start = end;
            }
        }
        Ok(all)
    }
}
