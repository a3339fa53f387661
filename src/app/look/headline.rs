//! The main numbers in words: what someone who does not program wants to know first.
//! Each says what it counts when it is pointed at.

use leptos::prelude::*;

use crate::app::later::later;
use crate::app::store::store;
use tracesift_core::frame::group::rate;
use tracesift_core::frame::quantile::Summary;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::words;
use tracesift_core::recipe::Selection;
use tracesift_core::trace::Outcome;

/// The numbers under the progress line.
#[component]
pub fn Headline() -> impl IntoView {
    let store = store();
    let method = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.count.words()));
    let from = move || {
        store.rows.frame.track();
        (store.rows.selection.get(), method.get())
    };
    let numbers = later("headline", from, move |(selection, method)| {
        store
            .rows
            .frame
            .with(|frame| Numbers::of(frame, &selection, &method))
    });
    let is_none = move || {
        store
            .rows
            .selection
            .with(|selection| selection.kept.is_empty())
    };
    view! {
        <section id="headline" aria-label="The main numbers" tabindex="-1">
            {move || numbers.get().map(|numbers| view! {
                <p class="lead">{numbers.selected}</p>
                <Show when=is_none>
                    <p class="hint">"“What each filter costs” below says how many rows each filter removes; drop one to see rows again."</p>
                </Show>
                <Show when=move || store.run.recipe.with(|recipe| recipe.reading.is_demo())>
                    <p class="hint">
                        "These runs are made up, to show what the page does. Type the name of a data set above, "
                        "for example nvidia/Open-SWE-Traces, and press Analyze."
                    </p>
                </Show>
                <ul class="numbers" hidden=is_none>
                    <li title=Outcome::DEFINITION>{numbers.outcome}</li>
                    <li title=Number::Tokens.definition() data-stale=move || store.data_stale()>{numbers.tokens}</li>
                    <li title=Number::Turns.definition()>{numbers.turns}</li>
                    <li title=Number::Errors.definition()>{numbers.calls}</li>
                    <li title=Number::PatchFiles.definition()>{numbers.patches}</li>
                </ul>
            })}
        </section>
    }
}

#[derive(Clone, PartialEq)]
struct Numbers {
    selected: String,
    outcome: String,
    tokens: String,
    turns: String,
    calls: String,
    patches: String,
}

impl Numbers {
    fn of(frame: &Frame, selection: &Selection, method: &str) -> Option<Self> {
        if frame.is_empty() {
            return None;
        }
        let kept = |number: Number| {
            let column = frame.number(number);
            let values = selection
                .kept
                .iter()
                .filter_map(|&at| column.get(at as usize).copied());
            Summary::of(values)
        };
        let (tokens, turns) = (kept(Number::Tokens), kept(Number::Turns));
        let added = |number: Number| {
            let column = frame.number(number);
            let values = selection
                .kept
                .iter()
                .filter_map(|&at| column.get(at as usize));
            let mut known = values.filter(|value| !value.is_nan()).peekable();
            known.peek().is_some().then(|| known.sum::<f64>())
        };
        let calls = added(Number::Calls).unwrap_or_default();
        let selected = if selection.kept.len() == frame.len() {
            format!("{}.", words::plural(frame.len() as u64, "run", "runs"))
        } else {
            let (kept, all) = (selection.kept.len() as u64, frame.len() as u64);
            format!(
                "{} of {} pass the filters.",
                words::count(kept),
                words::plural(all, "run", "runs")
            )
        };
        Some(Self {
            selected,
            outcome: outcome(frame, selection),
            tokens: if tokens.known == 0 {
                "Tokens are not known because no text was read.".to_owned()
            } else {
                format!(
                    "Half of them have up to {} tokens; together {} ({method}).",
                    words::short(tokens.median),
                    words::short(sum(&tokens))
                )
            },
            turns: format!(
                "Half take up to {} turns, nine of ten up to {}.",
                words::short(turns.median),
                words::short(turns.p90)
            ),
            calls: match added(Number::Errors) {
                None => format!(
                    "{} tool calls; how many failed is not known.",
                    words::short(calls)
                ),
                Some(errors) => format!(
                    "{} tool calls, {} of which ended in an error.",
                    words::short(calls),
                    words::share(errors as u64, calls as u64)
                ),
            },
            patches: patches(frame, selection),
        })
    }
}

/// What the known values add up to.
fn sum(summary: &Summary) -> f64 {
    if summary.known == 0 {
        0.0
    } else {
        summary.mean * summary.known as f64
    }
}

fn outcome(frame: &Frame, selection: &Selection) -> String {
    let outcomes = frame.outcomes();
    let of = |wanted: Outcome| {
        let is_wanted = |at: &&u32| outcomes.get(**at as usize) == Some(&wanted);
        selection.kept.iter().filter(is_wanted).count() as u64
    };
    let (known, all) = (
        selection.kept.len() as u64 - of(Outcome::Unknown),
        selection.kept.len() as u64,
    );
    let begin = format!(
        "{} of {} runs have a verdict",
        words::count(known),
        words::count(all)
    );
    match rate(of(Outcome::Success) as u32, known as u32) {
        Some(rate) => format!(
            "{begin}; {} of those succeeded ({}).",
            words::percent(rate.share),
            words::interval(rate.low, rate.high)
        ),
        None => format!("{begin}."),
    }
}

fn patches(frame: &Frame, selection: &Selection) -> String {
    let files = frame.number(Number::PatchFiles);
    if frame.is_survey() && files.iter().all(|files| files.is_nan()) {
        return "Patches are not known because no text was read.".to_owned();
    }
    let is_present = |at: &&u32| files.get(**at as usize).is_some_and(|files| *files > 0.0);
    let present = selection.kept.iter().filter(is_present).count() as u64;
    format!(
        "{} end with a patch.",
        words::share(present, selection.kept.len() as u64)
    )
}
