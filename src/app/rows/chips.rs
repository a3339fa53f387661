//! The signs that the open row carries, with the way through the messages that show each; and the marks on these messages.
//! Where a sign is of the row as a whole, it leads to the rows that are like it.

use leptos::prelude::*;

use super::alike;
use super::messages::messages;
use crate::app::store::{rows_state, store};
use crate::worker::frame::AboutRow;
use tracesift_core::recipe::Filters;
use tracesift_core::sign::{Points, Sign};

/// The signs that a row carries.
#[component]
pub fn Chips(about: Memo<Option<AboutRow>>, carried: Memo<Vec<Sign>>) -> impl IntoView {
    let chip = move |sign: Sign| match sign.points() {
        Points::Row => view! { <li><alike::Chip about sign/></li> }.into_any(),
        _ => view! { <li><Steps sign/></li> }.into_any(),
    };
    view! {
        <ul class="chips" aria-label="Quality signs of this run" hidden=move || carried.with(Vec::is_empty)>
            {move || carried.get().into_iter().map(chip).collect_view()}
        </ul>
    }
}

/// A sign, and the way through the messages that show it.
#[component]
fn Steps(sign: Sign) -> impl IntoView {
    let store = store();
    let messages = messages();
    let steps = Memo::new(move |_| {
        let threshold = store
            .rows
            .filters
            .with(|filters| filters.signs.thresholds.of(sign));
        let shows = |signs: &[(Sign, u32)]| {
            let mut signs = signs.iter();
            signs.any(|(of, weight)| *of == sign && sign.marks(*weight, threshold))
        };
        messages.all.with_value(|all| {
            let all = all.iter().enumerate();
            let shown = all.filter(|(_, message)| shows(&message.signs));
            shown.map(|(index, _)| index).collect::<Vec<_>>()
        })
    });
    // Of what was chosen by the address, nothing is chosen at first: the way begins with the first message.
    let now = move || store.run.recipe.with(|recipe| recipe.step);
    let place = move || {
        let now = now()?;
        steps.with(|steps| steps.iter().position(|step| *step as u64 == now))
    };
    let go = move |is_after: bool| {
        let now = untrack(now);
        let step = steps.with_untracked(|steps| {
            let of = |step: &&usize| (**step as u64, now);
            let next = match is_after {
                true => steps
                    .iter()
                    .find(|step| of(step).1.is_none_or(|now| of(step).0 > now)),
                false => steps
                    .iter()
                    .rfind(|step| of(step).1.is_some_and(|now| of(step).0 < now)),
            };
            let around = if is_after {
                steps.first()
            } else {
                steps.last()
            };
            next.or(around).copied()
        });
        if let Some(step) = step {
            messages.go_to(store, step);
        }
    };
    let title = sign.title();
    let count = move || {
        let all = steps.with(Vec::len);
        match place() {
            Some(at) => format!("{}/{all}", at + 1),
            None => all.to_string(),
        }
    };
    let has_steps = move || steps.with(|steps| !steps.is_empty());
    view! {
        <span class="chip steps" class:on=move || place().is_some()>
            <Show when=has_steps>
                <button type="button" class="bare" on:click=move |_| go(false)
                    aria-label=format!("{title}: go to the previous message that shows it")>"‹"</button>
            </Show>
            <span>"⚑ "{title}</span>
            <Show when=has_steps>
                <span class="count">{count}</span>
                <button type="button" class="bare" on:click=move |_| go(true)
                    aria-label=format!("{title}: go to the next message that shows it")>"›"</button>
            </Show>
        </span>
    }
}

/// The signs that one message shows, of those that its row carries.
#[component]
pub fn Marks(message: usize, carried: Memo<Vec<Sign>>) -> impl IntoView {
    let rows = rows_state();
    let messages = messages();
    let shown = move || {
        let shown = |filters: &Filters| {
            messages.all.with_value(|all| {
                let message = all.get(message);
                message.map(|message| message.shown(&filters.signs.thresholds, &carried.get()))
            })
        };
        let signs = rows.filters.with(shown).unwrap_or_default();
        let mark = |sign: Sign| view! { <span class="mark">{format!("⚑ {}", sign.title())}</span> };
        signs.into_iter().map(mark).collect_view()
    };
    view! { {shown} }
}
