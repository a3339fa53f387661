//! The draw of at most k rows of one instance: decided by what is preferred, the seed, the row's index and nothing else.
//! The order in which rows arrived has no part in it, so that a shared link draws the same rows everywhere.

use std::cmp::Ordering;

use crate::frame::{Frame, Label, Number};
use crate::trace::Outcome;

/// Which rows of an instance are kept before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preference {
    /// Those that succeed, then those that succeed in part.
    Success,
    /// Those of fewer tokens; where tokens are not counted, of fewer turns, and after those whose tokens are.
    Shorter,
    /// Those with fewer calls that failed or had bad arguments; those of which that is not known last.
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
            Preference::FewerSigns => "runs with fewer failed calls",
        }
    }

    /// Compares two rows: less is kept before.
    pub(crate) fn compare(self, frame: &Frame, a: u32, b: u32) -> Ordering {
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
                let signs = |at| number(Number::Errors, at) + number(Number::BadArguments, at);
                signs(a).total_cmp(&signs(b))
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
    seed: u64,
) -> Vec<bool> {
    let mut kept = mask.to_vec();
    let (mut rows, ends) = crowded(frame, mask, most, seed);
    let mut begin = 0;
    for end in ends {
        let Some(rows) = rows.get_mut(begin..end) else {
            break;
        };
        begin = end;
        // Two rows never have the same lot, so that no order of arrival decides.
        rows.sort_unstable_by(|&(lot_a, a), &(lot_b, b)| {
            let mut compared = prefer.iter().map(|prefer| prefer.compare(frame, a, b));
            let preferred = compared.find(|compared| compared.is_ne());
            preferred.unwrap_or_else(|| lot_a.cmp(&lot_b))
        });
        for &(_, position) in rows.iter().skip(most as usize) {
            if let Some(kept) = kept.get_mut(position as usize) {
                *kept = false;
            }
        }
    }
    kept
}

/// The selected rows of the instances that have more than `most` of them, with their lots: all in one list, one instance
/// after the other, and where each instance ends in it.
fn crowded(frame: &Frame, mask: &[bool], most: u32, seed: u64) -> (Vec<(u64, u32)>, Vec<usize>) {
    let column = frame.label(Label::InstanceId);
    let selected = || {
        let rows = column.codes.iter().zip(frame.rows()).zip(mask).zip(0_u32..);
        rows.filter(|((_, on), _)| **on)
            .map(|(((&code, &row), _), position)| (code as usize, row, position))
    };
    let mut counts = vec![0_usize; column.values.len()];
    for (code, ..) in selected() {
        if let Some(count) = counts.get_mut(code) {
            *count += 1;
        }
    }
    // From here on, a count is the place of its instance's next row in the list.
    let mut ends = Vec::new();
    let mut end = 0;
    for count in &mut counts {
        let of = std::mem::replace(count, usize::MAX);
        if of > most as usize {
            *count = end;
            end += of;
            ends.push(end);
        }
    }
    let mut rows = vec![(0, 0); end];
    for (code, row, position) in selected() {
        if let Some(next) = counts.get_mut(code)
            && let Some(place) = rows.get_mut(*next)
        {
            *place = (lot(seed, row), position);
            *next += 1;
        }
    }
    (rows, ends)
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
