//! The rules, beside the charts: every list with its counts, every range with its ends.
//! A value can be wanted or not wanted; a range can be typed, moved by the arrow keys, or brushed on its chart.

use leptos::prelude::*;

use super::balance::Balanced;
use super::presets::Presets;
use super::text::TextSearch;
use crate::app::browser;
use crate::app::frame::asked;
use crate::app::info::Info;
use crate::app::store::{Store, rows_state, store};
use crate::worker::frame::{Ends, Value, ValuesOf};
use tracesift_core::frame::Label;
use tracesift_core::ground::words;
use tracesift_core::recipe::difficulty::Difficulty;
use tracesift_core::recipe::keys;
use tracesift_core::recipe::{Bounds, Filters as RuleSet, ListKey, PatchPresence, RangeKey};
use tracesift_core::trace::Outcome;

/// So many values of a list are shown; a longer one can be searched.
const SHOWN: usize = 12;

/// Whether the column of filters is open, where a person has said so; else the width of the page decides.
#[derive(Clone, Copy)]
struct IsOpen(RwSignal<Option<bool>>);

/// Lets the column of filters be folded from here on.
pub fn provide_fold() {
    provide_context(IsOpen(RwSignal::new(None)));
}

/// The button that folds the column, or brings it over the page where there is no room beside.
#[component]
pub fn Fold() -> impl IntoView {
    let store = store();
    let IsOpen(is_open) = expect_context();
    let is_shown = move || is_open.get().unwrap_or_else(browser::is_wide);
    let count = move || store.rows.filters.with(|filters| filters.chips().len());
    view! {
        <button type="button" class="plain" data-action="filters" aria-controls="filters"
            aria-expanded=move || is_shown().to_string()
            on:click=move |_| is_open.set(Some(!untrack(is_shown)))>
            "Filters"{move || match count() { 0 => String::new(), count => format!(" ({count})") }}
        </button>
    }
}

/// All rules.
#[component]
pub fn Filters() -> impl IntoView {
    let store = store();
    let IsOpen(is_open) = expect_context();
    view! {
        <aside class="filters" id="filters" tabindex="-1" aria-label="Filters" class:open=move || is_open.get() == Some(true)
            class:folded=move || is_open.get() == Some(false)>
            <Show when=move || store.rows.has_rows.get()>
                <div class="filters-head">
                    <h2>"Filters"</h2>
                    <button type="button" class="plain narrow-only" on:click=move |_| is_open.set(Some(false))>"Done"</button>
                </div>
                <List key=ListKey::Outcome is_open=true/>
                <Presence/>
                <Range key=RangeKey::Tokens/>
                <List key=ListKey::Language is_open=true/>
                <TextSearch/>
                <Range key=RangeKey::Turns/>
                <Presets/>
                <List key=ListKey::Harness is_open=false/>
                <List key=ListKey::Teacher is_open=false/>
                <List key=ListKey::Category is_open=false/>
                <Sources/>
                <List key=ListKey::License is_open=false/>
                <List key=ListKey::Repo is_open=false/>
                <List key=ListKey::Tool is_open=false/>
                <List key=ListKey::Difficulty is_open=false/>
                {RangeKey::ALL.into_iter()
                    .filter(|key| !matches!(key, RangeKey::Tokens | RangeKey::Turns))
                    .map(|key| view! { <Range key/> }).collect_view()}
                <PerInstance/>
                <Balanced/>
            </Show>
        </aside>
    }
}

/// What a list is of, for its tooltip.
fn definition(key: ListKey) -> &'static str {
    match key {
        ListKey::Outcome => Outcome::DEFINITION,
        ListKey::Tool => {
            "Tools that a run called, name:verb for tools with a command; counted per run."
        }
        ListKey::Difficulty => Difficulty::DEFINITION,
        _ => key.label().map_or("", Label::definition),
    }
}

#[component]
fn List(key: ListKey, is_open: bool) -> impl IntoView {
    let rows = rows_state();
    let search = RwSignal::new(String::new());
    let open = RwSignal::new(is_open);
    let values = asked(move || open.get().then_some(ValuesOf { key }));
    let shown = move || {
        let search = search.get().to_lowercase();
        let rule = rows
            .filters
            .with(|filters| filters.lists.get(&key).cloned().unwrap_or_default());
        let is_set = |value: &Value| {
            rule.include.contains(&value.name) || rule.exclude.contains(&value.name)
        };
        let found = values
            .get()
            .into_iter()
            .enumerate()
            .filter(|(index, value)| {
                if search.is_empty() {
                    *index < SHOWN || is_set(value)
                } else {
                    value.name.to_lowercase().contains(&search)
                }
            });
        found
            .map(|(_, value)| value)
            .take(4 * SHOWN)
            .collect::<Vec<_>>()
    };
    let is_long = move || values.with(|values| values.len() > SHOWN);
    let set = move || {
        rows.filters
            .with(|filters| filters.lists.contains_key(&key))
    };
    view! {
        <div class="rule" data-list=key.key() class:set=set>
        <Info of=key.title() words=definition(key)/>
        <details prop:open=is_open on:toggle=move |event| open.set(browser::is_open(&event))>
            <summary>{key.title()}</summary>
            <Show when=is_long>
                <input type="search" aria-label=format!("Search in {}", key.title()) placeholder="Search"
                    on:input=move |event| search.set(browser::value_of(&event))/>
            </Show>
            <ul class="values">
                <For each=shown key=|value| value.name.clone() let:value>
                    <ValueLine key name=value.name.clone() values/>
                </For>
            </ul>
        </details>
        </div>
    }
}

/// The list of where rows are from: where all are from one place, there is nothing to choose.
#[component]
fn Sources() -> impl IntoView {
    let rows = rows_state();
    let is_shown = Memo::new(move |_| {
        let is_set = |filters: &RuleSet| filters.lists.contains_key(&ListKey::Source);
        rows.shown.with(|shown| shown.sources > 1) || rows.filters.with(is_set)
    });
    view! {
        <Show when=move || is_shown.get()>
            <List key=ListKey::Source is_open=true/>
        </Show>
    }
}

#[component]
fn ValueLine(key: ListKey, name: String, values: ReadSignal<Vec<Value>>) -> impl IntoView {
    let store = store();
    let name = StoredValue::new(name);
    let counts = move || {
        let found = name.with_value(|name| {
            values.with(|values| values.iter().find(|value| value.name == *name).cloned())
        });
        found.map(|value| {
            let (selected, all) = (
                words::count(value.selected.into()),
                words::count(value.all.into()),
            );
            if selected == all {
                all
            } else {
                format!("{selected} of {all}")
            }
        })
    };
    let is_in = move |wanted: bool| {
        store.rows.filters.with(|filters| {
            filters.lists.get(&key).is_some_and(|rule| {
                let list = if wanted { &rule.include } else { &rule.exclude };
                name.with_value(|name| list.contains(name))
            })
        })
    };
    let shown = name.with_value(|name| words::cut(&key.shown(name), 40));
    view! {
        <li>
            <label>
                <input type="checkbox" data-value=name.get_value() prop:checked=move || is_in(true)
                    on:change=move |_| store.filter(|filters| filters.toggle(key, &name.get_value()))/>
                <span class="name">{shown.clone()}</span>
                <span class="count">{counts}</span>
            </label>
            <button type="button" class="link not" aria-pressed=move || is_in(false).to_string()
                aria-label=format!("Exclude {shown}") title="Exclude these rows"
                on:click=move |_| store.filter(|filters| filters.toggle_out(key, &name.get_value()))>"exclude"</button>
        </li>
    }
}

#[component]
fn Range(key: RangeKey) -> impl IntoView {
    let store = store();
    let number = key.number();
    let ends = asked(move || Some(Ends { number }));
    let bounds = move || {
        store
            .rows
            .filters
            .with(|filters| filters.ranges.get(&key).copied().unwrap_or_default())
    };
    let text = |end: Option<f64>| end.map(|end| end.to_string()).unwrap_or_default();
    let wrong = move || {
        let Bounds { low, high } = bounds();
        match (low, high) {
            (Some(low), Some(high)) if low > high => {
                Some("No run lies between these: the first is larger than the second.")
            }
            (low, high) if [low, high].into_iter().flatten().any(|end| end < 0.0) => {
                Some("No run has less than 0 of these.")
            }
            _ => None,
        }
    };
    let end = move |which: fn((f64, f64)) -> f64| {
        let known = ends.get().map(|ends| words::thousands(which(ends)));
        known.unwrap_or_else(|| "none".to_owned())
    };
    let step = if key == RangeKey::Overlap {
        "0.05"
    } else {
        "1"
    };
    let id = key.key();
    view! {
        <fieldset class="rule range" data-stale=move || if key == RangeKey::Tokens { store.data_stale() } else { None }
            class:set=move || store.rows.filters.with(|f| f.ranges.contains_key(&key))>
            <legend>{key.title()}</legend>
            <Info of=key.title() words=key.number().definition()/>
            <label for=format!("{id}-from")>{format!("{} from", key.title())}</label>
            <input id=format!("{id}-from") type="number" step=step placeholder=move || end(|ends| ends.0)
                prop:value=move || text(bounds().low)
                on:input=move |event| set_end(store, key, &browser::value_of(&event), true)/>
            <label for=format!("{id}-to")>{format!("{} to", key.title())}</label>
            <input id=format!("{id}-to") type="number" step=step placeholder=move || end(|ends| ends.1)
                prop:value=move || text(bounds().high)
                on:input=move |event| set_end(store, key, &browser::value_of(&event), false)/>
            {(key == RangeKey::Tokens).then(|| view! { <Limits/> })}
            <p class="error" role="alert" hidden=move || wrong().is_none()>{wrong}</p>
        </fieldset>
    }
}

/// Token limits that trainers often have, a click each.
#[component]
fn Limits() -> impl IntoView {
    const LIMITS: [u32; 4] = [16, 32, 64, 128];
    let store = store();
    let button = move |thousands: u32| {
        let limit = f64::from(thousands * 1024);
        let is_set = move || {
            let ranges = |filters: &RuleSet| filters.ranges.get(&RangeKey::Tokens).copied();
            store.rows.filters.with(ranges).unwrap_or_default().high == Some(limit)
        };
        let toggle = move |_| {
            let high = (!untrack(is_set)).then_some(limit);
            store.filter(|filters| {
                let low = filters
                    .ranges
                    .get(&RangeKey::Tokens)
                    .and_then(|bounds| bounds.low);
                filters.set_range(RangeKey::Tokens, Bounds { low, high });
            });
        };
        view! {
            <button type="button" class="quick" data-limit=(thousands * 1024).to_string() aria-pressed=move || is_set().to_string()
                aria-label=format!("At most {thousands}k tokens") on:click=toggle>{format!("≤ {thousands}k")}</button>
        }
    };
    view! { <div class="quicks">{LIMITS.map(button).into_iter().collect_view()}</div> }
}

fn set_end(store: Store, key: RangeKey, text: &str, is_low: bool) {
    let end = text
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|end| end.is_finite());
    store.filter(|filters| {
        let mut bounds = filters.ranges.get(&key).copied().unwrap_or_default();
        if is_low {
            bounds.low = end;
        } else {
            bounds.high = end;
        }
        filters.set_range(key, bounds);
    });
}

/// Whether a run ends with a patch: one of three, one click.
#[component]
fn Presence() -> impl IntoView {
    let store = store();
    let choices = [
        ("any", "any", None),
        ("present", "with a patch", Some(PatchPresence::Present)),
        ("empty", "without", Some(PatchPresence::Empty)),
    ];
    let is = move |presence| store.rows.filters.with(|filters| filters.patch == presence);
    view! {
        <fieldset class="rule" class:set=move || !is(None)>
            <legend>"Final patch"</legend>
            <div class="segments">
                {choices.map(|(value, title, presence)| view! {
                    <label>
                        <input type="radio" name="patch" value=value prop:checked=move || is(presence)
                            on:change=move |_| store.filter(|filters| filters.patch = presence)/>
                        <span>{title}</span>
                    </label>
                }).into_iter().collect_view()}
            </div>
        </fieldset>
    }
}

#[component]
fn PerInstance() -> impl IntoView {
    let store = store();
    view! {
        <div class="rule" class:set=move || store.rows.filters.with(|filters| filters.per_instance.is_some())>
            <Info of="Most runs per task" words="A task may have many runs; the seed draws which of them are kept"/>
            <label for="per-instance">"Most runs per task"</label>
            <input id="per-instance" type="number" min="1" max="1000" placeholder="any"
                prop:value=move || store.rows.filters.with(|f| f.per_instance.map(|k| k.to_string()).unwrap_or_default())
                on:input=move |event| {
                    let most = browser::value_of(&event).trim().parse().ok().filter(|most| *most > 0);
                    store.filter(|filters| filters.per_instance = most);
                }/>
            <Prefer/>
        </div>
    }
}

/// Which runs of a task are kept before others.
#[component]
fn Prefer() -> impl IntoView {
    const CHOICES: [(&str, &str); 6] = [
        ("", "as the seed draws them"),
        ("success", "successes"),
        ("shorter", "shorter ones"),
        ("fewer-signs", "those with fewer signs"),
        ("success,shorter", "successes, then shorter ones"),
        ("success,fewer-signs,shorter", "successes, then fewer signs"),
    ];
    let store = store();
    let value = Memo::new(move |_| {
        store
            .run
            .recipe
            .with(|recipe| keys::value("prefer", recipe))
    });
    let choose = move |event| {
        // Every choice is one that can be read.
        store.choose(|recipe| {
            let _ = keys::choose("prefer", recipe, &browser::value_of(&event));
        });
    };
    // An address may ask for another order than these.
    let other = move || {
        let value = value.get();
        let is_other = CHOICES.iter().all(|(known, _)| *known != value);
        is_other
            .then(|| view! { <option value=value.clone() selected=true>{value.clone()}</option> })
    };
    view! {
        <label for="prefer">"Keep first"</label>
        <select id="prefer" on:change=choose>
            {CHOICES.map(|(word, name)| view! {
                <option value=word selected=move || value.get() == word>{name}</option>
            }).collect_view()}
            {other}
        </select>
    }
}
