//! The main numbers in words: what someone who does not program wants to know first.
//! Each says what it counts when it is pointed at.

use leptos::prelude::*;

use crate::app::frame::asked;
use crate::app::store::store;
use crate::worker::frame::HeadlineOf;
use tracesift_core::frame::Number;
use tracesift_core::trace::Outcome;

/// The numbers under the progress line.
#[component]
pub fn Headline() -> impl IntoView {
    let store = store();
    let method = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.count.words()));
    let numbers = asked(move || {
        let method = method.get();
        Some(HeadlineOf { method })
    });
    let is_none = move || store.rows.kept.get() == 0;
    view! {
        <section id="headline" aria-label="The main numbers" tabindex="-1">
            {move || numbers.get().map(|numbers| view! {
                <p class="lead">{numbers.selected}</p>
                <Show when=is_none>
                    <p class="hint">"“What each filter costs” below says how many rows each filter removes; drop one to see rows again."</p>
                </Show>
                <Show when=move || store.run.recipe.with(|recipe| recipe.reading.is_demo())>
                    <p class="hint">
                        "These runs are made up, to show what the page does. Type the name of a data set above, "
                        "for example nvidia/Open-SWE-Traces, and press Analyze."
                    </p>
                </Show>
                <ul class="numbers" hidden=is_none>
                    <li title=Outcome::DEFINITION>{numbers.outcome}</li>
                    <li title=Number::Tokens.definition() data-stale=move || store.data_stale()>{numbers.tokens}</li>
                    <li title=Number::Turns.definition()>{numbers.turns}</li>
                    <li title=Number::Errors.definition()>{numbers.calls}</li>
                    <li title=Number::PatchFiles.definition()>{numbers.patches}</li>
                </ul>
            })}
        </section>
    }
}
