//! What the filters did to the mix of the rows: shares of languages, outcomes, repositories and so on before and after,
//! the largest shifts in words, and which rule each is mainly due to.

use leptos::prelude::*;

use crate::app::frame::asked;
use crate::app::info::Info;
use crate::worker::frame::{MixShown, MixesOf};
use tracesift_core::frame::facet::Facet;
use tracesift_core::ground::words;
use tracesift_core::mix::Part;

/// So many parts of a facet are shown.
const SHOWN: usize = 8;
/// So many shifts of a facet are said in words.
const SAID: usize = 1;

const CAUSE: &str = "A row that is lost counts toward the first filter that it fails, in the order of the filter funnel. A shift \
    is mainly due to the filter that, at its turn, moves the share furthest in the direction of the whole shift.";
const SHARES: &str = "The share of all rows that were read, and the share of those that pass every filter; the shift between \
    them is in percentage points.";

/// The audit of the selection; nothing while no rule takes a row away.
#[component]
pub fn Mixes() -> impl IntoView {
    let mixes = asked(|| Some(MixesOf { most: SHOWN }));
    let said = move || {
        // That a filter on the outcome moves the outcomes goes without saying.
        let words: Vec<String> = mixes.with(|mixes| {
            let mixes = mixes.iter().filter(|of| !of.is_ruled);
            mixes.flat_map(|of| of.mix.words(SAID)).collect()
        });
        match words.is_empty() {
            true => {
                view! { <p class="hint">"No other share changed by two percentage points or more."</p> }
                    .into_any()
            }
            false => {
                let items = words.into_iter().map(|words| view! { <li>{words}"."</li> });
                view! { <ul class="words">{items.collect_view()}</ul> }.into_any()
            }
        }
    };
    view! {
        <section id="mix" aria-label="How filters changed the mix">
            <Show when=move || mixes.with(|mixes| !mixes.is_empty())>
                <div class="panel">
                    <h2>"How filters changed the mix"</h2>
                    {said}
                    <table class="funnel">
                        <thead><tr>
                            <th scope="col">"Part"</th>
                            <th scope="col" class="number">"Of all rows"</th>
                            <th scope="col" class="number">"Of the selection"</th>
                            <th scope="col" class="number">"Shift"<Info of="Shift" words=SHARES/></th>
                            <th scope="col">"Mainly due to"<Info of="Mainly due to" words=CAUSE/></th>
                        </tr></thead>
                        {move || mixes.with(|mixes| mixes.iter().map(rows).collect_view())}
                    </table>
                </div>
            </Show>
        </section>
    }
}

fn rows(of: &MixShown) -> AnyView {
    let MixShown { mix, more, .. } = of;
    let more = *more;
    let shown = mix.parts.iter().map(|part| row(mix.facet, part));
    view! {
        <tbody>
            <tr><th scope="colgroup" colspan="5"><strong>{mix.facet.title()}</strong><Info of=mix.facet.title() words=mix.facet.definition()/></th></tr>
            {shown.collect_view()}
            {(more > 0).then(|| view! {
                <tr><td colspan="5" class="hint">{format!("and {} whose shares moved less", words::count(more))}</td></tr>
            })}
        </tbody>
    }
    .into_any()
}

fn row(facet: Facet, part: &Part) -> AnyView {
    let cause = part.cause.as_ref().map(|cause| cause.rule.clone());
    view! {
        <tr>
            <th scope="row">{words::cut(&facet.shown(&part.name), 40)}</th>
            <td class="number">{share(part.before, part.source)}</td>
            <td class="number">{share(part.after, part.selected)}</td>
            <td class="number">{words::points(part.shift())}</td>
            <td>{cause}</td>
        </tr>
    }
    .into_any()
}

/// `26 % (132)`.
fn share(share: f64, rows: u32) -> String {
    format!("{} ({})", words::percent(share), words::count(rows.into()))
}
