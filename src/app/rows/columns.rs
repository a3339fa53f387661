//! The choice of the table's columns, group by group, as there are many; what one is, is said for the one that is pointed at.
//! It is made when it is opened for the first time.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::store::store;
use tracesift_core::recipe::table::{Column, Table};

/// The choice.
#[component]
pub fn Columns() -> impl IntoView {
    let store = store();
    let is_open = RwSignal::new(false);
    let told = RwSignal::new(None::<Column>);
    let is_usual = Memo::new(move |_| {
        let usual = Table::default().columns;
        store
            .run
            .recipe
            .with(|recipe| recipe.table.columns == usual)
    });
    let choices = move || {
        let group = |(title, columns): (&'static str, Vec<Column>)| {
            view! {
                <fieldset>
                    <legend>{title}</legend>
                    {columns.into_iter().map(|column| view! { <Choice column told/> }).collect_view()}
                </fieldset>
            }
        };
        Column::groups().into_iter().map(group).collect_view()
    };
    view! {
        <details class="columns" on:toggle=move |event| is_open.set(browser::is_open(&event))>
            <summary>"Columns"</summary>
            <div class="sheet">
                <div class="groups">{move || is_open.get().then(choices)}</div>
                <p class="hint" role="status">{move || match told.get() {
                    Some(column) => format!("{}: {}", column.title(), column.definition()),
                    None => "Point at a column to see what it is.".to_owned(),
                }}</p>
                <button type="button" disabled=is_usual
                    on:click=move |_| store.choose(|recipe| recipe.table.columns = Table::default().columns)>
                    "Usual columns"
                </button>
            </div>
        </details>
    }
}

#[component]
fn Choice(
    column: Column,
    /// The column that is pointed at.
    told: RwSignal<Option<Column>>,
) -> impl IntoView {
    let store = store();
    let is_shown = Memo::new(move |_| {
        store
            .run
            .recipe
            .with(|recipe| recipe.table.columns.contains(&column))
    });
    let tell = move || told.set(Some(column));
    view! {
        <label on:pointerenter=move |_| tell()>
            <input type="checkbox" prop:checked=is_shown on:focus=move |_| tell()
                on:change=move |_| store.choose(|recipe| recipe.table.toggle(column))/>
            {column.title()}
        </label>
    }
}
