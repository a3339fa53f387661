//! A definition behind a visible ⓘ: a button that opens a few words beside it, by click, key or touch.
//! The words are the browser's own popover: Esc or a click elsewhere closes it, and the focus stays at the button.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::html;
use leptos::prelude::*;

/// The most that the words take of the page's width, in CSS pixels; the style sheet says the same.
const WIDTH: f64 = 320.0;
/// Between the words and what is beside them.
const GAP: f64 = 6.0;
/// Between the words and the window's edge.
const EDGE: f64 = 12.0;

/// Each popover has an id of its own, by which its button opens it.
static OPENED: AtomicU32 = AtomicU32::new(0);

/// `<Info of="Turns" words=Number::Turns.definition()/>`
#[component]
pub fn Info(
    /// What is explained, for those who hear the button.
    #[prop(into)]
    of: Signal<String>,
    /// The explanation.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let id = format!("info-{}", OPENED.fetch_add(1, Ordering::Relaxed));
    let button = NodeRef::<html::Button>::new();
    let popover = NodeRef::<html::Span>::new();
    // The browser opens it right after this.
    let place = move |_| {
        if let (Some(button), Some(popover)) = (button.get_untracked(), popover.get_untracked()) {
            put_beside(&button, &popover);
        }
    };
    view! {
        <button type="button" class="info" node_ref=button popovertarget=id.clone() on:click=place
            aria-label=move || format!("About: {}", of.get())>
            <span class="info-mark" aria-hidden="true">"i"</span>
        </button>
        <span class="info-words" node_ref=popover id=id popover="auto" role="note">{words}</span>
    }
}

/// Puts words, or a menu, under their button, or above it where the window has more room there.
pub fn put_beside(button: &web_sys::HtmlElement, popover: &web_sys::HtmlElement) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let Some(root) = window.document().and_then(|page| page.document_element()) else {
        return;
    };
    let (width, height) = (
        f64::from(root.client_width()),
        f64::from(root.client_height()),
    );
    // They lie on the page, so that they move with what they explain.
    let scrolled = window.scroll_y().unwrap_or_default();
    let place = button.get_bounding_client_rect();
    // From the button's left side on, or up to its right side where the window ends before.
    let (left, right) = if place.left() + WIDTH + EDGE <= width {
        (format!("{}px", place.left()), "auto".to_owned())
    } else {
        let right = (width - place.right()).min(width - WIDTH - EDGE);
        ("auto".to_owned(), format!("{}px", right.max(EDGE)))
    };
    let (top, bottom) = if place.bottom() > height / 2.0 {
        let above = height - scrolled - place.top() + GAP;
        ("auto".to_owned(), format!("{above}px"))
    } else {
        let below = scrolled + place.bottom() + GAP;
        (format!("{below}px"), "auto".to_owned())
    };
    let style = popover.style();
    for (property, value) in [
        ("left", left),
        ("right", right),
        ("top", top),
        ("bottom", bottom),
    ] {
        // A browser that can't place them shows them all the same.
        let _ = style.set_property(property, &value);
    }
}
