//! Choices of others, one click each, with where they come from. A preset is an address like any other: whatever it sets
//! can be changed afterwards.

use leptos::prelude::*;

use crate::app::store::store;
use tracesift_core::recipe::preset::Preset;

/// A button for each preset.
#[component]
pub fn Presets() -> impl IntoView {
    let store = store();
    let buttons = Preset::ALL.map(move |preset| {
        let is_chosen =
            Memo::new(move |_| store.run.recipe.with(|recipe| preset.is_chosen(recipe)));
        let title = format!("{} {}.", preset.sentence, preset.source);
        view! {
            <button type="button" title=title aria-pressed=move || is_chosen.get().to_string()
                on:click=move |_| store.choose(|recipe| *recipe = preset.of(recipe))>
                {move || if is_chosen.get() { "✓ " } else { "" }}{preset.title}
            </button>
        }
    });
    view! {
        <div id="presets" class="buttons" role="group" aria-label="Filters that others chose">
            <span class="hint">"As others chose:"</span>
            {buttons.collect_view()}
        </div>
    }
}
