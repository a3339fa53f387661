//! Choices of others, one click each, with where they come from; another click takes one back.
//! A preset is an address like any other: whatever it sets can be changed afterwards.

use leptos::prelude::*;

use crate::app::store::store;
use tracesift_core::recipe::Recipe;
use tracesift_core::recipe::preset::Preset;

/// A line for each preset.
#[component]
pub fn Presets() -> impl IntoView {
    let store = store();
    // What a person had before the first preset, which comes back without one.
    let before = StoredValue::new(None::<Recipe>);
    let preset = move |preset: Preset| {
        let is_chosen =
            Memo::new(move |_| store.run.recipe.with(|recipe| preset.is_chosen(recipe)));
        let toggle = move |_| {
            let now = store.run.recipe.get_untracked();
            let chosen = Preset::chosen(&now);
            let base = match chosen {
                Some(_) => Preset::taken_back(&now, before.get_value().as_ref()),
                None => now,
            };
            let is_off = chosen == Some(preset);
            let other = if is_off {
                base.clone()
            } else {
                preset.of(&base)
            };
            before.set_value((!is_off).then_some(base));
            store.choose(|recipe| *recipe = other);
        };
        view! {
            <li>
                <button type="button" class="quick" aria-pressed=move || is_chosen.get().to_string() on:click=toggle>
                    {move || if is_chosen.get() { "✓ " } else { "" }}{preset.title}
                </button>
                <p class="hint">{preset.sentence}" "{preset.source}"."</p>
            </li>
        }
    };
    view! {
        <details class="rule" id="presets">
            <summary>"Presets"</summary>
            <p class="hint">"Filters that others chose. One replaces your filters; another click brings them back."</p>
            <ul class="presets">{Preset::ALL.map(preset).into_iter().collect_view()}</ul>
        </details>
    }
}
