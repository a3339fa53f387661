//! A patch in the reader: its lines coloured and marked, changed words and matches set off, more lines on demand.
//! Lines, their colours and their changed words come from the worker; here they are only placed.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::marked::Part;
use super::reader::open_row;
use super::search::search;
use crate::app::busy::soon;
use crate::app::store::store;
use crate::worker::Question;
use tracesift_core::ground::words;
use tracesift_core::patch::LineKind;
use tracesift_core::search::{Hit, Place};
use tracesift_core::view::{DiffLine, DiffView};

/// Lines that are put into the document at once.
const AT_ONCE: usize = 200;

/// One patch.
#[component]
pub fn Diff(title: String, patch: DiffView, is_reference: bool) -> impl IntoView {
    let store = store();
    let open = open_row();
    let total = patch.total_lines;
    let summary = summary(&patch);
    let lines = RwSignal::new(patch.lines);
    let rest = move || total.saturating_sub(lines.with(Vec::len));
    // Some lines at a time, so that nothing waits for thousands.
    let drawn = RwSignal::new(AT_ONCE);
    Effect::new(move |_| {
        if drawn.get() < lines.with(Vec::len) {
            soon(move || {
                drawn.try_update(|drawn| *drawn += AT_ONCE);
            });
        }
    });
    let search = search();
    // The reference is not looked through.
    let hits_in = move |line| match is_reference {
        true => Vec::new(),
        false => search.hits_in(Place::PatchLine(line)),
    };
    let in_document = move || {
        let lines = lines.get().into_iter().enumerate();
        let lines = lines.take(drawn.get());
        lines
            .map(|(index, line)| (index, hits_in(index), line))
            .collect::<Vec<_>>()
    };
    let more = move || {
        let Some(open) = open.get_value() else { return };
        let from = lines.with_untracked(Vec::len);
        spawn_local(async move {
            let question = |at, row| Question::MoreDiff {
                at,
                row,
                reference: is_reference,
                from,
            };
            // What can't be fetched stays behind the button.
            if let Ok(more) = open.ask::<Vec<_>>(store, question).await {
                lines.update(|lines| {
                    // They may have been asked for twice.
                    if lines.len() == from {
                        lines.extend(more);
                    }
                });
            }
        });
    };
    // The match that is looked at may be in a line that is not here yet.
    Effect::new(move |_| {
        let is_far = match search.now.get().map(|now| now.place) {
            Some(Place::PatchLine(line)) => line >= lines.with(Vec::len),
            _ => false,
        };
        if is_far && !is_reference && rest() > 0 {
            more();
        }
    });
    let label = title.clone();
    view! {
        <section aria-label=label>
            <h3>{title}</h3>
            <p class="hint">{summary}</p>
            <div class="diff" tabindex="0">
                <For each=in_document key=|(index, hits, _)| (*index, hits.clone()) let((_, hits, line))>
                    {diff_line(line, &hits, search.now)}
                </For>
            </div>
            <Show when=move || { rest() > 0 }>
                <button type="button" class="link" on:click=move |_| more()>
                    {move || format!("Show more of {}", words::plural(total as u64, "line", "lines"))}
                </button>
            </Show>
        </section>
    }
}

/// The patch in a sentence.
fn summary(patch: &DiffView) -> String {
    let (added, deleted) = patch.files.iter().fold((0, 0), |sum, file| {
        (sum.0 + file.added, sum.1 + file.deleted)
    });
    let torn = if patch.torn {
        "; a part of it can't be read"
    } else {
        ""
    };
    if patch.total_files == 0 && patch.total_lines == 0 {
        return "It is empty.".to_owned();
    }
    format!(
        "{}, {} added, {} deleted{torn}.",
        words::plural(patch.total_files as u64, "file", "files"),
        words::plural(added as u64, "line", "lines"),
        words::count(deleted as u64)
    )
}

fn diff_line(line: DiffLine, hits: &[Hit], now: Memo<Option<Hit>>) -> impl IntoView + use<> {
    let class = match line.kind {
        LineKind::File => "file",
        LineKind::Header | LineKind::Hunk | LineKind::Note => "hunk",
        LineKind::Context => "context",
        LineKind::Added => "added",
        LineKind::Deleted => "deleted",
    };
    // The marker is the second cue beside the colour.
    let marker = match line.kind {
        LineKind::Added => "+",
        LineKind::Deleted => "-",
        LineKind::Context => " ",
        LineKind::File | LineKind::Header | LineKind::Hunk | LineKind::Note => "",
    };
    let cut = (line.cut > 0).then(|| format!(" … {} more", words::bytes(line.cut as u64)));
    let part = Part {
        text: &line.text,
        from: 0,
        colours: &line.colours,
        changed: &line.emphasis,
        hits,
        now,
    };
    let text = part.shown();
    view! { <div class=class>{marker}{text}{cut}</div> }
}
