//! The Parquet files, where the row service can't give the rows or holds only a part of them.
//! Only a recipe that leaves the way to the page falls back to them.

use leptos::prelude::*;

use super::active::{self, is_by_rows};
use crate::app::source::{lookup, parquet};
use crate::app::store::Store;
use tracesift_core::recipe::Via;
use tracesift_hub::error::{ErrorKind, HubError};

/// Whether the Parquet files may give what the row service can't.
pub fn may_help(error: &HubError) -> bool {
    error.kind == ErrorKind::TooBig && is_by_rows() && leaves_way_open()
}

/// Whether the row service holds only a part of the split, and not all rows that are wanted: then the Parquet files
/// may have them. Of several datasets each is read as far as the row service has it.
pub fn may_hold_more(store: Store) -> bool {
    let is_partial = store
        .run
        .known
        .with_untracked(|known| known.partial && !known.files_tried);
    let read = store.rows.shown.with_untracked(|shown| shown.len);
    let read = read + store.rows.bad_count.get_untracked();
    let wanted = active::with(|active| active.run.reading.rows).unwrap_or_default();
    let is_mixture = active::with(|active| active.run.is_mixture()).unwrap_or_default();
    is_partial && !is_mixture && read < wanted && is_by_rows() && leaves_way_open()
}

/// Whether the run leaves the way by which rows are fetched to the page.
pub fn leaves_way_open() -> bool {
    active::with(|active| active.run.reading.via == Via::Auto).unwrap_or_default()
}

/// Whether the Parquet files of the run's split hold more rows than the row service.
pub async fn hold_more(store: Store) -> bool {
    let held = store
        .run
        .known
        .with_untracked(|known| known.total.unwrap_or_default());
    rows_in(store).await.unwrap_or_default() > held
}

/// How many rows the Parquet files of the run's split hold; `None` where that can't be found out.
async fn rows_in(store: Store) -> Option<u64> {
    let reading = active::with(|active| active.run.reading.clone())?;
    let described = lookup::described(store, &reading, false).await.ok()?;
    let splits = described.chosen(&reading.config, &reading.split).ok()?;
    let listed = parquet::files_of(store, &reading, &splits).await.ok()?;
    let revision = listed.revision.as_deref();
    let layout = parquet::layout_of(store, &reading, listed.files.clone(), None, revision);
    Some(layout.await.ok()?.rows())
}
