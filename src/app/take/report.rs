//! What an export gave: lines and tokens, what was not written and why, and what must be known of the files.
//! Nothing is left out in silence: every row that was not written stands in a report that can be downloaded.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::chosen::Key;
use super::download::{Last, save};
use super::export::ExportResult;
use crate::app::store::store;
use tracesift_core::export::tally::Tally;
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
        let lines = refused(&tally, written.bad).into_iter().chain(warnings);
        let items = lines.map(|line| view! { <li>{line}</li> }).collect_view();
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
                <p>{counted(&tally)}</p>
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
        _ => format!("{sides}."),
    }
}

/// What was not written, by reason; a row that has several reasons counts for each.
fn refused(tally: &Tally, bad: u64) -> Vec<String> {
    let mut lines = Vec::new();
    if tally.rejected_rows > 0 {
        let rows = words::plural(tally.rejected_rows, "row was", "rows were");
        let reasons = tally.rejected.iter();
        let reasons: Vec<String> = reasons
            .map(|(fault, rows)| {
                format!("{} {}", words::plural(*rows, "row", "rows"), fault.words())
            })
            .collect();
        lines.push(format!("{rows} not written: {}.", reasons.join("; ")));
    }
    if bad > 0 {
        lines.push(format!(
            "{} could not be read again.",
            words::plural(bad, "row", "rows")
        ));
    }
    lines
}
