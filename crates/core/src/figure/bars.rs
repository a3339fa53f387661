//! Counts by name, most first: the form of several charts.
//! What is past the first fifteen is one bar, and it says how many names it stands for.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Count, Rule};
use crate::frame::group::{Group, Tally};
use crate::ground::words::{cut, label, language};

/// How many names have a bar of their own.
pub(super) const NAMES: usize = 15;
/// The name of rows whose label is not known.
pub(super) const UNKNOWN: &str = "not known";

/// Counts by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bars {
    /// The bars, longest first; the one for all other names is last.
    pub bars: Vec<Bar>,
    /// What a bar's name is: `language`.
    pub name: Cow<'static, str>,
    /// What is counted: `rows`.
    pub unit: Cow<'static, str>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Its name, harmless but whole.
    pub name: String,
    /// How many.
    pub count: Count,
    /// How many of these are errors, where errors are counted.
    pub errors: Option<Count>,
    /// What it says when it is pointed at.
    pub words: String,
    /// Which rows it stands for; none for the bar of all other names.
    pub rule: Option<Rule>,
}

impl Bars {
    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let errors = self.bars.iter().any(|bar| bar.errors.is_some());
        let mut head = vec![
            self.name.clone().into_owned(),
            self.unit.clone().into_owned(),
            format!("selected {}", self.unit),
        ];
        if errors {
            head.extend(["errors".to_owned(), "selected errors".to_owned()]);
        }
        let rows = self.bars.iter().map(|bar| {
            let mut row = vec![
                bar.name.clone(),
                bar.count.all.to_string(),
                bar.count.selected.to_string(),
            ];
            if errors {
                let errors = bar.errors.unwrap_or_default();
                row.extend([errors.all.to_string(), errors.selected.to_string()]);
            }
            row
        });
        std::iter::once(head).chain(rows).collect()
    }
}

/// A group of rows of one language, as it is shown: harmless but whole.
pub(super) fn shown_language(group: &Group) -> String {
    let value = group.value.as_deref();
    value.map_or_else(|| UNKNOWN.to_owned(), |value| cut(&language(value), 120))
}

/// A group's value as a filter says it.
pub(super) fn value(group: &Group) -> String {
    group.value.clone().unwrap_or_else(|| "none".to_owned())
}

/// All groups that have no bar of their own, as one; none where there are none.
pub(super) fn joined(groups: &[Group]) -> Option<Group> {
    let sum = |of: fn(&Group) -> &Tally| {
        groups
            .iter()
            .map(of)
            .fold(Tally::default(), |sum, tally| Tally {
                rows: sum.rows.saturating_add(tally.rows),
                by_outcome: std::array::from_fn(|i| {
                    let at = |tally: &Tally| tally.by_outcome.get(i).copied().unwrap_or_default();
                    at(&sum).saturating_add(at(tally))
                }),
            })
    };
    (!groups.is_empty()).then(|| Group {
        value: Some(format!("{} others", groups.len())),
        all: sum(|group| &group.all),
        selected: sum(|group| &group.selected),
    })
}

/// `Python 132 rows (118 selected), Go 80 rows, …`: the first five.
pub(super) fn listed(bars: &[Bar], one: &str, many: &str) -> String {
    let mut words: Vec<String> = bars
        .iter()
        .take(5)
        .map(|bar| format!("{} {}", label(&bar.name), bar.count.words(one, many)))
        .collect();
    if bars.len() > 5 {
        words.push(format!("and {} more", bars.len() - 5));
    }
    words.join(", ")
}
