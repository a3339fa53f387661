//! The difference of two rates with Newcombe's hybrid score interval, made from each rate's Wilson interval.
//! Newcombe, “Interval estimation for the difference between independent proportions”, Statistics in Medicine 17 (1998),
//! method 10.

use serde::{Deserialize, Serialize};

use crate::frame::group::rate;

/// A difference of two shares, −1 to 1, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateDifference {
    /// The first group's share less the second's.
    pub difference: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// The difference of `yes` of `n` in two groups; `None` where a group has no rows.
pub fn difference(first: (u32, u32), second: (u32, u32)) -> Option<RateDifference> {
    let (first, second) = (rate(first.0, first.1)?, rate(second.0, second.1)?);
    let difference = first.share - second.share;
    let down = (first.share - first.low).hypot(second.high - second.share);
    let up = (first.high - first.share).hypot(second.share - second.low);
    Some(RateDifference {
        difference,
        low: (difference - down).max(-1.0),
        high: (difference + up).min(1.0),
    })
}
