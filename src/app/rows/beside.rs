//! Runs of one task beside each other: their turns in lines by what they do, a turn unfolded where it stands, their patches
//! below. Which runs these are is part of the address.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::diff::Diff;
use super::head::{Gist, patch_words};
use super::messages::Messages;
use super::opened::carried;
use super::reader::{OpenRow, Reading};
use super::search::Search;
use super::turn::Content;
use crate::app::busy::soon;
use crate::app::frame::{self, asked};
use crate::app::store::{Store, store};
use crate::worker::frame::{RunOfTask, RunsOf};
use tracesift_core::calls::Doing;
use tracesift_core::ground::words;
use tracesift_core::view::{Act, DiffView, View, acts, align};

/// Runs that are shown at once beside the open one.
const MOST: usize = 3;
/// Of these, so many at first: two are read best.
const AT_FIRST: usize = 1;

/// The way to the other runs of the open row's task; nothing where there are none.
#[component]
pub fn Others(row: Memo<Option<u64>>) -> impl IntoView {
    let store = store();
    let runs = asked(move || row.get().map(|row| RunsOf { row }));
    let beside = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.beside.clone()));
    let fold = NodeRef::<html::Details>::new();
    let choose = move |row| {
        toggle(store, row);
        // What was chosen is below it.
        if let Some(fold) = fold.get_untracked() {
            let _ = fold.remove_attribute("open");
        }
    };
    let others = move || {
        words::plural(
            runs.with(|runs| runs.len() as u64),
            "other run",
            "other runs",
        )
    };
    let choice = move |run: RunOfTask| {
        let row = run.row;
        let is_beside = move || beside.with(|beside| beside.contains(&row));
        let is_full = move || beside.with(Vec::len) >= MOST && !is_beside();
        let left_out = if run.is_selected {
            ""
        } else {
            ", filtered out"
        };
        view! {
            <label>
                <input type="checkbox" prop:checked=is_beside disabled=is_full on:change=move |_| choose(row)/>
                {format!("Row {row}: {}{left_out}", run.words)}
            </label>
        }
    };
    view! {
        <Show when=move || runs.with(|runs| !runs.is_empty())>
            <details class="others" node_ref=fold>
                <summary>{move || format!("{} of this task", others())}</summary>
                <div class="sheet">
                    <p class="hint">"Choose which to read beside this one, turn by turn."</p>
                    {move || runs.get().into_iter().map(choice).collect_view()}
                </div>
            </details>
        </Show>
    }
}

fn toggle(store: Store, row: u64) {
    store.choose(|recipe| {
        if recipe.beside.contains(&row) {
            recipe.beside.retain(|other| *other != row);
        } else {
            recipe.beside.push(row);
        }
    });
}

/// Opens a row and beside it the other runs of its task, first those that ended otherwise.
pub fn compare(store: Store, row: u64) {
    let runs = frame::ask(store, RunsOf { row });
    spawn_local(async move {
        let runs = runs.await.unwrap_or_default();
        let others = runs.into_iter().map(|run| run.row);
        let others: Vec<u64> = others.take(AT_FIRST).collect();
        store.choose(|recipe| {
            recipe.open(row);
            recipe.beside = others;
        });
    });
}

/// The open run and those beside it.
#[component]
pub fn Beside(
    /// The open run.
    first: Reading,
    /// The others' rows.
    rows: Vec<u64>,
) -> impl IntoView {
    let store = store();
    let others = rows
        .into_iter()
        .map(|row| Reading::of(Memo::new(move |_| Some(row))));
    let readings: Vec<Reading> = std::iter::once(first).chain(others).collect();
    let read = move || {
        let runs = readings.iter().map(|reading| {
            let view = reading.shown.get()?;
            Some(view.map(|view| (*reading, view)))
        });
        let runs: Option<Result<Vec<_>, String>> = runs.collect();
        match runs {
            None => view! { <p class="hint" role="status">"Reading the runs …"</p> }.into_any(),
            Some(Err(why)) => view! { <p class="error" role="alert">{why}</p> }.into_any(),
            Some(Ok(runs)) => view! { <Runs runs/> }.into_any(),
        }
    };
    view! {
        <div class="buttons">
            <button type="button" on:click=move |_| store.choose(|recipe| recipe.beside.clear())>"Back to one run"</button>
        </div>
        <div class="body">{read}</div>
    }
}

/// One of the runs.
#[derive(Clone, Copy)]
struct Column {
    reading: Reading,
    view: StoredValue<Arc<View>>,
    acts: StoredValue<Vec<Act>>,
    messages: Messages,
}

impl Column {
    fn row(self) -> u64 {
        self.view.with_value(|view| view.measured.row)
    }

    /// Gives what is shown within it what it is about.
    fn provide(self) {
        provide_context::<StoredValue<Option<OpenRow>>>(self.reading.open);
        provide_context(self.messages);
        provide_context(Search::new());
    }
}

/// Lines that are put into the document at once.
const AT_ONCE: usize = 40;

#[component]
fn Runs(runs: Vec<(Reading, Arc<View>)>) -> impl IntoView {
    let column = |(reading, view): (Reading, Arc<View>)| Column {
        reading,
        acts: StoredValue::new(acts(&view)),
        messages: Messages::new(&view),
        view: StoredValue::new(view),
    };
    let columns: Vec<Column> = runs.into_iter().map(column).collect();
    let acts: Vec<Vec<Act>> = columns
        .iter()
        .map(|column| column.acts.get_value())
        .collect();
    let lines = align(&acts);
    let all = lines.len();
    let alike = lines
        .iter()
        .filter(|line| line.iter().all(Option::is_some))
        .count();
    let summary = format!(
        "{} in the same order; the others stand between them.",
        words::plural(alike as u64, "turn does the same", "turns do the same")
    );
    let drawn = RwSignal::new(AT_ONCE);
    Effect::new(move |_| {
        if drawn.get() < all {
            soon(move || {
                drawn.try_update(|drawn| *drawn += AT_ONCE);
            });
        }
    });
    let lines = StoredValue::new(lines);
    let in_document = move || {
        let drawn = drawn.get();
        lines.with_value(|lines| {
            lines
                .iter()
                .take(drawn)
                .cloned()
                .enumerate()
                .collect::<Vec<_>>()
        })
    };
    let heads = columns.clone();
    let runs = heads.len();
    let patches = columns.clone();
    let line = move |line: Vec<Option<usize>>| {
        let cells = columns.iter().zip(line);
        let cells = cells.map(|(column, at)| view! { <td><Turn column=*column at/></td> });
        view! { <tr>{cells.collect::<Vec<_>>()}</tr> }
    };
    view! {
        <p class="hint">{summary}</p>
        <table class="lines" style=format!("--runs:{runs}")>
            <thead><tr>{heads.into_iter().map(|column| view! { <th scope="col"><Top column/></th> }).collect_view()}</tr></thead>
            <tbody>
                <For each=in_document key=|(index, _)| *index let((_, of))>{line(of)}</For>
            </tbody>
        </table>
        <Patches columns=patches/>
    }
}

/// Which run a column is.
#[component]
fn Top(column: Column) -> impl IntoView {
    let store = store();
    let row = column.row();
    view! {
        <button type="button" class="link" on:click=move |_| store.open(row)>{format!("Row {row}")}</button>
        <Gist view=column.view/>
    }
}

/// A turn in its line; nothing where the run has none there.
#[component]
fn Turn(column: Column, at: Option<usize>) -> impl IntoView {
    let act = at.and_then(|at| column.acts.with_value(|acts| acts.get(at).cloned()));
    let Some(act) = act else {
        return ().into_any();
    };
    let is_open = RwSignal::new(false);
    let doing = act.doing;
    let (class, word) = (
        doing.map_or("say", Doing::name),
        doing.map_or("says", Doing::name),
    );
    let more = (act.more > 0).then(|| format!(" +{}", act.more));
    let message = act.message;
    view! {
        <button type="button" class="bare act" aria-expanded=move || is_open.get().to_string()
            on:click=move |_| is_open.update(|is| *is = !*is)>
            <i class=format!("doing {class}") aria-hidden="true"></i>
            <span>{word}{more}{act.is_error.then_some(" ✗")}</span>
            <span class="mono">{act.target}</span>
        </button>
        {move || is_open.get().then(|| view! { <Whole column message/> })}
    }
    .into_any()
}

/// A turn with its observations.
#[component]
fn Whole(column: Column, message: usize) -> impl IntoView {
    column.provide();
    let about = Memo::new(|_| None);
    let view = column.view.get_value();
    let carried = carried(store(), about, &view);
    let answers = |of: &&tracesift_core::view::TurnView| {
        of.index == message || of.answers.is_some_and(|call| call.message == message)
    };
    let turns: Vec<_> = view.turns.iter().filter(answers).cloned().collect();
    view! {
        <div class="whole">
            {turns.into_iter().map(|turn| view! { <div class="turn"><Content turn carried/></div> }).collect_view()}
        </div>
    }
}

/// What the runs changed: file by file, and line by line.
#[component]
fn Patches(columns: Vec<Column>) -> impl IntoView {
    let patches: Vec<Option<DiffView>> = columns
        .iter()
        .map(|column| column.view.with_value(|view| view.patch.clone()))
        .collect();
    let mut paths: Vec<String> = Vec::new();
    for file in patches.iter().flatten().flat_map(|patch| &patch.files) {
        if !paths.contains(&file.path) {
            paths.push(file.path.clone());
        }
    }
    let cell = |path: &str, patch: &Option<DiffView>| {
        let file = patch
            .as_ref()
            .and_then(|patch| patch.files.iter().find(|file| file.path == path));
        file.map_or_else(
            || "–".to_owned(),
            |file| format!("+{} −{}", file.added, file.deleted),
        )
    };
    let line = |path: &String| {
        let cells = patches
            .iter()
            .map(|patch| view! { <td class="number">{cell(path, patch)}</td> });
        view! { <tr><th scope="row" class="mono">{path.clone()}</th>{cells.collect_view()}</tr> }
    };
    let heads = columns.iter().zip(&patches).map(|(column, patch)| {
        let words = patch
            .as_ref()
            .map_or_else(|| "no patch".to_owned(), patch_words);
        view! { <th scope="col" class="number">{format!("Row {}: {words}", column.row())}</th> }
    });
    let heads: Vec<_> = heads.collect();
    let lines: Vec<_> = paths.iter().map(line).collect();
    view! {
        <h3>"Patches"</h3>
        <table class="files">
            <thead><tr><th scope="col">"File"</th>{heads}</tr></thead>
            <tbody>{lines}</tbody>
        </table>
        <div class="patches">
            {columns.iter().map(|column| view! { <Changed column=*column is_reference=false/> }).collect_view()}
            {columns.first().map(|column| view! { <Changed column=*column is_reference=true/> })}
        </div>
    }
}

#[component]
fn Changed(column: Column, is_reference: bool) -> impl IntoView {
    column.provide();
    let patch = column.view.with_value(|view| match is_reference {
        true => view.reference.clone(),
        false => view.patch.clone(),
    });
    let title = match is_reference {
        true => "Reference patch".to_owned(),
        false => format!("Patch of row {}", column.row()),
    };
    patch.map(|patch| view! { <Diff title patch is_reference/> })
}
