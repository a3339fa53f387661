//! Kept as a function of the budget: which share of the rows fits whole, and which share of the tokens they hold.
//! Each share is of its own whole: all rows of all rows, selected rows of the selected ones.

use serde::{Deserialize, Serialize};

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Mark, View};
use crate::frame::budget::{Fit, Kept, kept_at};
use crate::ground::words::{count, share};

/// Rows and tokens kept as a function of the budget.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "kept-by-budget",
    title: "Kept within the token budget",
    definition: "For each token budget: the share of rows that fit into it whole, and the share of all tokens in \
                 these rows. Rows whose tokens are not counted are left out.",
    sets: Sets::Budget,
    needs_tokens: true,
    figure: kept,
};

/// Rows and tokens kept, by budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// From a budget that keeps the shortest row at most to one that keeps all, ascending.
    pub steps: Vec<Kept>,
    /// What is there to keep: the last step.
    pub whole: Kept,
    /// What the recipe's budget keeps.
    pub at_budget: Kept,
    /// The recipe's budget.
    pub mark: Mark,
    /// Rows whose tokens are not counted.
    pub unknown: Count,
}

/// Part of whole; 0 of nothing.
pub fn part(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

impl Curve {
    /// Shares of rows and tokens that a fit is of the whole.
    pub fn shares(fit: Fit, whole: Fit) -> (f64, f64) {
        (
            part(fit.rows.into(), whole.rows.into()),
            part(fit.tokens, whole.tokens),
        )
    }

    /// Whether the selection leaves something out.
    pub fn filtered(&self) -> bool {
        self.whole.all != self.whole.selected
    }

    /// What a budget says when it is pointed at.
    pub fn words(&self, kept: &Kept) -> String {
        let mut words = format!(
            "budget {}: {}",
            count(kept.budget),
            fit_words(kept.all, self.whole.all)
        );
        if self.filtered() {
            words.push_str("; of the selected ");
            words.push_str(&fit_words(kept.selected, self.whole.selected));
        }
        words
    }

    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let head = [
            "budget",
            "rows kept",
            "tokens kept",
            "selected rows kept",
            "selected tokens kept",
        ];
        let rows = self.steps.iter().map(|kept| {
            vec![
                kept.budget.to_string(),
                kept.all.rows.to_string(),
                kept.all.tokens.to_string(),
                kept.selected.rows.to_string(),
                kept.selected.tokens.to_string(),
            ]
        });
        std::iter::once(head.map(str::to_owned).to_vec())
            .chain(rows)
            .collect()
    }
}

/// `61 % of rows (305 of 500), 40 % of tokens`.
fn fit_words(fit: Fit, whole: Fit) -> String {
    format!(
        "{} of rows ({} of {}), {} of tokens",
        share(fit.rows.into(), whole.rows.into()),
        count(fit.rows.into()),
        count(whole.rows.into()),
        share(fit.tokens, whole.tokens)
    )
}

/// Rows and tokens kept as a function of the budget.
fn kept(view: &View<'_>) -> Figure {
    let kind = Kind::Kept;
    let steps = view.ground.budgets(view.frame).curve(view.frame, view.mask);
    let Some(&whole) = steps.last() else {
        return view.empty(kind, "Tokens are not counted yet.");
    };
    let at_budget = kept_at(view.frame, view.mask, view.budget);
    let curve = Curve {
        steps,
        whole,
        at_budget,
        mark: super::histogram::budget_mark(view.budget),
        unknown: Count {
            all: view.rows.all.saturating_sub(whole.all.rows.into()),
            selected: view
                .rows
                .selected
                .saturating_sub(whole.selected.rows.into()),
        },
    };
    let (fit, of, whose) = match curve.filtered() && whole.selected.rows > 0 {
        true => (at_budget.selected, whole.selected, "selected rows"),
        false => (at_budget.all, whole.all, "rows"),
    };
    let mut caption = format!(
        "A budget of {} tokens keeps {} of the {whose} ({} of {}) and {} of their tokens.",
        count(view.budget),
        share(fit.rows.into(), of.rows.into()),
        count(fit.rows.into()),
        count(of.rows.into()),
        share(fit.tokens, of.tokens)
    );
    if curve.unknown.all > 0 {
        caption.push_str(&format!(
            " Tokens are not counted for {}.",
            curve.unknown.words("row", "rows")
        ));
    }
    let quarter = |wanted: f64| {
        curve
            .steps
            .iter()
            .find(|kept| Curve::shares(kept.all, whole.all).0 >= wanted)
            .map_or_else(String::new, |kept| count(kept.budget))
    };
    let alt = format!(
        "{caption} Half of all rows fit into {} tokens, nine of ten into {}.",
        quarter(0.5),
        quarter(0.9)
    );
    view.figure(
        kind,
        "token budget",
        "kept",
        caption,
        alt,
        Body::Curve(curve),
    )
}
