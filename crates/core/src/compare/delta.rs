//! Cliff's delta: how often a value of one group is above a value of the other, less how often it is below.
//! It takes no shape of the values for granted, and ties count for neither side.
//!
//! Cliff, “Dominance statistics: ordinal analyses to answer ordinal questions”, Psychological Bulletin 114 (1993); the
//! interval as Feng and Cliff, “Monte Carlo evaluation of ordinal d with improved confidence interval”, Journal of
//! Modern Applied Statistical Methods 3 (2004), have it.

use serde::{Deserialize, Serialize};

use crate::frame::group::Z;

/// Cliff's delta of two groups, −1 to 1, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// 1: every value of the first group is above every value of the second.
    pub delta: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
    /// The Mann-Whitney U of the first group: pairs in which its value is above, ties for a half.
    pub u: f64,
}

/// The delta of two groups of values, each sorted and without NaN; `None` where one has fewer than two.
pub fn delta(first: &[f64], second: &[f64]) -> Option<Delta> {
    if first.len() < 2 || second.len() < 2 {
        return None;
    }
    let (n, m) = (first.len() as f64, second.len() as f64);
    let of_first = dominance(first, second);
    let of_second = dominance(second, first);
    let above: f64 = of_first.iter().map(|(above, _)| above).sum();
    let below: f64 = of_first.iter().map(|(_, below)| below).sum();
    let delta = (above - below) / (n * m);
    let spread = |dominance: &[(f64, f64)], others: f64, mean: f64| {
        let of_one = |&(above, below): &(f64, f64)| (above - below) / others - mean;
        dominance.iter().map(|one| of_one(one).powi(2)).sum::<f64>()
    };
    // Of each pair the square of its own deviation; a tie is 0, every other pair 1.
    let of_pairs = above + below - n * m * delta * delta;
    let sum =
        m * m * spread(&of_first, m, delta) + n * n * spread(&of_second, n, -delta) - of_pairs;
    let least = (1.0 - delta * delta) / (n * m - 1.0);
    let variance = (sum / (n * m * (n - 1.0) * (m - 1.0))).max(least);
    let (low, high) = interval(delta, variance, n.min(m));
    Some(Delta {
        delta,
        low,
        high,
        u: n * m * (delta + 1.0) / 2.0,
    })
}

/// The interval, which leans towards 0 as the delta nears its ends. `smaller` is the size of the smaller group.
fn interval(delta: f64, variance: f64, smaller: f64) -> (f64, f64) {
    let square = Z * Z;
    if delta.abs() >= 1.0 {
        // No pair says otherwise: the spread is 0 and says nothing; few rows still leave room.
        let end = (smaller - square) / (smaller + square);
        return match delta > 0.0 {
            true => (end, 1.0),
            false => (-1.0, -end),
        };
    }
    let rest = 1.0 - delta * delta;
    let centre = delta - delta.powi(3);
    let half = Z * (variance * (rest * rest + square * variance)).sqrt();
    let scale = rest + square * variance;
    let end = |end: f64| (end / scale).clamp(-1.0, 1.0);
    (end(centre - half), end(centre + half))
}

/// For each value, how many of the others are below it and how many above; both sorted.
fn dominance(values: &[f64], others: &[f64]) -> Vec<(f64, f64)> {
    let (mut below, mut reached) = (0, 0);
    let all = others.len();
    let count = |from: usize, holds: &dyn Fn(f64) -> bool| {
        let rest = others.iter().skip(from);
        from + rest.take_while(|&&other| holds(other)).count()
    };
    let dominance = values.iter().map(|&value| {
        below = count(below, &|other| other < value);
        reached = count(reached.max(below), &|other| other <= value);
        (below as f64, (all - reached) as f64)
    });
    dominance.collect()
}
