//! A chart of a person's own: which number or label lies across, up, is told by colour and by small charts. The choice is
//! in the link.

use leptos::prelude::*;

use super::chart::Chart;
use crate::app::browser;
use crate::app::frame::asked;
use crate::app::store::store;
use crate::worker::frame::ExploreOf;
use tracesift_core::figure::Kind;
use tracesift_core::recipe::explore::{Explored, Field};
use tracesift_core::recipe::keys;

/// The chart with its choices.
#[component]
pub fn Explore() -> impl IntoView {
    let store = store();
    let choice = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.explore));
    let found = asked(move || {
        let choice = choice.get();
        Some(ExploreOf { choice })
    });
    view! {
        <section id="own-chart" aria-label="Explore">
            <div class="buttons">
                <Picker key="explore-x" label="Across" none=None/>
                <Picker key="explore-y" label="Up" none=Some((Explored::ROWS, "Rows"))/>
                <Picker key="explore-color" label="Colour" none=Some((Explored::NONE, "None"))/>
                <Picker key="explore-by" label="Small charts" none=Some((Explored::NONE, "None"))/>
            </div>
            <Chart kind=Kind::Explore theme=browser::theme() figure=found.into()/>
        </section>
    }
}

/// One choice: a number or a label, or none.
#[component]
fn Picker(
    /// Its key of the address.
    key: &'static str,
    /// Its name for people.
    label: &'static str,
    /// The word for none, where that can be chosen, and its name.
    none: Option<(&'static str, &'static str)>,
) -> impl IntoView {
    let store = store();
    let value = Memo::new(move |_| store.run.recipe.with(|recipe| keys::value(key, recipe)));
    let option = move |(word, title): (&'static str, &'static str)| {
        view! { <option value=word selected=move || value.get() == word>{title}</option> }
    };
    let fields = |wanted: fn(&Field) -> bool| {
        let fields = Field::all().filter(wanted);
        fields
            .map(|field| (field.name(), field.title()))
            .map(option)
            .collect_view()
    };
    let choose = move |event| {
        // Every choice is one that can be read.
        store.choose(|recipe| {
            let _ = keys::choose(key, recipe, &browser::value_of(&event));
        });
    };
    view! {
        <div class="field">
            <label for=key>{label}</label>
            <select id=key on:change=choose>
                {none.map(option)}
                <optgroup label="Labels">{fields(|field| matches!(field, Field::Facet(_)))}</optgroup>
                <optgroup label="Numbers">{fields(|field| matches!(field, Field::Number(_)))}</optgroup>
            </select>
        </div>
    }
}
