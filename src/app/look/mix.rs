//! What the filters did to the mix of the rows: shares of languages, outcomes, repositories and so on before and after,
//! the largest shifts in words, and which rule caused each.

use leptos::prelude::*;

use crate::app::frame::asked;
use crate::worker::frame::{MixShown, MixesOf};
use tracesift_core::ground::words;
use tracesift_core::mix::Part;

/// So many parts of a facet are shown.
const SHOWN: usize = 8;
/// So many shifts of a facet are said in words.
const SAID: usize = 1;

const CAUSE: &str = "A row that is lost counts toward the first filter in the table above that it fails. The cause is the filter \
    that, at its turn, moves the share furthest in the direction of the whole shift.";

/// The audit of the selection; nothing while no rule takes a row away.
#[component]
pub fn Mixes() -> impl IntoView {
    let mixes = asked(|| Some(MixesOf { most: SHOWN }));
    let said = move || {
        let words = mixes.with(|mixes| mixes.iter().flat_map(|of| of.mix.words(SAID)).collect());
        let words: Vec<String> = words;
        match words.is_empty() {
            true => {
                view! { <p class="hint">"No share changed by one percentage point or more."</p> }
                    .into_any()
            }
            false => {
                let items = words.into_iter().map(|words| view! { <li>{words}"."</li> });
                view! { <ul class="words">{items.collect_view()}</ul> }.into_any()
            }
        }
    };
    view! {
        <section id="mix" aria-label="What the filters did to the mix">
            <Show when=move || mixes.with(|mixes| !mixes.is_empty())>
                <details class="panel" open>
                    <summary title=CAUSE>"What the filters did to the mix"</summary>
                    {said}
                    <table class="funnel">
                        <thead><tr>
                            <th scope="col">"Part"</th>
                            <th scope="col" class="number" title="Share of all rows that were read">"Of all rows"</th>
                            <th scope="col" class="number" title="Share of the rows that pass every filter">"Of the selection"</th>
                            <th scope="col" class="number" title="In percentage points">"Shift"</th>
                            <th scope="col" title=CAUSE>"Chiefly through"</th>
                        </tr></thead>
                        {move || mixes.with(|mixes| mixes.iter().map(rows).collect_view())}
                    </table>
                </details>
            </Show>
        </section>
    }
}

fn rows(of: &MixShown) -> AnyView {
    let MixShown { mix, more } = of;
    let more = *more;
    let shown = mix.parts.iter().map(row);
    view! {
        <tbody>
            <tr><th scope="colgroup" colspan="5" title=mix.facet.definition()><strong>{mix.facet.title()}</strong></th></tr>
            {shown.collect_view()}
            {(more > 0).then(|| view! {
                <tr><td colspan="5" class="hint">{format!("and {} whose shares moved less", words::count(more))}</td></tr>
            })}
        </tbody>
    }
    .into_any()
}

fn row(part: &Part) -> AnyView {
    let counts = format!(
        "{} of {} rows are left",
        words::count(part.selected.into()),
        words::count(part.source.into())
    );
    let cause = part.cause.as_ref().map(|cause| cause.rule.clone());
    view! {
        <tr title=counts>
            <th scope="row">{words::cut(&part.name, 40)}</th>
            <td class="number">{words::percent(part.before)}</td>
            <td class="number">{words::percent(part.after)}</td>
            <td class="number">{words::points(part.shift())}</td>
            <td>{cause}</td>
        </tr>
    }
    .into_any()
}
