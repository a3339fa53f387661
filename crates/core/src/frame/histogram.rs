//! Histograms: bins chosen once from the whole frame, and how many of all and of the selected rows fall in each.
//! Edges are round numbers. One outlier of 34,209,809 lines doesn't squeeze the rest: it goes to an overflow bin.

use serde::{Deserialize, Serialize};

use super::quantile::quantile;
use crate::ground::words::thousands;

/// How a number is laid out along its axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scale {
    /// Bins of equal width.
    #[default]
    Linear,
    /// Bins of about equal ratio from 1 upwards; what is below 1 has a bin of its own.
    Log,
}

/// The bins of a histogram. Bin `i` holds `edges[i] <= value < edges[i + 1]`; the last edge is in its bin too,
/// unless there is an overflow bin after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    edges: Vec<f64>,
    scale: Scale,
    whole: bool,
    overflow: Option<f64>,
}

/// One bin: which values fall into it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// The least value.
    pub low: f64,
    /// The value where the next bin starts; of the overflow bin, the greatest value there is.
    pub high: f64,
    /// Whether this is the overflow bin: everything above the others, however far.
    pub overflow: bool,
}

/// How many rows fall into each bin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of all rows, by bin.
    pub all: Vec<u32>,
    /// Of the selected rows, by bin.
    pub selected: Vec<u32>,
    /// Rows whose value is not known.
    pub unknown: u32,
    /// Selected rows whose value is not known.
    pub unknown_selected: u32,
}

impl Bins {
    /// Chooses about `wanted` bins (at most twice as many) for a column; `None` where no value is known.
    pub fn choose(values: &[f64], scale: Scale, wanted: usize) -> Option<Self> {
        let range = Range::of(values)?;
        let wanted = wanted.clamp(1, 500);
        Some(match scale {
            Scale::Linear => Self::linear(values, range, wanted),
            Scale::Log => Self::log(range, wanted),
        })
    }

    /// How many bins there are, the overflow bin among them.
    pub fn len(&self) -> usize {
        self.edges.len().saturating_sub(1) + usize::from(self.overflow.is_some())
    }

    /// Never: there is at least one bin.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bins' borders, ascending, without the overflow bin's upper one.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// How the axis is laid out.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// Which values fall into bin `index`.
    pub fn bin(&self, index: usize) -> Option<Bin> {
        let low = *self.edges.get(index)?;
        match (self.edges.get(index + 1), self.overflow) {
            (Some(&high), _) => Some(Bin {
                low,
                high,
                overflow: false,
            }),
            (None, Some(high)) => Some(Bin {
                low,
                high,
                overflow: true,
            }),
            (None, None) => None,
        }
    }

    /// A bin in words: `20 to 39`, `0.2 to 0.3`, `7`, `500 and more, up to 34,209,809`.
    pub fn words(&self, index: usize) -> String {
        let Some(bin) = self.bin(index) else {
            return String::new();
        };
        let low = thousands(bin.low);
        if bin.overflow {
            return format!("{low} and more, up to {}", thousands(bin.high));
        }
        let high = if self.whole { bin.high - 1.0 } else { bin.high };
        if high <= bin.low {
            return low;
        }
        format!("{low} to {}", thousands(high))
    }

    /// The bin of a value; `None` where it is not known. What lies outside goes to the nearest bin.
    pub fn index(&self, value: f64) -> Option<usize> {
        if value.is_nan() {
            return None;
        }
        let below = self.edges.partition_point(|&edge| edge <= value);
        Some(below.saturating_sub(1).min(self.len().saturating_sub(1)))
    }

    /// Counts all and the selected rows in one pass. Whoever counts the same column again and again keeps a
    /// [`Histogram`] instead.
    pub fn count(&self, values: &[f64], mask: &[bool]) -> Counts {
        Histogram::new(self.clone(), values).count(mask)
    }

    fn linear(values: &[f64], range: Range, wanted: usize) -> Self {
        // Only a tail that would take more than a third of the axis is cut off.
        let p99 = quantile(values, 0.99).unwrap_or(range.max);
        let clipped = range.max - range.min > 1.5 * (p99 - range.min);
        let top = if clipped { p99 } else { range.max };
        let mut step = nice_step((top - range.min) / wanted as f64);
        if range.whole {
            step = step.max(1.0);
        }
        // Edges are whole multiples of the step, so that they are as round as it is.
        let first = (range.min / step).floor();
        // Whole numbers need an edge above the greatest one; a share of 1 goes with those just below it.
        let past = if range.whole {
            (top / step).floor() + 1.0
        } else {
            (top / step).ceil()
        };
        let count = (past - first).clamp(1.0, 4.0 * wanted as f64) as usize;
        let mut edges: Vec<f64> = (0..=count)
            .map(|i| rounded(first + i as f64, step))
            .collect();
        edges.dedup();
        let over = edges.last().is_some_and(|&last| range.max >= last);
        Self {
            overflow: (clipped && over).then_some(range.max),
            edges,
            scale: Scale::Linear,
            whole: range.whole,
        }
    }

    fn log(range: Range, wanted: usize) -> Self {
        let low = range.min.max(1.0);
        let high = range.max.max(low);
        let decades = (high / low).log10().max(0.3);
        let ladder = LADDERS
            .into_iter()
            .find(|ladder| ladder.len() as f64 * decades >= wanted as f64)
            .unwrap_or(FINEST);
        let mut edges = rungs(ladder, low, high, range.whole);
        if range.min < 1.0 {
            edges.insert(0, 0.0);
        }
        Self {
            edges,
            scale: Scale::Log,
            whole: range.whole,
            overflow: None,
        }
    }
}

/// A column laid out in bins: each row's bin is looked up once, so that counting a selection is a few additions.
/// It holds for the frame that it was made from; a frame that grew needs a new one.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    bins: Bins,
    /// The bin of each row; one more than the last bin where the value is not known.
    places: Vec<u16>,
}

impl Histogram {
    /// Lays out a column in bins that are chosen for it; `None` where no value is known.
    pub fn of(values: &[f64], scale: Scale, wanted: usize) -> Option<Self> {
        Some(Self::new(Bins::choose(values, scale, wanted)?, values))
    }

    /// Lays out a column in bins.
    pub fn new(bins: Bins, values: &[f64]) -> Self {
        let place = |&value| {
            let place = bins.index(value).unwrap_or(bins.len());
            u16::try_from(place).unwrap_or(u16::MAX)
        };
        let places = values.iter().map(place).collect();
        Self { bins, places }
    }

    /// The bins.
    pub fn bins(&self) -> &Bins {
        &self.bins
    }

    /// Counts all and the selected rows in one pass. A row beyond the mask's end is not selected.
    pub fn count(&self, mask: &[bool]) -> Counts {
        let mut counts = vec![(0_u32, 0_u32); self.bins.len() + 1];
        for (position, &place) in self.places.iter().enumerate() {
            if let Some((all, selected)) = counts.get_mut(usize::from(place)) {
                *all += 1;
                *selected += u32::from(mask.get(position).copied().unwrap_or(false));
            }
        }
        let (unknown, unknown_selected) = counts.pop().unwrap_or_default();
        let (all, selected) = counts.into_iter().unzip();
        Counts {
            all,
            selected,
            unknown,
            unknown_selected,
        }
    }
}

/// The greatest whole number up to which all are exact. Nothing that is measured comes near it; what is beyond (or
/// infinite) has no part in choosing edges and is counted in the bin at that end.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// The known values' extent, and whether all of them are whole numbers.
#[derive(Clone, Copy)]
struct Range {
    min: f64,
    max: f64,
    whole: bool,
}

impl Range {
    fn of(values: &[f64]) -> Option<Self> {
        let mut range = Range {
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            whole: true,
        };
        for &value in values.iter().filter(|value| value.abs() <= LARGEST) {
            range.min = range.min.min(value);
            range.max = range.max.max(value);
            range.whole &= value == value.trunc();
        }
        (range.min <= range.max).then_some(range)
    }
}

/// Preferred numbers of a decade in hundredths, from coarse to fine (the finer ones are Renard's series, ISO 3).
const LADDERS: [&[u32]; 5] = [
    &[100],
    &[100, 300],
    &[100, 200, 500],
    &[100, 160, 250, 400, 630],
    &[100, 125, 160, 200, 250, 320, 400, 500, 630, 800],
];
const FINEST: &[u32] = &[
    100, 112, 125, 140, 160, 180, 200, 220, 250, 280, 320, 360, 400, 450, 500, 560, 630, 710, 800,
    900,
];

/// The preferred numbers from the last one at or below `low` to the first one above `high`. Between whole numbers
/// a finer edge would only make empty bins, so there edges are rounded up to whole ones.
fn rungs(ladder: &[u32], low: f64, high: f64, whole: bool) -> Vec<f64> {
    let mut edges: Vec<f64> = Vec::new();
    let first_decade = low.log10().floor() as i32;
    let last_decade = high.log10().floor() as i32 + 2;
    for decade in first_decade..=last_decade {
        for &rung in ladder {
            let edge = f64::from(rung) * 10_f64.powi(decade) / 100.0;
            let edge = if whole { edge.ceil() } else { edge };
            if edge <= low {
                edges.clear();
            }
            if edges.last().is_some_and(|&last| last >= edge) {
                continue;
            }
            edges.push(edge);
            if edge > high {
                return edges;
            }
        }
    }
    edges
}

/// The round step (1, 2 or 5 times a power of ten) that is not below `rough`.
fn nice_step(rough: f64) -> f64 {
    if rough.is_nan() || rough <= f64::MIN_POSITIVE {
        return 1.0;
    }
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|nice| nice * power)
        .find(|&step| step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// `times * step` without the last digit's noise: 3 × 0.1 is 0.3, not 0.30000000000000004.
fn rounded(times: f64, step: f64) -> f64 {
    let inverse = (1.0 / step).round();
    if step < 1.0 && inverse.is_finite() {
        times / inverse
    } else {
        times * step
    }
}
