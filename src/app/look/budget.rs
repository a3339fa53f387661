//! What a token limit keeps, by outcome, language and source; what it does to the mix; how the rows pack into sequences of that
//! length; and what shortening long results would save. Found turn by turn, so that the page is never held up.

use std::sync::Arc;

use leptos::prelude::*;

use super::cost::Cost;
use super::limits::Limits;
use crate::app::store::{Store, store};
use crate::app::{browser, paint};
use tracesift_core::figure::Count;
use tracesift_core::figure::limits::PARTS;
use tracesift_core::frame::Frame;
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::limit::{Amount, Counting, Curves, PartKept, lengths, observed, saved};
use tracesift_core::ground::words;
use tracesift_core::mix::{Fates, Mix};
use tracesift_core::pack::{Packer, Packing};
use tracesift_core::recipe::Selection;
use tracesift_core::recipe::limits::limits;

/// Rows that are packed in one turn.
const PACKED: usize = 10_000;
/// Rows that are counted in one turn.
const COUNTED: usize = 20_000;
/// So many shifts of a facet are said in words.
const SAID: usize = 2;

const TRAINABLE: &str =
    "Tokens that a trainer learns from: the assistant's text, its reasoning and its tool calls";
const PACKING: &str = "Rows that share one sequence until it is full: the longest first, each where it leaves the least \
    room (best-fit decreasing). Rows above the limit are left out.";

/// What there is to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BudgetReport {
    /// The budget that it was found for.
    pub budget: u64,
    /// How many rows there are, and how many are selected.
    pub rows: Count,
    /// What each limit keeps, by outcome, language and source.
    pub curves: Curves,
    /// What the recipe's budget does to the mix, in words.
    shifts: Vec<String>,
    /// What shortening observations saves: to how many tokens, how many in all, in how many rows.
    saved: Vec<(u32, u64, u32)>,
    /// Tokens of observations.
    observed: u64,
}

/// The panel.
#[component]
pub fn Budget() -> impl IntoView {
    let store = store();
    let is_open = RwSignal::new(
        store
            .run
            .recipe
            .with_untracked(|r| r.cost != Default::default()),
    );
    let found = RwSignal::new(None::<Arc<BudgetReport>>);
    let packing = RwSignal::new(None::<Packing>);
    let budget = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.budget));
    Effect::new(move |_| {
        store.rows.frame.track();
        let (selection, budget) = (store.rows.selection.get(), budget.get());
        if is_open.get() {
            let mut draft = Draft::default();
            draft.found.budget = budget;
            look(store, selection, draft, 0, move |done, lengths| {
                pack(Packer::new(lengths, done.budget), packing);
                found.set(Some(Arc::new(done)));
            });
        }
    });
    let has_rows = Memo::new(move |_| store.rows.frame.with(|frame| !frame.is_empty()));
    view! {
        <section id="budget-view" aria-label="What a token limit keeps">
            <Show when=move || has_rows.get()>
                <details class="panel" prop:open=move || is_open.get()
                    on:toggle=move |event| is_open.set(browser::is_open(&event))>
                    <summary title="Of the rows that pass the filters">"What a token limit keeps, and what training costs"</summary>
                    <Show when=move || found.with(Option::is_some)>
                        <Limits found/>
                    </Show>
                    {move || found.get().map(|found| kept(store, &found))}
                    {move || packing.get().map(|packing| packed(&packing))}
                    <Cost found/>
                </details>
            </Show>
        </section>
    }
}

/// What is found so far.
#[derive(Debug, Default)]
struct Draft {
    found: BudgetReport,
    counting: Counting,
}

/// What is looked at in one turn: a pass or two over the rows. Says whether it is done or wants another turn.
type Turn = fn(&mut Draft, &Frame, &[bool]) -> bool;

const TURNS: [Turn; 8] = [
    |draft, frame, mask| {
        let selected = mask.iter().filter(|is_on| **is_on).count() as u64;
        draft.found.rows = Count {
            all: frame.len() as u64,
            selected,
        };
        let marks = limits(draft.found.budget);
        let marks: Vec<u64> = marks.iter().map(|limit| limit.tokens).collect();
        draft.counting = Counting::new(frame, mask, &marks);
        true
    },
    |draft, frame, mask| {
        let counting = &mut draft.counting;
        counting.tell_apart(frame, mask, Facet::Outcome, PARTS);
        true
    },
    |draft, frame, mask| {
        let counting = &mut draft.counting;
        counting.tell_apart(frame, mask, Facet::Language, PARTS);
        true
    },
    |draft, frame, mask| {
        let counting = &mut draft.counting;
        counting.tell_apart(frame, mask, Facet::Source, PARTS);
        true
    },
    |draft, frame, mask| match draft.counting.go_on(frame, mask, COUNTED) {
        Some(curves) => {
            draft.found.curves = curves;
            true
        }
        None => false,
    },
    |draft, frame, mask| shifts(&mut draft.found, frame, mask, Facet::Outcome),
    |draft, frame, mask| shifts(&mut draft.found, frame, mask, Facet::Language),
    |draft, frame, mask| {
        draft.found.saved = saved(frame, mask);
        draft.found.observed = observed(frame, mask);
        true
    },
];

/// Takes the turns that are left, and then gives what was found and the lengths of the rows.
fn look(
    store: Store,
    selection: Arc<Selection>,
    mut draft: Draft,
    at: usize,
    done: impl FnOnce(BudgetReport, Vec<u64>) + 'static,
) {
    paint::soon("budget", move || {
        let mask = &selection.mask;
        let Some(turn) = TURNS.get(at) else {
            let lengths = store
                .rows
                .frame
                .with_untracked(|frame| lengths(frame, mask));
            return done(draft.found, lengths);
        };
        let is_done = store
            .rows
            .frame
            .with_untracked(|frame| turn(&mut draft, frame, mask));
        look(store, selection, draft, at + usize::from(is_done), done);
    });
}

fn shifts(found: &mut BudgetReport, frame: &Frame, mask: &[bool], facet: Facet) -> bool {
    let words = format!("tokens at most {}", words::count(found.budget));
    let fates = Fates::of_limit(frame, mask, found.budget, words);
    found
        .shifts
        .extend(Mix::of(frame, facet, &fates).words(SAID));
    true
}

/// Some rows per turn.
fn pack(mut packer: Packer, packing: RwSignal<Option<Packing>>) {
    paint::soon("packing", move || match packer.go_on(PACKED) {
        Some(done) => packing.set(Some(done)),
        None => pack(packer, packing),
    });
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
        let title = format!(
            "Of {}",
            words::plural(part.whole.rows.into(), "row", "rows")
        );
        view! { <th scope="col" class="number" title=title>{words::cut(&part.name, 20)}</th> }
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
                    <button type="button" class="link" title=label.clone() aria-label=label aria-pressed=move || is_budget().to_string()
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
                <th scope="col" class="number" title=TRAINABLE>"Trainable"</th>
                {heads}
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="hint">"What the budget would do to the mix of these rows:"</p>
        <ul class="words">{if found.shifts.is_empty() {
            view! { <li>"No share would change by one percentage point or more."</li> }.into_any()
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
                <button type="button" class="link" title=label.clone() aria-label=label on:click=choose>{most_words}</button>
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
        <p class="hint" title="A longer result keeps its beginning and its end, and a line that says what is missing">
            {format!("Tool results make up {} of these tokens. Shortening every one of them would save:", words::share(found.observed, whole))}
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
    view! { <p title=PACKING>{words}</p> }.into_any()
}
