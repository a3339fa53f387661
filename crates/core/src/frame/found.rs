//! Which rows hold what a filter by text looks for: found by reading them again, since the frame holds no texts.
//! One search at a time is remembered; a row that was not looked at yet is neither found nor not found.

use super::Frame;
use crate::search::TextQuery;

/// What is known of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Holds {
    /// It was not looked at yet.
    #[default]
    Unknown,
    /// Its texts do not hold it.
    No,
    /// They do.
    Yes,
}

/// A search among the rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    query: TextQuery,
    rows: Vec<Holds>,
}

impl Frame {
    /// Notes which of some rows, by their indices, hold what is looked for. Another search takes the place of the former.
    pub fn note_found(&mut self, query: &TextQuery, searched: &[u64], found: &[u64]) {
        if self
            .found
            .as_ref()
            .is_none_or(|known| known.query != *query)
        {
            self.found = Some(Found {
                query: query.clone(),
                rows: Vec::new(),
            });
        }
        for (rows, holds) in [(searched, Holds::No), (found, Holds::Yes)] {
            for &row in rows {
                let Some(position) = self.position(row) else {
                    continue;
                };
                if let Some(known) = &mut self.found {
                    super::put(&mut known.rows, position, holds);
                }
            }
        }
    }

    /// Whether the row at a position holds what is looked for, as far as it is known.
    pub fn holds(&self, query: &TextQuery, position: usize) -> Holds {
        let known = self.found.as_ref().filter(|found| found.query == *query);
        let known = known.and_then(|found| found.rows.get(position));
        known.copied().unwrap_or_default()
    }
}
