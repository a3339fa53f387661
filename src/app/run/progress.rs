//! How far the run is: rows, megabytes, time left, what is being waited for; pause, resume and cancel.
//! Said in a live region, so that a screen reader hears it without being interrupted.

use std::sync::Arc;

use leptos::prelude::*;

use super::cache;
use super::value::Run;
use crate::app::store::{Phase, store};
use crate::app::{browser, run};
use tracesift_core::ground::words;
use tracesift_hub::schedule;
use tracesift_parquet::layout::Layout;

/// The line under the form.
#[component]
pub fn Progress() -> impl IntoView {
    let store = store();
    let is_on = Memo::new(move |_| matches!(store.run.phase.get(), Phase::Running | Phase::Paused));
    let words = move || {
        let progress = store.run.progress.get();
        match (store.run.phase.get(), progress) {
            (Phase::Idle | Phase::Running, None) if store.run.looking_up.with(Option::is_some) => {
                store.run.looking_up.get().unwrap_or_default()
            }
            (Phase::Idle, None) => "Nothing has been read yet.".to_owned(),
            (Phase::Failed, None) => "The run stopped.".to_owned(),
            (Phase::Running, None) => "Looking up the dataset …".to_owned(),
            (phase, Some(progress)) => {
                let stage = store.run.stage.get().unwrap_or_default();
                let run = store.run.shown.get();
                let layout = run.as_ref().and_then(|run| run.layout());
                let groups = groups_words(layout, &stage, &progress);
                format!("{stage}{groups}{}", progress_words(phase, &progress))
            }
            (_, None) => String::new(),
        }
    };
    let share = move || {
        let progress = store.run.progress.get()?;
        (progress.rows_wanted > 0).then(|| progress.rows_done as f64 / progress.rows_wanted as f64)
    };
    view! {
        <section class="progress" class:is-done=move || store.run.phase.get() == Phase::Done aria-label="Progress">
            <progress max="1" prop:value=move || share().unwrap_or_default() aria-label="Share of the rows read"></progress>
            <p role="status">{words}</p>
            <div class="buttons">
                <Show when=move || is_on.get()>
                    <PauseButton/>
                    <button type="button" data-action="cancel" on:click=move |_| run::cancel(store)>"Cancel"</button>
                </Show>
            </div>
            <Source/>
        </section>
    }
}

#[component]
fn PauseButton() -> impl IntoView {
    let store = store();
    view! {
        <Show
            when=move || store.run.phase.get() == Phase::Paused
            fallback=move || view! {
                <button type="button" data-action="pause" on:click=move |_| run::pause(store)>"Pause"</button>
            }>
            <button type="button" data-action="resume" on:click=move |_| run::resume(store)>"Resume"</button>
        </Show>
    }
}

/// How many row groups a survey has behind it.
fn groups_words(
    layout: Option<&Arc<Layout>>,
    stage: &str,
    progress: &schedule::Progress,
) -> String {
    let layout = layout.filter(|_| stage.starts_with("Surveying"));
    layout.map_or_else(String::new, |layout| {
        let done = layout.groups_within(progress.rows_done) as u64;
        let all = layout.groups() as u64;
        format!(
            "{} of {} row groups, ",
            words::count(done),
            words::count(all)
        )
    })
}

fn progress_words(phase: Phase, progress: &schedule::Progress) -> String {
    if phase == Phase::Done && progress.rows_wanted == 0 {
        return "There are no rows to read: this split is empty.".to_owned();
    }
    let mut words = format!(
        "{} of {} rows, {}",
        words::count(progress.rows_done),
        words::count(progress.rows_wanted),
        words::bytes(progress.bytes)
    );
    if progress.from_cache_rows > 0 {
        words += &format!(
            " ({} rows kept from before)",
            words::count(progress.from_cache_rows)
        );
    }
    match (phase, &progress.waiting, progress.eta_ms) {
        (Phase::Paused, _, _) => words += ". Paused.",
        (Phase::Running, Some(waiting), _) => {
            let seconds = ((waiting.until_ms - browser::now()) / 1000.0).max(0.0);
            words += &format!(". {} Trying again in {seconds:.0} s.", waiting.why);
        }
        (Phase::Running, None, Some(eta)) => {
            words += &format!(". About {} left.", words::duration(eta));
        }
        (Phase::Done, _, _) if progress.rows_done + progress.rows_failed < progress.rows_wanted => {
            words += ". Ended before the last row.";
        }
        (Phase::Done, _, _) => words += ". Done.",
        (Phase::Idle, _, _) => words += ". Cancelled.",
        (Phase::Failed, _, _) => words += ". The run stopped.",
        _ => words += ".",
    }
    words
}

/// Which commits are read, as far as they are known.
fn versions(run: &Run) -> Option<String> {
    let short = |revision: &str| revision.chars().take(10).collect::<String>();
    let known = run.places().into_iter().zip(run.revisions());
    let mut known = known.filter(|(_, revision)| !revision.is_empty());
    match run.is_mixture() {
        false => known
            .next()
            .map(|(_, revision)| format!("Version {} of the dataset. ", short(&revision))),
        true => {
            let each = known.map(|(place, revision)| {
                format!("{} of {}", short(&revision), words::cut(&place.dataset, 60))
            });
            let each: Vec<String> = each.collect();
            (!each.is_empty()).then(|| format!("Versions: {}. ", words::all_of(each)))
        }
    }
}

/// Where the rows are from, and what the browser keeps of them.
#[component]
fn Source() -> impl IntoView {
    let store = store();
    let source = move || {
        let known = store.run.known.get();
        let of = known
            .total
            .map(|total| format!("{} rows in all. ", words::count(total)));
        let partial = if known.partial {
            match store
                .run
                .shown
                .with(|run| run.as_ref().is_some_and(|run| run.is_mixture()))
            {
                true => "Of some of the splits the server holds only the first part. ",
                false => "The server holds only the first part of this split. ",
            }
        } else {
            ""
        };
        let revision = store.run.shown.get().and_then(|run| versions(&run));
        let route = store.run.route.get().map(|route| format!("{route} "));
        format!(
            "{}{}{partial}{}",
            route.unwrap_or_default(),
            of.unwrap_or_default(),
            revision.unwrap_or_default()
        )
    };
    let cache = move || match (store.account.cache.get(), store.account.cache_off.get()) {
        (_, Some(why)) => Some((format!("Pages are not kept: {why}."), false)),
        (Some(size), None) if size.answers > 0 => Some((
            format!("{} kept in this browser.", words::bytes(size.bytes)),
            true,
        )),
        _ => None,
    };
    view! {
        <p class="hint">
            {source}
            {move || cache().map(|(words, can_clear)| view! {
                <span id="cache-size">{words}</span>
                {can_clear.then(|| view! {
                    " "
                    <button type="button" class="link" on:click=move |_| cache::clear(store)>
                        "Clear kept pages"
                    </button>
                })}
            })}
        </p>
    }
}
