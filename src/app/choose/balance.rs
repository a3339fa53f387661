//! The balance of the selection: by what, which share each value should have, or the most that one may make up.
//! What the rule costs stands in the funnel.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::frame::asked;
use crate::app::store::{Store, store};
use crate::worker::frame::SizesOf;
use tracesift_core::frame::facet::Facet;
use tracesift_core::ground::words;
use tracesift_core::recipe::keys;

/// So many values have a field for their share; an address may give others theirs.
const SHOWN: usize = 8;

/// The rule's controls, beside the other rules.
#[component]
pub fn Balanced() -> impl IntoView {
    let store = store();
    let by = Memo::new(move |_| {
        store.rows.filters.with(|filters| {
            let balance = &filters.balance;
            balance.is_set().then(|| balance.facet())
        })
    });
    let value =
        move |key| Memo::new(move |_| store.run.recipe.with(|recipe| keys::value(key, recipe)));
    let cap = value("cap");
    let is_wrong = RwSignal::new(None::<String>);
    let set = move |key: &'static str, text: String| {
        let mut why = None;
        store.choose(|recipe| why = keys::choose(key, recipe, &text).err());
        is_wrong.set(why);
    };
    let choose = move |event| match browser::value_of(&event).as_str() {
        "" => store.filter(|filters| filters.remove("balance")),
        by => set("balance", by.to_owned()),
    };
    view! {
        <details class="rule" class:set=move || by.get().is_some() open=by.get_untracked().is_some()>
            <summary title="Which shares of the rows that pass all other filters are kept; the seed decides which rows">"Balance"</summary>
            <label for="balance">"Balance by"</label>
            <select id="balance" on:change=choose>
                <option value="" selected=move || by.get().is_none()>"nothing"</option>
                {Facet::ALL.map(|facet| view! {
                    <option value=facet.name() selected=move || by.get() == Some(facet)>{facet.title()}</option>
                }).collect_view()}
            </select>
            <Show when=move || by.get().is_some()>
                <p class="hint">"Without a share or a limit, every value gets as many rows as the rarest one has."</p>
                <label for="cap" title="A number of rows, or a share of the selection below 1: 0.1 is a tenth">"At most per value"</label>
                <input id="cap" inputmode="decimal" placeholder="500 or 0.1" prop:value=cap
                    on:change=move |event| set("cap", browser::value_of(&event))/>
                <p class="hint">"Shares of the selection, from 0 to 1; all other values together get the rest:"</p>
                <ul class="values">{move || by.get().map(|facet| shares(store, facet, is_wrong))}</ul>
            </Show>
            {move || is_wrong.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
        </details>
    }
}

/// A field for each of the most frequent values.
fn shares(store: Store, facet: Facet, is_wrong: RwSignal<Option<String>>) -> impl IntoView {
    let values = asked(move || Some(SizesOf { facet, most: SHOWN }));
    let line = move |(name, rows): (String, u32)| {
        let shown = words::cut(&name, 30);
        let (of, label) = (name.clone(), format!("Share of {shown}"));
        let share = move || {
            store.rows.filters.with(|filters| {
                let shares = filters.balance.shares.iter();
                let mut shares = shares.filter(|(known, _)| *known == of);
                shares
                    .next()
                    .map(|(_, share)| share.to_string())
                    .unwrap_or_default()
            })
        };
        let set = move |event| {
            let typed = browser::value_of(&event);
            let why = set_share(store, &name, typed.trim());
            is_wrong.set(why);
        };
        view! {
            <li><label>
                <span class="name">{shown}</span>
                <span class="count">{words::count(rows.into())}</span>
                <input type="number" class="share" min="0" max="1" step="0.05" aria-label=label prop:value=share on:change=set/>
            </label></li>
        }
    };
    view! { <For each=move || values.get() key=|value| value.clone() children=line/> }
}

/// Sets a value's share, or takes it back; why it can't be.
fn set_share(store: Store, name: &str, typed: &str) -> Option<String> {
    let share = typed.parse::<f64>().ok();
    let share = share.filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() && !typed.is_empty() {
        return Some(format!("“{typed}” is not a share from 0 to 1"));
    }
    let others = store.rows.filters.with_untracked(|filters| {
        let shares = filters.balance.shares.iter();
        let others = shares.filter(|(known, _)| known != name);
        others.map(|(_, share)| share).sum::<f64>()
    });
    if others + share.unwrap_or_default() > 1.0 + 1e-9 {
        return Some("the shares add up to more than 1".to_owned());
    }
    store.filter(|filters| {
        let shares = &mut filters.balance.shares;
        let place = shares.iter().position(|(known, _)| known == name);
        match (place, share) {
            (Some(at), None) => {
                shares.remove(at);
            }
            (Some(at), Some(share)) => {
                if let Some((_, old)) = shares.get_mut(at) {
                    *old = share;
                }
            }
            (None, Some(share)) => shares.push((name.to_owned(), share)),
            (None, None) => {}
        }
    });
    None
}
