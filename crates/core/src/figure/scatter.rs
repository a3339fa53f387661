//! One dot per row: turns against tokens, by outcome.
//! Of many rows only some are drawn, evenly spaced in the order of arrival; the caption says how many.

use serde::{Deserialize, Serialize};

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Mark, View};
use crate::frame::Number;
use crate::ground::words::thousands;
use crate::ground::words::{count, plural};
use crate::recipe::RangeKey;
use crate::trace::Outcome;

/// Turns against tokens.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "turns-tokens",
    title: "Turns against tokens",
    definition: "Each dot is a row: turns across, tokens up, both on logarithmic axes; colour and shape show the \
                 outcome.",
    sets: Sets::Range(RangeKey::Turns),
    needs_tokens: true,
    figure: turns_tokens,
};

/// How many selected rows, and how many others, are drawn at most.
pub const DOTS: usize = 1_500;

/// One dot per row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scatter {
    /// The dots that are drawn, rows that are not selected first.
    pub dots: Vec<Dot>,
    /// How many rows have both numbers.
    pub known: Count,
    /// How many of these have which outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [Count; 4],
    /// The least and the greatest value across.
    pub across: (f64, f64),
    /// The least and the greatest value up.
    pub up: (f64, f64),
    /// A horizontal mark.
    pub mark: Option<Mark>,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dot {
    /// Its index in the split.
    pub row: u64,
    /// Its turns.
    pub turns: f64,
    /// Its tokens.
    pub tokens: f64,
    /// Its outcome.
    pub outcome: Outcome,
    /// Whether it is selected.
    pub selected: bool,
}

impl Dot {
    /// What it says when it is pointed at.
    pub fn words(&self) -> String {
        format!(
            "row {}: {} turns, {} tokens, {}{}",
            count(self.row),
            thousands(self.turns),
            thousands(self.tokens),
            match self.outcome {
                Outcome::Unknown => "outcome unknown",
                outcome => outcome.name(),
            },
            if self.selected { "" } else { ", not selected" },
        )
    }
}

impl Scatter {
    /// The data behind it: the dots that are drawn.
    pub fn table(&self) -> Vec<Vec<String>> {
        let head = ["row", "turns", "tokens", "outcome", "selected"];
        let rows = self.dots.iter().map(|dot| {
            vec![
                dot.row.to_string(),
                format!("{:.0}", dot.turns),
                format!("{:.0}", dot.tokens),
                dot.outcome.name().to_owned(),
                if dot.selected { "yes" } else { "no" }.to_owned(),
            ]
        });
        std::iter::once(head.map(str::to_owned).to_vec())
            .chain(rows)
            .collect()
    }
}

/// Turns against tokens.
fn turns_tokens(view: &View<'_>) -> Figure {
    let kind = Kind::TurnsTokens;
    let mut scatter = Scatter {
        dots: Vec::new(),
        known: Count::default(),
        outcomes: [Count::default(); 4],
        across: (f64::INFINITY, 0.0),
        up: (f64::INFINITY, 0.0),
        mark: Some(super::histogram::budget_mark(view.budget)),
    };
    for dot in dots(view) {
        scatter.known.add(1, dot.selected);
        let slot = Outcome::ALL
            .iter()
            .zip(&mut scatter.outcomes)
            .find(|(outcome, _)| **outcome == dot.outcome);
        if let Some((_, count)) = slot {
            count.add(1, dot.selected);
        }
        scatter.across = (
            scatter.across.0.min(dot.turns),
            scatter.across.1.max(dot.turns),
        );
        scatter.up = (scatter.up.0.min(dot.tokens), scatter.up.1.max(dot.tokens));
    }
    if scatter.known.all == 0 {
        return view.empty(kind, "No row has both turns and counted tokens yet.");
    }
    let others = scatter.known.all.saturating_sub(scatter.known.selected);
    scatter.dots = sampled(view, false, others)
        .chain(sampled(view, true, scatter.known.selected))
        .collect();
    let caption = caption(&scatter);
    let alt = format!(
        "{caption} {} to {} turns, {} to {} tokens.",
        thousands(scatter.across.0),
        thousands(scatter.across.1),
        thousands(scatter.up.0),
        thousands(scatter.up.1),
    );
    view.figure(
        kind,
        "turns",
        "tokens",
        caption,
        alt,
        Body::Scatter(scatter),
    )
}

fn caption(scatter: &Scatter) -> String {
    let drawn = scatter.dots.len() as u64;
    let rows = plural(scatter.known.all, "row", "rows");
    match drawn < scatter.known.all {
        true => format!("{} of {rows} are drawn, evenly spaced.", count(drawn)),
        false => format!("Each dot is a row; {rows} in all."),
    }
}

/// Of the `n` rows that are (or are not) selected at most [`DOTS`], evenly spaced.
fn sampled<'a>(view: &View<'a>, selected: bool, n: u64) -> impl Iterator<Item = Dot> + use<'a> {
    let most = (DOTS as u64).min(n);
    // The i-th row is drawn where i × most / n reaches a new whole number.
    let mut sum = n.saturating_sub(1);
    dots(view)
        .filter(move |dot| dot.selected == selected)
        .filter(move |_| {
            sum += most;
            let drawn = sum >= n;
            sum -= if drawn { n } else { 0 };
            drawn
        })
}

/// Every row that has both numbers and can stand on logarithmic axes.
fn dots<'a>(view: &View<'a>) -> impl Iterator<Item = Dot> + use<'a> {
    let frame = view.frame;
    frame
        .number(Number::Turns)
        .iter()
        .zip(frame.number(Number::Tokens))
        .zip(frame.outcomes())
        .zip(frame.rows())
        .zip(view.selected())
        .map(|((((&turns, &tokens), &outcome), &row), selected)| Dot {
            row,
            turns,
            tokens,
            outcome,
            selected,
        })
        .filter(|dot| dot.turns > 0.0 && dot.tokens > 0.0)
}
