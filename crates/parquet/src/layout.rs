//! The rows of a split as its Parquet files hold them: file after file, row group after row group.
//! Row i is the row that the row service gives as i; of several splits the rows are counted on. Pure: which pages to ask for, and where each lies.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::plan::Cost;
use tracesift_core::ground::{FileAt, PageRange};

/// What the footer of a file says, as far as the page needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileShape {
    /// Rows of each row group, in order.
    pub groups: Vec<u64>,
    /// What a survey would read.
    pub cost: Cost,
    /// Whether rows can be read without those before them in their row group.
    pub is_indexed: bool,
}

/// Rows of one row group that a page takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The file.
    pub file: FileAt,
    /// The row group's place in it.
    pub group: usize,
    /// The rows' places in the group.
    pub rows: Range<u64>,
    /// The first row's index in the split.
    pub first: u64,
    /// Whether they can be read without the rows before them in the group.
    pub is_indexed: bool,
}

/// All files of a split, in the order of its rows; or of several splits, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    files: Vec<FileAt>,
    groups: Vec<GroupAt>,
    splits: Vec<SplitAt>,
    cost: Cost,
}

/// Where the rows of one split lie among all rows of a layout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitAt {
    /// The config.
    pub config: String,
    /// The split.
    pub split: String,
    /// Its rows.
    pub rows: Range<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct GroupAt {
    file: usize,
    group: usize,
    rows: Range<u64>,
    is_indexed: bool,
}

/// Rows that one question of a survey takes at most.
const SURVEY_ROWS: u64 = 1_000;

impl Layout {
    /// The layout of files whose footers were read.
    pub fn new(files: impl IntoIterator<Item = (FileAt, FileShape)>) -> Self {
        let mut layout = Self::default();
        let mut first = 0_u64;
        for (index, (file, shape)) in files.into_iter().enumerate() {
            layout.cost.add(&shape.cost);
            let rows = shape
                .groups
                .iter()
                .fold(0, |all: u64, rows| all.saturating_add(*rows));
            layout.add_to_split(&file, first.saturating_add(rows));
            layout.files.push(file);
            for (group, rows) in shape.groups.into_iter().enumerate() {
                let end = first.saturating_add(rows);
                layout.groups.push(GroupAt {
                    file: index,
                    group,
                    rows: first..end,
                    is_indexed: shape.is_indexed,
                });
                first = end;
            }
        }
        layout
    }

    /// Rows up to `end` are of the file's split.
    fn add_to_split(&mut self, file: &FileAt, end: u64) {
        match self.splits.last_mut() {
            Some(last) if (&last.config, &last.split) == (&file.config, &file.split) => {
                last.rows.end = end;
            }
            last => {
                let start = last.map_or(0, |last| last.rows.end);
                self.splits.push(SplitAt {
                    config: file.config.clone(),
                    split: file.split.clone(),
                    rows: start..end,
                });
            }
        }
    }

    /// The split that a row is of.
    pub fn split_of(&self, row: u64) -> Option<&SplitAt> {
        let at = self.splits.partition_point(|split| split.rows.end <= row);
        self.splits.get(at)
    }

    /// How many splits.
    pub fn splits(&self) -> usize {
        self.splits.len()
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.groups.last().map_or(0, |group| group.rows.end)
    }

    /// How many files.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// How many row groups.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// How many row groups end within the first rows.
    pub fn groups_within(&self, rows: u64) -> usize {
        self.groups.partition_point(|group| group.rows.end <= rows)
    }

    /// What a survey of all files would read.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Where the rows of a page lie; rows behind the end are left out.
    pub fn pieces(&self, page: &PageRange) -> Vec<Piece> {
        let from = self
            .groups
            .partition_point(|group| group.rows.end <= page.start);
        let groups = self.groups.iter().skip(from);
        let of_page = groups.take_while(|group| group.rows.start < page.end());
        let piece = |group: &GroupAt| {
            let start = page.start.max(group.rows.start);
            let end = page.end().min(group.rows.end);
            (start < end).then(|| Piece {
                file: self.files.get(group.file).cloned().unwrap_or_default(),
                group: group.group,
                rows: start - group.rows.start..end - group.rows.start,
                first: start,
                is_indexed: group.is_indexed,
            })
        };
        of_page.filter_map(piece).collect()
    }

    /// The pages, cut where a row group ends, so that one that is damaged costs its own rows only. Those that are
    /// kept are left as they are.
    pub fn cut(&self, pages: &[PageRange], kept: &[PageRange]) -> Vec<PageRange> {
        let mut cut = Vec::new();
        for page in pages {
            if kept.contains(page) {
                cut.push(*page);
                continue;
            }
            cut.extend(self.pieces(page).iter().map(|piece| {
                let len = piece.rows.end - piece.rows.start;
                PageRange::rows(piece.first, u32::try_from(len).unwrap_or(u32::MAX))
            }));
        }
        cut
    }

    /// The pages of a survey: all rows, small row groups of a split together, large ones in parts.
    pub fn survey_pages(&self) -> Vec<PageRange> {
        let mut pages: Vec<PageRange> = Vec::new();
        for group in &self.groups {
            let of_split = self
                .split_of(group.rows.start)
                .map_or(0, |split| split.rows.start);
            let mut start = group.rows.start;
            while start < group.rows.end {
                let len = (group.rows.end - start).min(SURVEY_ROWS);
                match pages.last_mut() {
                    Some(last)
                        if last.start >= of_split && u64::from(last.len) + len <= SURVEY_ROWS =>
                    {
                        last.len = last
                            .len
                            .saturating_add(u32::try_from(len).unwrap_or(u32::MAX));
                    }
                    _ => pages.push(PageRange::rows(
                        start,
                        u32::try_from(len).unwrap_or(u32::MAX),
                    )),
                }
                start += len;
            }
        }
        pages
    }
}

/// Pages of at most `page_len` rows that hold all the `wanted` rows, which rise; what lies between two pages is not
/// asked for.
pub fn pages_of(wanted: &[u64], page_len: u32) -> Vec<PageRange> {
    let mut pages: Vec<PageRange> = Vec::new();
    for &row in wanted {
        match pages.last_mut() {
            Some(last) if row < last.start.saturating_add(u64::from(page_len)) => {
                let len = row.saturating_sub(last.start).saturating_add(1);
                last.len = last.len.max(u32::try_from(len).unwrap_or(u32::MAX));
            }
            _ => pages.push(PageRange::rows(row, 1)),
        }
    }
    pages
}
