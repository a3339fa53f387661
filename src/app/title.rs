//! The title of the tab: what is read, how much of it is selected, and a mark when it is done.
//! Whoever has many tabs sees there which one is ready.

use leptos::prelude::*;

use super::browser;
use super::store::{Phase, Store};
use tracesift_core::ground::words;

/// Keeps the title in step from now on.
pub fn follow(store: Store) {
    Effect::new(move |_| browser::set_title(&title(store)));
}

fn title(store: Store) -> String {
    const NAME: &str = "tracesift";
    let (kept, all) = store.rows.shown.with(|shown| (shown.kept, shown.len));
    let Some(run) = store.run.shown.get().filter(|_| all > 0) else {
        return NAME.to_owned();
    };
    let mark = match store.run.phase.get() {
        Phase::Done => "✓ ",
        Phase::Failed => "✗ ",
        _ => "… ",
    };
    let runs = match kept == all {
        true => words::plural(all, "run", "runs"),
        false => format!(
            "{} of {}",
            words::count(kept),
            words::plural(all, "run", "runs")
        ),
    };
    format!("{mark}{} · {runs} · {NAME}", run.names())
}
