//! A patch in the reader: its lines coloured and marked, changed words set off, more lines on demand.
//! Lines and their changed words come from the worker; here they are only placed.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::reader::open_row;
use crate::app::busy::soon;
use crate::app::store::store;
use crate::worker::{Answer, Question};
use tracesift_core::ground::words;
use tracesift_core::patch::LineKind;
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
    let in_document = move || {
        let lines = lines.get().into_iter().enumerate();
        lines.take(drawn.get()).collect::<Vec<_>>()
    };
    let more = move |_| {
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
            if let Ok((Answer::MoreDiff(more), _)) = open.ask(store, question).await {
                lines.update(|lines| lines.extend(more));
            }
        });
    };
    let label = title.clone();
    view! {
        <section aria-label=label>
            <h3>{title}</h3>
            <p class="hint">{summary}</p>
            <div class="diff" tabindex="0">
                <For each=in_document key=|(index, _)| *index let((_, line))>
                    {diff_line(line)}
                </For>
            </div>
            <Show when=move || { rest() > 0 }>
                <button type="button" class="link" on:click=more>
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

fn diff_line(line: DiffLine) -> impl IntoView {
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
    let pieces = pieces(&line);
    view! {
        <div class=class>{marker}{pieces.into_iter().map(|(text, is_changed)| {
            if is_changed { view! { <em>{text}</em> }.into_any() } else { text.into_any() }
        }).collect_view()}{cut}</div>
    }
}

/// The line's text in turns of unchanged and changed words.
fn pieces(line: &DiffLine) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &(from, to) in &line.emphasis {
        pieces.push((
            line.text.get(at..from).unwrap_or_default().to_owned(),
            false,
        ));
        pieces.push((line.text.get(from..to).unwrap_or_default().to_owned(), true));
        at = to;
    }
    pieces.push((line.text.get(at..).unwrap_or_default().to_owned(), false));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}
