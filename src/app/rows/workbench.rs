//! Table and reader side by side: the table keeps its place and says in which order the reader goes from run to run.
//! On a narrow screen the reader lies over the page.

use leptos::html;
use leptos::prelude::*;
use leptos::task::tick;
use wasm_bindgen_futures::spawn_local;

use super::reader::Reader;
use super::table::Rows;
use crate::app::browser;
use crate::app::frame::asked;
use crate::app::store::{Store, store};
use crate::worker::frame::{PlaceOf, Standing};
use tracesift_core::recipe::table::Order;
use tracesift_core::recipe::{PagePlace, Recipe};

/// What table and reader know of each other.
#[derive(Clone, Copy)]
pub struct Bench {
    /// The row that is open. It stays so while another place is looked at.
    pub chosen: Memo<Option<u64>>,
    /// The row that is open, while its place is.
    pub row: Memo<Option<u64>>,
    /// Which rows the table has, and in which order.
    pub order: Memo<Order>,
    /// Where the open row stands in the table.
    pub standing: ReadSignal<Standing>,
    /// The place of the table's active row.
    pub active: RwSignal<Option<usize>>,
    /// The table's element, which has the focus for all of its rows.
    pub grid: NodeRef<html::Div>,
    /// The reader's heading, which has the focus when the reader opens.
    pub heading: NodeRef<html::H2>,
    /// Whether the next row is to be opened without the focus going there.
    pub stays: StoredValue<bool>,
    /// Whether the reader lies over the page.
    pub is_overlay: RwSignal<bool>,
}

/// The width up to which the reader lies over the page; the style sheet says the same.
const OVERLAY: &str = "(max-width: 900px)";

impl Bench {
    fn new(store: Store) -> Self {
        let recipe = store.run.recipe;
        let row = Memo::new(move |_| {
            let is_here = |recipe: &&Recipe| recipe.place() == PagePlace::Rows;
            recipe.with(|recipe| Some(recipe).filter(is_here)?.row)
        });
        let order = Memo::new(move |_| recipe.with(|recipe| recipe.table.order.clone()));
        let place = move || {
            let (row, order) = (row.get()?, order.get());
            Some(PlaceOf { row, order })
        };
        Self {
            chosen: Memo::new(move |_| recipe.with(|recipe| recipe.row)),
            row,
            order,
            standing: asked(place),
            active: RwSignal::new(None),
            grid: NodeRef::new(),
            heading: NodeRef::new(),
            stays: StoredValue::new(false),
            is_overlay: browser::is_so(OVERLAY),
        }
    }

    /// Opens a row; whoever goes on in the table stays there.
    pub fn open(self, store: Store, row: u64, stays: bool) {
        let is_other = self.row.get_untracked() != Some(row);
        self.stays.set_value(stays && is_other);
        store.open(row);
    }

    /// Moves the focus into the reader.
    pub fn go_in(self) {
        spawn_local(async move {
            // It may have been opened just now.
            tick().await;
            if let Some(heading) = self.heading.get_untracked() {
                let _ = heading.focus();
            }
        });
    }
}

/// What table and reader know of each other, from any component in them.
pub fn bench() -> Bench {
    expect_context()
}

/// Table and reader.
#[component]
pub fn Workbench() -> impl IntoView {
    let store = store();
    let bench = Bench::new(store);
    provide_context(bench);
    let is_beside = move || store.run.recipe.with(|recipe| !recipe.beside.is_empty());
    view! {
        <div class="bench" class:read=move || bench.row.get().is_some() class:many=is_beside>
            <Rows/>
            <Reader/>
        </div>
    }
}
