//! The figures beside the rules: what the rows are, in one look. The figure of token limits is in the panel of limits,
//! with what is to be chosen of it.

use std::sync::Arc;

use leptos::prelude::*;

use super::chart::{Chart, Make};
use crate::app::browser;
use crate::app::store::{rows_state, run_state};
use tracesift_core::figure::Ground;
use tracesift_core::figure::{Figure, Kind};
use tracesift_core::frame::Frame;

/// All figures.
#[component]
pub fn Charts() -> impl IntoView {
    let run = run_state();
    let rows = rows_state();
    let has_rows = Memo::new(move |_| rows.frame.with(|frame| !frame.is_empty()));
    let theme = browser::theme();
    // What only depends on the rows is kept while rules change; any change of the rows makes a new one.
    let ground = Memo::new_with_compare(
        move |_| {
            rows.frame.track();
            Arc::new(Ground::default())
        },
        |_, _| true,
    );
    let budget = Memo::new(move |_| run.recipe.with(|recipe| recipe.budget));
    let make = move |kind| -> Make {
        Box::new(move || {
            let (ground, selection, budget) = (ground.get(), rows.selection.get(), budget.get());
            Box::new(move || {
                let figure =
                    |frame: &Arc<Frame>| Figure::on(&ground, kind, frame, &selection, budget);
                Arc::new(rows.frame.with_untracked(figure))
            })
        })
    };
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Limits);
    let charts = kinds.map(|kind| view! { <Chart kind theme make=make(kind)/> });
    view! {
        <section class="charts" aria-label="Charts" hidden=move || !has_rows.get()>
            {charts.collect_view()}
        </section>
    }
}
