//! The chart of token limits: which share of the rows or tokens each limit keeps, by outcome or language; two controls
//! choose what is drawn, and sentences below say what the budget and the windows beside it do.

use leptos::prelude::*;

use super::chart::Chart;
use crate::app::browser;
use crate::app::info::Info;
use crate::app::store::{run_state, store};
use crate::worker::frame::BudgetReport;
use tracesift_core::figure::Body;
use tracesift_core::figure::{Figure, Kind};
use tracesift_core::recipe::limits::{By, Measure};

const TRAINABLE: &str =
    "Tokens that a trainer learns from: the assistant's text, its reasoning and its tool calls.";
const LINES: &str =
    "A line for all rows, and one for each part: of languages, for the five with the most rows.";

/// The chart with its controls.
#[component]
pub fn Limits(
    /// What the limits keep.
    found: ReadSignal<Option<BudgetReport>>,
) -> impl IntoView {
    let run = run_state();
    let choice = Memo::new(move |_| run.recipe.with(|recipe| recipe.curves));
    let figure = Memo::new(move |_| {
        found.with(|found| {
            let BudgetReport {
                curves,
                budget,
                rows,
                ..
            } = found.as_ref()?;
            Some(Figure::of_limits(curves, choice.get(), *budget, *rows))
        })
    });
    let sentences = move || {
        figure.with(|figure| match figure.as_ref().map(|figure| &figure.body) {
            Some(Body::Limits(limits)) => limits.sentences(),
            _ => Vec::new(),
        })
    };
    view! {
        <Choices/>
        <Chart kind=Kind::Limits theme=browser::theme() figure=figure.into()/>
        <ul class="words">
            {move || sentences().into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
        </ul>
    }
}

/// What is drawn, and by what the rows are told apart.
#[component]
fn Choices() -> impl IntoView {
    let store = store();
    let measure = move |event| {
        let word = browser::value_of(&event);
        let mut all = Measure::ALL.into_iter();
        if let Some(chosen) = all.find(|measure| measure.name() == word) {
            store.choose(|recipe| recipe.curves.measure = chosen);
        }
    };
    let by = move |event| {
        let word = browser::value_of(&event);
        if let Some(chosen) = By::ALL.into_iter().find(|by| by.name() == word) {
            store.choose(|recipe| recipe.curves.by = chosen);
        }
    };
    let chosen = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.curves));
    view! {
        <div class="buttons">
            <div class="field">
                <div class="label-row"><label for="curves-of">"Share kept of the"</label><Info of="Trainable tokens" words=TRAINABLE/></div>
                <select id="curves-of" on:change=measure>
                    {Measure::ALL.map(|of| view! {
                        <option value=of.name() selected=move || chosen.get().measure == of>{of.title()}</option>
                    }).collect_view()}
                </select>
            </div>
            <div class="field">
                <div class="label-row"><label for="curves-by">"Lines by"</label><Info of="Lines" words=LINES/></div>
                <select id="curves-by" on:change=by>
                    {By::ALL.map(|by| view! {
                        <option value=by.name() selected=move || chosen.get().by == by>{by.name()}</option>
                    }).collect_view()}
                </select>
            </div>
        </div>
    }
}
