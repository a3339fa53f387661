//! What an export gave: lines and tokens, what was not written and why, and what must be known of the files.
//! Nothing is left out in silence: every row that was not written stands in a report that can be downloaded.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::chosen::Key;
use super::download::{Last, save};
use super::export::ExportResult;
use super::validate::Remedy;
use crate::app::store::{Store, store};
use tracesift_core::export::check::Fault;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::of_options;
use tracesift_core::ground::words;

/// What the last export gave.
#[component]
pub fn Report(last: Last) -> impl IntoView {
    let store = store();
    let show = move |written: &ExportResult| {
        let tally = written.tally();
        let warnings = written
            .manifest
            .iter()
            .flat_map(|manifest| manifest.warnings.clone());
        // What the format says of itself stands above.
        let options = store.run.recipe.with(|recipe| of_options(&recipe.export));
        let said: Vec<String> = options.iter().map(ToString::to_string).collect();
        let items = warnings
            .filter(|line| !said.contains(line))
            .map(|line| view! { <li>{line}</li> })
            .collect_view();
        let report = (!written.report.is_empty()).then(|| {
            let text = written.report.clone();
            let download = move |_| {
                let text = text.clone();
                spawn_local(async move {
                    // A browser that refuses says so itself.
                    let _ = save("not-written.csv", text.as_bytes()).await;
                });
            };
            view! { <button type="button" on:click=download>"Download report"</button> }
        });
        view! {
            <div id="report" class="report">
                <p><strong>{summary(&tally, written.bad)}</strong>" "{counted(&tally)}</p>
                <ul class="reasons">{refused(store, &tally)}</ul>
                <ul>{items}</ul>
                {report}
            </div>
        }
    };
    // What was said of other choices would mislead.
    let now = Memo::new(move |_| Key::now(store));
    move || {
        last.with(|last| {
            let (key, written) = last.as_ref()?;
            now.with(|now| now.as_ref() == Some(key))
                .then(|| show(written))
        })
    }
}

/// Lines per split, and their tokens where they were counted.
fn counted(tally: &Tally) -> String {
    let sides: Vec<String> = tally
        .splits
        .iter()
        .map(|(split, lines)| format!("{} for {}", words::count(*lines), split.name()))
        .collect();
    let lines = words::plural(tally.lines(), "line", "lines");
    let sides = match sides.len() {
        0 | 1 => lines,
        _ => format!("{lines}: {}", sides.join(", ")),
    };
    match (tally.tokens, tally.trainable, tally.longest) {
        (Some(tokens), Some(trainable), Some(longest)) => format!(
            "{sides}. {} tokens, of which a model learns from {}; the longest line has {}.",
            words::count(tokens),
            words::count(trainable),
            words::count(longest)
        ),
        // How many lines there are is said before.
        _ if tally.splits.len() < 2 => String::new(),
        _ => format!("{sides}."),
    }
}

/// How many runs are written, and how many are not.
fn summary(tally: &Tally, bad: u64) -> String {
    let unread = match bad {
        0 => String::new(),
        bad => format!(
            " {} could not be read again.",
            words::plural(bad, "row", "rows")
        ),
    };
    match tally.rejected_rows {
        0 => format!("All that is selected can be written.{unread}"),
        rows => format!(
            "{} written; {} not written:{unread}",
            words::plural(tally.lines(), "line can be", "lines can be"),
            words::plural(rows, "row is", "rows are")
        ),
    }
}

/// What is not written, by reason, each with its remedy; a row that has several reasons counts for each.
fn refused(store: Store, tally: &Tally) -> Vec<AnyView> {
    let options = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.export.clone());
    let reason = |(&fault, &rows): (&Fault, &u64)| {
        let words = format!("{} {}", words::plural(rows, "row", "rows"), fault.words());
        let remedy = Remedy::of(fault, rows, &options).map(|remedy| {
            let words = remedy.words.clone();
            let choose = move |_| store.choose(|recipe| remedy.choose(recipe));
            view! { <button type="button" class="quick" on:click=choose>{words}</button> }
        });
        view! { <li>{words}" "{remedy}</li> }.into_any()
    };
    tally.rejected.iter().map(reason).collect()
}
