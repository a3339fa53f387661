//! The main numbers in large type: what someone who does not program wants to know first.
//! Each is a door to the chart that says more.

use leptos::prelude::*;

use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::places::go_to_element;
use crate::app::store::store;
use crate::worker::frame::{HeadlineOf, Main, Numbers};
use tracesift_core::figure::Kind;
use tracesift_core::frame::Number;
use tracesift_core::recipe::PagePlace;
use tracesift_core::trace::Outcome;

/// The numbers at the top of the overview.
#[component]
pub fn Headline() -> impl IntoView {
    let store = store();
    let method = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.count.words()));
    let numbers = asked(move || {
        let method = method.get();
        Some(HeadlineOf { method })
    });
    let is_none = move || store.rows.kept.get() == 0;
    let is_demo = move || store.run.recipe.with(|recipe| recipe.reading.is_demo());
    let tiles = move |numbers: Numbers| {
        [
            (
                numbers.outcome,
                PagePlace::Overview,
                Kind::Outcomes,
                Outcome::DEFINITION,
            ),
            (
                numbers.tokens,
                PagePlace::Overview,
                Kind::Tokens,
                Number::Tokens.definition(),
            ),
            (
                numbers.turns,
                PagePlace::Tokens,
                Kind::Turns,
                Number::Turns.definition(),
            ),
            (
                numbers.calls,
                PagePlace::Overview,
                Kind::Tools,
                Number::Errors.definition(),
            ),
            (
                numbers.patches,
                PagePlace::Overview,
                Kind::PatchSize,
                Number::PatchFiles.definition(),
            ),
        ]
        .map(|(number, place, kind, definition)| view! { <Tile number place kind definition/> })
        .into_iter()
        .collect_view()
    };
    view! {
        <section id="headline" aria-label="The main numbers" tabindex="-1">
            {move || numbers.get().map(|numbers| view! {
                <p class="lead" class:unseen=move || !is_none()>{numbers.selected.clone()}</p>
                <Show when=is_none>
                    <p class="hint">"The filter funnel below says how many rows each filter removes; drop one to see rows again."</p>
                </Show>
                <ul class="numbers" hidden=is_none>{tiles(numbers)}</ul>
                <Show when=is_demo>
                    <p class="hint">
                        "These runs are made up, to show what the page does. Open a dataset or files of yours above."
                    </p>
                </Show>
            })}
        </section>
    }
}

#[component]
fn Tile(number: Main, place: PagePlace, kind: Kind, definition: &'static str) -> impl IntoView {
    let store = store();
    let is_stale = move || {
        let needs_tokens = kind == Kind::Tokens;
        needs_tokens.then(|| store.data_stale()).flatten()
    };
    view! {
        <li data-stale=is_stale>
            <button type="button" class="tile"
                on:click=move |_| go_to_element(store, place, kind.name())>
                <strong>{number.value}</strong>
                <span class="of">{number.name.clone()}</span>
                <span class="hint">{number.words}</span>
            </button>
            <Info of=number.name words=definition/>
        </li>
    }
}
