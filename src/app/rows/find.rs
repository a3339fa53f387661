//! The search over the table: a row by its index, its task or its trajectory. It only changes what the table shows.
//! What is typed is followed when it has settled, so that no letter waits for the rows.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::app::browser;
use crate::app::store::{rows_state, store};
use crate::worker::frame::Window;
use tracesift_core::ground::words;

/// What is typed has settled when nothing was typed for so long.
const SETTLED: Duration = Duration::from_millis(150);

/// The field, and how many rows it finds.
#[component]
pub fn FindRow(window: ReadSignal<Window>) -> impl IntoView {
    let store = store();
    let rows = rows_state();
    let find = Memo::new(move |_| {
        let recipe = store.run.recipe;
        recipe.with(|recipe| recipe.table.order.find.clone())
    });
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |event| {
        let text = browser::value_of(&event).trim().to_owned();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let choose = move || store.choose(|recipe| recipe.table.order.find = text);
        timer.set_value(set_timeout_with_handle(choose, SETTLED).ok());
    };
    let found = move || {
        let (len, kept) = (window.with(|window| window.len as u64), rows.kept.get());
        match find.with(String::is_empty) {
            true => words::plural(kept, "row", "rows"),
            false => format!(
                "{} of {}",
                words::count(len),
                words::plural(kept, "row", "rows")
            ),
        }
    };
    view! {
        <label class="find">
            <span class="unseen">"Find a row"</span>
            <input type="search" placeholder="Find a task, a run or a row" prop:value=find on:input=typed/>
        </label>
        <span class="hint" role="status">{found}</span>
    }
}
