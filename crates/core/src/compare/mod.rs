//! How two groups of rows differ: every number and every sign of them side by side, the size of the difference with its
//! interval, largest first. Nothing is claimed without its n, and groups of fewer than ten rows are not compared.
//!
//! Sizes of numbers ([`delta`]) and of shares ([`rates`]) are one scale: of values that are only yes or no, Cliff's
//! delta is the difference of the shares.

pub mod delta; // the size of a difference of numbers
pub mod feature; // what can be compared: every number, sign and tool, in one list
mod open; // the rows behind a difference
pub mod rates; // the difference of two shares
mod told; // differences in the order in which they answer why runs fail
mod words; // a difference as a person reads it

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::frame::facet::Facet;
use crate::frame::quantile::sorted_quantile;
use crate::frame::{Frame, order};
use crate::recipe::Comparison;
use crate::recipe::draw::{least, random_key};

pub use delta::Delta;
use feature::{About, Feature, FeatureKind};
pub use rates::RateDifference;
pub use told::{Line, Told, told};

/// Rows that a group needs to be compared at all.
pub const FEWEST: usize = 10;

/// The most rows of a group that are compared: more would not change any digit that is shown, but hold up the page.
pub const MOST: usize = 20_000;

/// One of the two groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its value.
    pub name: String,
    /// How many rows it has.
    pub all: usize,
    /// The positions of those that are compared: all, or [`MOST`] that the seed draws.
    pub rows: Vec<u32>,
}

/// Two groups, ready to be compared feature by feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What they are told apart by.
    pub facet: Facet,
    /// The first group.
    pub first: Group,
    /// The second group.
    pub second: Group,
}

impl Compared {
    /// Finds the groups among the rows of a mask. Where a value is not chosen it is success and failure of the outcome,
    /// and of the other facets the most frequent value that the other group is not.
    pub fn of(frame: &Frame, mask: &[bool], choice: &Comparison, seed: u64) -> Self {
        let parts = choice.facet.parts(frame);
        let mut sizes = vec![0_usize; parts.len()];
        for (part, &is_on) in parts.by_position().zip(mask) {
            if let Some(size) = sizes.get_mut(part) {
                *size += usize::from(is_on);
            }
        }
        let size = |part: u32| sizes.get(part as usize).copied().unwrap_or_default();
        let mut by_size: Vec<u32> = (0..).take(parts.len()).collect();
        order::sort(&mut by_size, &|a, b| size(b).cmp(&size(a)));
        let largest = |other: &str| {
            let names = by_size.iter().map(|&part| parts.name(part as usize));
            let mut names = names.filter(|&name| name != other);
            names.next().unwrap_or_default().to_owned()
        };
        let is_outcome = choice.facet == Facet::Outcome;
        let chosen = |value: &str, default: &str, other: &str| match value {
            "" if is_outcome => default.to_owned(),
            "" => largest(other),
            value => value.to_owned(),
        };
        let first = chosen(&choice.first, "success", &choice.second);
        let second = chosen(&choice.second, "failure", &first);
        let group = |name: String| {
            let part = parts.find(&name);
            let rows = parts.by_position().zip(mask).zip(0_u32..);
            let rows = rows.filter(|((at, is_on), _)| **is_on && Some(*at) == part);
            Group::drawn(frame, name, rows.map(|(_, at)| at).collect(), seed)
        };
        Self {
            facet: choice.facet,
            first: group(first),
            second: group(second),
        }
    }

    /// Compares one feature; `None` where nothing is known of it in either group, or it is what tells the groups apart.
    pub fn feature(&self, feature: &Feature) -> Option<Difference> {
        if self.facet == Facet::Outcome && feature.name == "success" {
            return None;
        }
        let (first, second) = (self.first.values(feature), self.second.values(feature));
        if first.is_empty() && second.is_empty() {
            return None;
        }
        let is_enough = first.len().min(second.len()) >= FEWEST;
        let sizes = match feature.kind {
            FeatureKind::Number => Sizes::Numbers {
                first: Spread::of(&first),
                second: Spread::of(&second),
                delta: is_enough.then(|| delta::delta(&first, &second)).flatten(),
            },
            FeatureKind::YesNo => {
                let (first, second) = (Share::of(&first), Share::of(&second));
                let of = |share: Share| (share.yes, share.n);
                let difference = || rates::difference(of(first), of(second));
                Sizes::Shares {
                    first,
                    second,
                    difference: is_enough.then(difference).flatten(),
                }
            }
        };
        Some(Difference {
            about: feature.about,
            name: feature.name.to_string(),
            title: feature.title.to_string(),
            definition: feature.definition.into(),
            sizes,
        })
    }

    /// Compares everything, the largest difference first. Whoever must not hold up the page asks for one feature after
    /// the other, and [`sort`]s them.
    pub fn all(&self, features: &[Feature]) -> Vec<Difference> {
        sort(
            features
                .iter()
                .filter_map(|feature| self.feature(feature))
                .collect(),
        )
    }
}

/// The largest difference first; those of which nothing can be said last.
pub fn sort(differences: Vec<Difference>) -> Vec<Difference> {
    let size = |difference: &Difference| difference.effect().map_or(-1.0, |(size, ..)| size.abs());
    order::sorted(differences, &|a, b| size(b).total_cmp(&size(a)))
}

impl Group {
    /// The rows with the least random keys where there are too many.
    fn drawn(frame: &Frame, name: String, mut rows: Vec<u32>, seed: u64) -> Self {
        let all = rows.len();
        if all > MOST {
            let keyed = |&at: &u32| {
                let row = frame.rows().get(at as usize).copied().unwrap_or_default();
                (random_key(seed, row), at)
            };
            rows = least(rows.iter().map(keyed).collect(), MOST).collect();
        }
        Self { name, all, rows }
    }

    /// The values that are known, sorted.
    fn values(&self, feature: &Feature) -> Vec<f64> {
        let values = self.rows.iter().map(|&at| feature.value(at as usize));
        let mut values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    }
}

/// How two groups differ in one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// What is compared.
    pub about: About,
    /// The feature's name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is.
    pub definition: Cow<'static, str>,
    /// The two groups and the size of the difference.
    pub sizes: Sizes,
}

/// The two groups in one feature. A size is `None` where one of them has fewer than [`FEWEST`] known values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Sizes {
    /// Of numbers.
    Numbers {
        /// The first group.
        first: Spread,
        /// The second group.
        second: Spread,
        /// The size.
        delta: Option<Delta>,
    },
    /// Of yes and no.
    Shares {
        /// The first group.
        first: Share,
        /// The second group.
        second: Share,
        /// The size.
        difference: Option<RateDifference>,
    },
}

impl Difference {
    /// The size of the difference and its interval, −1 to 1; above 0 the first group has more.
    pub fn effect(&self) -> Option<(f64, f64, f64)> {
        match self.sizes {
            Sizes::Numbers { delta, .. } => delta.map(|d| (d.delta, d.low, d.high)),
            Sizes::Shares { difference, .. } => difference.map(|d| (d.difference, d.low, d.high)),
        }
    }

    /// Whether there is a difference beyond chance: the interval excludes 0.
    pub fn is_clear(&self) -> bool {
        self.effect()
            .is_some_and(|(_, low, high)| low > 0.0 || high < 0.0)
    }

    /// Known values in each group.
    pub fn n(&self) -> (u32, u32) {
        match self.sizes {
            Sizes::Numbers { first, second, .. } => (first.n, second.n),
            Sizes::Shares { first, second, .. } => (first.n, second.n),
        }
    }
}

/// Numbers of one group; NaN where none is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Known values.
    pub n: u32,
    /// The first quartile.
    pub p25: f64,
    /// The median.
    pub median: f64,
    /// The third quartile.
    pub p75: f64,
}

impl Spread {
    fn of(sorted: &[f64]) -> Self {
        let at = |q| sorted_quantile(sorted, q);
        Self {
            n: number(sorted.len()),
            p25: at(0.25),
            median: at(0.5),
            p75: at(0.75),
        }
    }
}

/// Yes and no of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Known values.
    pub n: u32,
    /// How many are yes.
    pub yes: u32,
}

impl Share {
    fn of(values: &[f64]) -> Self {
        Self {
            n: number(values.len()),
            yes: number(values.iter().filter(|&&value| value > 0.0).count()),
        }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
