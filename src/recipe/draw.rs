//! The draw of at most k rows of one instance: decided by what is preferred, the seed, the row's index and nothing else.
//! The order in which rows arrived has no part in it, so that a shared link draws the same rows everywhere.

use std::cmp::Ordering;

use super::signs::{Carried, SignRules};
use crate::frame::{Frame, Label, Number, TextColumn, order};
use crate::trace::Outcome;

/// Which rows of an instance are kept before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preference {
    /// Those that succeed, then those that succeed in part.
    Success,
    /// Those of fewer tokens; where tokens are not counted, of fewer turns, and after those whose tokens are.
    Shorter,
    /// Those with fewer signs of quality; those whose texts were not read last.
    FewerSigns,
}

impl Preference {
    /// Every preference, in the order in which they are offered.
    pub const ALL: [Preference; 3] = [
        Preference::Success,
        Preference::Shorter,
        Preference::FewerSigns,
    ];

    /// The word of the address.
    pub const fn name(self) -> &'static str {
        match self {
            Preference::Success => "success",
            Preference::Shorter => "shorter",
            Preference::FewerSigns => "fewer-signs",
        }
    }

    /// In words, as in “successes first”.
    pub const fn words(self) -> &'static str {
        match self {
            Preference::Success => "successes",
            Preference::Shorter => "shorter runs",
            Preference::FewerSigns => "runs with fewer signs",
        }
    }

    /// Compares two rows: less is kept before.
    pub(crate) fn compare(self, carried: &Carried, a: u32, b: u32) -> Ordering {
        let frame = carried.frame();
        // NaN, not known, is greater than any number.
        let number = |number: Number, at: u32| {
            let value = frame.number(number).get(at as usize).copied();
            value.unwrap_or(f64::NAN).abs()
        };
        match self {
            Preference::Success => {
                let rank = |at: u32| match frame.outcomes().get(at as usize) {
                    Some(Outcome::Success) => 0,
                    Some(Outcome::Partial) => 1,
                    _ => 2,
                };
                rank(a).cmp(&rank(b))
            }
            Preference::Shorter => {
                let by = |of: Number| number(of, a).total_cmp(&number(of, b));
                by(Number::Tokens).then_with(|| by(Number::Turns))
            }
            Preference::FewerSigns => {
                let signs = |at: u32| match frame.is_measured(at as usize) {
                    true => carried.of(at as usize).len(),
                    false => usize::MAX,
                };
                signs(a).cmp(&signs(b))
            }
        }
    }
}

/// Of the rows that a mask selects, keeps at most `most` of one instance: those that are preferred, and among equals
/// those whose lot is least. Rows whose instance is not known can't be told to share one; each is kept.
pub fn per_instance(
    frame: &Frame,
    mask: &[bool],
    most: u32,
    prefer: &[Preference],
    signs: &SignRules,
    seed: u64,
) -> Vec<bool> {
    let carried = Carried::new(frame, signs);
    let column = frame.label(Label::InstanceId);
    let mut kept = mask.to_vec();
    for mut rows in crowded(column, mask, most) {
        let lot_of = |position: u32| {
            let row = frame
                .rows()
                .get(position as usize)
                .copied()
                .unwrap_or_default();
            (lot(seed, row), row)
        };
        order::sort(&mut rows, &|a, b| {
            let mut compared = prefer.iter().map(|prefer| prefer.compare(&carried, a, b));
            let preferred = compared.find(|compared| compared.is_ne());
            preferred.unwrap_or_else(|| lot_of(a).cmp(&lot_of(b)))
        });
        for &position in rows.iter().skip(most as usize) {
            if let Some(kept) = kept.get_mut(position as usize) {
                *kept = false;
            }
        }
    }
    kept
}

/// The selected rows of each instance that has more than `most` of them.
fn crowded(column: &TextColumn, mask: &[bool], most: u32) -> Vec<Vec<u32>> {
    let selected = || {
        let rows = column.codes.iter().zip(mask).zip(0_u32..);
        rows.filter(|((_, on), _)| **on)
            .map(|((&code, _), position)| (code as usize, position))
    };
    let mut counts = vec![0_u32; column.values.len()];
    for (code, _) in selected() {
        if let Some(count) = counts.get_mut(code) {
            *count += 1;
        }
    }
    // From here on, a count is the place of its instance among the crowded ones.
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for count in &mut counts {
        if *count > most {
            let place = u32::try_from(groups.len()).unwrap_or(u32::MAX);
            groups.push(Vec::with_capacity(*count as usize));
            *count = place;
        } else {
            *count = u32::MAX;
        }
    }
    for (code, position) in selected() {
        let place = counts.get(code).map(|&place| place as usize);
        if let Some(group) = place.and_then(|place| groups.get_mut(place)) {
            group.push(position);
        }
    }
    groups
}

/// The positions with the least lots, at most so many, in no order.
pub(crate) fn least(mut lots: Vec<(u64, u32)>, most: usize) -> impl Iterator<Item = u32> {
    if most > 0 && most < lots.len() {
        lots.select_nth_unstable(most);
    }
    lots.into_iter().take(most).map(|(_, position)| position)
}

/// A row's lot: SplitMix64 (Steele, Lea and Flood, 2014) started at the mixed seed, at its `row`-th step.
pub(crate) fn lot(seed: u64, row: u64) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    mix(mix(seed).wrapping_add(row.wrapping_add(1).wrapping_mul(STEP)))
}

/// SplitMix64's output function.
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
