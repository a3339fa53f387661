//! The table of rows: only those in sight are in the document, however many there are; sorted by any column, searched by
//! name. The focus stays on the table and one row of it is the active one, so that it is never lost while rows come and go.

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::beside::compare;
use super::columns::Columns;
use super::find::FindRow;
use super::workbench::bench;
use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::store::{Store, rows_state, store};
use crate::worker::frame::{TableRow, Window, WindowOf};
use tracesift_core::frame::Label;
use tracesift_core::frame::order::Direction;
use tracesift_core::ground::words;
use tracesift_core::recipe::table::{Column, Sorting};
use tracesift_core::sign::Sign;

/// The height of a row in CSS pixels; the style sheet says the same.
const ROW_HEIGHT: usize = 34;
/// Rows that are drawn above and below those in sight, before they come into sight.
const BEYOND: usize = 24;
/// Rows that are drawn where a table is as high as most are.
const DRAWN: usize = 2 * BEYOND + 30;
/// Rows above and below that are asked for before they come into sight, and how far the table moves before it asks anew.
const ASKED: usize = 256;

fn is_tokens(column: Column) -> bool {
    matches!(column, Column::Number(number) if number.name().starts_with("tokens"))
}

/// How much room a column wants, by the style sheet's classes.
fn room(column: Column) -> &'static str {
    match column {
        Column::Row => "number row",
        Column::Number(_) | Column::Sign(_) => "number",
        Column::Signs | Column::Label(Label::TrajectoryId | Label::InstanceId) => "wide",
        Column::Label(Label::Repo | Label::Teacher | Label::Source) => "middle",
        Column::Outcome | Column::Label(_) => "",
    }
}

/// The table, the search in it and the choice of its columns.
#[component]
pub fn Rows() -> impl IntoView {
    let store = store();
    let rows = rows_state();
    let columns = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.table.columns.clone()));
    let order = bench().order;
    let first = RwSignal::new(0_usize);
    let asked_at = Memo::new(move |_| first.get() / ASKED * ASKED);
    let window = asked(move || {
        Some(WindowOf {
            order: order.get(),
            columns: columns.get(),
            from: asked_at.get().saturating_sub(ASKED),
            most: 3 * ASKED + DRAWN,
        })
    });
    view! {
        <section id="rows" aria-label="Rows">
            <Show when=move || rows.has_rows.get()>
                <h2>"The rows"</h2>
                <Show when=move || { rows.kept.get() > 0 }
                    fallback=|| view! { <p class="hint">"No row passes all filters."</p> }>
                    <div class="rows-bar">
                        <FindRow window/>
                        <Columns/>
                    </div>
                    <Grid order=Memo::new(move |_| order.with(|order| order.sorting)) window first/>
                </Show>
            </Show>
        </section>
    }
}

#[component]
fn Grid(
    /// How it is sorted.
    order: Memo<Sorting>,
    /// The rows around those in sight.
    window: ReadSignal<Window>,
    /// The first row in sight.
    first: RwSignal<usize>,
) -> impl IntoView {
    let store = store();
    let bench = bench();
    let body = bench.grid;
    let active = bench.active;
    let scrolled = move |_| {
        let top = body.get_untracked().map_or(0, |body| body.scroll_top());
        first.set(usize::try_from(top).unwrap_or_default() / ROW_HEIGHT);
    };
    // Of the rows that are there, those in sight; while they are still to come, those that are nearest.
    let from = Memo::new(move |_| {
        let drawn = first.get().saturating_sub(BEYOND);
        window.with(|window| {
            let last = window.from + window.rows.len().saturating_sub(DRAWN);
            drawn.clamp(window.from, last)
        })
    });
    let in_sight = move || {
        let from = from.get();
        window.with(|window| {
            let rows = window.rows.iter().skip(from - window.from.min(from));
            let rows = (from..).zip(rows.cloned()).take(DRAWN);
            let row = |(index, row)| (index, window.columns.clone(), row);
            rows.map(row).collect::<Vec<_>>()
        })
    };
    // Rows that only stand in for those that are still to come are put where a person looks.
    let shift = move || {
        let (first, from) = (first.get(), from.get());
        let is_to_the_end = window.with(|window| window.from + window.rows.len() == window.len);
        let is_in_sight = from <= first && (first <= from + 2 * BEYOND || is_to_the_end);
        let by = if is_in_sight {
            0
        } else {
            first as i64 - from as i64
        };
        format!("transform:translateY({}px)", by * ROW_HEIGHT as i64)
    };
    let len = Memo::new(move |_| window.with(|window| window.len));
    let columns = Memo::new(move |_| window.with(|window| window.columns.clone()));
    // The row that is open in the reader is the active one, also where the reader went on to it.
    Effect::new(move |_| {
        let standing = bench.standing.get();
        if let Some(at) = standing.at.filter(|_| bench.row.get().is_some()) {
            active.set(Some(at));
            bring_into_sight(body, at);
        }
    });
    let row_at = move |at: usize| {
        window.with_untracked(|window| {
            let row = window.rows.get(at.checked_sub(window.from)?)?;
            Some(row.row)
        })
    };
    let pressed = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let open = active.get_untracked().and_then(row_at);
        match (event.key().as_str(), open) {
            // A heading's or a row's own button is pressed by it.
            ("Enter" | " ", Some(row)) if !is_on_button(&event) => {
                event.prevent_default();
                // Space shows it and stays, Enter goes there.
                match (event.key() == " ", bench.row.get_untracked() == Some(row)) {
                    (false, true) => bench.go_in(),
                    (stays, _) => bench.open(store, row, stays),
                }
            }
            ("b", Some(row)) => compare(store, row),
            (key, _) => {
                let page = body.get_untracked().map_or(1, |body| rows_in(&body));
                let now = active.get_untracked();
                let Some(to) = moved(key, now, page, len.get_untracked()) else {
                    return;
                };
                event.prevent_default();
                active.set(Some(to));
                bring_into_sight(body, to);
            }
        }
    };
    let active_id = move || active.get().filter(|at| *at < len.get()).map(id_of);
    view! {
        <div class="grid" role="grid" aria-label="Selected rows" tabindex="0"
            aria-rowcount=move || len.get() + 1 aria-activedescendant=active_id
            // Few rows take no more room than they need.
            style=move || format!("--rows:{}", len.get() + 1)
            on:keydown=pressed node_ref=body on:scroll=scrolled>
            <div class="grid-row grid-head" role="row" aria-rowindex="1">
                {move || columns.get().into_iter().map(|column| view! { <Heading column order/> }).collect_view()}
            </div>
            <div class="grid-body" style=move || format!("height:{}px", len.get() * ROW_HEIGHT)>
                <div style=shift>
                    <For each=in_sight key=|row| row.clone() let((index, columns, shown))>
                        {row(store, index, &columns, shown)}
                    </For>
                </div>
            </div>
        </div>
    }
}

/// The id of a row's element, by its place in the table.
fn id_of(at: usize) -> String {
    format!("row-{at}")
}

/// Whole rows that a table of this height shows below its head.
fn rows_in(body: &web_sys::HtmlDivElement) -> usize {
    let height = usize::try_from(body.client_height()).unwrap_or_default();
    (height / ROW_HEIGHT).saturating_sub(1).max(1)
}

/// Scrolls no further than needed.
fn bring_into_sight(body: NodeRef<html::Div>, at: usize) {
    let Some(body) = body.get_untracked() else {
        return;
    };
    let first = usize::try_from(body.scroll_top()).unwrap_or_default();
    let top = at * ROW_HEIGHT;
    let room = rows_in(&body) * ROW_HEIGHT;
    let to = match top {
        top if top < first => top,
        top if top + ROW_HEIGHT > first + room => top + ROW_HEIGHT - room,
        _ => return,
    };
    body.set_scroll_top(i32::try_from(to).unwrap_or(i32::MAX));
}

/// Where a key moves the active row to; none for a key that does not move it.
fn moved(key: &str, now: Option<usize>, page: usize, len: usize) -> Option<usize> {
    let last = len.checked_sub(1)?;
    let to = match (key, now) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowDown" | "j", None) => 0,
        ("ArrowDown" | "j", Some(at)) => at.saturating_add(1),
        ("ArrowUp" | "k", at) => at.unwrap_or_default().saturating_sub(1),
        ("PageDown", at) => at.unwrap_or_default().saturating_add(page),
        ("PageUp", at) => at.unwrap_or_default().saturating_sub(page),
        _ => return None,
    };
    Some(to.min(last))
}

/// Whether a key was pressed on a button in the table.
fn is_on_button(event: &KeyboardEvent) -> bool {
    crate::app::browser::target_of(event).is_some_and(|target| target.tag_name() == "BUTTON")
}

#[component]
fn Heading(column: Column, order: Memo<Sorting>) -> impl IntoView {
    let store = store();
    let sort = move |_| {
        store.choose(|recipe| {
            let sorting = &mut recipe.table.order.sorting;
            *sorting = sorting.by(column);
        });
    };
    let direction = move || match order.get() {
        Sorting { column: by, .. } if by != column => "none",
        Sorting {
            direction: Direction::Ascending,
            ..
        } => "ascending",
        Sorting {
            direction: Direction::Descending,
            ..
        } => "descending",
    };
    view! {
        <span role="columnheader" class=room(column) aria-sort=direction>
            <button type="button" class="bare" data-sort=column.name() on:click=sort>
                {column.title()}
                <b aria-hidden="true">{move || match direction() { "ascending" => " ↑", "descending" => " ↓", _ => "" }}</b>
            </button>
            <Info of=column.title().into_owned() words=column.definition()/>
        </span>
    }
}

fn row(store: Store, index: usize, columns: &[Column], shown: TableRow) -> impl IntoView + use<> {
    let TableRow {
        row,
        cells,
        signs,
        runs,
    } = shown;
    let chip = |sign: Sign| view! { <span class="chip">{sign.title()}</span> };
    let chips = StoredValue::new(signs);
    let chips = move || chips.get_value().into_iter().map(chip).collect_view();
    let cells: Vec<(Column, String)> = columns.iter().copied().zip(cells).collect();
    let bench = bench();
    let open = move |_| {
        bench.active.set(Some(index));
        bench.open(store, row, true);
    };
    let is_open = move || store.run.recipe.with(|recipe| recipe.row == Some(row));
    let cell = move |(column, text): (Column, String)| {
        let stale = move || is_tokens(column).then(|| store.data_stale()).flatten();
        let task = column == Column::Label(Label::InstanceId) && runs > 1;
        let outcome = (column == Column::Outcome).then(|| mark_of(&text));
        view! {
            <span role="gridcell" data-stale=stale class=room(column)>
                {outcome}{task.then_some(view! { <span class="task">{text.clone()}</span> })}{(!task).then_some(text)}
                {(column == Column::Signs).then(chips)}
                {task.then(|| view! {
                    <button type="button" class="bare runs" tabindex="-1" title="Read the runs of this task beside each other (b)"
                        on:click=move |event| { event.stop_propagation(); compare(store, row); }>
                        {format!("{} runs", words::count(runs.into()))}
                    </button>
                })}
            </span>
        }
    };
    view! {
        <div class="grid-row" role="row" id=id_of(index) aria-rowindex=index + 2 aria-selected=move || is_open().to_string()
            class:open=is_open class:active=move || bench.active.get() == Some(index)
            style=format!("top:{}px", index * ROW_HEIGHT) on:click=open>
            {cells.into_iter().map(cell).collect_view()}
        </div>
    }
}

/// What an outcome looks like, beside its word.
pub fn mark_of(outcome: &str) -> impl IntoView + use<> {
    let (class, mark) = match outcome {
        "success" => ("outcome good", "✓ "),
        "failure" => ("outcome bad", "✗ "),
        "partial" => ("outcome", "◐ "),
        _ => ("outcome", "– "),
    };
    view! { <i class=class aria-hidden="true">{mark}</i> }
}
