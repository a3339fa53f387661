//! The table of rows: only those in sight are in the document, however many there are; sorted by any column;
//! moved through by keyboard; a click or Enter opens the reader.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::app::frame::asked;
use crate::app::store::{Store, rows_state, store};
use crate::worker::frame::{Column, Sorting, TableRow, Window, WindowOf};
use tracesift_core::frame::order::Direction;
use tracesift_core::frame::{Label, Number};
use tracesift_core::sign::Sign;

/// The height of a row in CSS pixels; the style sheet says the same.
const ROW_HEIGHT: usize = 32;
/// Rows in sight, and as many above and below that are drawn before they come into sight.
const IN_SIGHT: usize = 16;
/// Rows above and below that are asked for before they come into sight, and how far the table moves before it asks anew.
const ASKED: usize = 128;

/// The columns shown at first.
const FIRST: [Column; 12] = [
    Column::Row,
    Column::Label(Label::InstanceId),
    Column::Outcome,
    Column::Label(Label::Language),
    Column::Label(Label::Harness),
    Column::Label(Label::Teacher),
    Column::Number(Number::Turns),
    Column::Number(Number::Calls),
    Column::Number(Number::Errors),
    Column::Number(Number::Tokens),
    Column::Number(Number::PatchFiles),
    Column::Signs,
];

fn is_tokens(column: Column) -> bool {
    matches!(column, Column::Number(number) if number.name().starts_with("tokens"))
}

fn is_number(column: Column) -> bool {
    matches!(column, Column::Row | Column::Number(_) | Column::Sign(_))
}

/// Names of runs and tasks are long.
fn is_wide(column: Column) -> bool {
    let long = [Label::TrajectoryId, Label::InstanceId, Label::Repo];
    column == Column::Signs || matches!(column, Column::Label(label) if long.contains(&label))
}

/// The table and the choice of its columns.
#[component]
pub fn Rows() -> impl IntoView {
    let rows = rows_state();
    let columns = RwSignal::new(FIRST.to_vec());
    let sorting = RwSignal::new(Sorting {
        column: Column::Row,
        direction: Direction::Ascending,
    });
    let first = RwSignal::new(0_usize);
    let asked_at = Memo::new(move |_| first.get() / ASKED * ASKED);
    let window = asked(move || {
        Some(WindowOf {
            sorting: sorting.get(),
            columns: columns.get(),
            from: asked_at.get().saturating_sub(ASKED),
            most: 3 * ASKED + IN_SIGHT,
        })
    });
    view! {
        <section id="rows" aria-label="Rows">
            <Show when=move || rows.has_rows.get()>
                <h2>"The rows"</h2>
                <Show when=move || { rows.kept.get() > 0 }
                    fallback=|| view! { <p class="hint">"No row passes all filters."</p> }>
                    <Columns columns/>
                    <Grid sorting window first/>
                </Show>
            </Show>
        </section>
    }
}

#[component]
fn Columns(columns: RwSignal<Vec<Column>>) -> impl IntoView {
    let toggle = move |column: Column| {
        columns.update(|shown| {
            if shown.contains(&column) {
                shown.retain(|other| *other != column);
            } else {
                shown.push(column);
            }
        });
    };
    view! {
        <details class="columns">
            <summary>"Columns"</summary>
            <div class="choices">{Column::all().into_iter().map(|column| view! {
                <label title=column.definition()>
                    <input type="checkbox" prop:checked=move || columns.with(|shown| shown.contains(&column))
                        on:change=move |_| toggle(column)/>
                    {column.title()}
                </label>
            }).collect_view()}</div>
        </details>
    }
}

#[component]
fn Grid(
    sorting: RwSignal<Sorting>,
    /// The rows around those in sight.
    window: ReadSignal<Window>,
    /// The first row in sight.
    first: RwSignal<usize>,
) -> impl IntoView {
    let store = store();
    let body = NodeRef::<html::Div>::new();
    let scrolled = move |_| {
        let top = body.get().map_or(0, |body| body.scroll_top());
        first.set(usize::try_from(top).unwrap_or_default() / ROW_HEIGHT);
    };
    // Of the rows that are there, those in sight; while they are still to come, those that are nearest.
    let from = Memo::new(move |_| {
        let drawn = first.get().saturating_sub(IN_SIGHT);
        window.with(|window| {
            let last = window.from + window.rows.len().saturating_sub(3 * IN_SIGHT);
            drawn.clamp(window.from, last)
        })
    });
    let in_sight = move || {
        let from = from.get();
        window.with(|window| {
            let rows = window.rows.iter().skip(from - window.from.min(from));
            let rows = (from..).zip(rows.cloned()).take(3 * IN_SIGHT);
            let row = |(index, row)| (index, window.columns.clone(), row);
            rows.map(row).collect::<Vec<_>>()
        })
    };
    // Rows that only stand in for those that are still to come are put where a person looks.
    let shift = move || {
        let (first, from) = (first.get(), from.get());
        let is_to_the_end = window.with(|window| window.from + window.rows.len() == window.len);
        let is_in_sight = from <= first && (first <= from + 2 * IN_SIGHT || is_to_the_end);
        let by = if is_in_sight {
            0
        } else {
            first as i64 - from as i64
        };
        format!("transform:translateY({}px)", by * ROW_HEIGHT as i64)
    };
    let len = move || window.with(|window| window.len);
    let columns = Memo::new(move |_| window.with(|window| window.columns.clone()));
    view! {
        <div class="grid" role="grid" aria-label="Selected rows" tabindex="0"
            aria-rowcount=move || len() + 1
            // Few rows take no more room than they need.
            style=move || format!("max-height:{}px", (len() + 2) * ROW_HEIGHT)
            on:keydown=move |event| move_by_key(&event) node_ref=body on:scroll=scrolled>
            <div class="grid-row grid-head" role="row" aria-rowindex="1">
                {move || columns.get().into_iter().map(|column| view! { <Heading column sorting/> }).collect_view()}
            </div>
            <div class="grid-body" style=move || format!("height:{}px", len() * ROW_HEIGHT)>
                <div style=shift>
                    <For each=in_sight key=|row| row.clone() let((index, columns, shown))>
                        {row(store, index, &columns, shown)}
                    </For>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Heading(column: Column, sorting: RwSignal<Sorting>) -> impl IntoView {
    let sort = move |_| {
        sorting.update(|sorting| {
            let is_ascending = *sorting
                == Sorting {
                    column,
                    direction: Direction::Ascending,
                };
            *sorting = Sorting {
                column,
                direction: match is_ascending {
                    true => Direction::Descending,
                    false => Direction::Ascending,
                },
            };
        });
    };
    let direction = move || match sorting.get() {
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
        <span role="columnheader" class:number=is_number(column) class:wide=is_wide(column) aria-sort=direction title=column.definition()>
            <button type="button" class="link" on:click=sort>
                {column.title()}
                {move || match direction() { "ascending" => " ▲", "descending" => " ▼", _ => "" }}
            </button>
        </span>
    }
}

fn row(store: Store, index: usize, columns: &[Column], shown: TableRow) -> impl IntoView + use<> {
    let TableRow { row, cells, signs } = shown;
    let chip =
        |sign: Sign| view! { <span class="chip" title=sign.definition()>{sign.title()}</span> };
    let chips = StoredValue::new(signs);
    let chips = move || chips.get_value().into_iter().map(chip).collect_view();
    let cells: Vec<(Column, String)> = columns.iter().copied().zip(cells).collect();
    let open = move || store.open(row);
    let is_open = move || store.run.recipe.with(|recipe| recipe.row == Some(row));
    view! {
        <div class="grid-row" role="row" tabindex="-1" aria-rowindex=index + 2
            class:open=is_open style=format!("top:{}px", index * ROW_HEIGHT)
            on:click=move |_| open()
            on:keydown=move |event: KeyboardEvent| if event.key() == "Enter" { open() }>
            {cells.into_iter().map(|(column, text)| view! {
                <span role="gridcell" data-stale=move || if is_tokens(column) { store.data_stale() } else { None } class:number=is_number(column) class:wide=is_wide(column)>
                    {text}{(column == Column::Signs).then(chips)}
                </span>
            }).collect_view()}
        </div>
    }
}

/// Arrows move between rows; the row that is reached is scrolled into sight by the browser.
fn move_by_key(event: &KeyboardEvent) {
    let is_down = match event.key().as_str() {
        "ArrowDown" | "j" => true,
        "ArrowUp" | "k" => false,
        _ => return,
    };
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(target) = target else { return };
    event.prevent_default();
    let next = if target.class_list().contains("grid-row") {
        sibling(&target, is_down)
    } else {
        target.query_selector(".grid-body .grid-row").ok().flatten()
    };
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}

fn sibling(row: &HtmlElement, is_down: bool) -> Option<web_sys::Element> {
    if is_down {
        row.next_element_sibling()
    } else {
        row.previous_element_sibling()
    }
}
