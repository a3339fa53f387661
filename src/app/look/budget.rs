//! Context length and cost: what a token limit keeps, by outcome, language and source; what it does to the mix; how the rows pack into sequences of that
//! length; and what shortening long results would save.

use leptos::prelude::*;

use super::cost::Cost;
use super::limits::Limits;
use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::store::{Store, store};
use crate::worker::frame::{BudgetOf, BudgetReport};
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::limit::{Amount, PartKept};
use tracesift_core::ground::words;
use tracesift_core::pack::Packing;
use tracesift_core::recipe::limits::limits;

const TRAINABLE: &str =
    "Tokens that a trainer learns from: the assistant's text, its reasoning and its tool calls.";
const SHORTENED: &str =
    "A longer result keeps its beginning and its end, and a line that says what is missing.";
const PACKING: &str = "Rows that share one sequence until it is full: the longest first, each where it leaves the least \
    room (best-fit decreasing). Rows above the limit are left out.";

/// The panel.
#[component]
pub fn Budget() -> impl IntoView {
    let store = store();
    let budget = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.budget));
    let found = asked(move || {
        let budget = budget.get();
        Some(BudgetOf { budget })
    });
    view! {
        <section id="budget-view" class="panel" aria-label="Context length and cost">
            <h2>"Context length and cost"</h2>
            <Show when=move || found.with(Option::is_some)>
                <Limits found/>
            </Show>
            {move || found.with(|found| found.as_ref().map(|found| kept(store, found)))}
            {move || found.with(|found| found.as_ref().map(|found| packed(&found.packing)))}
            <Cost found/>
        </section>
    }
}

fn kept(store: Store, found: &BudgetReport) -> AnyView {
    let curves = &found.curves;
    let whole = curves.all.whole;
    if whole.rows == 0 {
        // The chart says why.
        return ().into_any();
    }
    let facets = [Facet::Outcome, Facet::Language].into_iter();
    let parts: Vec<&PartKept> = facets.flat_map(|facet| curves.parts(facet)).collect();
    let heads = parts.iter().map(|part| {
        let of = words::plural(part.whole.rows.into(), "row", "rows");
        let name = words::cut(&words::language(&part.name), 20);
        view! { <th scope="col" class="number">{name}<span class="hint block">{of}</span></th> }
    });
    let heads = heads.collect_view();
    let rows = limits(found.budget).into_iter().map(|mark| {
        let (limit, whose) = (mark.tokens, mark.default_words());
        let part = |part: &PartKept| curves.at(part, limit).unwrap_or_default();
        let share = |kept: Amount, of: Amount| words::share(kept.rows.into(), of.rows.into());
        let all = part(&curves.all);
        let parts = parts.iter().map(|of| {
            view! { <td class="number">{share(part(of), of.whole)}</td> }
        });
        let parts = parts.collect_view();
        let is_budget = move || store.run.recipe.with(|recipe| recipe.budget == limit);
        let choose = move |_| store.choose(|recipe| recipe.budget = limit);
        let label = format!("Take {} tokens as the budget", words::count(limit));
        view! {
            <tr class:set=is_budget>
                <th scope="row">
                    <button type="button" class="link" aria-label=label aria-pressed=move || is_budget().to_string()
                        on:click=choose>{words::count(limit)}</button>
                    {move || is_budget().then_some(" ← budget")}
                    {(!whose.is_empty()).then(|| view! { <span class="hint">{format!(" {whose}")}</span> })}
                </th>
                <td class="number">{format!("{} ({})", words::count(all.rows.into()), share(all, whole))}</td>
                <td class="number">{format!("{} ({})", words::short(all.tokens as f64), words::share(all.tokens, whole.tokens))}</td>
                <td class="number">{format!("{} ({})", words::short(all.trainable as f64), words::share(all.trainable, whole.trainable))}</td>
                {parts}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let shifts = found
        .shifts
        .iter()
        .cloned()
        .map(|words| view! { <li>{words}"."</li> });
    let shifts = shifts.collect_view();
    view! {
        <table class="funnel">
            <caption class="hint">{format!("Of {} whose tokens are known, the share that fits whole", words::plural(whole.rows.into(), "row", "rows"))}</caption>
            <thead><tr>
                <th scope="col">"Limit, tokens"</th>
                <th scope="col" class="number">"Rows"</th>
                <th scope="col" class="number">"Tokens"</th>
                <th scope="col" class="number">"Trainable"<Info of="Trainable" words=TRAINABLE/></th>
                {heads}
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="hint">"What the budget would do to the mix of these rows:"</p>
        <ul class="words">{if found.shifts.is_empty() {
            view! { <li>"No share would change by two percentage points or more."</li> }.into_any()
        } else {
            shifts.into_any()
        }}</ul>
        {shortened(store, found)}
    }
    .into_any()
}

/// What shortening tools' results would save; a click takes a length for the download.
fn shortened(store: Store, found: &BudgetReport) -> AnyView {
    let whole = found.curves.all.whole.tokens;
    let saved = found.saved.iter().filter(|(_, tokens, _)| *tokens > 0);
    let items = saved.map(|&(most, tokens, rows)| {
        let words = format!(
            " tokens: {} less ({}), in {}",
            words::short(tokens as f64),
            words::share(tokens, whole),
            words::plural(rows.into(), "row", "rows")
        );
        let most_words = words::count(most.into());
        let label = format!("Shorten tool results to {most_words} tokens in the download");
        let choose = move |_| store.choose(|recipe| recipe.export.observations = Some(most.into()));
        view! {
            <li>
                <button type="button" class="link" aria-label=label on:click=choose>{most_words}</button>
                {words}
            </li>
        }
    });
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        return view! { <p class="hint">"No tool result is long enough to be shortened."</p> }
            .into_any();
    }
    view! {
        <p class="hint">
            {format!("Tool results make up {} of these tokens. Shortening every one of them would save:", words::share(found.observed, whole))}
            <Info of="Shortening tool results" words=SHORTENED/>
        </p>
        <ul class="words">{items}</ul>
    }
    .into_any()
}

fn packed(packing: &Packing) -> AnyView {
    let words = format!(
        "Packed into sequences of {} tokens: {} of {}; {} of them is padding ({} with one row per sequence). {} longer than \
         that.",
        words::count(packing.limit),
        words::plural(packing.sequences, "sequence", "sequences"),
        words::plural(packing.rows, "row", "rows"),
        words::percent(packing.waste()),
        words::percent(packing.waste_unpacked()),
        words::plural(packing.longer, "row is", "rows are"),
    );
    view! { <p>{words}<Info of="Packing" words=PACKING/></p> }.into_any()
}
