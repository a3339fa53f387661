//! What is done with the pages of a run, in words, and what after that: a survey of all rows, the patches of those
//! that pass, and then the rows that still pass, whole.

use std::rc::Rc;

use leptos::prelude::*;

use super::active::{self, Stage};
use super::prepare::limits_of;
use super::value::Run;
use crate::app::frame;
use crate::app::store::Store;
use crate::worker::Depth;
use crate::worker::frame::KeptRows;
use tracesift_core::ground::words::plural;
use tracesift_hub::schedule::Schedule;
use tracesift_parquet::layout::pages_of;

/// Rows whose patches are asked for at once.
const PATCHES_AT_ONCE: u32 = 100;

/// After a survey come the patches of the rows that pass, where a rule needs them, and then the rows that still
/// pass, whole. Whether there is anything to read.
pub async fn begin_next(store: Store) -> bool {
    let number = active::newest_number();
    let kept = frame::ask(store, KeptRows).await;
    let (wanted, waits_for_patches) = kept.unwrap_or_default();
    if wanted.is_empty() || !active::is_current(number) {
        return false;
    }
    let wanted = Rc::new(wanted);
    let words = active::change(|active| {
        let is_first = matches!(active.work.stage, Stage::Survey(Depth::Metadata, _));
        let (stage, len) = if is_first && waits_for_patches {
            (
                Stage::Survey(Depth::Patches, Some(wanted.clone())),
                PATCHES_AT_ONCE,
            )
        } else {
            (Stage::Selected(wanted.clone()), active.work.page_len)
        };
        active.number = active::next_number();
        active.work.stage = stage;
        let pages = pages_of(&wanted, len);
        let layout = active.run.layout();
        let pages = layout.map_or_else(Vec::new, |layout| layout.cut(&pages, &[]));
        active.work.schedule = Schedule::new(pages, limits_of(store, &active.run));
        in_words(&active.run, &active.work.stage)
    });
    let has_begun = words.is_some();
    if let Some(words) = words {
        store.run.stage.set(words);
    }
    has_begun
}

/// What is being done, in words; reading whole rows as they come needs none.
pub fn in_words(run: &Run, stage: &Stage) -> Option<String> {
    let groups = run.layout().map_or(0, |layout| layout.groups());
    let files = run.layout().map_or(0, |layout| layout.files());
    match stage {
        Stage::Whole => None,
        Stage::Survey(Depth::Metadata, _) => Some(format!(
            "Surveying {} of {} without their texts. ",
            plural(groups as u64, "row group", "row groups"),
            plural(files as u64, "file", "files"),
        )),
        Stage::Survey(Depth::Patches, rows) => Some(format!(
            "Reading the patches of {} that a filter needs. ",
            plural(
                rows.as_ref().map_or(0, |rows| rows.len()) as u64,
                "row",
                "rows"
            ),
        )),
        Stage::Selected(rows) => Some(format!(
            "Measuring {} that pass the filters. ",
            plural(rows.len() as u64, "row", "rows"),
        )),
    }
}
