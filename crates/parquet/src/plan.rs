//! Which bytes are asked for together, and what reading all metadata columns of a file would cost.
//! Pure: nothing here asks anything.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Result;
use super::file::ParquetFile;
use super::schema::{Columns, is_metadata_column};

/// A gap of so many bytes costs less than another request.
pub const GAP: u64 = 4 * 1024;
/// A request's bytes at most.
pub const MOST: u64 = 16 * 1024 * 1024;

/// The ranges in rising order, those that lie close together made one.
pub fn merged(mut ranges: Vec<Range<u64>>, gap: u64, most: u64) -> Vec<Range<u64>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last)
                if range.start <= last.end.saturating_add(gap)
                    && (range.end <= last.end || range.end - last.start <= most) =>
            {
                last.end = last.end.max(range.end);
            }
            _ => merged.push(range),
        }
    }
    merged
}

/// The bytes that a survey reads of a row group.
///
/// # Errors
/// [`super::ParquetError`] where the file lacks a part that it states.
pub fn metadata_ranges(
    file: &ParquetFile,
    group: usize,
    metadata: &Columns,
) -> Result<Vec<Range<u64>>> {
    let chunks = metadata.leaves.iter().map(|leaf| file.chunk(group, *leaf));
    let ranges = chunks
        .map(|chunk| Ok(chunk?.bytes))
        .collect::<Result<_>>()?;
    Ok(merged(ranges, GAP, MOST))
}

/// What a survey would read of a file, and whether it would tell who speaks in its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Rows of the file.
    pub rows: u64,
    /// Bytes of its metadata columns.
    pub metadata: u64,
    /// Bytes of the file.
    pub all: u64,
    /// Whether the conversation's speakers are a leaf of their own.
    pub has_roles: bool,
}

impl Cost {
    /// Adds another file's.
    pub fn add(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.metadata = self.metadata.saturating_add(other.metadata);
        self.all = self.all.saturating_add(other.all);
        self.has_roles |= other.has_roles;
    }
}

/// What a survey of the file would cost.
///
/// # Errors
/// [`super::ParquetError`] where the file lacks a part that it states.
pub fn survey_cost(file: &ParquetFile) -> Result<Cost> {
    let metadata = Columns::of(file.schema(), is_metadata_column)?;
    let mut cost = Cost {
        rows: file.rows,
        all: file.size,
        ..Cost::default()
    };
    for group in 0..file.groups.len() {
        let ranges = metadata_ranges(file, group, &metadata)?;
        for range in ranges {
            cost.metadata = cost.metadata.saturating_add(range.end - range.start);
        }
    }
    // Parts that overlap are a lie, but no reason to state more than there is.
    cost.metadata = cost.metadata.min(cost.all);
    let names = file.schema().columns().iter();
    cost.has_roles = names
        .filter(|column| column.max_rep_level() > 0)
        .any(|column| is_metadata_column(column.path().parts()));
    Ok(cost)
}
