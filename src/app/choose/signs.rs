//! The quality signs: how many rows carry each, how rows with it and without it fare, from which number on it counts, and
//! whether rows with it are wanted. A sign removes no row unless someone chooses so.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::frame::asked;
use crate::app::rows::alike;
use crate::app::store::{Store, rows_state, store};
use crate::worker::frame::{AboutRow, Tallies};
use tracesift_core::frame::group::{Rate, Tally};
use tracesift_core::ground::words;
use tracesift_core::recipe::{Filters, ListKey};
use tracesift_core::sign::{Compare, Family, Points, Sign};

/// The panel; nothing while there are no rows.
#[component]
pub fn Signs() -> impl IntoView {
    let rows = rows_state();
    let trouble = RwSignal::new(None::<String>);
    view! {
        <section id="signs" aria-label="Quality signs">
            <Show when=move || rows.has_rows.get()>
                <h2>"Quality signs"</h2>
                <p class="hint">
                    "A sign says what to look at in a run. It does not remove rows unless you choose so here; where it shows, "
                    "the reader marks the message."
                </p>
                {move || trouble.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
                {Family::ALL.map(|family| view! { <Group family trouble/> }).collect_view()}
            </Show>
        </section>
    }
}

/// The signs of one family, counted when it is opened.
#[component]
fn Group(family: Family, trouble: RwSignal<Option<String>>) -> impl IntoView {
    let rows = rows_state();
    let signs = move || {
        Sign::ALL
            .into_iter()
            .filter(move |sign| sign.family() == family)
    };
    let is_chosen = |filters: &Filters, sign: Sign| Wish::of(filters, sign) != Wish::Any;
    let is_first = family == Family::Loops;
    let is_open_first = is_first
        || rows
            .filters
            .with_untracked(|filters| signs().any(|sign| is_chosen(filters, sign)));
    let open = RwSignal::new(is_open_first);
    let tallies = asked(move || {
        let signs = signs().collect();
        open.get().then_some(Tallies { signs })
    });
    let set = move || {
        rows.filters
            .with(|filters| signs().any(|sign| is_chosen(filters, sign)))
    };
    view! {
        <details class="rule" class:set=set prop:open=is_open_first
            on:toggle=move |event| open.set(browser::is_open(&event))>
            <summary>{family.title()}</summary>
            <div class="scroll">
                <table class="funnel signs">
                    <thead><tr>
                        <th scope="col">"Sign"</th>
                        <th scope="col" title="Rows that carry the sign, out of those for which it is known">"Rows with it"</th>
                        <th scope="col" title="Successes among the rows with the sign and a known outcome, with the 95 % interval (Wilson)">"Success with"</th>
                        <th scope="col" title="Successes among the rows without the sign and with a known outcome, with the 95 % interval (Wilson)">"Success without"</th>
                        <th scope="col" title="The score from which a row carries the sign">"Counts from"</th>
                        <th scope="col">"Rows to keep"</th>
                    </tr></thead>
                    <tbody>{signs().zip(0..).map(|(sign, at)| view! { <Line sign at tallies trouble/> }).collect_view()}</tbody>
                </table>
            </div>
            {(family == Family::OtherRows).then(|| view! { <Benchmarks/> })}
        </details>
    }
}

/// One sign.
#[component]
fn Line(
    sign: Sign,
    /// Its place in its family.
    at: usize,
    /// The rows with each sign of the family and those without it.
    tallies: ReadSignal<Vec<(Tally, Tally)>>,
    trouble: RwSignal<Option<String>>,
) -> impl IntoView {
    let both = move || tallies.with(|tallies| tallies.get(at).copied());
    let rows = move || match both() {
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
    let definition = format!("{} Source: {}.", sign.definition(), sign.source());
    view! {
        <tr>
            <th scope="row" title=sign.definition()>{sign.title()}<span class="hint block">{definition}</span></th>
            <td class="number">{rows}</td>
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
            <label for="bench">"Your own benchmarks"</label>
            <input id="bench" type="text" placeholder="owner/repo, task-id" prop:value=value on:change=change
                title="Repositories and task ids that models are tested on, separated by commas"/>
        </div>
    }
}

/// The signs that a row carries, for the reader: each leads to the next message that shows it, or to the row that is
/// like this one.
#[component]
pub fn Chips(
    about: Memo<Option<AboutRow>>,
    carried: Memo<Vec<Sign>>,
    turns: Vec<(u64, Vec<(Sign, u32)>)>,
) -> impl IntoView {
    let store = store();
    let turns = StoredValue::new(turns);
    let go = move |sign: Sign| {
        let threshold = store
            .rows
            .filters
            .with_untracked(|filters| filters.signs.thresholds.of(sign));
        let now = store.run.recipe.with_untracked(|recipe| recipe.step);
        let next = turns.with_value(|turns| {
            let shows = |(_, signs): &&(u64, Vec<(Sign, u32)>)| {
                signs
                    .iter()
                    .any(|(of, weight)| *of == sign && sign.marks(*weight, threshold))
            };
            let steps = || turns.iter().filter(shows).map(|(index, _)| *index);
            let after = steps().find(|index| now.is_none_or(|now| *index > now));
            after.or_else(|| steps().next())
        });
        if next.is_some() {
            store.choose(|recipe| recipe.step = next);
        }
    };
    let chip = move |sign: Sign| {
        if sign.points() == Points::Row {
            return view! { <li><alike::Chip about sign/></li> }.into_any();
        }
        view! {
            <li><button type="button" class="chip" title=sign.definition() on:click=move |_| go(sign)
                aria-label=format!("{}: go to the next message that shows it", sign.title())>
                {sign.title()}" ↓"
            </button></li>
        }
        .into_any()
    };
    view! {
        <ul class="chips" aria-label="Quality signs of this run" hidden=move || carried.with(Vec::is_empty)>
            {move || carried.get().into_iter().map(chip).collect_view()}
        </ul>
    }
}

/// The signs that one message shows, of those that its row carries.
#[component]
pub fn Marks(carried: Memo<Vec<Sign>>, signs: Vec<(Sign, u32)>) -> impl IntoView {
    let rows = rows_state();
    let shown = move || {
        let signs = signs.iter().filter(|(sign, weight)| {
            let threshold = rows
                .filters
                .with(|filters| filters.signs.thresholds.of(*sign));
            carried.with(|carried| carried.contains(sign)) && sign.marks(*weight, threshold)
        });
        let mark = |(sign, _): &(Sign, u32)| {
            view! { <span class="mark" title=sign.definition()>{format!("⚑ {}", sign.title())}</span> }
        };
        signs.map(mark).collect_view()
    };
    view! { {shown} }
}
