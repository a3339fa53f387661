//! Why runs fail: two groups of rows compared, causes first, then what came of them, sizes last. What is beyond chance is
//! sorted by its size and opens its runs; all else is folded.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::store::{Store, store};
use crate::worker::frame::{ComparedGroups, Comparing, GroupRows, PartNames};
use tracesift_core::compare::{self, Difference, Line, MOST, Sizes, Told};
use tracesift_core::figure::Rule;
use tracesift_core::frame::facet::Facet;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Filters, ListFilter, ListKey, PagePlace, keys};

/// So many differences are said in words.
const SAID: usize = 3;

const SIZE: &str = "From −1 to 1: how often a row of the first group has more than one of the second, less how often it \
    has less (Cliff's delta); for yes and no, the difference of the two shares. The line is the 95\u{a0}% interval: where it \
    crosses 0, the difference may be chance.";
const GROUPS: &str = "The rows that pass every filter except the one on what the groups differ in. Numbers are the median, \
    between the quartiles; of yes and no, the share of yes.";

/// The comparison.
#[component]
pub fn Comparison() -> impl IntoView {
    let store = store();
    let choice = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.compare.clone()));
    let seed = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.reading.seed));
    let found = asked(move || {
        let (choice, seed) = (choice.get(), seed.get());
        Some(Comparing { choice, seed })
    });
    view! {
        <section id="compare" class="panel" aria-label="Compare groups">
            <h2>"Compare groups"</h2>
            <Groups found/>
            {move || found.with(|found| found.as_ref().map(|found| table(store, found)))}
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
                let shown = words::cut(&facet().shown(&value), 40);
                view! { <option value=value.clone() selected=is_chosen>{shown}</option> }
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

/// Values that a picker offers; a dataset has thousands of repositories.
const MOST_VALUES: usize = 500;

/// The two groups as the table names them, and as a line that is opened filters by them.
#[derive(Clone)]
struct Pair {
    facet: Facet,
    /// Their values.
    values: (String, String),
}

impl Pair {
    fn names(&self) -> (String, String) {
        let name = |value: &str| words::cut(&self.facet.shown(value), 30);
        (name(&self.values.0), name(&self.values.1))
    }
}

fn table(store: Store, found: &ComparedGroups) -> AnyView {
    let ComparedGroups { first, second, .. } = found;
    let facet = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.compare.facet);
    let pair = Pair {
        facet,
        values: (first.name.clone(), second.name.clone()),
    };
    let names = pair.names();
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
    let (told, unclear) = compare::told(found.differences.clone());
    let said = told.iter().flat_map(|told| &told.lines).take(SAID);
    let said = said.map(|line| view! { <li>{line.difference.words(&names.0, &names.1)}</li> });
    let said = said.collect_view();
    let parts = told.into_iter().map(|of| part(store, &pair, of));
    let parts = parts.collect_view();
    view! {
        <p class="hint">{size}<Info of="The groups" words=GROUPS/></p>
        <ul class="words">{said}</ul>
        <div class="scroll">
            <table class="funnel compared">
                <thead><tr>
                    <th scope="col">"What"</th>
                    <th scope="col" class="number">{names.0}</th>
                    <th scope="col" class="number">{names.1}</th>
                    <th scope="col">"Size of the difference"<Info of="Size of the difference" words=SIZE/></th>
                </tr></thead>
                {parts}
                {folded(store, &pair, unclear)}
            </table>
        </div>
    }
    .into_any()
}

/// The differences of one role.
fn part(store: Store, pair: &Pair, told: Told) -> AnyView {
    let lines = told.lines.into_iter().map(|line| lines(store, pair, line));
    view! {
        <tbody>
            <tr><th scope="colgroup" colspan="4"><strong>{told.role.title()}</strong></th></tr>
            {lines.collect_view()}
        </tbody>
    }
    .into_any()
}

/// A difference, and behind a button those that say the same again.
fn lines(store: Store, pair: &Pair, line: Line) -> AnyView {
    let Line { difference, others } = line;
    let is_open = RwSignal::new(false);
    let more = others.len() as u64;
    let words = move || match is_open.get() {
        true => "Fold the other lengths".to_owned(),
        false => format!(
            "{} that go with it",
            words::plural(more, "more length", "more lengths")
        ),
    };
    let pair = pair.clone();
    let first = row(store, &pair, &difference);
    view! {
        {first}
        {(more > 0).then(|| view! {
            <tr><td colspan="4">
                <button type="button" class="link" aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| is_open.update(|is| *is = !*is)>{words}</button>
            </td></tr>
        })}
        {move || is_open.get().then(|| others.iter().map(|other| row(store, &pair, other)).collect_view())}
    }
    .into_any()
}

/// What makes no clear difference, behind a button.
fn folded(store: Store, pair: &Pair, unclear: Vec<Difference>) -> AnyView {
    let n = unclear.len() as u64;
    if n == 0 {
        return ().into_any();
    }
    let is_open = RwSignal::new(false);
    let words = move || match is_open.get() {
        true => "Fold what makes no clear difference".to_owned(),
        false => match n {
            1 => "1 more makes no clear difference".to_owned(),
            n => format!("{} more make no clear difference", words::count(n)),
        },
    };
    let pair = pair.clone();
    view! {
        <tbody>
            <tr><td colspan="4">
                <button type="button" class="link" data-action="unclear" aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| is_open.update(|is| *is = !*is)>{words}</button>
            </td></tr>
            {move || is_open.get().then(|| unclear.iter().map(|one| row(store, &pair, one)).collect_view())}
        </tbody>
    }
    .into_any()
}

fn row(store: Store, pair: &Pair, difference: &Difference) -> AnyView {
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
            let signed = |value| words::signed(value, 2);
            view! {
                <span class="effect" aria-hidden="true">
                    <i style:left=at(low) style:width=width></i><b style:left=at(size)></b>
                </span>
                {format!("{} ({} to {})", signed(size), signed(low), signed(high))}
            }
            .into_any()
        }
    };
    let title = words::cut(&difference.title, 40);
    view! {
        <tr>
            <th scope="row">
                {opening(store, pair, difference, title.clone())}
                <Info of=title words=difference.definition.to_string()/>
            </th>
            <td class="number">{first}</td>
            <td class="number">{second}</td>
            <td>{effect}</td>
        </tr>
    }
    .into_any()
}

/// A difference's name: where a filter says what makes it, a button that opens those runs of the group that has more.
fn opening(store: Store, pair: &Pair, difference: &Difference, title: String) -> AnyView {
    let rule = difference.rule().filter(|_| difference.is_clear());
    let Some(rule) = rule else {
        return title.into_any();
    };
    let (facet, names) = (pair.facet, pair.names());
    let (name, value) = match difference.is_more_in_first() {
        true => (names.0, pair.values.0.clone()),
        false => (names.1, pair.values.1.clone()),
    };
    let label = format!("{title}: show these runs of {name}");
    let open = move |_| {
        store.choose(|recipe| {
            set(&mut recipe.filters, &rule);
            if let Some(key) = ListKey::of(facet) {
                set(&mut recipe.filters, &Rule::Is(key, value.clone()));
            }
            recipe.go_to(PagePlace::Rows);
        });
    };
    view! {
        <button type="button" class="link" data-action="show-runs" aria-label=label on:click=open>{title}</button>
    }
    .into_any()
}

/// Sets one rule and leaves all others.
fn set(filters: &mut Filters, rule: &Rule) {
    match rule {
        Rule::Is(key, value) => {
            let include = vec![value.clone()];
            let exclude = Vec::new();
            filters.lists.insert(*key, ListFilter { include, exclude });
        }
        Rule::Within(key, bounds) => filters.set_range(*key, *bounds),
        Rule::Row(_) => {}
    }
}
