//! A sign of the open row as a whole; where it is that the row is like others, which those are and the way to them.
//! Without that a person would have to take the likeness on trust.

use leptos::prelude::*;

use crate::app::store::store;
use crate::worker::frame::AboutRow;
use tracesift_core::sign::Sign;

/// The chip of a sign that points at no message.
#[component]
pub fn Chip(about: Memo<Option<AboutRow>>, sign: Sign) -> impl IntoView {
    let store = store();
    let duplicate = Memo::new(move |_| {
        about.with(|about| {
            let mut duplicates = about.as_ref()?.duplicates.iter();
            duplicates
                .find(|(of, _)| *of == sign)
                .map(|(_, duplicate)| *duplicate)
        })
    });
    move || match duplicate.get() {
        None => {
            view! { <span class="chip" title=sign.definition()>{sign.title()}</span> }.into_any()
        }
        Some(duplicate) => {
            let words = format!("{}: {}", sign.title(), duplicate.words());
            let label = format!("{words}; open row {}", duplicate.row);
            view! {
                <button type="button" class="chip" title=sign.definition() aria-label=label
                    on:click=move |_| store.open(duplicate.row)>{words}" →"</button>
            }
            .into_any()
        }
    }
}
