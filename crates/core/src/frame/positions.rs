//! Where each row stands in the columns. Rows come page by page, in the order of their indices: what is kept is where each
//! run of neighbours begins, so that half a million rows take no more room than the pages that they came in.

use std::collections::BTreeMap;

/// The positions of all rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    /// By the index of a run's first row.
    runs: BTreeMap<u64, Run>,
}

/// Rows of neighbouring indices at neighbouring positions.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The position of the first one.
    position: u32,
    len: u32,
}

impl Positions {
    /// The position of a row.
    pub(super) fn get(&self, row: u64) -> Option<usize> {
        let (first, run) = self.runs.range(..=row).next_back()?;
        let after = u32::try_from(row - first).ok()?;
        (after < run.len).then_some(run.position as usize + after as usize)
    }

    /// Notes the position of a row that has none yet.
    pub(super) fn add(&mut self, row: u64, position: u32) {
        if let Some((first, run)) = self.runs.range_mut(..=row).next_back()
            && row - first == u64::from(run.len)
            && position == run.position.saturating_add(run.len)
        {
            run.len += 1;
            return;
        }
        self.runs.insert(row, Run { position, len: 1 });
    }

    /// Bytes that it holds; a tree's nodes are at least half full.
    pub(super) fn bytes(&self) -> usize {
        self.runs.len() * 2 * size_of::<(u64, Run)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_where_it_was_put_in_whatever_order_rows_come() {
        let mut positions = Positions::default();
        let rows = [7, 8, 9, 3, 4, 10, 0, 5, u64::MAX, 11];
        for (position, row) in (0..).zip(rows) {
            assert_eq!(positions.get(row), None, "{row}");
            positions.add(row, position);
        }
        for (position, row) in rows.into_iter().enumerate() {
            assert_eq!(positions.get(row), Some(position), "{row}");
        }
        for row in [1, 2, 6, 12, u64::MAX - 1] {
            assert_eq!(positions.get(row), None, "{row}");
        }
    }

    #[test]
    fn rows_in_order_are_one_run() {
        let mut positions = Positions::default();
        for row in 0..1000 {
            positions.add(u64::from(row) + 5, row);
        }
        assert_eq!(positions.runs.len(), 1);
        assert_eq!(positions.get(1004), Some(999));
        assert_eq!(positions.get(1005), None);
    }
}
