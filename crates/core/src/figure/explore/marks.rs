//! What stands in each chart of a person's own: dots of two numbers, columns of one, bars of a label, boxes of a number by a
//! label; and the axes of numbers, which all charts share.

use super::{Boxes, Cut, Dot, Ends, Marks, Quartiles, Stack};
use crate::figure::{Rule, View};
use crate::frame::Number;
use crate::frame::facet::Facet;
use crate::frame::histogram::{Bins, Scale};
use crate::frame::quantile::{Summary, selected, sorted_quantile};
use crate::recipe::{Bounds, ListKey, RangeKey};

/// How many dots are drawn at most.
const DOTS: usize = 1_500;
/// About how many columns a number has.
const COLUMNS: usize = 24;
/// How many values of a label have a bar of their own.
const NAMES: usize = 8;
/// From which ratio of the greatest to the least number on an axis is logarithmic.
const WIDE: f64 = 100.0;

/// What all kinds of marks are made from.
pub(super) struct Chart<'c> {
    pub view: &'c View<'c>,
    pub colors: Cut,
    pub charts: Cut,
}

/// The marks of each chart, the axes of numbers, and how many rows are known well enough to be in a chart.
pub(super) struct Made {
    pub marks: Vec<Marks>,
    pub across: Option<Ends>,
    pub up: Option<Ends>,
    pub known: u64,
}

impl Made {
    /// Marks that hold all that is known.
    fn of(marks: Vec<Marks>, across: Option<Ends>) -> Self {
        let rows = |marks: &Marks| match marks {
            Marks::Dots(dots) => dots.len() as u64,
            Marks::Columns(stacks) | Marks::Bars(stacks) => stacks.iter().map(Stack::rows).sum(),
            Marks::Boxes(boxes) => {
                let parts = boxes.iter().flat_map(|of| &of.parts).flatten();
                parts.map(|quartiles| quartiles.n).sum()
            }
        };
        Self {
            known: marks.iter().map(rows).sum(),
            marks,
            across,
            up: None,
        }
    }
}

impl Chart<'_> {
    /// The selected rows that have a part and a chart: position, part, chart.
    fn rows(&self) -> impl Iterator<Item = (usize, u8, usize)> {
        let both = self.colors.of.iter().zip(&self.charts.of).enumerate();
        both.filter_map(|(at, (part, chart))| Some((at, (*part)?, usize::from((*chart)?))))
    }

    /// One list per chart.
    fn empty<T: Clone>(&self, of: T) -> Vec<T> {
        vec![of; self.charts.names.len()]
    }

    pub fn dots(&self, x: Number, y: Number) -> Made {
        let frame = self.view.frame;
        let (xs, ys) = (frame.number(x), frame.number(y));
        let (across, up) = (ends(xs, x, self.view), ends(ys, y, self.view));
        let at = |values: &[f64], at: usize| values.get(at).copied().filter(|v| !v.is_nan());
        let known = || {
            self.rows().filter_map(|(position, part, chart)| {
                let dot = Dot {
                    row: frame.rows().get(position).copied()?,
                    x: at(xs, position)?,
                    y: at(ys, position)?,
                    part,
                };
                Some((dot, chart))
            })
        };
        // Counted first: of half a million rows only those that are drawn are held.
        let n = known().count();
        let every = n.div_ceil(DOTS).max(1);
        let mut charts = self.empty(Vec::new());
        for (dot, chart) in known().step_by(every) {
            if let Some(dots) = charts.get_mut(chart) {
                dots.push(dot);
            }
        }
        Made {
            known: n as u64,
            up,
            ..Made::of(charts.into_iter().map(Marks::Dots).collect(), across)
        }
    }

    pub fn columns(&self, number: Number) -> Made {
        let values = self.view.frame.number(number);
        let across = ends(values, number, self.view);
        let scale = across.map_or(Scale::Linear, |ends| ends.scale);
        let shown: Vec<f64> = selected(values, self.view.mask).collect();
        let Some(bins) = Bins::choose(&shown, scale, COLUMNS) else {
            return Made::of(self.empty(Marks::Columns(Vec::new())), None);
        };
        let key = RangeKey::ALL.into_iter().find(|key| key.number() == number);
        let is_whole = number != Number::OverlapFiles;
        let stack = |index: usize| {
            let bin = bins.bin(index)?;
            let high = if is_whole { bin.high - 1.0 } else { bin.high };
            let bounds = Bounds {
                low: Some(bin.low),
                high: Some(high).filter(|_| !bin.overflow),
            };
            Some(Stack {
                name: bins.words(index),
                reach: (bin.low, bin.high),
                counts: vec![0; self.colors.names.len()],
                rule: key.map(|key| Rule::Within(key, bounds)),
            })
        };
        let stacks: Vec<Stack> = (0..bins.len()).filter_map(stack).collect();
        let reach = (bins.edges().first().copied(), bins.edges().last().copied());
        let mut charts = self.empty(stacks);
        for (position, part, chart) in self.rows() {
            let value = values.get(position).copied().unwrap_or(f64::NAN);
            let stack = bins
                .index(value)
                .and_then(|bin| charts.get_mut(chart)?.get_mut(bin));
            if let Some(rows) = stack.and_then(|stack| stack.counts.get_mut(usize::from(part))) {
                *rows += 1;
            }
        }
        let across = across.map(|ends| Ends {
            low: reach.0.unwrap_or(ends.low),
            high: reach.1.unwrap_or(ends.high),
            ..ends
        });
        Made::of(charts.into_iter().map(Marks::Columns).collect(), across)
    }

    pub fn bars(&self, label: Facet) -> Made {
        let names = Cut::by_facet(self.view, label, NAMES);
        let stacks = names.names.iter().zip(&names.values);
        let stacks: Vec<Stack> = stacks
            .map(|(name, value)| Stack {
                name: name.clone(),
                reach: (0.0, 0.0),
                counts: vec![0; self.colors.names.len()],
                rule: rule(label, value.as_deref()),
            })
            .collect();
        let mut charts = self.empty(stacks);
        for (position, part, chart) in self.rows() {
            let name = names.of.get(position).copied().flatten();
            let stack = name.and_then(|name| charts.get_mut(chart)?.get_mut(usize::from(name)));
            if let Some(rows) = stack.and_then(|stack| stack.counts.get_mut(usize::from(part))) {
                *rows += 1;
            }
        }
        Made::of(charts.into_iter().map(Marks::Bars).collect(), None)
    }

    pub fn boxes(&self, label: Facet, number: Number) -> Made {
        let names = Cut::by_facet(self.view, label, NAMES);
        let values = self.view.frame.number(number);
        let parts = self.colors.names.len();
        let mut charts = self.empty(vec![vec![Vec::new(); parts]; names.names.len()]);
        for (position, part, chart) in self.rows() {
            let value = values
                .get(position)
                .copied()
                .filter(|value| !value.is_nan());
            let name = names.of.get(position).copied().flatten();
            let place = name.and_then(|name| charts.get_mut(chart)?.get_mut(usize::from(name)));
            let place = place.and_then(|parts| parts.get_mut(usize::from(part)));
            if let Some((place, value)) = place.zip(value) {
                place.push(value);
            }
        }
        let mut reach: Option<(f64, f64)> = None;
        let mut boxed = |mut values: Vec<f64>| {
            values.sort_unstable_by(f64::total_cmp);
            let [p25, median, p75] = [0.25, 0.5, 0.75].map(|q| sorted_quantile(&values, q));
            let n = values.len() as u64;
            (n > 0).then(|| {
                let (low, high) = reach.unwrap_or((p25, p75));
                reach = Some((low.min(p25), high.max(p75)));
                Quartiles {
                    n,
                    p25,
                    median,
                    p75,
                }
            })
        };
        let mut marks = Vec::new();
        for names_of in charts {
            let of_names = names_of
                .into_iter()
                .zip(names.names.iter().zip(&names.values));
            let boxes = of_names.map(|(parts, (name, value))| Boxes {
                name: name.clone(),
                parts: parts.into_iter().map(&mut boxed).collect(),
                rule: rule(label, value.as_deref()),
            });
            marks.push(Marks::Boxes(boxes.collect()));
        }
        let across = reach.map(|(low, high)| axis(number, low, high));
        Made::of(marks, across)
    }
}

/// The rule for a label's value.
fn rule(label: Facet, value: Option<&str>) -> Option<Rule> {
    let key = ListKey::of(label)?;
    Some(Rule::Is(key, value?.to_owned()))
}

/// The axis of a number of the selected rows; none where it is not known of any.
fn ends(values: &[f64], number: Number, view: &View<'_>) -> Option<Ends> {
    let all = Summary::of(selected(values, view.mask));
    (all.known > 0).then(|| axis(number, all.min, all.max))
}

fn axis(number: Number, low: f64, high: f64) -> Ends {
    let is_wide = low >= 1.0 && high / low >= WIDE;
    Ends {
        scale: if is_wide { Scale::Log } else { Scale::Linear },
        low,
        high,
        is_tokens: number.unit() == "tokens",
    }
}
