//! The quality signs, the most frequent first: how many rows carry each, how rows with it and without it fare, from which
//! number on it counts, and whether rows with it are wanted. A sign removes no row unless someone chooses so.

use leptos::html;
use leptos::prelude::*;

use crate::app::browser;
use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::store::{Store, rows_state, store};
use crate::worker::frame::Tallies;
use tracesift_core::frame::group::{Rate, Tally};
use tracesift_core::frame::order;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Filters, ListKey};
use tracesift_core::sign::{Compare, Sign};

/// Explains the columns of the table.
const ROWS: &str = "Rows that carry the sign, of those for which it is known.";
const SUCCESS: &str = "Successes among the rows with the sign, and among those without it, of those with a known outcome, with \
    the 95\u{a0}% interval (Wilson).";
const COUNTS_FROM: &str = "The score from which on a row carries the sign.";

/// The panel; nothing while there are no rows.
#[component]
pub fn Signs() -> impl IntoView {
    let rows = rows_state();
    view! {
        <section id="sign-table" aria-label="Quality signs">
            <Show when=move || rows.has_rows.get()>
                <h2>"Quality signs"</h2>
                <p class="hint">
                    "A sign says what to look at in a run. It does not remove rows unless you choose so here; where it shows, "
                    "the reader marks the message."
                </p>
                <Table/>
                <Benchmarks/>
            </Show>
        </section>
    }
}

/// All signs, the most frequent first; those that no row carries are folded.
#[component]
fn Table() -> impl IntoView {
    let rows = rows_state();
    let trouble = RwSignal::new(None::<String>);
    let table = NodeRef::<html::Table>::new();
    let rules = Memo::new(move |_| rows.filters.with(|filters| filters.signs.clone()));
    let tallies = asked(move || {
        let signs = Sign::ALL.to_vec();
        let rules = rules.get();
        Some(Tallies { signs, rules })
    });
    let order = RwSignal::new(Vec::<Sign>::new());
    Effect::new(move |_| {
        let sorted = tallies.with(|tallies| by_frequency(tallies));
        // Nothing moves away under a hand that is changing a threshold.
        let is_used = || {
            table
                .get_untracked()
                .is_some_and(|table| table.matches(":focus-within") == Ok(true))
        };
        let is_first = order.with_untracked(Vec::is_empty);
        if is_first || (order.with_untracked(|order| *order != sorted) && !is_used()) {
            order.set(sorted);
        }
    });
    let is_all = RwSignal::new(false);
    let is_shown = move |sign: Sign| {
        let carried =
            tallies.with(|tallies| tallies.get(sign as usize).map_or(0, |(with, _)| with.rows));
        carried > 0
            || rows
                .filters
                .with(|filters| Wish::of(filters, sign) != Wish::Any)
    };
    let shown = move || {
        let mut signs = order.get();
        signs.retain(|sign| is_all.get() || is_shown(*sign));
        signs
    };
    let rare = move || order.with(|order| order.iter().filter(|sign| !is_shown(**sign)).count());
    let more = move || match is_all.get() {
        true => "Fold the signs that no row carries".to_owned(),
        false => words::plural(
            rare() as u64,
            "more sign is in no row",
            "more signs are in no row",
        ),
    };
    view! {
        {move || trouble.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
        <div class="scroll">
            <table class="funnel signs" node_ref=table>
                <thead><tr>
                    <th scope="col">"Sign"</th>
                    <th scope="col" class="number">"Rows"<Info of="Rows with a sign" words=ROWS/></th>
                    <th scope="col" class="number">"Success with"<Info of="Success with and without a sign" words=SUCCESS/></th>
                    <th scope="col" class="number">"Success without"</th>
                    <th scope="col">"Counts from"<Info of="Counts from" words=COUNTS_FROM/></th>
                    <th scope="col">"Rows to keep"</th>
                </tr></thead>
                <tbody>
                    <For each=shown key=|sign| *sign let:sign><Line sign tallies trouble/></For>
                </tbody>
            </table>
        </div>
        <Show when=move || { rare() > 0 }>
            <button type="button" class="link" data-action="rare-signs" aria-expanded=move || is_all.get().to_string()
                on:click=move |_| is_all.update(|all| *all = !*all)>{more}</button>
        </Show>
    }
}

/// The signs by the rows that carry them, those of equally many in the order of the address.
fn by_frequency(tallies: &[(Tally, Tally)]) -> Vec<Sign> {
    let carried = |sign: &Sign| tallies.get(*sign as usize).map_or(0, |(with, _)| with.rows);
    order::sorted(Sign::ALL.to_vec(), &|a, b| carried(b).cmp(&carried(a)))
}

/// One sign.
#[component]
fn Line(
    sign: Sign,
    /// The rows with each sign and those without it.
    tallies: ReadSignal<Vec<(Tally, Tally)>>,
    trouble: RwSignal<Option<String>>,
) -> impl IntoView {
    let rows = rows_state();
    let both = move || tallies.with(|tallies| tallies.get(sign as usize).copied());
    let counted = move || match both() {
        Some((with, without)) if with.rows + without.rows > 0 => {
            format!(
                "{} of {}",
                words::count(with.rows.into()),
                words::count((with.rows + without.rows).into())
            )
        }
        Some(_) => "not known".to_owned(),
        None => String::new(),
    };
    let rate = move |side: fn((Tally, Tally)) -> Tally| {
        both()
            .and_then(|both| side(both).rate())
            .map_or_else(|| "–".to_owned(), rate_words)
    };
    let is_set = move || {
        rows.filters
            .with(|filters| Wish::of(filters, sign) != Wish::Any)
    };
    let definition = format!("{} Source: {}.", sign.definition(), sign.source());
    view! {
        <tr class:set=is_set>
            <th scope="row">
                {sign.title()}<Info of=sign.title() words=definition/>
                <span class="hint block">{sign.family().title()}</span>
            </th>
            <td class="number">{counted}</td>
            <td class="number">{move || rate(|(with, _)| with)}</td>
            <td class="number">{move || rate(|(_, without)| without)}</td>
            <td><Threshold sign trouble/></td>
            <td><Choice sign/></td>
        </tr>
    }
}

/// `44 % (39–49 %), n 412`.
fn rate_words(rate: Rate) -> String {
    format!(
        "{} ({}), n {}",
        words::percent(rate.share),
        words::interval(rate.low, rate.high),
        words::count(rate.known.into())
    )
}

/// The number from which on a row carries the sign.
#[component]
fn Threshold(sign: Sign, trouble: RwSignal<Option<String>>) -> impl IntoView {
    let store = store();
    if sign.compare() == Compare::Yes {
        return view! { <span class="hint">"yes or no"</span> }.into_any();
    }
    let value = Memo::new(move |_| {
        store
            .rows
            .filters
            .with(|filters| filters.signs.thresholds.of(sign))
    });
    let change = move |event| {
        let typed = browser::value_of(&event);
        trouble.set(choose(store, sign, typed.trim()).err());
    };
    let than = match sign.compare() {
        Compare::MoreThan => "more than",
        _ => "at least",
    };
    let step = if sign.is_share() { "0.05" } else { "1" };
    let id = format!("threshold-{}", sign.name());
    view! {
        <label class="hint" for=id.clone()>
            <span class="unseen">{format!("{}: ", sign.title())}</span>{than}
        </label>
        <input id=id class="short" type="number" min="0" step=step prop:value=move || value.get().to_string()
            on:change=change/>
        <span class="hint">{sign.unit()}</span>
    }
    .into_any()
}

/// Chooses a threshold as it was typed; the usual one where nothing is.
fn choose(store: Store, sign: Sign, typed: &str) -> Result<(), String> {
    let threshold = if typed.is_empty() {
        sign.default_threshold()
    } else {
        let number = typed.parse::<f32>();
        number.map_err(|_| format!("“{}” is not a number", words::cut(typed, 40)))?
    };
    let mut chosen = Ok(());
    store.filter(|filters| chosen = filters.signs.thresholds.choose(sign, threshold));
    chosen
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Any,
    With,
    Without,
}

impl Wish {
    const ALL: [(&'static str, &'static str, Wish); 3] = [
        ("any", "any", Wish::Any),
        ("with", "only with it", Wish::With),
        ("without", "only without it", Wish::Without),
    ];

    fn of(filters: &Filters, sign: Sign) -> Self {
        let name = sign.name();
        let has = |values: &[String]| values.iter().any(|value| value == name);
        match filters.lists.get(&ListKey::Flag) {
            Some(list) if has(&list.include) => Wish::With,
            Some(list) if has(&list.exclude) => Wish::Without,
            _ => Wish::Any,
        }
    }

    fn set(self, filters: &mut Filters, sign: Sign) {
        let name = sign.name();
        match (self, Wish::of(filters, sign)) {
            (wish, now) if wish == now => {}
            (Wish::With, _) | (Wish::Any, Wish::With) => filters.toggle(ListKey::Flag, name),
            (Wish::Without, _) | (Wish::Any, _) => filters.toggle_out(ListKey::Flag, name),
        }
    }
}

#[component]
fn Choice(sign: Sign) -> impl IntoView {
    let store = store();
    let choose = move |event| {
        let word = browser::value_of(&event);
        if let Some((.., wish)) = Wish::ALL.into_iter().find(|choice| choice.0 == word) {
            store.filter(|filters| wish.set(filters, sign));
        }
    };
    let wish = Memo::new(move |_| store.rows.filters.with(|filters| Wish::of(filters, sign)));
    view! {
        <select id=format!("keep-{}", sign.name()) aria-label=format!("Rows to keep: {}", sign.title()) on:change=choose>
            {Wish::ALL.map(|(word, title, of)| view! {
                <option value=word selected=move || wish.get() == of>{title}</option>
            }).collect_view()}
        </select>
    }
}

/// What else counts as a benchmark's.
#[component]
fn Benchmarks() -> impl IntoView {
    let store = store();
    let value = Memo::new(move |_| {
        store
            .rows
            .filters
            .with(|filters| filters.signs.bench.join(", "))
    });
    let change = move |event| {
        let typed = browser::value_of(&event);
        let names = typed.split([',', ' ', '\n']).map(str::trim);
        let names: Vec<String> = names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        store.filter(|filters| filters.signs.bench = names);
    };
    view! {
        <div class="field">
            <div class="label-row">
                <label for="bench">"Your own benchmarks"</label>
                <Info of="Your own benchmarks" words="Repositories and task ids that models are tested on, separated by commas: rows of them carry the signs of a benchmark."/>
            </div>
            <input id="bench" type="text" placeholder="owner/repo, task-id" prop:value=value on:change=change/>
        </div>
    }
}
