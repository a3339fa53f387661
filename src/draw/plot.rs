//! A chart that was drawn: where its marks are, which value is at a pixel, what lies under the pointer.
//! All in CSS pixels from the chart's upper left corner, whatever the device's scale.

use super::axis::Axis;
use super::scene::{HitArea, Point, Rect, Region, Says, Scene};
use tracesift_core::figure::kind::Sets;
use tracesift_core::figure::{Figure, Rule};
use tracesift_core::recipe::{Bounds, RangeKey};

/// How near the pointer must come to a dot.
const NEAR: f64 = 12.0;
/// How exactly a hand points, in pixels to either side.
const STEADY: f64 = 3.0;

/// What lies under the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it says, in words with numbers.
    pub words: String,
    /// Which rows it stands for; empty where no filter says that.
    pub rows: Vec<Rule>,
}

/// A chart that was drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plot {
    /// Where the marks are, without labels and axes.
    pub rect: Rect,
    axis: Option<Axis>,
    edges: Vec<f64>,
    key: Option<RangeKey>,
    regions: Vec<Region>,
}

impl Plot {
    pub(super) fn new(figure: &Figure, scene: Scene) -> Self {
        Self {
            rect: scene.plot,
            axis: scene.axis,
            edges: scene.edges,
            key: match figure.kind.sets() {
                Sets::Range(key) => Some(key),
                _ => None,
            },
            regions: scene.regions,
        }
    }

    /// The value at a horizontal pixel; none where the axis has names.
    pub fn value_at(&self, x: f64) -> Option<f64> {
        self.axis.map(|axis| axis.value_at(x))
    }

    /// The horizontal pixel of a value; none where the axis has names.
    pub fn px_of(&self, value: f64) -> Option<f64> {
        self.axis.map(|axis| axis.px_of(value))
    }

    /// The roundest value that a pointer at a horizontal pixel may mean; none where the axis has names.
    pub fn round_at(&self, x: f64) -> Option<f64> {
        self.axis.map(|axis| axis.roundest(x - STEADY, x + STEADY))
    }

    /// How many bars, bins or steps stand for rows: what keys walk over.
    pub fn marks(&self) -> usize {
        self.walked().count()
    }

    /// Where one of these is, and what it says.
    pub fn mark(&self, at: usize) -> Option<(Rect, Hit)> {
        self.walked().nth(at)
    }

    fn walked(&self) -> impl Iterator<Item = (Rect, Hit)> {
        self.regions
            .iter()
            .filter_map(|region| match (region.place, &region.says) {
                (HitArea::Within(rect), Says::Words(words, rules)) if !rules.is_empty() => {
                    let hit = Hit {
                        words: words.clone(),
                        rows: rules.clone(),
                    };
                    Some((rect, hit))
                }
                _ => None,
            })
    }

    /// What lies under the pointer: the nearest dot, else the bar.
    pub fn hit(&self, x: f64, y: f64) -> Option<Hit> {
        let near = self
            .regions
            .iter()
            .filter_map(|region| Some((distance(region, (x, y))?, region)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let under = || {
            let holds = |region: &&Region| matches!(region.place, HitArea::Within(rect) if rect.holds((x, y)));
            self.regions.iter().rev().find(holds)
        };
        let region = near.map(|(_, region)| region).or_else(under)?;
        Some(match &region.says {
            Says::Words(words, rules) => Hit {
                words: words.clone(),
                rows: rules.clone(),
            },
            Says::Dot(dot) => Hit {
                words: dot.words(),
                rows: vec![Rule::Row(dot.row)],
            },
        })
    }

    /// The filter that a brush from one horizontal pixel to another sets: whole bins where there are bins, elsewhere the
    /// roundest whole numbers that the axis can tell from what was pointed at; an end that reaches the axis' end is open.
    pub fn brush(&self, from: f64, to: f64) -> Option<(RangeKey, Bounds)> {
        let (key, axis) = (self.key?, self.axis?);
        let (left, right) = (from.min(to), from.max(to));
        let (first, last) = (self.px_of(axis.ends().0)?, self.px_of(axis.ends().1)?);
        let round = |x: f64| axis.roundest(x - STEADY, x + STEADY);
        let (mut low, mut high) = (round(left).ceil(), round(right).floor());
        if !self.edges.is_empty() {
            // The bin that holds the value, whole.
            low = self
                .edges
                .iter()
                .copied()
                .rfind(|&edge| edge <= axis.value_at(left))
                .unwrap_or(low);
            high = self
                .edges
                .iter()
                .copied()
                .find(|&edge| edge > axis.value_at(right))
                .map_or(high, |edge| edge - 1.0);
        }
        let bounds = Bounds {
            low: (left > first).then_some(low),
            high: (right < last).then_some(high.max(low)),
        };
        Some((key, bounds))
    }

    /// From where to where bounds reach, in horizontal pixels within the plot; an open end reaches its side.
    pub fn band(&self, bounds: Bounds) -> Option<(f64, f64)> {
        let axis = self.axis?;
        let left = bounds.low.map_or(self.rect.left, |low| axis.px_of(low));
        // A bin of whole numbers reaches to where the next one starts.
        let one = if self.edges.is_empty() { 0.0 } else { 1.0 };
        let right = bounds
            .high
            .map_or(self.rect.right, |high| axis.px_of(high + one));
        Some((left, right.max(left)))
    }
}

fn distance(region: &Region, (x, y): Point) -> Option<f64> {
    match region.place {
        HitArea::Near((a, b)) => Some((x - a).hypot(y - b)).filter(|&d| d <= NEAR),
        HitArea::Within(_) => None,
    }
}
