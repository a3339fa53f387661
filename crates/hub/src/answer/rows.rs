//! A page of rows (`/rows`), borrowed from the answer's body.
//! One row of another shape than the rest does not take the page with it.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::{or_default, unreadable};
use crate::error::HubError;
use tracesift_core::ground::{PageRange, SourceRow};

/// A page of rows (`/rows`), borrowed from the answer's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsPage<'a> {
    /// The rows, in the server's order. One that can't be made out is there too, as the text that stood in its place.
    pub rows: Vec<SourceRow<'a>>,
    /// Rows of the whole split, as far as the server holds it.
    pub total: Option<u64>,
    /// Whether the server holds only a part of the split.
    pub partial: bool,
}

/// Reads an answer of `/rows`. Nothing is copied but the list of rows.
///
/// # Errors
/// [`HubError::cut_short`] where the body ends too early, [`HubError::unreadable_page`] where it is something else.
pub fn rows_page(body: &str) -> Result<RowsPage<'_>, HubError> {
    #[derive(Deserialize)]
    struct Page<T> {
        rows: Vec<T>,
        #[serde(default)]
        num_rows_total: Option<u64>,
        #[serde(default, deserialize_with = "or_default")]
        partial: bool,
    }

    let error = match serde_json::from_str::<Page<RowItem>>(body) {
        Ok(page) => {
            return Ok(RowsPage {
                rows: numbered(page.rows.into_iter().map(Ok)),
                total: page.num_rows_total,
                partial: page.partial,
            });
        }
        Err(error) if error.is_data() => error,
        Err(error) => return Err(unreadable(body, &error, HubError::unreadable_page)),
    };
    // One row of another shape than the rest must not take the page with it.
    let Ok(page) = serde_json::from_str::<Page<&RawValue>>(body) else {
        return Err(unreadable(body, &error, HubError::unreadable_page));
    };
    let items = page.rows.into_iter().map(|item| {
        let text = item.get();
        serde_json::from_str::<RowItem>(text).map_err(|_| text)
    });
    Ok(RowsPage {
        rows: numbered(items),
        total: page.num_rows_total,
        partial: page.partial,
    })
}

impl RowsPage<'_> {
    /// The same page with indices by which its rows can be asked for again: those of the server where each lies in
    /// the range that was asked for and after the one before, else the places in that range.
    ///
    /// A server that numbers from elsewhere would give one row's number to another, and both would be lost: the table
    /// holds one row per number, and the reader and the export look for a row in the page that its number lies in.
    #[must_use]
    pub fn placed_in(mut self, range: &PageRange) -> Self {
        self.rows
            .truncate(usize::try_from(range.len).unwrap_or(usize::MAX));
        let mut expected = range.start..range.end();
        let fits = self.rows.iter().all(|row| {
            let fits = expected.contains(&row.index);
            expected.start = row.index.saturating_add(1);
            fits
        });
        if !fits {
            for (row, index) in self.rows.iter_mut().zip(range.start..) {
                row.index = index;
            }
        }
        self
    }
}

#[derive(Deserialize)]
struct RowItem<'a> {
    #[serde(default)]
    row_idx: Option<u64>,
    #[serde(default, borrow)]
    row: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "or_default")]
    truncated_cells: Vec<String>,
}

/// Rows with their indices: the server's, or the one after the row before.
fn numbered<'a>(items: impl Iterator<Item = Result<RowItem<'a>, &'a str>>) -> Vec<SourceRow<'a>> {
    let mut next = 0_u64;
    let row = |item: Result<RowItem<'a>, &'a str>| {
        let row = match item {
            Ok(item) => SourceRow {
                index: item.row_idx.unwrap_or(next),
                json: item.row.map_or("null", RawValue::get),
                truncated: item.truncated_cells,
                replaced: 0,
            },
            Err(json) => SourceRow {
                index: next,
                json,
                truncated: Vec::new(),
                replaced: 0,
            },
        };
        next = row.index.saturating_add(1);
        row
    };
    items.map(row).collect()
}
