//! Two groups of rows side by side: what differs most comes first, with its size, its interval and its n.
//! Asked for while the panel is open.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::frame::asked;
use crate::app::store::store;
use crate::worker::frame::{ComparedGroups, Comparing, GroupRows, PartNames};
use tracesift_core::compare::{self, Difference, MOST, Sizes};
use tracesift_core::frame::facet::Facet;
use tracesift_core::ground::words;
use tracesift_core::recipe::keys;

/// So many differences are shown at first.
const SHOWN: usize = 12;
/// So many are said in words.
const SAID: usize = 3;

const SIZE: &str = "From −1 to 1: how often a row of the first group has more than one of the second, less how often it \
    has less (Cliff's delta); for yes and no, the difference of the two shares. The line is the 95 % interval: where it \
    crosses 0, the difference may be chance.";

/// The comparison.
#[component]
pub fn Comparison() -> impl IntoView {
    let store = store();
    let is_open = RwSignal::new(
        store
            .run
            .recipe
            .with_untracked(|r| r.compare != Default::default()),
    );
    let choice = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.compare.clone()));
    let seed = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.reading.seed));
    let found = asked(move || {
        let (choice, seed) = (choice.get(), seed.get());
        is_open.get().then_some(Comparing { choice, seed })
    });
    view! {
        <section id="compare" aria-label="Two groups side by side">
            <Show when=move || store.rows.has_rows.get()>
                <details class="panel" prop:open=move || is_open.get()
                    on:toggle=move |event| is_open.set(browser::is_open(&event))>
                    <summary title="Rows that pass every filter except the one on what the groups differ in">
                        "Two groups side by side: what differs most"
                    </summary>
                    <Groups found/>
                    {move || found.with(|found| found.as_ref().map(table))}
                </details>
            </Show>
        </section>
    }
}

/// Which groups.
#[component]
fn Groups(found: ReadSignal<Option<ComparedGroups>>) -> impl IntoView {
    let store = store();
    let facet = move || store.run.recipe.with(|recipe| recipe.compare.facet);
    let values = asked(move || {
        let facet = facet();
        Some(PartNames {
            facet,
            most: MOST_VALUES,
        })
    });
    let name = move |is_first: bool| {
        found.with(|found| {
            let compared = found.as_ref()?;
            let group = if is_first {
                &compared.first
            } else {
                &compared.second
            };
            Some(group.name.clone())
        })
    };
    let choose = move |key: &'static str, value: String| {
        store.choose(|recipe| {
            // What can't be chosen leaves the groups as they are.
            let _ = keys::choose(key, recipe, &value);
            if key == "compare" {
                (recipe.compare.first, recipe.compare.second) = Default::default();
            }
        });
    };
    let picker = move |key: &'static str, label: &'static str, is_first: bool| {
        let options = move || {
            let chosen = name(is_first);
            let option = |value: String| {
                let is_chosen = chosen.as_ref() == Some(&value);
                view! { <option value=value.clone() selected=is_chosen>{words::cut(&value, 40)}</option> }
            };
            values.get().into_iter().map(option).collect_view()
        };
        view! {
            <div class="field">
                <label for=key>{label}</label>
                <select id=key on:change=move |event| choose(key, browser::value_of(&event))>{options}</select>
            </div>
        }
    };
    view! {
        <div class="buttons">
            <div class="field">
                <label for="compare-by">"Groups by"</label>
                <select id="compare-by" on:change=move |event| choose("compare", browser::value_of(&event))>
                    {Facet::ALL.map(|of| view! {
                        <option value=of.name() selected=move || facet() == of>{of.title()}</option>
                    }).collect_view()}
                </select>
            </div>
            {picker("group-a", "First group", true)}
            {picker("group-b", "Second group", false)}
        </div>
    }
}

/// Values that a picker offers; a data set has thousands of repositories.
const MOST_VALUES: usize = 500;

fn table(found: &ComparedGroups) -> AnyView {
    let ComparedGroups { first, second, .. } = found;
    let names = (words::cut(&first.name, 30), words::cut(&second.name, 30));
    let drawn = |group: &GroupRows| match group.all > MOST as u64 {
        true => format!(" (of which the seed draws {})", words::count(MOST as u64)),
        false => String::new(),
    };
    let size = format!(
        "{}: {}{}. {}: {}{}.",
        names.0,
        words::plural(first.all, "row", "rows"),
        drawn(first),
        names.1,
        words::plural(second.all, "row", "rows"),
        drawn(second)
    );
    let said = found.differences.iter().take(SAID);
    let said =
        said.map(|difference| view! { <li>{difference.words(&first.name, &second.name)}</li> });
    let said = said.collect_view();
    let is_all = RwSignal::new(false);
    let differences = found.differences.clone();
    let more = differences.len().saturating_sub(SHOWN);
    let shown = move || {
        let most = if is_all.get() { usize::MAX } else { SHOWN };
        differences.iter().take(most).map(row).collect_view()
    };
    view! {
        <p class="hint">{size}</p>
        <ul class="words">{said}</ul>
        <table class="funnel">
            <thead><tr>
                <th scope="col">"What"</th>
                <th scope="col" class="number" title="The median, between the quartiles; of yes and no, the share of yes">{names.0}</th>
                <th scope="col" class="number" title="The median, between the quartiles; of yes and no, the share of yes">{names.1}</th>
                <th scope="col" title=SIZE>"Size of the difference"</th>
            </tr></thead>
            <tbody>{shown}</tbody>
        </table>
        {(more > 0).then(|| view! {
            <button type="button" class="link" on:click=move |_| is_all.update(|all| *all = !*all)>
                {move || if is_all.get() { "Show fewer".to_owned() } else { format!("Show {more} more") }}
            </button>
        })}
    }
    .into_any()
}

fn row(difference: &Difference) -> AnyView {
    let (first, second) = match &difference.sizes {
        Sizes::Numbers { first, second, .. } => {
            let cell = |spread: &compare::Spread| match spread.n {
                0 => "not known".to_owned(),
                n => format!(
                    "{} ({}–{}), n {}",
                    words::short(spread.median),
                    words::short(spread.p25),
                    words::short(spread.p75),
                    words::count(n.into())
                ),
            };
            (cell(first), cell(second))
        }
        Sizes::Shares { first, second, .. } => {
            let cell = |share: &compare::Share| {
                let (yes, n) = (share.yes.into(), share.n.into());
                format!("{}, n {}", words::share(yes, n), words::count(n))
            };
            (cell(first), cell(second))
        }
    };
    let effect = match difference.effect() {
        None => view! { <span class="hint">"too few rows"</span> }.into_any(),
        Some((size, low, high)) => {
            let at = |value: f64| format!("{:.1}%", (value + 1.0) * 50.0);
            let width = format!("{:.1}%", (high - low) * 50.0);
            view! {
                <span class="effect" aria-hidden="true">
                    <i style:left=at(low) style:width=width></i><b style:left=at(size)></b>
                </span>
                {format!("{size:+.2} ({low:+.2} to {high:+.2})")}
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" title=difference.definition.clone()>{words::cut(&difference.title, 40)}</th>
            <td class="number">{first}</td>
            <td class="number">{second}</td>
            <td>{effect}</td>
        </tr>
    }
    .into_any()
}
