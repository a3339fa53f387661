//! Drives a run: finds the source, plans the pages, asks the workers for them as the schedule says, and puts
//! what they measured into the frame. The schedule decides; this file only carries out.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::prepare::{Prepared, Stage, limits_of, limits_of_files, prepare};
use super::store::{Phase, Reading, Store};
use super::{browser, cache, count, dataset, intake, parquet, token, words};
use crate::frame::Frame;
use crate::hub::address::read_endpoint;
use crate::hub::error::{ErrorKind, HubError};
use crate::hub::{DATASETS_SERVER, HUB};
use crate::recipe::{Read, Recipe, Via};
use crate::source::parquet::layout::{Layout, pages_of};
use crate::source::schedule::{Answered, Next, RevisionCheck, Schedule};
use crate::source::{PageRange, Source};
use crate::worker::{Answer, Counting, Depth, Measured, PageAt, Question, WorkerError};

thread_local! {
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
    static NEWEST: Cell<u64> = const { Cell::new(0) };
}

/// The run that is on. Another run has another number: what comes late for an older one is dropped.
struct Active {
    number: u64,
    run: Prepared,
    counting: Counting,
    /// The pages that are counted anew, all of them.
    again: Vec<PageRange>,
    timer: Option<TimeoutHandle>,
}

/// The demo starts by itself, since it costs nothing; anything else starts when the address says `run=1`.
pub fn start_as_the_address_says(store: Store) {
    store.token.set(token::recall());
    let (is_demo, run) = store
        .recipe
        .with_untracked(|recipe| (recipe.dataset == "demo", recipe.run));
    if is_demo || run {
        analyze(store);
    } else {
        dataset::describe(store, false);
    }
}

/// Starts a run anew, as the recipe says.
pub fn analyze(store: Store) {
    store
        .recipe
        .update(|recipe| recipe.run = recipe.dataset != "demo");
    start(store, false);
}

/// Starts a run of whole rows, or a survey, as a person presses the button for it.
pub fn analyze_by(store: Store, read: Read) {
    store.choose(|recipe| recipe.read = read);
    analyze(store);
}

/// `by_files`: the row service was tried and can't give the rows.
fn start(store: Store, by_files: bool) {
    let number = begin(store);
    spawn_local(async move {
        match prepare(store, by_files).await {
            Ok(run) if is_current(number) => {
                show_stage(store, &run);
                let counting = store
                    .recipe
                    .with_untracked(|recipe| count::counting(store, recipe));
                ACTIVE.set(Some(Active {
                    number,
                    run,
                    counting,
                    again: Vec::new(),
                    timer: None,
                }));
                pump(store);
            }
            Ok(_) => {}
            Err(why) if is_current(number) => fail(store, why),
            Err(_) => {}
        }
    });
}

/// Starts anew with the data set as it is now.
pub fn analyze_afresh(store: Store) {
    store.described.set(None);
    spawn_local(async move {
        // What goes wrong here goes wrong again in the run, which says it.
        let _ = dataset::described(store, true).await;
        analyze(store);
    });
}

/// Counts all rows again as the recipe says; the pages come from the cache. What is shown meanwhile is stale.
pub fn recount(store: Store) {
    let is_stale = store.is_stale.get_untracked();
    if store.phase.get_untracked() != Phase::Done && !is_stale {
        return analyze(store);
    }
    if store.frame.with_untracked(Frame::is_survey) {
        // A survey counts no tokens.
        return;
    }
    if is_stale {
        restore_pages(store);
    }
    let pages = store.pages.get_untracked();
    let counting = store
        .recipe
        .with_untracked(|recipe| count::counting(store, recipe));
    ACTIVE.with_borrow_mut(|active| {
        let Some(active) = active else { return };
        active.counting = counting;
        active.again.clone_from(&pages);
        active.number = next_number();
        active.run.schedule =
            Schedule::new(pages.clone(), limits_of(&active.run.source)).with_cache(&pages);
        if let Stage::Survey(_, Some(rows)) = &active.run.stage {
            active.run.stage = Stage::Selected(rows.clone());
        }
    });
    intake::clear(store);
    store.trouble.set(None);
    store.is_stale.set(true);
    store.stage.set(Some(
        "Counting tokens anew; those in grey are still the former ones. ".to_owned(),
    ));
    store.phase.set(Phase::Running);
    pump(store);
}

/// Of rows that were not counted anew, the texts can still be read.
fn restore_pages(store: Store) {
    let pages = ACTIVE.with_borrow(|active| active.as_ref().map(|active| active.again.clone()));
    store.pages.set(pages.unwrap_or_default());
}

/// Halts the run; answers that are under way still count.
pub fn pause(store: Store) {
    with_schedule(Schedule::pause);
    intake::flush(store);
    store.phase.set(Phase::Paused);
    show_progress(store);
}

/// Goes on with a run that was halted.
pub fn resume(store: Store) {
    with_schedule(Schedule::resume);
    store.phase.set(Phase::Running);
    pump(store);
}

/// Ends the run; what was read stays, and what comes late is dropped.
pub fn cancel(store: Store) {
    with_schedule(Schedule::cancel);
    ACTIVE.with_borrow_mut(|active| {
        if let Some(active) = active {
            active.number = next_number();
        }
    });
    pump(store);
}

/// Asks again for a page that could not be had.
pub fn retry(store: Store, page: PageRange) {
    with_schedule(|schedule| schedule.retry(page));
    show_lost_pages(store);
    store.phase.set(Phase::Running);
    pump(store);
}

/// Goes on with what was read before the data set changed: the rest is left out.
pub fn keep_old_commit(store: Store) {
    store.changed.set(None);
    cancel(store);
}

fn begin(store: Store) -> u64 {
    ACTIVE.set(None);
    store.phase.set(Phase::Running);
    store.progress.set(None);
    store.trouble.set(None);
    store.changed.set(None);
    store.stage.set(None);
    store.reading.set(Reading::default());
    store.frame.set(Frame::default());
    store.is_stale.set(false);
    intake::clear(store);
    next_number()
}

fn next_number() -> u64 {
    NEWEST.set(NEWEST.get() + 1);
    NEWEST.get()
}

fn is_current(number: u64) -> bool {
    NEWEST.get() == number
}

/// The datasets server that the recipe names.
pub fn endpoint(recipe: &Recipe) -> String {
    let named = recipe
        .endpoint
        .as_deref()
        .and_then(|named| read_endpoint(named).ok());
    named.unwrap_or_else(|| DATASETS_SERVER.to_owned())
}

/// The Hub that the recipe names.
pub fn hub(recipe: &Recipe) -> String {
    let named = recipe.hub.as_deref();
    let named = named.and_then(|named| read_endpoint(named).ok());
    named.unwrap_or_else(|| HUB.to_owned())
}

/// Where the run's rows lie in Parquet files, where they come out of such.
pub fn layout() -> Option<Rc<Layout>> {
    ACTIVE.with_borrow(|active| active.as_ref()?.run.layout.clone())
}

/// Where a page of the run lies; `None` while there is no run.
pub fn page_at(store: Store, range: PageRange) -> Option<PageAt> {
    let (source, mut place) = ACTIVE.with_borrow(|active| {
        active
            .as_ref()
            .map(|active| (active.run.source.clone(), active.run.place.clone()))
    })?;
    let layout = layout();
    let mut first = 0;
    if let Some(split) = layout
        .as_ref()
        .and_then(|layout| layout.split_of(range.start))
    {
        place.config.clone_from(&split.config);
        place.split.clone_from(&split.split);
        first = split.rows.start;
    }
    let pieces = layout.map_or_else(Vec::new, |layout| layout.pieces(&range));
    let revision = store
        .reading
        .with_untracked(|reading| reading.revision.clone());
    let token = match &source {
        Source::Hub { .. } if !pieces.is_empty() => pieces
            .first()
            .and_then(|piece| parquet::token_of(store, &piece.file.url)),
        Source::Hub { endpoint, .. } => token::token_for(store, endpoint),
        Source::Demo { .. } | Source::File { .. } => None,
    };
    Some(PageAt {
        source,
        range,
        place,
        first,
        revision,
        token,
        pieces,
    })
}

fn with_schedule(act: impl FnOnce(&mut Schedule)) {
    ACTIVE.with_borrow_mut(|active| {
        if let Some(active) = active {
            act(&mut active.run.schedule);
        }
    });
}

/// Asks for pages until the schedule says to wait.
fn pump(store: Store) {
    loop {
        let next = ACTIVE.with_borrow_mut(|active| {
            let active = active.as_mut()?;
            let next = active.run.schedule.next(browser::now());
            Some((active.number, active.counting.clone(), next))
        });
        let Some((number, counting, next)) = next else {
            return;
        };
        match next {
            Next::Ask { page, .. } => spawn_local(ask(store, number, page, counting)),
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
                finish(store);
                break;
            }
        }
    }
    show_progress(store);
}

fn wake_at(store: Store, until_ms: f64) {
    let wait = Duration::from_millis((until_ms - browser::now()).clamp(1.0, 500.0) as u64);
    let timer = set_timeout_with_handle(move || pump(store), wait).ok();
    ACTIVE.with_borrow_mut(|active| {
        let Some(active) = active else { return };
        if let Some(earlier) = std::mem::replace(&mut active.timer, timer) {
            earlier.clear();
        }
    });
}

async fn ask(store: Store, number: u64, page: PageRange, counting: Counting) {
    let Some(at) = page_at(store, page) else {
        return;
    };
    let stage = ACTIVE.with_borrow(|active| active.as_ref().map(|active| active.run.stage.clone()));
    let Some(stage) = stage else { return };
    let begun = browser::now();
    let answer = match &stage {
        Stage::Survey(depth, only) => survey(store, at, *depth, only.as_deref()).await,
        Stage::Whole => measure(store, at, counting, None).await,
        Stage::Selected(rows) => measure(store, at, counting, Some(rows)).await,
    };
    if !is_current(number) {
        return;
    }
    match answer {
        Ok(measured) => answered(store, page, measured, &stage, begun),
        Err(WorkerError::Hub(error)) => failed(store, page, &error),
        Err(error @ WorkerError::Parquet { .. }) => {
            failed(store, page, &HubError::damaged(&error.to_string()));
        }
        // No other page could be counted, either.
        Err(error @ WorkerError::Model(_)) => {
            with_schedule(Schedule::cancel);
            return fail(store, error.to_string());
        }
        // The page is halved until the row is found that the worker breaks down on.
        Err(error) => failed(store, page, &HubError::broke_down(&error.to_string())),
    }
    pump(store);
}

/// The rows of a page, measured; those of Parquet files are brought out of them first.
async fn measure(
    store: Store,
    at: PageAt,
    counting: Counting,
    only: Option<&Vec<u64>>,
) -> Result<Measured, WorkerError> {
    let mut brought = None;
    let mut attachment = store.attachment();
    if !at.pieces.is_empty() {
        let (how, text) = parquet::bring(store, &at).await?;
        brought = Some(how);
        attachment = text.into();
    }
    let only = only.map(|rows| rows_within(rows, &at.range));
    let question = Question::Measure { at, counting, only };
    let workers = store.workers_of(&question);
    let measured = match workers.ask(&question, attachment).await?.0 {
        Answer::Measured(measured) => measured,
        _ => return Err(WorkerError::Mismatch),
    };
    Ok(match brought {
        None => measured,
        Some(how) => Measured {
            bytes: how.fetched,
            from_cache: how.from_cache,
            cache_off: how.cache_off,
            ..measured
        },
    })
}

/// The rows of a page, without their texts.
async fn survey(
    store: Store,
    at: PageAt,
    depth: Depth,
    only: Option<&Vec<u64>>,
) -> Result<Measured, WorkerError> {
    let only = only.map(|rows| rows_within(rows, &at.range));
    let question = Question::Survey { at, depth, only };
    match store.parquet().ask(&question, store.attachment()).await?.0 {
        Answer::Measured(measured) => Ok(measured),
        _ => Err(WorkerError::Mismatch),
    }
}

fn rows_within(rows: &[u64], page: &PageRange) -> Vec<u64> {
    let from = rows.partition_point(|row| *row < page.start);
    let rows = rows.iter().skip(from).copied();
    rows.take_while(|row| *row < page.end()).collect()
}

/// Reads the rows that pass the rules, whole: those of a survey that is done.
pub fn measure_selection(store: Store) {
    store.choose(|recipe| {
        recipe.read = Read::Selection;
        recipe.run = true;
    });
    store.phase.set(Phase::Running);
    if !begin_next_stage(store) {
        store.phase.set(Phase::Done);
    }
    pump(store);
}

/// After a survey come the patches of the rows that pass, where a rule needs them, and then the rows that still
/// pass, whole. Whether there is anything to read.
fn begin_next_stage(store: Store) -> bool {
    /// Rows whose patches are asked for at once.
    const PATCHES_AT_ONCE: u32 = 100;
    let selection = store.selection.get_untracked();
    let wanted: Vec<u64> = store.frame.with_untracked(|frame| {
        let rows = frame.rows();
        let kept = selection.kept.iter();
        kept.filter_map(|&at| rows.get(at as usize).copied())
            .collect()
    });
    if wanted.is_empty() {
        return false;
    }
    let wanted = Rc::new(wanted);
    ACTIVE.with_borrow_mut(|active| {
        let Some(active) = active else { return false };
        let is_first = matches!(active.run.stage, Stage::Survey(Depth::Light, _));
        let (stage, len) = if is_first && selection.waits_for_patches() {
            (
                Stage::Survey(Depth::Patches, Some(wanted.clone())),
                PATCHES_AT_ONCE,
            )
        } else {
            (Stage::Selected(wanted.clone()), active.run.page_len)
        };
        active.number = next_number();
        active.run.stage = stage;
        let pages = pages_of(&wanted, len);
        let pages = active
            .run
            .layout
            .as_ref()
            .map_or_else(Vec::new, |layout| layout.cut(&pages, &[]));
        active.run.schedule = Schedule::new(pages, limits_of_files());
        show_stage(store, &active.run);
        true
    })
}

/// What is being done, in words; reading whole rows as they come needs none.
fn show_stage(store: Store, run: &Prepared) {
    let groups = run.layout.as_ref().map_or(0, |layout| layout.groups());
    let files = run.layout.as_ref().map_or(0, |layout| layout.files());
    let plural = words::plural;
    store.stage.set(match &run.stage {
        Stage::Whole => None,
        Stage::Survey(Depth::Light, _) => Some(format!(
            "Surveying {} of {} without their texts. ",
            plural(groups as u64, "row group", "row groups"),
            plural(files as u64, "file", "files"),
        )),
        Stage::Survey(Depth::Patches, rows) => Some(format!(
            "Reading the patches of {} that a rule needs. ",
            plural(
                rows.as_ref().map_or(0, |rows| rows.len()) as u64,
                "row",
                "rows"
            ),
        )),
        Stage::Selected(rows) => Some(format!(
            "Measuring {} that pass the rules. ",
            plural(rows.len() as u64, "row", "rows"),
        )),
    });
}

fn failed(store: Store, page: PageRange, error: &HubError) {
    with_schedule(|schedule| schedule.failed(page, error, browser::now(), js_sys::Math::random()));
    show_lost_pages(store);
}

fn show_lost_pages(store: Store) {
    ACTIVE.with_borrow(|active| {
        if let Some(active) = active {
            store
                .lost_pages
                .set(active.run.schedule.failures().to_vec());
        }
    });
}

fn answered(store: Store, page: PageRange, measured: Measured, stage: &Stage, begun: f64) {
    let mut check = RevisionCheck::Same;
    with_schedule(|schedule| check = schedule.revision(measured.revision.as_deref()));
    if let RevisionCheck::Changed { from, to } = check {
        store.changed.set(Some((from, to)));
        store.phase.set(Phase::Paused);
        // The page is of the new commit: it is not mixed with the old one's.
        return;
    }
    with_schedule(|schedule| {
        schedule.answered(
            page,
            Answered {
                rows: measured.received,
                bytes: measured.bytes,
                took_ms: measured.fetch_ms.max(if measured.from_cache {
                    0.0
                } else {
                    browser::now() - begun
                }),
                from_cache: measured.from_cache,
                now_ms: browser::now(),
            },
        );
    });
    if let Some(why) = &measured.cache_off {
        store.cache_off.set(Some(why.clone()));
    }
    intake::take_facts(store, &measured);
    let is_whole = !matches!(stage, Stage::Survey(..));
    intake::take_rows(store, is_whole.then_some(page), measured);
}

fn show_progress(store: Store) {
    let progress = ACTIVE.with_borrow(|active| {
        active
            .as_ref()
            .map(|active| active.run.schedule.progress(browser::now()))
    });
    if progress.is_some() {
        store.progress.set(progress);
    }
}

/// Ended by an error, or by the user: then what was read stays, and a reload does not start again.
fn stop(store: Store) {
    if matches!(
        store.phase.get_untracked(),
        Phase::Failed | Phase::Done | Phase::Idle
    ) {
        return;
    }
    intake::flush(store);
    let error = ACTIVE.with_borrow(|active| active.as_ref()?.run.schedule.stopped().cloned());
    match error {
        Some(error) if may_fall_back(store, &error) => start(store, true),
        Some(error) => {
            fail(store, error.to_string());
            spawn_local(explain(store));
        }
        None => {
            if store.is_stale.get_untracked() {
                restore_pages(store);
                let words = "Counting was stopped; tokens in grey are those of the former choice, or a mixture. ";
                store.stage.set(Some(words.to_owned()));
            }
            store.choose(|recipe| recipe.run = false);
            let is_empty = store.frame.with_untracked(Frame::is_empty);
            store
                .phase
                .set(if is_empty { Phase::Idle } else { Phase::Done });
        }
    }
}

/// Whether the Parquet files may give what the row service can't.
fn may_fall_back(store: Store, error: &HubError) -> bool {
    let is_auto = store
        .recipe
        .with_untracked(|recipe| recipe.via == Via::Auto);
    error.kind == ErrorKind::TooBig && is_auto && is_by_rows()
}

/// Whether the run's rows come from the row service.
fn is_by_rows() -> bool {
    ACTIVE.with_borrow(|active| {
        active.as_ref().is_some_and(|active| {
            active.run.layout.is_none() && matches!(active.run.source, Source::Hub { .. })
        })
    })
}

/// Adds what the server says of the split itself to the reason of a failure.
async fn explain(store: Store) {
    let source = store
        .reading
        .with_untracked(|reading| reading.source.clone());
    let Some(Source::Hub {
        endpoint,
        dataset,
        config,
        split,
    }) = source
    else {
        return;
    };
    let token = token::token_for(store, &endpoint);
    let question = Question::Explain {
        endpoint,
        dataset,
        config,
        split,
        token,
    };
    if let Ok((Answer::Explained(more), _)) = store.scout().ask(&question, JsValue::UNDEFINED).await
        && store.phase.get_untracked() == Phase::Failed
        && !more.is_empty()
    {
        store.trouble.update(|trouble| {
            if let Some(why) = trouble {
                why.push(' ');
                why.push_str(&more);
            }
        });
    }
}

fn fail(store: Store, why: String) {
    if store.is_stale.get_untracked() {
        restore_pages(store);
    }
    store.trouble.set(Some(why));
    store.phase.set(Phase::Failed);
}

fn finish(store: Store) {
    if store.changed.with_untracked(Option::is_some) {
        return;
    }
    intake::flush(store);
    let is_selection = store
        .recipe
        .with_untracked(|recipe| recipe.read == Read::Selection);
    if is_selection && is_surveying() && begin_next_stage(store) {
        // Not from within the schedule's own turn.
        spawn_local(async move { pump(store) });
        return;
    }
    if misses_rows(store) {
        spawn_local(look_into_files(store));
        return;
    }
    store.counted.update(|counted| *counted += 1);
    store.is_stale.set(false);
    store.stage.set(None);
    store.phase.set(Phase::Done);
    cache::show(store);
}

/// Whether the row service holds only a part of the split, and not all rows that are wanted: then the Parquet files
/// may have them.
fn misses_rows(store: Store) -> bool {
    let (wanted, is_auto) = store
        .recipe
        .with_untracked(|recipe| (recipe.rows, recipe.via == Via::Auto));
    let is_partial = store
        .reading
        .with_untracked(|reading| reading.partial && !reading.files_tried);
    let read = store.frame.with_untracked(Frame::len) as u64 + store.bad_count.get_untracked();
    is_auto && is_partial && read < wanted && is_by_rows()
}

/// Reads the rows from the Parquet files if these hold more; else the run is done with what there is.
async fn look_into_files(store: Store) {
    let number = NEWEST.get();
    let held = store
        .reading
        .with_untracked(|reading| reading.total.unwrap_or_default());
    let in_files = rows_in_files(store).await.unwrap_or_default();
    if !is_current(number) {
        return;
    }
    store.reading.update(|reading| reading.files_tried = true);
    if in_files > held {
        start(store, true);
    } else {
        finish(store);
    }
}

/// How many rows the Parquet files of the run's split hold; `None` where that can't be found out.
async fn rows_in_files(store: Store) -> Option<u64> {
    let recipe = store.recipe.get_untracked();
    let described = dataset::described(store, false).await.ok()?;
    let splits = described.chosen(&recipe.config, &recipe.split).ok()?;
    let listed = parquet::files_of(store, &recipe, &splits).await.ok()?;
    let revision = listed.revision.as_deref();
    let layout = parquet::layout_of(store, listed.files.clone(), revision);
    Some(layout.await.ok()?.rows())
}

/// Whether the pages that were asked for last are those of a survey.
fn is_surveying() -> bool {
    ACTIVE.with_borrow(|active| {
        let active = active.as_ref();
        active.is_some_and(|active| matches!(active.run.stage, Stage::Survey(..)))
    })
}
