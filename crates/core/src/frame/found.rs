//! Which rows hold what a filter by text looks for: found by reading them again, since the frame holds no texts.
//! It stands beside the frame, not in it: it changes with every page that is looked through, and a frame that files are being
//! made of would be copied each time.

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

/// What a search among the rows of a frame has found so far. One search at a time is remembered; a row that was not looked
/// at yet is neither found nor not found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    query: Option<TextQuery>,
    /// By the rows' positions, as far as one was looked at.
    rows: Vec<Holds>,
}

impl Found {
    /// Notes which of some rows, by their indices, hold what is looked for. Another search takes the place of the former.
    pub fn note(&mut self, frame: &Frame, query: &TextQuery, searched: &[u64], found: &[u64]) {
        if self.query.as_ref() != Some(query) {
            self.query = Some(query.clone());
            self.rows.clear();
        }
        self.rows.resize(frame.len(), Holds::Unknown);
        for (rows, holds) in [(searched, Holds::No), (found, Holds::Yes)] {
            let positions = rows.iter().filter_map(|&row| frame.position(row));
            for position in positions {
                if let Some(known) = self.rows.get_mut(position) {
                    *known = holds;
                }
            }
        }
    }

    /// Whether the row at a position holds what is looked for, as far as it is known.
    pub fn holds(&self, query: &TextQuery, position: usize) -> Holds {
        let is_known = self.query.as_ref() == Some(query);
        let known = self.rows.get(position).filter(|_| is_known);
        known.copied().unwrap_or_default()
    }
}
