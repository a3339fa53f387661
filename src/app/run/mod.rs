//! What a person, or the address, can have done with a run: start it, halt it, end it, count its rows anew.
//! Each changes the schedule or the store and lets the run go on from there.

mod active; // the run that is on: what is left to do
mod answers; // what came of a page, into the schedule and the store
pub mod ask; // what the workers are asked about rows
pub mod cache; // what the browser keeps of earlier runs
mod drive; // asks for pages as the schedule says
pub mod duplicates; // looks for rows that are alike
mod end; // how a run ends, and what comes after it
mod files; // the Parquet files, where the row service does not do
mod ingest; // what came from the workers, put into the store
mod join; // several datasets as one run
pub mod notices; // what went wrong, and what to do
mod prepare; // from the recipe to a run that can start
pub mod progress; // how far the run is
mod repository; // the files of a dataset, where the server has no rows of it
pub mod search; // looks through the texts for what a filter asks for
mod stage; // what is done with the pages, and what after that
pub mod value; // a run as one immutable value

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::source::{count, dataset, file, lookup, token};
use crate::app::store::{Phase, Store};
use crate::worker::Counting;
use crate::worker::frame::Shown;
use active::Stage;
pub use prepare::limits_of;

use prepare::Detours;
use tracesift_core::ground::PageRange;
use tracesift_core::recipe::Read;
use tracesift_hub::schedule::Schedule;

/// The demo starts by itself, since it costs nothing; anything else starts when the address says `run=1`.
pub fn start_as_the_address_says(store: Store) {
    store.account.token.set(token::recall());
    let (is_demo, run) = store
        .run
        .recipe
        .with_untracked(|recipe| (recipe.reading.is_demo(), recipe.run));
    if is_demo || run {
        analyze(store);
    } else {
        dataset::describe(store, false);
    }
}

/// Starts a run anew, as the recipe says.
pub fn analyze(store: Store) {
    store
        .run
        .recipe
        .update(|recipe| recipe.run = !recipe.reading.is_demo());
    let asked = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.reading.clone());
    drive::start(store, asked, Detours::default());
}

/// Starts a run of whole rows, or a survey, as a person presses the button for it.
pub fn analyze_by(store: Store, read: Read) {
    store.choose(|recipe| recipe.reading.read = read);
    analyze(store);
}

/// Starts the run that is shown anew, with the dataset as it is now.
pub fn analyze_afresh(store: Store) {
    store.run.described.update(|known| known.clear());
    spawn_local(async move {
        let reading = store.recipe_shown().reading;
        for place in reading.places() {
            // What goes wrong here goes wrong again in the run, which says it.
            let _ = lookup::described(store, &reading.of_places(&[place]), true).await;
        }
        drive::start(store, reading, Detours::default());
    });
}

/// Reads the rows that pass the rules, whole: those of a survey that is done.
pub fn measure_selection(store: Store) {
    let Some(run) = store.run.shown.get_untracked() else {
        return;
    };
    // A form that asks for other rows stays as it is.
    if store
        .run
        .recipe
        .with_untracked(|recipe| run.is_of(&recipe.reading))
    {
        store.choose(|recipe| {
            recipe.reading.read = Read::Selection;
            recipe.run = true;
        });
    }
    let run = Arc::new(run.with_read(Read::Selection));
    active::change(|active| active.run = run.clone());
    store.run.shown.set(Some(run));
    store.run.phase.set(Phase::Running);
    spawn_local(async move {
        if !stage::begin_next(store).await {
            store.run.phase.set(Phase::Done);
        }
        drive::dispatch(store);
    });
}

/// Counts all rows again as the recipe says; the pages come from the cache. What is shown meanwhile is stale.
pub fn recount(store: Store) {
    let is_stale = store.rows.is_stale.get_untracked();
    if store.run.phase.get_untracked() != Phase::Done && !is_stale {
        return match store.run.shown.get_untracked() {
            Some(run) => drive::start(store, run.asked.clone(), Detours::default()),
            None => analyze(store),
        };
    }
    if store.rows.shown.with_untracked(Shown::is_survey) {
        // A survey counts no tokens.
        return;
    }
    if is_stale {
        end::restore_pages(store);
    }
    let pages = store.rows.pages.get_untracked();
    let counting = count::counting(store, &store.recipe_shown());
    active::change(|active| {
        active.counting = counting;
        active.again.clone_from(&pages);
        active.number = active::next_number();
        let schedule = Schedule::new(pages.clone(), limits_of(store, &active.run));
        let schedule = schedule.with_places(active.run.offsets());
        active.work.schedule = schedule.with_cache(&pages);
        if let Stage::Survey(_, Some(rows)) = &active.work.stage {
            active.work.stage = Stage::Selected(rows.clone());
        }
    });
    ingest::clear(store);
    store.run.trouble.set(None);
    store.rows.is_stale.set(true);
    store.run.stage.set(Some(
        "Counting tokens again; those in grey are still the previous ones. ".to_owned(),
    ));
    store.run.phase.set(Phase::Running);
    drive::dispatch(store);
}

/// What the tokens of the rows that are shown are counted with; `None` while there is no run.
pub fn counting() -> Option<Counting> {
    active::with(|active| active.counting.clone())
}

/// Halts the run; answers that are under way still count.
pub fn pause(store: Store) {
    active::change_schedule(Schedule::pause);
    spawn_local(ingest::flush(store));
    store.run.phase.set(Phase::Paused);
    answers::show_progress(store);
}

/// Goes on with a run that was halted.
pub fn resume(store: Store) {
    active::change_schedule(Schedule::resume);
    store.run.phase.set(Phase::Running);
    drive::dispatch(store);
}

/// Ends the run; what was read stays, and what comes late is dropped.
pub fn cancel(store: Store) {
    active::change_schedule(Schedule::cancel);
    let number = active::next_number();
    match active::change(|active| active.number = number) {
        Some(()) => drive::dispatch(store),
        // It is still being prepared: whatever that waits for ends without it.
        None => {
            file::stop_opening(store);
            drive::stop(store);
        }
    }
}

/// Asks again for a page that could not be had.
pub fn retry(store: Store, page: PageRange) {
    active::change_schedule(|schedule| schedule.retry(page));
    answers::show_lost_pages(store);
    store.run.phase.set(Phase::Running);
    drive::dispatch(store);
}

/// Ends the run since what was read is lost, for a reason in words.
pub fn break_off(store: Store, why: String) {
    active::set(None);
    active::next_number();
    ingest::clear(store);
    store.rows.is_stale.set(false);
    end::fail(store, why);
}

/// Goes on with what was read before the dataset changed: the rest is left out.
pub fn keep_old_commit(store: Store) {
    store.run.changed.set(None);
    cancel(store);
}
