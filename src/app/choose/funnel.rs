//! The funnel: rows left after each rule, and what each rule alone removes, as bars and in words.
//! A rule can be taken back where its cost is seen.

use leptos::prelude::*;

use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::store::store;
use crate::worker::frame::{AboutRow, Alone, RemovedAlone, Shown};
use tracesift_core::ground::words;
use tracesift_core::recipe::funnel::Step;

/// So many of the rows that a rule alone removes are listed.
const LISTED: usize = 50;

/// The funnel; nothing while no rule is set.
#[component]
pub fn Funnel() -> impl IntoView {
    let store = store();
    let steps = Memo::new(move |_| {
        let steps = |shown: &Shown| (shown.len, shown.steps.clone());
        store.rows.shown.with(steps)
    });
    // The rule whose rows are listed, by its key.
    let listed = RwSignal::new(None::<String>);
    view! {
        <section id="funnel" aria-label="Filter funnel">
            {move || {
                let (all, steps) = steps.get();
                (!steps.is_empty()).then(|| view! {
                    <h2>"Filter funnel"</h2>
                    <table class="funnel">
                        <thead><tr>
                            <th scope="col">"Filter"</th>
                            <th scope="col">"Rows left"</th>
                            <th scope="col">"Only this filter removes"<Info of="Only this filter removes" words="Rows that fail this filter and no other: they come back if you drop it. Click a number to see them."/></th>
                            <th scope="col">"Not known"<Info of="Not known" words="Rows that fail because their value is not known."/></th>
                            <th scope="col"><span class="unseen">"Take back"</span></th>
                        </tr></thead>
                        <tbody>
                            <tr><th scope="row">"all rows read"</th><td>{bar(all, all)}</td><td></td><td></td><td></td></tr>
                            {steps.into_iter().map(|step| view! {
                                <tr>
                                    <th scope="row">{step.words.clone()}</th>
                                    <td>{bar(step.left as u64, all)}</td>
                                    {if step.is_waiting {
                                        view! { <td colspan="2">"waits until the rows are measured: it needs their texts"</td> }.into_any()
                                    } else {
                                        view! {
                                            <td class="number">{alone(&step, listed)}</td>
                                            <td class="number">{words::count(step.unknown as u64)}</td>
                                        }.into_any()
                                    }}
                                    <td><button type="button" class="link" aria-label=format!("Drop the filter: {}", step.words)
                                        on:click=move |_| store.filter(|filters| filters.remove(&step.key))>"drop"</button></td>
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                    <Listed listed/>
                })
            }}
        </section>
    }
}

/// How many rows a rule alone removes; a click lists them.
fn alone(step: &Step, listed: RwSignal<Option<String>>) -> AnyView {
    let (key, count) = (step.key.clone(), words::count(step.alone as u64));
    if step.alone == 0 {
        return count.into_any();
    }
    let key = StoredValue::new(key.into_owned());
    let is_listed = move || listed.with(|listed| *listed == Some(key.get_value()));
    let toggle = move |_| {
        let other = (!untrack(is_listed)).then(|| key.get_value());
        listed.set(other);
    };
    let label = format!("{count} rows removed only by: {}. List them", step.words);
    view! {
        <button type="button" class="link" aria-label=label aria-expanded=move || is_listed().to_string()
            on:click=toggle>{count}</button>
    }
    .into_any()
}

/// The rows that one rule alone removes, each a button that opens it.
#[component]
fn Listed(listed: RwSignal<Option<String>>) -> impl IntoView {
    let store = store();
    let found = asked(move || {
        // Where none is chosen, that of no rule: nothing.
        let key = listed.get().unwrap_or_default();
        Some(RemovedAlone { key, most: LISTED })
    });
    view! {
        {move || found.get().map(|Alone { words, all, rows }| {
            let more = all.saturating_sub(rows.len() as u64);
            view! {
                <div class="alone" role="region" aria-label="Rows that one filter alone removes">
                    <p class="hint">{format!("{} fail only “{words}”; they come back if you drop it:", words::plural(all, "row", "rows"))}</p>
                    <ul class="chips">{rows.into_iter().map(|(row, name)| view! {
                        <li><button type="button" class="link" on:click=move |_| store.open(row)>{name}</button></li>
                    }).collect_view()}</ul>
                    {(more > 0).then(|| view! { <p class="hint">{format!("and {} more", words::count(more))}</p> })}
                </div>
            }
        })}
    }
}

/// Which rules leave a row out; nothing where it passes.
#[component]
pub fn LeftOut(
    /// What is known of the row.
    about: Memo<Option<AboutRow>>,
) -> impl IntoView {
    let rules = move || about.with(|about| about.as_ref().map(|about| about.left_out.clone()));
    view! {
        {move || {
            let rules = rules().unwrap_or_default();
            (!rules.is_empty()).then(|| view! {
                <p class="hint">
                    {format!("Excluded from the selection by: {}.", rules.join("; "))}
                </p>
            })
        }}
    }
}

fn bar(left: u64, all: u64) -> impl IntoView {
    view! {
        <span class="bar">
            <meter min="0" max=all.max(1) value=left aria-hidden="true"></meter>
            {words::count(left)}
        </span>
    }
}
