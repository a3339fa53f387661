//! The way back from a change of the filters, one change at a time, wherever a person has gone since.
//! The browser's own *back* walks through places and rows as well.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::store::Store;
use tracesift_core::recipe::Filters;

/// So many changes can be taken back.
const MOST: usize = 100;
/// Changes that follow each other sooner are one: a number is typed digit by digit, a brush is drawn. In milliseconds.
const TOGETHER_MS: f64 = 1000.0;

/// The filters as they were.
#[derive(Clone, Copy)]
pub struct Undo {
    store: Store,
    past: RwSignal<Vec<Filters>>,
}

impl Undo {
    /// Remembers the filters before each change from now on.
    pub fn follow(store: Store) -> Self {
        let past = RwSignal::new(Vec::new());
        let last = StoredValue::new(0.0);
        Effect::new(move |former: Option<Filters>| {
            let now = store.rows.filters.get();
            if let Some(former) = former.filter(|former| *former != now) {
                let is_undone = past.with_untracked(|past: &Vec<Filters>| {
                    past.last().is_some_and(|last| *last == now)
                });
                let since = browser::now() - last.get_value();
                match is_undone {
                    true => past.update(|past| {
                        past.pop();
                    }),
                    false if since > TOGETHER_MS || !is_same_rule(&former, &now) => {
                        past.update(|past| keep(past, former));
                    }
                    false => {}
                }
                last.set_value(browser::now());
            }
            now
        });
        Self { store, past }
    }

    /// Whether there is something to take back.
    pub fn has_past(self) -> bool {
        self.past.with(|past| !past.is_empty())
    }

    /// Takes the last change back.
    pub fn back(self) {
        if let Some(former) = self.past.with_untracked(|past| past.last().cloned()) {
            self.store.filter(|filters| *filters = former);
        }
    }
}

fn keep(past: &mut Vec<Filters>, former: Filters) {
    if past.len() >= MOST {
        past.remove(0);
    }
    past.push(former);
}

/// Whether only the ends of ranges differ that both have.
fn is_same_rule(former: &Filters, now: &Filters) -> bool {
    let keys = |filters: &Filters| filters.ranges.keys().copied().collect::<Vec<_>>();
    let bare = |filters: &Filters| Filters {
        ranges: Default::default(),
        per_instance: None,
        ..filters.clone()
    };
    keys(former) == keys(now) && bare(former) == bare(now)
}
