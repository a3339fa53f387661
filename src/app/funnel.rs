//! The funnel: rows left after each rule, and what each rule alone removes, as bars and in words.
//! A rule can be taken back where its cost is seen.

use leptos::prelude::*;

use super::store::store;
use super::words;

/// The funnel; nothing while no rule is set.
#[component]
pub fn Funnel() -> impl IntoView {
    let store = store();
    let all = move || store.frame.with(|frame| frame.len());
    view! {
        <section id="funnel" aria-label="What the rules cost">
            {move || {
                let selection = store.selection.get();
                (!selection.steps.is_empty()).then(|| view! {
                    <h2>"What each rule costs"</h2>
                    <table class="funnel">
                        <thead><tr>
                            <th scope="col">"Rule"</th>
                            <th scope="col">"Rows left"</th>
                            <th scope="col" title="Rows that fail this rule and no other: they come back if you drop it">"Removed by it alone"</th>
                            <th scope="col" title="Rows that fail because the row does not say">"Not known"</th>
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
                                            <td class="number">{words::count(step.alone as u64)}</td>
                                            <td class="number">{words::count(step.unknown as u64)}</td>
                                        }.into_any()
                                    }}
                                    <td><button type="button" class="link" aria-label=format!("Drop the rule: {}", step.words)
                                        on:click=move |_| store.filter(|filters| filters.remove(step.key))>"drop"</button></td>
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                })
            }}
        </section>
    }
}

fn bar(left: usize, all: usize) -> impl IntoView {
    view! {
        <span class="bar">
            <meter min="0" max=all.max(1) value=left aria-hidden="true"></meter>
            {words::count(left as u64)}
        </span>
    }
}
