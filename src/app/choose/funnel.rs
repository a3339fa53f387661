//! The funnel: rows left after each rule, and what each rule alone removes, as bars and in words.
//! A rule can be taken back where its cost is seen.

use leptos::prelude::*;

use crate::app::store::{rows_state, store};
use tracesift_core::frame::{Frame, Label};
use tracesift_core::ground::words;
use tracesift_core::recipe::Selection;
use tracesift_core::recipe::funnel::Step;

/// So many of the rows that a rule alone removes are listed.
const LISTED: usize = 50;

/// The funnel; nothing while no rule is set.
#[component]
pub fn Funnel() -> impl IntoView {
    let store = store();
    let all = move || store.rows.frame.with(|frame| frame.len());
    // The rule whose rows are listed, by its key.
    let listed = RwSignal::new(None::<&'static str>);
    view! {
        <section id="funnel" aria-label="What the filters cost">
            {move || {
                let selection = store.rows.selection.get();
                (!selection.steps.is_empty()).then(|| view! {
                    <h2>"What each filter costs"</h2>
                    <table class="funnel">
                        <thead><tr>
                            <th scope="col">"Filter"</th>
                            <th scope="col">"Rows left"</th>
                            <th scope="col" title="Rows that fail this filter and no other: they come back if you drop it. Click a number to see them">"Removed by it alone"</th>
                            <th scope="col" title="Rows that fail because their value is not known">"Not known"</th>
                            <th scope="col"><span class="unseen">"Take back"</span></th>
                        </tr></thead>
                        <tbody>
                            <tr><th scope="row">"all rows read"</th><td>{bar(all(), all())}</td><td></td><td></td><td></td></tr>
                            {selection.steps.iter().cloned().map(|step| view! {
                                <tr>
                                    <th scope="row">{step.words.clone()}</th>
                                    <td>{bar(step.left, all())}</td>
                                    {if step.is_waiting {
                                        view! { <td colspan="2">"waits until the rows are measured: it needs their texts"</td> }.into_any()
                                    } else {
                                        view! {
                                            <td class="number">{alone(&step, listed)}</td>
                                            <td class="number">{words::count(step.unknown as u64)}</td>
                                        }.into_any()
                                    }}
                                    <td><button type="button" class="link" aria-label=format!("Drop the filter: {}", step.words)
                                        on:click=move |_| store.filter(|filters| filters.remove(step.key))>"drop"</button></td>
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
fn alone(step: &Step, listed: RwSignal<Option<&'static str>>) -> AnyView {
    let (key, count) = (step.key, words::count(step.alone as u64));
    if step.alone == 0 {
        return count.into_any();
    }
    let is_listed = move || listed.get() == Some(key);
    let toggle = move |_| listed.update(|listed| *listed = (*listed != Some(key)).then_some(key));
    let label = format!("{count} rows removed only by: {}. List them", step.words);
    view! {
        <button type="button" class="link" aria-label=label aria-expanded=move || is_listed().to_string()
            on:click=toggle>{count}</button>
    }
    .into_any()
}

/// The rows that one rule alone removes, each a button that opens it.
#[component]
fn Listed(listed: RwSignal<Option<&'static str>>) -> impl IntoView {
    let store = store();
    let rows = move || {
        let selection = store.rows.selection.get();
        let at = selection
            .steps
            .iter()
            .position(|step| Some(step.key) == listed.get())?;
        let words = selection.steps.get(at)?.words.clone();
        let found = store.rows.frame.with(|frame| {
            let positions = selection.removed_alone(frame, at);
            let rows = positions.iter().take(LISTED);
            let rows: Vec<(u64, String)> = rows.filter_map(|&at| named(frame, at)).collect();
            (positions.len(), rows)
        });
        Some((words, found))
    };
    view! {
        {move || rows().map(|(words, (all, rows))| {
            let more = all.saturating_sub(rows.len()) as u64;
            view! {
                <div class="alone" role="region" aria-label="Rows that one filter alone removes">
                    <p class="hint">{format!("{} fail only “{words}”; they come back if you drop it:", words::plural(all as u64, "row", "rows"))}</p>
                    <ul class="chips">{rows.into_iter().map(|(row, name)| view! {
                        <li><button type="button" class="link" on:click=move |_| store.open(row)>{name}</button></li>
                    }).collect_view()}</ul>
                    {(more > 0).then(|| view! { <p class="hint">{format!("and {} more", words::count(more))}</p> })}
                </div>
            }
        })}
    }
}

/// A row's index, and its name for people.
fn named(frame: &Frame, position: u32) -> Option<(u64, String)> {
    let row = *frame.rows().get(position as usize)?;
    let instance = frame.label(Label::InstanceId).get(position as usize);
    let name = match instance {
        Some(instance) => format!("{row} {}", words::cut(instance, 40)),
        None => row.to_string(),
    };
    Some((row, name))
}

/// Which rules leave a row out; nothing where it passes.
#[component]
pub fn LeftOut(row: u64) -> impl IntoView {
    let rows = rows_state();
    let rules = move || {
        let selection = rows.selection.get();
        let position = rows.frame.with(|frame| frame.position(row));
        position
            .map(|at| failed(&selection, at))
            .unwrap_or_default()
    };
    view! {
        {move || {
            let rules = rules();
            (!rules.is_empty()).then(|| view! {
                <p class="hint" title="A row must pass every filter to be selected">
                    {format!("Excluded from the selection by: {}.", rules.join("; "))}
                </p>
            })
        }}
    }
}

fn failed(selection: &Selection, position: usize) -> Vec<String> {
    let steps = selection.failed_by(position).into_iter();
    steps.map(|step| step.words.clone()).collect()
}

fn bar(left: usize, all: usize) -> impl IntoView {
    view! {
        <span class="bar">
            <meter min="0" max=all.max(1) value=left aria-hidden="true"></meter>
            {words::count(left as u64)}
        </span>
    }
}
