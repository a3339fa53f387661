//! The places of the page and the tabs that lead to them: one is shown at a time, the others keep what was opened there.
//! What is out of sight asks nothing of the workers.

use leptos::context::Provider;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::browser;
use super::frame::InSight;
use super::store::{Store, rows_state, run_state, store};
use tracesift_core::recipe::{PagePlace, Recipe};

/// Goes to a place.
pub fn go_to(store: Store, place: PagePlace) {
    store.choose(|recipe| recipe.go_to(place));
}

/// Goes to a place and to an element in it.
pub fn go_to_element(store: Store, place: PagePlace, id: &'static str) {
    go_to(store, place);
    browser::after_drawing(move || {
        let Some(element) = browser::element(id) else {
            return;
        };
        element.scroll_into_view();
        // Where a person looks, keys go, too.
        let figure = element.query_selector("canvas").ok().flatten();
        let figure = figure.and_then(|figure| figure.dyn_into::<web_sys::HtmlElement>().ok());
        // An element that can't have the focus leaves it where it is.
        let _ = figure.unwrap_or(element).focus();
    });
}

/// The tabs.
#[component]
pub fn Tabs() -> impl IntoView {
    let store = store();
    follow_digits(store);
    let open = Memo::new(move |_| store.run.recipe.with(Recipe::place));
    let is_open = move |place| open.get() == place;
    let tabs = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let (open, is_there) = (open.get(), store.rows.has_rows.get());
        if is_there {
            browser::after_drawing(move || bring_into_sight(tabs, open));
        }
    });
    let tab = move |(place, digit): (PagePlace, usize)| {
        view! {
            <button type="button" role="tab" id=tab_id(place) data-place=place.name()
                aria-controls=panel_id(place) aria-keyshortcuts=digit.to_string()
                aria-selected=move || is_open(place).to_string()
                tabindex=move || if is_open(place) { "0" } else { "-1" }
                on:click=move |_| go_to(store, place)>{place.title()}</button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Places" node_ref=tabs on:keydown=move |event| move_by_key(store, &event)>
            {PagePlace::ALL.into_iter().zip(1..).map(tab).collect_view()}
        </div>
    }
}

/// Where a narrow window has no room for all tabs, the open one is among those that it shows.
fn bring_into_sight(tabs: NodeRef<html::Div>, open: PagePlace) {
    let tab = browser::element(&tab_id(open));
    let Some((tabs, tab)) = tabs.try_get_untracked().flatten().zip(tab) else {
        return;
    };
    let (row, tab) = (
        tabs.get_bounding_client_rect(),
        tab.get_bounding_client_rect(),
    );
    let middle = tab.left() - row.left() - (row.width() - tab.width()) / 2.0;
    tabs.set_scroll_left(tabs.scroll_left() + middle as i32);
}

/// A place.
#[component]
pub fn Place(
    /// Which one.
    place: PagePlace,
    /// What is there.
    children: Children,
) -> impl IntoView {
    let run = run_state();
    let rows = rows_state();
    let is_shown =
        Memo::new(move |_| rows.has_rows.get() && run.recipe.with(Recipe::place) == place);
    view! {
        <section class="place" role="tabpanel" tabindex="-1" id=panel_id(place) aria-labelledby=tab_id(place)
            hidden=move || !is_shown.get()>
            <Provider value=InSight(is_shown)>{children()}</Provider>
        </section>
    }
}

fn tab_id(place: PagePlace) -> String {
    format!("tab-{}", place.name())
}

fn panel_id(place: PagePlace) -> String {
    format!("place-{}", place.name())
}

/// The arrow keys walk along the tabs, as the pattern for tabs has it.
fn move_by_key(store: Store, event: &KeyboardEvent) {
    let all = PagePlace::ALL;
    let now = store.run.recipe.with_untracked(Recipe::place);
    let at = all
        .iter()
        .position(|place| *place == now)
        .unwrap_or_default();
    let next = match event.key().as_str() {
        "ArrowLeft" => at + all.len() - 1,
        "ArrowRight" => at + 1,
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return,
    };
    event.prevent_default();
    if let Some(place) = all.get(next % all.len()) {
        go_to(store, *place);
        if let Some(tab) = browser::element(&tab_id(*place)) {
            let _ = tab.focus();
        }
    }
}

/// The digits open the places from wherever nothing is typed.
fn follow_digits(store: Store) {
    let handle = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
        if has_modifier || is_typing(&event) || !store.rows.has_rows.get_untracked() {
            return;
        }
        let digit = event.key().parse::<usize>().ok();
        let place = digit.and_then(|digit| PagePlace::ALL.get(digit.checked_sub(1)?));
        if let Some(place) = place {
            go_to(store, *place);
            // The next keys are for what is there.
            let panel = panel_id(*place);
            browser::after_drawing(move || {
                if let Some(panel) = browser::element(&panel) {
                    let _ = panel.focus();
                }
            });
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether what has the focus takes the keys itself.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| {
        let is_box = target
            .dyn_ref::<web_sys::HtmlInputElement>()
            .is_some_and(|input| matches!(input.type_().as_str(), "checkbox" | "radio"));
        let takes_text = matches!(target.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA");
        takes_text && !is_box || target.is_content_editable()
    })
}
