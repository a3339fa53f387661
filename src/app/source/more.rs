//! More datasets beside the first one: a line each, with its config and split, which can be taken out again.
//! Their rows are read in one run; where each row is from is a label like any other.

use leptos::prelude::*;

use super::dataset::{DatasetField, SplitPickers, is_on_hub};
use crate::app::store::store;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Place, Reading};

/// The lines, and the button for one more.
#[component]
pub fn MoreDatasets() -> impl IntoView {
    let store = store();
    let lines = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.reading.more.len()));
    let is_full = move || lines.get() + 1 >= Place::MOST;
    let is_mixture = move || store.run.recipe.with(|recipe| recipe.reading.is_mixture());
    let add = move |_: web_sys::MouseEvent| {
        store.choose(|recipe| recipe.reading.more.push(Place::default()))
    };
    let each = move || {
        let rows = store.run.recipe.with(|recipe| recipe.reading.rows);
        let rows = words::plural(rows, "row", "rows");
        format!(
            "At most {rows} are read of each dataset. “Open files” puts files of yours beside them."
        )
    };
    view! {
        <For each=move || 1..=lines.get() key=|line| *line let:line>
            <Line line/>
        </For>
        <div class="field more">
            <button type="button" disabled=is_full on:click=add
                title="To mix the rows of several datasets, or to compare them">
                "Add another dataset"
            </button>
            <Show when=is_mixture>
                <p class="hint" id="rows-of-each">{each}</p>
            </Show>
        </div>
    }
}

/// One dataset.
#[component]
fn Line(line: usize) -> impl IntoView {
    let store = store();
    let is_hub = Memo::new(move |_| {
        let place = store.run.recipe.with(|recipe| recipe.reading.place(line));
        place.is_some_and(|place| is_on_hub(&place))
    });
    let remove =
        move |_: web_sys::MouseEvent| store.choose(|recipe| take_out(&mut recipe.reading, line));
    view! {
        <div class="line" role="group" aria-label=format!("Data set {}", line + 1)>
            <DatasetField line/>
            <Show when=move || is_hub.get()>
                <SplitPickers line/>
            </Show>
            <button type="button" on:click=remove>{format!("Remove dataset {}", line + 1)}</button>
        </div>
    }
}

fn take_out(reading: &mut Reading, line: usize) {
    if let Some(at) = line.checked_sub(1)
        && at < reading.more.len()
    {
        reading.more.remove(at);
    }
}
