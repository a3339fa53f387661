//! The figures of a place: what the rows are, in one look. The figure of token limits is in the panel of limits, with
//! what is to be chosen of it.

use leptos::prelude::*;

use super::chart::{Chart, Figures};
use crate::app::browser;
use crate::app::frame::asked;
use crate::app::store::{rows_state, run_state};
use crate::worker::frame::FigureOf;
use tracesift_core::figure::Kind;

/// What the runs are, in one look.
pub const OVERVIEW: &[Kind] = &[
    Kind::Outcomes,
    Kind::SuccessRate,
    Kind::Languages,
    Kind::Tokens,
    Kind::Tools,
    Kind::PatchSize,
];

/// How long they are.
pub const LENGTHS: &[Kind] = &[Kind::Turns, Kind::Kept, Kind::TurnsTokens];

/// Signs of bad data.
pub const QUALITY: &[Kind] = &[Kind::Signs];

/// Figures side by side.
#[component]
pub fn Charts(
    /// Which ones.
    kinds: &'static [Kind],
) -> impl IntoView {
    let run = run_state();
    let rows = rows_state();
    let theme = browser::theme();
    let budget = Memo::new(move |_| run.recipe.with(|recipe| recipe.budget));
    let figure = move |kind| -> Figures {
        let found = asked(move || {
            let budget = budget.get();
            rows.has_rows.get().then_some(FigureOf { kind, budget })
        });
        Signal::derive(move || found.get())
    };
    let charts = kinds
        .iter()
        .map(|&kind| view! { <Chart kind theme figure=figure(kind)/> });
    view! {
        <section class="charts" aria-label="Charts" hidden=move || !rows.has_rows.get()>
            {charts.collect_view()}
        </section>
    }
}
