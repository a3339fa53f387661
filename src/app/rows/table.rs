//! The table of rows: only those in sight are in the document, however many there are; sorted by any column;
//! moved through by keyboard; a click or Enter opens the reader.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::app::later::later;
use crate::app::store::{Store, rows_state, store};
use tracesift_core::frame::order::{self, Direction};
use tracesift_core::frame::{self, Frame, Label, Number};
use tracesift_core::ground::words;
use tracesift_core::recipe::signs::{Carried, SignRules};
use tracesift_core::sign::Sign;

/// The height of a row in CSS pixels; the style sheet says the same.
const ROW_HEIGHT: usize = 32;
/// Rows in sight, and as many above and below that are drawn before they come into sight.
const IN_SIGHT: usize = 16;

/// A column that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Row,
    Outcome,
    Label(Label),
    Number(Number),
    /// The signs that the row carries.
    Signs,
    /// The number of one sign.
    Sign(Sign),
}

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

impl Column {
    fn all() -> Vec<Column> {
        let labels = Label::ALL.into_iter().map(Column::Label);
        let numbers = Number::ALL.into_iter().map(Column::Number);
        [Column::Row, Column::Outcome]
            .into_iter()
            .chain(labels)
            .chain(numbers)
            .chain([Column::Signs])
            .chain(Sign::ALL.into_iter().map(Column::Sign))
            .collect()
    }

    fn title(self) -> &'static str {
        match self {
            Column::Row => "Row",
            Column::Outcome => "Outcome",
            Column::Label(label) => label.title(),
            Column::Number(number) => number.title(),
            Column::Signs => "Signs",
            Column::Sign(sign) => sign.title(),
        }
    }

    fn definition(self) -> &'static str {
        match self {
            Column::Row => {
                "The row's index in its split, from 0; rows of several splits or data sets are counted on"
            }
            Column::Outcome => tracesift_core::trace::Outcome::DEFINITION,
            Column::Label(label) => label.definition(),
            Column::Number(number) => number.definition(),
            Column::Signs => "The quality signs that the row carries",
            Column::Sign(sign) => sign.definition(),
        }
    }

    fn is_tokens(self) -> bool {
        matches!(self, Column::Number(number) if number.name().starts_with("tokens"))
    }

    fn is_number(self) -> bool {
        matches!(self, Column::Row | Column::Number(_) | Column::Sign(_))
    }

    /// Names of runs and tasks are long.
    fn is_wide(self) -> bool {
        let long = [Label::TrajectoryId, Label::InstanceId, Label::Repo];
        self == Column::Signs || matches!(self, Column::Label(label) if long.contains(&label))
    }

    fn text(self, frame: &Frame, at: usize) -> String {
        match self {
            Column::Row => frame.rows().get(at).map(u64::to_string).unwrap_or_default(),
            Column::Outcome => frame
                .outcomes()
                .get(at)
                .map(|o| o.name().to_owned())
                .unwrap_or_default(),
            Column::Label(label) => frame
                .label(label)
                .get(at)
                .map(|text| words::cut(text, 60))
                .unwrap_or_default(),
            Column::Number(number) => {
                let value = frame.number_at(at, number);
                if value.is_nan() {
                    String::new()
                } else {
                    words::thousands(value)
                }
            }
            Column::Sign(sign) => {
                let value = frame.sign_at(at, sign);
                match value.is_nan() {
                    true => String::new(),
                    // Three digits behind the point: a share is not known better.
                    false => words::thousands((f64::from(value) * 1000.0).round() / 1000.0),
                }
            }
            // Drawn as chips.
            Column::Signs => String::new(),
        }
    }

    fn sort(self, frame: &Frame, rules: &SignRules, positions: &mut [u32], direction: Direction) {
        let column = match self {
            Column::Row => frame::Column::Row,
            Column::Outcome => frame::Column::Outcome,
            Column::Label(label) => frame::Column::Label(label),
            Column::Number(number) => frame::Column::Number(number),
            Column::Sign(sign) => frame::Column::Sign(sign),
            Column::Signs => {
                let carried = Carried::new(frame, rules);
                let count = |at| {
                    Sign::ALL
                        .into_iter()
                        .filter(|sign| carried.has(at, *sign))
                        .count()
                };
                let counts: Vec<usize> = (0..frame.len()).map(count).collect();
                let count = |at: u32| counts.get(at as usize);
                order::sort(positions, &|a, b| direction.of(count(a).cmp(&count(b))));
                return;
            }
        };
        frame.sort(positions, column, direction);
    }
}

/// How the table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sorting {
    column: Column,
    is_descending: bool,
}

impl Sorting {
    fn direction(self) -> Direction {
        match self.is_descending {
            true => Direction::Descending,
            false => Direction::Ascending,
        }
    }
}

/// The table and the choice of its columns.
#[component]
pub fn Rows() -> impl IntoView {
    let rows = rows_state();
    let columns = RwSignal::new(FIRST.to_vec());
    let sorting = RwSignal::new(Sorting {
        column: Column::Row,
        is_descending: false,
    });
    let rules = Memo::new(move |_| rows.filters.with(|filters| filters.signs.clone()));
    let from = move || {
        rows.frame.track();
        (rows.selection.get(), sorting.get(), rules.get())
    };
    let order = later("order", from, move |(selection, sorting, rules)| {
        let mut order = selection.kept.clone();
        let column = sorting.column;
        rows.frame
            .with(|frame| column.sort(frame, &rules, &mut order, sorting.direction()));
        order
    });
    view! {
        <section id="rows" aria-label="Rows">
            <Show when=move || rows.frame.with(|frame| !frame.is_empty())>
                <h2>"The rows"</h2>
                <Show when=move || order.with(|order| !order.is_empty())
                    fallback=|| view! { <p class="hint">"No row passes all filters."</p> }>
                    <Columns columns/>
                    <Grid columns sorting order/>
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
    columns: RwSignal<Vec<Column>>,
    sorting: RwSignal<Sorting>,
    order: ReadSignal<Vec<u32>>,
) -> impl IntoView {
    let store = store();
    let first = RwSignal::new(0_usize);
    let body = NodeRef::<html::Div>::new();
    let scrolled = move |_| {
        let top = body.get().map_or(0, |body| body.scroll_top());
        first.set(usize::try_from(top).unwrap_or_default() / ROW_HEIGHT);
    };
    let in_sight = move || {
        let from = first.get().saturating_sub(IN_SIGHT);
        order.with(|order| {
            let rows = order.iter().enumerate().skip(from).take(3 * IN_SIGHT);
            rows.map(|(index, at)| (index, *at)).collect::<Vec<_>>()
        })
    };
    let height = move || order.with(|order| format!("height:{}px", order.len() * ROW_HEIGHT));
    view! {
        <div class="grid" role="grid" aria-label="Selected rows" tabindex="0"
            aria-rowcount=move || order.with(|order| order.len() + 1)
            // Few rows take no more room than they need.
            style=move || order.with(|order| format!("max-height:{}px", (order.len() + 2) * ROW_HEIGHT))
            on:keydown=move |event| move_by_key(&event) node_ref=body on:scroll=scrolled>
            <div class="grid-row grid-head" role="row" aria-rowindex="1">
                {move || columns.get().into_iter().map(|column| view! { <Heading column sorting/> }).collect_view()}
            </div>
            <div class="grid-body" style=height>
                <For each=in_sight key=move |(index, at)| (*index, *at, columns.get(), store.rows.counted.get()) let((index, at))>
                    {row(store, &columns.get_untracked(), index, at)}
                </For>
            </div>
        </div>
    }
}

#[component]
fn Heading(column: Column, sorting: RwSignal<Sorting>) -> impl IntoView {
    let sort = move |_| {
        sorting.update(|sorting| {
            let is_descending = sorting.column == column && !sorting.is_descending;
            *sorting = Sorting {
                column,
                is_descending,
            };
        });
    };
    let direction = move || match sorting.get() {
        Sorting {
            column: by,
            is_descending,
        } if by == column => {
            if is_descending {
                "descending"
            } else {
                "ascending"
            }
        }
        _ => "none",
    };
    view! {
        <span role="columnheader" class:number=column.is_number() class:wide=column.is_wide() aria-sort=direction title=column.definition()>
            <button type="button" class="link" on:click=sort>
                {column.title()}
                {move || match direction() { "ascending" => " ▲", "descending" => " ▼", _ => "" }}
            </button>
        </span>
    }
}

fn row(store: Store, columns: &[Column], index: usize, at: u32) -> impl IntoView + use<> {
    let number = store
        .rows
        .frame
        .with_untracked(|frame| frame.rows().get(at as usize).copied());
    let cells = store.rows.frame.with_untracked(|frame| {
        let cell = |column: &Column| (*column, column.text(frame, at as usize));
        columns.iter().map(cell).collect::<Vec<_>>()
    });
    let signs = move || {
        let signs = store.rows.filters.with(|filters| {
            store
                .rows
                .frame
                .with(|frame| Carried::new(frame, &filters.signs).of(at as usize))
        });
        let chip =
            |sign: Sign| view! { <span class="chip" title=sign.definition()>{sign.title()}</span> };
        signs.into_iter().map(chip).collect_view()
    };
    let open = move || {
        if let Some(row) = number {
            store.open(row);
        }
    };
    let is_open = move || {
        store
            .run
            .recipe
            .with(|recipe| recipe.row.is_some() && recipe.row == number)
    };
    view! {
        <div class="grid-row" role="row" tabindex="-1" aria-rowindex=index + 2
            class:open=is_open style=format!("top:{}px", index * ROW_HEIGHT)
            on:click=move |_| open()
            on:keydown=move |event: KeyboardEvent| if event.key() == "Enter" { open() }>
            {cells.into_iter().map(|(column, text)| view! {
                <span role="gridcell" data-stale=move || if column.is_tokens() { store.data_stale() } else { None } class:number=column.is_number() class:wide=column.is_wide()>
                    {text}{(column == Column::Signs).then_some(signs)}
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
