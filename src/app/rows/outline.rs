//! All messages of the open run as one strip: a bar each, as high as its speaker is, with a cap where a call failed and a
//! dot where it shows a sign. A click jumps; by keyboard it is a slider.

use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

use super::messages::{Outline, messages};
use crate::app::store::store;
use tracesift_core::sign::Sign;
use tracesift_core::trace::Role;

/// Where bars end, in the strip's own units; dots are below.
const GROUND: u32 = 28;

/// A bar's kind: the class that colours it, and its height.
fn bar(role: Role) -> (&'static str, u32) {
    match role {
        Role::System => ("system", 6),
        Role::User => ("user", 12),
        Role::Assistant => ("assistant", 20),
        Role::Tool => ("tool", 9),
    }
}

/// The strip.
#[component]
pub fn Strip(
    /// The signs that the run carries.
    carried: Memo<Vec<Sign>>,
) -> impl IntoView {
    let store = store();
    let messages = messages();
    // Thresholds change which messages show a sign.
    let signs_of = move |message: &Outline| {
        let filters = store.rows.filters;
        filters.with(|filters| message.shown(&filters.signs.thresholds, &carried.get()))
    };
    let dots = move || {
        messages.all.with_value(|all| {
            let all = all.iter().enumerate();
            let shown = all.filter(|(_, message)| !signs_of(message).is_empty());
            shown
                .map(|(at, _)| format!("M{at} {}h.8v4h-.8z", GROUND + 3))
                .collect::<String>()
        })
    };
    let strip = NodeRef::<html::Div>::new();
    let len = messages.len();
    let last = len.saturating_sub(1);
    let pointed = RwSignal::new(None::<usize>);
    let paths = messages.all.with_value(|all| paths(all));
    let of_mouse = move |event: &MouseEvent| {
        let rect = strip.get_untracked()?.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        let at = (share * len as f64) as usize;
        Some(at.min(len.checked_sub(1)?))
    };
    let clicked = move |event: MouseEvent| {
        if let Some(at) = of_mouse(&event) {
            messages.go_to(store, at);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let at = messages.at.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => at + 1,
            "PageUp" => at.saturating_sub(10),
            "PageDown" => at + 10,
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        // Elsewhere in the reader arrows go from run to run.
        event.prevent_default();
        event.stop_propagation();
        messages.go_to(store, to.min(last));
    };
    let words = move |at: usize| {
        messages.all.with_value(|all| {
            let Some(message) = all.get(at) else {
                return String::new();
            };
            let failed = if message.is_error {
                ", a call failed"
            } else {
                ""
            };
            let signs = signs_of(message).into_iter();
            let signs: String = signs.map(|sign| format!(", {}", sign.title())).collect();
            format!("Message {at} of {last}: {}{failed}{signs}", message.words)
        })
    };
    view! {
        <div class="strip" role="slider" tabindex="0" aria-label="Messages" aria-valuemin="0"
            aria-valuemax=len.saturating_sub(1) aria-valuenow=move || messages.at.get()
            aria-valuetext=move || words(messages.at.get()) style=format!("--messages:{len}") node_ref=strip
            on:click=clicked on:keydown=pressed on:pointermove=move |event| pointed.set(of_mouse(&event))
            on:pointerleave=move |_| pointed.set(None)>
            <svg viewBox=format!("0 0 {} 36", len.max(1)) preserveAspectRatio="none" aria-hidden="true">
                <rect class="now" x=move || messages.at.get() y="0" width="1" height="36"/>
                {paths.into_iter().map(|(class, path)| view! { <path class=class d=path/> }).collect_view()}
                <path class="sign" d=dots/>
            </svg>
            {move || pointed.get().map(|at| view! {
                <span class="tip" style=format!("--share:{}", at as f64 / len.max(1) as f64)>{words(at)}</span>
            })}
        </div>
    }
}

/// Bars of each kind, and caps: few elements, however many messages there are.
fn paths(all: &[Outline]) -> Vec<(&'static str, String)> {
    let kinds = ["system", "user", "assistant", "tool", "failed"];
    let mut paths = kinds.map(|kind| (kind, String::new()));
    let mut add = |kind: &str, part: String| {
        if let Some((_, path)) = paths.iter_mut().find(|(of, _)| *of == kind) {
            path.push_str(&part);
        }
    };
    for (at, message) in all.iter().enumerate() {
        let (kind, height) = bar(message.role);
        let top = GROUND - height;
        add(kind, format!("M{at} {top}h.8v{height}h-.8z"));
        if message.is_error {
            add("failed", format!("M{at} {}h.8v4h-.8z", top - 6));
        }
    }
    paths.to_vec()
}
