//! The Parquet files, where the row service can't give the rows or holds only a part of them.
//! Only a recipe that leaves the way to the page falls back to them.

use leptos::prelude::*;

use super::active::is_by_rows;
use crate::app::source::{dataset, parquet};
use crate::app::store::Store;
use tracesift_core::frame::Frame;
use tracesift_core::recipe::Via;
use tracesift_hub::error::{ErrorKind, HubError};

/// Whether the Parquet files may give what the row service can't.
pub fn may_help(store: Store, error: &HubError) -> bool {
    let is_auto = store
        .recipe
        .with_untracked(|recipe| recipe.reading.via == Via::Auto);
    error.kind == ErrorKind::TooBig && is_auto && is_by_rows()
}

/// Whether the row service holds only a part of the split, and not all rows that are wanted: then the Parquet files
/// may have them.
pub fn may_hold_more(store: Store) -> bool {
    let (wanted, is_auto) = store
        .recipe
        .with_untracked(|recipe| (recipe.reading.rows, recipe.reading.via == Via::Auto));
    let is_partial = store
        .reading
        .with_untracked(|reading| reading.partial && !reading.files_tried);
    let read = store.frame.with_untracked(Frame::len) as u64 + store.bad_count.get_untracked();
    is_auto && is_partial && read < wanted && is_by_rows()
}

/// Whether the Parquet files of the run's split hold more rows than the row service.
pub async fn hold_more(store: Store) -> bool {
    let held = store
        .reading
        .with_untracked(|reading| reading.total.unwrap_or_default());
    rows_in(store).await.unwrap_or_default() > held
}

/// How many rows the Parquet files of the run's split hold; `None` where that can't be found out.
async fn rows_in(store: Store) -> Option<u64> {
    let recipe = store.recipe.get_untracked();
    let described = dataset::described(store, false).await.ok()?;
    let splits = described
        .chosen(&recipe.reading.config, &recipe.reading.split)
        .ok()?;
    let listed = parquet::files_of(store, &recipe, &splits).await.ok()?;
    let revision = listed.revision.as_deref();
    let layout = parquet::layout_of(store, listed.files.clone(), revision);
    Some(layout.await.ok()?.rows())
}
