//! The check of the selection before it is written: it runs by itself while the export is looked at, and each reason for
//! which a run would not be written has its remedy beside it.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use super::chosen::Key;
use super::export::Export;
use crate::app::frame::InSight;
use crate::app::store::{Phase, Store};
use tracesift_core::export::check::Fault;
use tracesift_core::export::options::Options;
use tracesift_core::ground::words;
use tracesift_core::recipe::{Recipe, keys};

/// More rows are checked only when a person asks for it: each is read once more.
const MOST_ROWS: u64 = 2_000;
/// As many bytes, by what was read of all rows.
const MOST_BYTES: f64 = 200e6;
/// A choice has settled when nothing was changed for so long.
const SETTLED: Duration = Duration::from_millis(400);

/// Runs the check whenever the export is in sight and what would be written has changed.
pub fn follow(store: Store, export: Export, check: impl Fn() + Copy + Send + Sync + 'static) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let in_sight = use_context::<InSight>();
    let key = Memo::new(move |_| Key::now(store));
    Effect::new(move |_| {
        let is_in_sight = in_sight.is_none_or(|InSight(is)| is.get());
        let is_done = store.run.phase.get() == Phase::Done && !store.is_settling();
        key.track();
        store.rows.kept.track();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if export.is_checking.get_untracked() {
            // It is of a selection that is no more.
            export.is_cancelled.set(true);
        }
        if is_in_sight && is_done && is_light(store) {
            let begin = move || {
                leptos::task::spawn_local(async move {
                    export.end_check().await;
                    if export.progress.with_untracked(Option::is_none) {
                        check();
                    }
                });
            };
            timer.set_value(set_timeout_with_handle(begin, SETTLED).ok());
        }
    });
}

/// Whether so little would be read that nobody minds.
fn is_light(store: Store) -> bool {
    let (kept, all) = store.rows.shown.with(|shown| (shown.kept, shown.len));
    let progress = store.run.progress.get_untracked();
    let bytes = progress.map_or(0.0, |progress| progress.bytes as f64);
    let share = kept as f64 / all.max(1) as f64;
    (1..=MOST_ROWS).contains(&kept) && bytes * share <= MOST_BYTES
}

/// What a person can choose so that rows with a fault are written after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What it does.
    pub words: String,
    key: &'static str,
    value: String,
}

impl Remedy {
    /// The remedy for a fault of so many rows; `None` where there is none, or it is chosen already.
    pub fn of(fault: Fault, rows: u64, options: &Options) -> Option<Self> {
        let these = words::plural(rows, "run", "runs");
        let remedy = |words: String, key, value: &str| {
            let value = value.to_owned();
            Self { words, key, value }
        };
        let remedy = match fault {
            Fault::End => remedy(
                format!("End these {these} at the assistant's last message"),
                "end",
                "assistant",
            ),
            Fault::BadArguments => remedy(
                format!("Repair what can be, or end these {these} before such a call"),
                "broken",
                "end",
            ),
            Fault::NoTools => remedy(
                "Add the tools that their harness publishes".to_owned(),
                "tools",
                "harness",
            ),
            Fault::Order => remedy(
                "One message for all results of calls made at once".to_owned(),
                "parallel",
                "merge",
            ),
            Fault::Media => remedy(
                "Write [image] in place of images".to_owned(),
                "images",
                "word",
            ),
            Fault::TooLong => {
                let limit = options.limit?;
                let words = format!(
                    "Cut these {these} into parts of at most {} tokens",
                    words::count(limit)
                );
                remedy(words, "cut", &limit.to_string())
            }
            _ => return None,
        };
        let mut recipe = Recipe {
            export: options.clone(),
            ..Recipe::default()
        };
        remedy.choose(&mut recipe);
        (recipe.export != *options).then_some(remedy)
    }

    /// Makes the choice.
    pub fn choose(&self, recipe: &mut Recipe) {
        // Every value is one of the key's.
        let _ = keys::choose(self.key, recipe, &self.value);
    }
}
