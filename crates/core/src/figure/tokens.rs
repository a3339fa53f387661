//! The chart of rows by their tokens, with the budget marked.
//! A brush on it filters by tokens.

use super::histogram::{HistogramOf, Spread, budget_mark};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Figure, View};
use crate::frame::Number;
use crate::frame::histogram::Scale;
use crate::recipe::RangeKey;

/// Rows by tokens.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "tokens",
    title: "Tokens",
    definition: "Rows by their number of tokens: every text of the row counted on its own with the chosen tokenizer, \
                 plus what a chat template adds, if one is chosen.",
    sets: Sets::Range(RangeKey::Tokens),
    needs_tokens: true,
    figure: tokens,
};

fn tokens(view: &View<'_>) -> Figure {
    let about = HistogramOf {
        kind: Kind::Tokens,
        unit: "tokens",
        key: Some(RangeKey::Tokens),
        scale: Scale::Linear,
        none: "Tokens are not counted yet.",
    };
    let values = view.frame.number(Number::Tokens);
    let spread = view.ground.tokens.get_or_init(|| Spread::linear(values));
    about.figure(view, values, spread, Some(budget_mark(view.budget)))
}
