//! Counts by a number: how the rows spread over turns, tokens, patch size.
//! Bins come from all rows, so that they stand still while a filter moves.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::{Body, Count, Figure, Mark, Rule, View};
use crate::frame::Frame;
use crate::frame::budget::Budgets;
use crate::frame::group::Tools;
use crate::frame::histogram::{Histogram as Bars, Scale};
use crate::frame::quantile::{Summary, selected};
use crate::ground::words::thousands;
use crate::ground::words::{count, plural, share};
use crate::recipe::{Bounds, RangeKey};

/// About how many bins a histogram has.
const BINS: usize = 30;
/// The same of a logarithmic one: between whole numbers finer bins would hold unlike numbers of values.
const LOG_BINS: usize = 18;

/// How many times the 99th percentile the greatest value may be before a logarithmic axis ends early.
const FAR: f64 = 20.0;

/// Counts by a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// One column per bin, ascending.
    pub columns: Vec<Bin>,
    /// Whether the number is laid out linearly or logarithmically.
    pub scale: Scale,
    /// Rows whose number is not known.
    pub unknown: Count,
    /// The selected rows' median; `None` where none of their numbers is known.
    pub median: Option<f64>,
    /// A vertical mark.
    pub mark: Option<Mark>,
    /// The filter that a brush sets.
    pub key: Option<RangeKey>,
    /// What is counted along the axis: `turns`.
    pub unit: Cow<'static, str>,
}

/// One bin with its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Its least value.
    pub low: f64,
    /// The value where the next one starts.
    pub high: f64,
    /// Whether it stands for everything from `low` on.
    pub open: bool,
    /// Its values in words: `20 to 39`.
    pub values: String,
    /// Its rows.
    pub count: Count,
}

impl Bin {
    /// What it says when it is pointed at.
    pub fn words(&self, unit: &str) -> String {
        format!(
            "{} {unit}: {}",
            self.values,
            self.count.words("row", "rows")
        )
    }
}

impl Histogram {
    /// The rows that a column stands for; none where its number has no filter.
    pub fn rules(&self, column: &Bin) -> Vec<Rule> {
        let bounds = Bounds {
            low: Some(column.low),
            // Numbers here are whole and both ends of a range are in.
            high: (!column.open).then_some(column.high - 1.0),
        };
        self.key
            .map(|key| Rule::Within(key, bounds))
            .into_iter()
            .collect()
    }

    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let head = vec![
            self.unit.clone().into_owned(),
            "rows".to_owned(),
            "selected rows".to_owned(),
        ];
        let row =
            |name: &str, n: Count| vec![name.to_owned(), n.all.to_string(), n.selected.to_string()];
        let bins = self.columns.iter().map(|c| row(&c.values, c.count));
        std::iter::once(head)
            .chain(bins)
            .chain((self.unknown.all > 0).then(|| row("not known", self.unknown)))
            .collect()
    }
}

/// What figures take from the frame alone: it stays while a filter moves, so a page makes it once per frame.
///
/// Each part is made when it is first asked for. A ground belongs to the frame that it was first used with: take a
/// new one when rows come in.
#[derive(Debug, Default)]
pub struct Ground {
    pub(super) turns: OnceLock<Spread>,
    pub(super) tokens: OnceLock<Spread>,
    /// The patches' sizes by position, too: they are not a column of the frame.
    pub(super) patch_sizes: OnceLock<(Vec<f64>, Spread)>,
    budgets: OnceLock<Budgets>,
    tools: OnceLock<Tools>,
}

impl Ground {
    pub(super) fn budgets(&self, frame: &Frame) -> &Budgets {
        self.budgets.get_or_init(|| Budgets::of(frame))
    }

    pub(super) fn tools(&self, frame: &Frame) -> &Tools {
        self.tools.get_or_init(|| Tools::of(frame))
    }
}

/// How a number spreads over all rows.
#[derive(Debug)]
pub(super) struct Spread {
    all: Summary,
    bins: Option<Bars>,
    /// Whether the last bin holds all that is past it.
    far: bool,
}

impl Spread {
    /// On a linear axis.
    pub fn linear(values: &[f64]) -> Self {
        Self {
            all: Summary::of(values.iter().copied()),
            bins: Bars::of(values, Scale::Linear, BINS),
            far: false,
        }
    }

    /// On a logarithmic axis one patch of 34,209,809 lines would press all others to the side; where there is such
    /// a tail the axis ends at twice the 99th percentile.
    pub fn log(values: &[f64]) -> Self {
        let all = Summary::of(values.iter().copied());
        let end = (all.p99.max(1.0) * 2.0).ceil();
        let far = all.max > all.p99.max(1.0) * FAR;
        let bins = match far {
            false => Bars::of(values, Scale::Log, LOG_BINS),
            true => {
                // NaN stays NaN: a value that is not known is in no bin.
                let near = |&value: &f64| if value > end { end } else { value };
                let near: Vec<f64> = values.iter().map(near).collect();
                Bars::of(&near, Scale::Log, LOG_BINS)
            }
        };
        Self { all, bins, far }
    }
}

/// The budget as a mark.
pub(super) fn budget_mark(budget: u64) -> Mark {
    Mark {
        at: budget as f64,
        words: format!("budget {}", count(budget)),
    }
}

/// What tells one histogram from another.
pub(super) struct HistogramOf {
    pub kind: Kind,
    /// What is counted along the axis.
    pub unit: &'static str,
    /// The filter that a brush sets.
    pub key: Option<RangeKey>,
    pub scale: Scale,
    /// What is said where no number is known.
    pub none: &'static str,
}

impl HistogramOf {
    /// The figure of some values, one per position.
    pub fn figure(
        &self,
        view: &View<'_>,
        values: &[f64],
        spread: &Spread,
        mark: Option<Mark>,
    ) -> Figure {
        let Some(bins) = &spread.bins else {
            return view.empty(self.kind, self.none);
        };
        let all = spread.all;
        let chosen = match view.rows.filtered() {
            true => Summary::of(selected(values, view.mask)),
            false => all,
        };
        let columns = columns(bins, view, spread.far.then_some(all.max));
        let unknown = |summary: &Summary| summary.n.saturating_sub(summary.known) as u64;
        let histogram = Histogram {
            columns,
            scale: self.scale,
            unknown: Count {
                all: unknown(&all),
                selected: unknown(&chosen),
            },
            median: chosen.median.is_finite().then_some(chosen.median),
            mark,
            key: self.key,
            unit: self.unit.into(),
        };
        let caption = self.caption(view, &histogram, &all, &chosen);
        let alt = format!(
            "{caption} All rows: least {}, median {}, nine of ten at most {}, greatest {}.",
            thousands(all.min),
            whole(all.median),
            whole(all.p90),
            thousands(all.max)
        );
        let body = Body::Histogram(histogram);
        view.figure(self.kind, self.unit, "rows", caption, alt, body)
    }

    fn caption(
        &self,
        view: &View<'_>,
        histogram: &Histogram,
        all: &Summary,
        chosen: &Summary,
    ) -> String {
        let whose = match (view.narrowed(), chosen.known) {
            (true, 1..) => "the selected rows",
            _ => "the rows",
        };
        let spread = if chosen.known > 0 { chosen } else { all };
        let mut words = format!(
            "Half of {whose} have at most {} {}, nine of ten at most {}.",
            whole(spread.median),
            self.unit,
            whole(spread.p90)
        );
        if let Some(open) = histogram.columns.last().filter(|column| column.open) {
            words.push_str(&format!(
                " The last bar is {} with {} or more, up to {}.",
                plural(open.count.all, "row", "rows"),
                thousands(open.low),
                thousands(all.max)
            ));
        }
        if histogram.unknown.all > 0 {
            words.push_str(&format!(
                " Not known for {} ({}).",
                plural(histogram.unknown.all, "row", "rows"),
                share(histogram.unknown.all, view.rows.all)
            ));
        }
        words
    }
}

/// One column per bin. With `greatest` the last one is open: it holds all up to that value.
fn columns(bars: &Bars, view: &View<'_>, greatest: Option<f64>) -> Vec<Bin> {
    let (bins, counts) = (bars.bins(), bars.count(view.mask));
    let last = counts.all.len().saturating_sub(1);
    counts
        .all
        .iter()
        .zip(&counts.selected)
        .enumerate()
        .filter_map(|(index, (&all, &selected))| {
            let bin = bins.bin(index)?;
            let far = greatest.filter(|_| index == last);
            Some(Bin {
                low: bin.low,
                high: far.unwrap_or(bin.high),
                open: bin.overflow || far.is_some(),
                values: match far {
                    Some(most) => {
                        format!("{} and more, up to {}", thousands(bin.low), thousands(most))
                    }
                    None => bins.words(index),
                },
                count: Count {
                    all: all.into(),
                    selected: selected.into(),
                },
            })
        })
        .collect()
}

/// A quantile of whole numbers: what lies between two of them is at most the greater one.
fn whole(value: f64) -> String {
    thousands(value.ceil())
}
