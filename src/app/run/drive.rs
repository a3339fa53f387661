//! Drives a run: starts it, asks for its pages as the schedule says, and carries out what comes after it.
//! The schedule decides; this file only carries out.

use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::active::{self, Active, is_current, next_number};
use super::end::After;
use super::ingest;
use super::join::Ready;
use super::prepare::{Detours, prepare};
use super::value::Run;
use super::{answers, ask, end, files, repository, stage};
use crate::app::source::count;
use crate::app::store::{Known, Phase, Store};
use crate::app::{browser, frame};
use crate::worker::{Counting, WorkerError};
use tracesift_core::ground::PageRange;
use tracesift_core::recipe::{Reading, Via};
use tracesift_hub::error::HubError;
use tracesift_hub::schedule::{Next, Schedule};

/// Starts a run of the rows that a reading asks for.
pub fn start(store: Store, asked: Reading, detours: Detours) {
    let number = begin(store);
    spawn_local(async move {
        match prepare(store, number, asked, detours).await {
            Ok(ready) if is_current(number) => set_off(store, ready),
            Ok(_) => {}
            Err(why) if is_current(number) => end::fail(store, why),
            Err(_) => {}
        }
    });
}

/// Forgets the run before; the number of the new one.
fn begin(store: Store) -> u64 {
    active::set(None);
    store.run.shown.set(None);
    store.run.phase.set(Phase::Running);
    store.run.progress.set(None);
    store.run.trouble.set(None);
    store.run.changed.set(None);
    store.run.stage.set(None);
    store.run.route.set(None);
    store.run.known.set(Known::default());
    frame::clear(store);
    store.rows.is_stale.set(false);
    ingest::clear(store);
    next_number()
}

/// Shows a run that can start, and reads its rows.
fn set_off(store: Store, ready: Ready) {
    let Ready {
        run,
        work,
        known,
        route,
    } = ready;
    let run = Arc::new(run);
    name_in_form(store, &run);
    store.run.route.set(route);
    store.run.known.set(known);
    store.run.stage.set(stage::in_words(&run, &work.stage));
    store.run.shown.set(Some(run.clone()));
    frame::expect(store, work.schedule.progress(browser::now()).rows_wanted);
    active::set(Some(Active {
        number: run.id,
        counting: count::counting(store, &store.recipe_shown()),
        run,
        work,
        again: Vec::new(),
        timer: None,
    }));
    dispatch(store);
}

/// Names the configs and splits that were found in the form that left them open, unless it asks for other rows by now.
fn name_in_form(store: Store, run: &Run) {
    let found = run.reading.places();
    let is_open = store.run.recipe.with_untracked(|recipe| {
        let now = &recipe.reading;
        run.asked == *now && now.places() != found
    });
    if is_open {
        store.choose(|recipe| recipe.reading = recipe.reading.of_places(&found));
    }
}

/// Asks for pages until the schedule says to wait.
pub fn dispatch(store: Store) {
    loop {
        let next = active::change(|active| {
            let next = active.work.schedule.next(browser::now());
            (active.number, active.counting.clone(), next)
        });
        let Some((number, counting, next)) = next else {
            return;
        };
        match next {
            Next::Ask { page, .. } => spawn_local(fetch_page(store, number, page, counting)),
            Next::Wait { until_ms } => {
                wake_at(store, until_ms);
                break;
            }
            Next::Busy | Next::Paused => break,
            Next::Stopped => {
                stop(store);
                break;
            }
            Next::Done => {
                spawn_local(finish(store));
                break;
            }
        }
    }
    answers::show_progress(store);
}

/// Ends a run that has no more pages, or had none yet.
pub fn stop(store: Store) {
    spawn_local(async move { carry_out(store, end::stop(store).await) });
}

/// Goes on after the last page.
async fn finish(store: Store) {
    carry_out(store, end::finish(store).await);
}

fn wake_at(store: Store, until_ms: f64) {
    let wait = Duration::from_millis((until_ms - browser::now()).clamp(1.0, 500.0) as u64);
    let timer = set_timeout_with_handle(move || dispatch(store), wait).ok();
    active::change(|active| {
        if let Some(earlier) = std::mem::replace(&mut active.timer, timer) {
            earlier.clear();
        }
    });
}

async fn fetch_page(store: Store, number: u64, page: PageRange, counting: Counting) {
    let now = active::with(|active| (active.run.clone(), active.work.stage.clone()));
    let Some((run, stage)) = now else { return };
    let Some(at) = run.page_at(store, page) else {
        return;
    };
    let begun = browser::now();
    let answer = ask::rows(store, &run, at, counting, &stage).await;
    if !is_current(number) {
        return;
    }
    match answer {
        Ok(measured) => answers::handle_answer(store, page, measured, &stage, begun),
        Err(WorkerError::Hub(error)) => answers::handle_failure(store, page, &error),
        Err(error @ WorkerError::Parquet { .. }) => {
            answers::handle_failure(store, page, &HubError::damaged(&error.to_string()));
        }
        // No other page could be counted, either.
        Err(error @ WorkerError::Model(_)) => {
            active::change_schedule(Schedule::cancel);
            return end::fail(store, error.to_string());
        }
        Err(WorkerError::Interrupted) => {
            answers::handle_failure(store, page, &HubError::interrupted());
        }
        // The page is halved until the row is found that the worker never comes back from, or breaks down on.
        Err(error @ WorkerError::NoAnswer { .. }) => {
            answers::handle_failure(store, page, &HubError::endless(&error.to_string()));
        }
        Err(error) => {
            answers::handle_failure(store, page, &HubError::broke_down(&error.to_string()))
        }
    }
    dispatch(store);
}

fn carry_out(store: Store, after: After) {
    match after {
        After::Nothing => {}
        // Not from within the schedule's own turn.
        After::NextStage => spawn_local(async move { dispatch(store) }),
        After::ByFiles => detour(store, Via::Parquet),
        After::LookIntoFiles => spawn_local(look_into_files(store)),
        After::LookIntoRepository => spawn_local(look_into_repository(store)),
    }
}

/// Reads the rows of the run by another way, whatever the form says by now.
fn detour(store: Store, way: Via) {
    let next = active::with(|active| (active.run.asked.clone(), active.detours(way)));
    if let Some((asked, detours)) = next {
        start(store, asked, detours);
    }
}

/// Reads the dataset's files if any can be opened; else the run is over.
async fn look_into_repository(store: Store) {
    let number = active::newest_number();
    let error = active::with(|active| active.work.schedule.stopped().cloned()).flatten();
    let is_readable = repository::is_readable(store).await;
    if !is_current(number) {
        return;
    }
    match error {
        _ if is_readable => detour(store, Via::Files),
        Some(error) => end::fail_by(store, &error),
        None => {}
    }
}

/// Reads the rows from the Parquet files if these hold more; else the run is done with what there is.
async fn look_into_files(store: Store) {
    let number = active::newest_number();
    let hold_more = files::hold_more(store).await;
    if !is_current(number) {
        return;
    }
    store.run.known.update(|known| known.files_tried = true);
    match hold_more {
        true => detour(store, Via::Parquet),
        false => spawn_local(finish(store)),
    }
}
