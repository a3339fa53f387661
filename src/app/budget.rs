//! What a token limit keeps, by outcome and by language; what it does to the mix; how the rows pack into sequences of that
//! length; and what training on them costs, by a price and a speed that a person types.

use leptos::prelude::*;

use super::store::{Store, store};
use super::words;
use super::{browser, paint};
use crate::export::Format;
use crate::frame::facet::Facet;
use crate::frame::limit::{Amount, PartKept, kept_by_part, lengths, saved};
use crate::mix::{Fates, Mix};
use crate::pack::{Packer, Packing};
use crate::recipe::keys;

/// Context windows that people use, beside the lengths that trainers take by default.
const WINDOWS: [u64; 7] = [8_192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576];
/// So many languages have a column.
const LANGUAGES: usize = 5;
/// Rows that are packed in one turn.
const PACKED: usize = 10_000;
/// So many shifts of a facet are said in words.
const SAID: usize = 2;

const TRAINABLE: &str =
    "Tokens that a trainer learns from: the assistant's text, its reasoning and its tool calls";
const PACKING: &str = "Rows that share one sequence until it is full: the longest first, each where it leaves the least \
    room (best-fit decreasing). Rows above the limit are left out.";

/// What there is to show.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    /// The limits, ascending, with the trainers that take one by default.
    limits: Vec<(u64, String)>,
    all: PartKept,
    parts: Vec<PartKept>,
    /// What the recipe's budget does to the mix, in words.
    shifts: Vec<String>,
    /// What shortening observations saves: to how many tokens, how many in all, in how many rows.
    saved: Vec<(u32, u64, u32)>,
}

/// The panel.
#[component]
pub fn Budget() -> impl IntoView {
    let store = store();
    let is_open = RwSignal::new(
        store
            .recipe
            .with_untracked(|r| r.cost != Default::default()),
    );
    let found = RwSignal::new(None::<Found>);
    let packing = RwSignal::new(None::<Packing>);
    let budget = Memo::new(move |_| store.recipe.with(|recipe| recipe.budget));
    Effect::new(move |_| {
        store.frame.track();
        let (selection, budget) = (store.selection.get(), budget.get());
        if !is_open.get() {
            return;
        }
        paint::soon("budget", move || {
            let lengths = store.frame.with_untracked(|frame| {
                found.set(Some(look(frame, &selection.mask, budget)));
                lengths(frame, &selection.mask)
            });
            pack(Packer::new(lengths, budget), packing);
        });
    });
    let has_rows = Memo::new(move |_| store.frame.with(|frame| !frame.is_empty()));
    view! {
        <section id="budget-view" aria-label="What a token limit keeps">
            <Show when=move || has_rows.get()>
                <details class="panel" prop:open=move || is_open.get()
                    on:toggle=move |event| is_open.set(browser::is_open(&event))>
                    <summary title="Of the rows that pass the rules">"What a token limit keeps, and what training costs"</summary>
                    {move || found.get().map(|found| kept(store, &found))}
                    {move || packing.get().map(|packing| packed(&packing))}
                    <Cost found/>
                </details>
            </Show>
        </section>
    }
}

fn look(frame: &crate::frame::Frame, mask: &[bool], budget: u64) -> Found {
    let limits = limits(budget);
    let numbers: Vec<u64> = limits.iter().map(|(limit, _)| *limit).collect();
    let (all, outcomes) = kept_by_part(frame, mask, Facet::Outcome, &numbers);
    let (_, languages) = kept_by_part(frame, mask, Facet::Language, &numbers);
    let words = format!("tokens at most {}", words::count(budget));
    let fates = Fates::of_limit(frame, mask, budget, words);
    let facets = [Facet::Outcome, Facet::Language].into_iter();
    Found {
        limits,
        all,
        saved: saved(frame, mask),
        parts: outcomes
            .into_iter()
            .chain(languages.into_iter().take(LANGUAGES))
            .collect(),
        shifts: facets
            .flat_map(|facet| Mix::of(frame, facet, &fates).words(SAID))
            .collect(),
    }
}

/// The limits that are shown: windows, what trainers take by default, and the budget.
fn limits(budget: u64) -> Vec<(u64, String)> {
    let mut limits: Vec<(u64, Vec<&str>)> = WINDOWS.map(|window| (window, Vec::new())).to_vec();
    let mut add = |tokens: u64, who: Option<&'static str>| {
        let known = limits.iter().position(|(limit, _)| *limit == tokens);
        let at = known.unwrap_or_else(|| {
            let at = limits.partition_point(|(limit, _)| *limit < tokens);
            limits.insert(at, (tokens, Vec::new()));
            at
        });
        if let (Some((_, whose)), Some(who)) = (limits.get_mut(at), who)
            && !whose.contains(&who)
        {
            whose.push(who);
        }
    };
    for format in Format::ALL {
        if let Some(length) = format.target().default_length() {
            add(length.tokens, Some(format.target().trainer()));
        }
    }
    add(budget, None);
    let named = limits
        .into_iter()
        .map(|(limit, whose)| (limit, whose.join(", ")));
    named.collect()
}

/// Some rows a turn.
fn pack(mut packer: Packer, packing: RwSignal<Option<Packing>>) {
    paint::soon("packing", move || match packer.go_on(PACKED) {
        Some(done) => packing.set(Some(done)),
        None => pack(packer, packing),
    });
}

fn kept(store: Store, found: &Found) -> AnyView {
    let whole = found.all.whole;
    if whole.rows == 0 {
        let why = "Tokens of these rows are not known: no text was read, or none is selected.";
        return view! { <p class="hint">{why}</p> }.into_any();
    }
    let heads = found.parts.iter().map(|part| {
        let title = format!(
            "Of {}",
            words::plural(part.whole.rows.into(), "row", "rows")
        );
        view! { <th scope="col" class="number" title=title>{words::cut(&part.name, 20)}</th> }
    });
    let heads = heads.collect_view();
    let rows = found.limits.iter().enumerate().map(|(at, (limit, whose))| {
        let limit = *limit;
        let part = |part: &PartKept| part.kept.get(at).copied().unwrap_or_default();
        let share = |kept: Amount, of: Amount| words::share(kept.rows.into(), of.rows.into());
        let all = part(&found.all);
        let parts = found.parts.iter().map(|of| {
            view! { <td class="number">{share(part(of), of.whole)}</td> }
        });
        let parts = parts.collect_view();
        let is_budget = move || store.recipe.with(|recipe| recipe.budget == limit);
        let choose = move |_| store.choose(|recipe| recipe.budget = limit);
        let label = format!("Take {} tokens as the budget", words::count(limit));
        view! {
            <tr class:set=is_budget>
                <th scope="row">
                    <button type="button" class="link" title=label.clone() aria-label=label aria-pressed=move || is_budget().to_string()
                        on:click=choose>{words::count(limit)}</button>
                    {move || is_budget().then_some(" ← budget")}
                    {(!whose.is_empty()).then(|| view! { <span class="hint">{format!(" {whose} by default")}</span> })}
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
            view! { <li>"No share would move by a hundredth or more."</li> }.into_any()
        } else {
            shifts.into_any()
        }}</ul>
        {shortened(store, found)}
    }
    .into_any()
}

/// What shortening tools' results would save; a click takes a length for the download.
fn shortened(store: Store, found: &Found) -> AnyView {
    let whole = found.all.whole.tokens;
    let saved = found.saved.iter().filter(|(_, tokens, _)| *tokens > 0);
    let items = saved.map(|&(most, tokens, rows)| {
        let words = format!(
            " tokens: {} less ({}), in {}",
            words::short(tokens as f64),
            words::share(tokens, whole),
            words::plural(rows.into(), "row", "rows")
        );
        let most_words = words::count(most.into());
        let label = format!("Shorten tools' results to {most_words} tokens in the download");
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
        return view! { <p class="hint">"No tool's result is long enough to be shortened."</p> }
            .into_any();
    }
    view! {
        <p class="hint" title="Of a longer result the beginning and the end stay, and a line that says what is missing">
            "What shortening every tool's result would save of these tokens:"
        </p>
        <ul class="words">{items}</ul>
    }
    .into_any()
}

fn packed(packing: &Packing) -> AnyView {
    let words = format!(
        "Packed into sequences of {} tokens: {} of {}; {} of them is padding ({} with one row a sequence). {} longer than \
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

/// The numbers that a person types, and the sums.
#[component]
fn Cost(found: RwSignal<Option<Found>>) -> impl IntoView {
    let store = store();
    let is_wrong = RwSignal::new(None::<String>);
    let field = move |key: &'static str, label: &'static str, hint: &'static str| {
        let value = Memo::new(move |_| store.recipe.with(|recipe| keys::value(key, recipe)));
        let change = move |event| {
            let mut why = None;
            store
                .choose(|recipe| why = keys::choose(key, recipe, &browser::value_of(&event)).err());
            is_wrong.set(why);
        };
        view! {
            <div class="field">
                <label for=key>{label}</label>
                <input id=key inputmode="decimal" title=hint prop:value=value on:change=change/>
            </div>
        }
    };
    let sum = move || {
        let (cost, budget) = store.recipe.with(|recipe| (recipe.cost, recipe.budget));
        found.with(|found| {
            let found = found.as_ref()?;
            let at = found
                .limits
                .iter()
                .position(|(limit, _)| *limit == budget)?;
            let kept = found.all.kept.get(at)?;
            let mut words = format!(
                "{} tokens within the budget",
                words::short(kept.tokens as f64)
            );
            words.push_str(&format!(
                ", {} trained on in all",
                words::short(cost.tokens(kept.tokens))
            ));
            if let Some(money) = cost.money(kept.tokens) {
                words.push_str(&format!(
                    "; they cost {}",
                    words::thousands((money * 100.0).round() / 100.0)
                ));
            }
            if let Some(seconds) = cost.seconds(kept.tokens) {
                words.push_str(&format!(
                    "; they take {}",
                    words::duration(seconds * 1000.0)
                ));
            }
            words.push('.');
            Some(words)
        })
    };
    view! {
        <div class="buttons">
            {field("epochs", "Rounds over the data (epochs)", "How often each token is trained on")}
            {field("price", "Price of a million tokens", "In any currency")}
            {field("speed", "Tokens a second", "How fast your machines train")}
        </div>
        {move || is_wrong.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
        <p role="status">{sum}</p>
    }
}
