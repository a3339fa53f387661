//! The chart of rows by their turns.
//! A brush on it filters by turns.

use super::histogram::{HistogramOf, Spread};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Figure, View};
use crate::frame::Number;
use crate::frame::histogram::Scale;
use crate::recipe::RangeKey;

/// Rows by turns.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "turns",
    title: "Turns",
    definition: "Rows by their number of turns. A turn is one assistant message.",
    sets: Sets::Range(RangeKey::Turns),
    needs_tokens: false,
    figure: turns,
};

fn turns(view: &View<'_>) -> Figure {
    let about = HistogramOf {
        kind: Kind::Turns,
        unit: "turns",
        key: Some(RangeKey::Turns),
        scale: Scale::Linear,
        none: "No row has turns.",
    };
    let values = view.frame.number(Number::Turns);
    let spread = view.ground.turns.get_or_init(|| Spread::linear(values));
    about.figure(view, values, spread, None)
}
