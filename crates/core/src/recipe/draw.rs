//! The draw of at most k rows of one instance: decided by what is preferred, the seed, the row's index and nothing else.
//! The order in which rows arrived makes no difference, so that a shared link draws the same rows everywhere.

use serde::{Deserialize, Serialize};

use super::signs::{Carried, SignRules};
use crate::frame::{Frame, Label, Number};
use crate::trace::Outcome;

/// Which rows of an instance are kept before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

    /// A row by this preference alone: less is kept before. At most two numbers of 32 bits.
    fn rank(self, carried: &Carried, at: u32) -> u64 {
        let frame = carried.frame();
        // What is not known comes after every number.
        let number = |number: Number| {
            let value = frame.number(number).get(at as usize).copied();
            value.filter(|value| !value.is_nan())
        };
        let last = u64::from(u32::MAX);
        let whole = |value: Option<f64>| value.map_or(last, |value| (value as u64).min(last));
        match self {
            Preference::Success => match frame.outcomes().get(at as usize) {
                Some(Outcome::Success) => 0,
                Some(Outcome::Partial) => 1,
                _ => 2,
            },
            Preference::Shorter => {
                whole(number(Number::Tokens)) << 32 | whole(number(Number::Turns))
            }
            Preference::FewerSigns => {
                let is_measured = frame.is_measured(at as usize);
                let signs = is_measured.then(|| carried.count(at as usize));
                signs.unwrap_or(last)
            }
        }
    }

    /// Bits that a rank has at most.
    fn bits(self) -> u32 {
        match self {
            Preference::Success => 2,
            Preference::Shorter => 64,
            Preference::FewerSigns => 32,
        }
    }
}

/// A row by all preferences, the first before the others: less is kept before.
pub(crate) fn rank(prefer: &[Preference], carried: &Carried, at: u32) -> u128 {
    let ranks = prefer
        .iter()
        .map(|prefer| (prefer.bits(), prefer.rank(carried, at)));
    ranks.fold(0, |all, (bits, rank)| all << bits | u128::from(rank))
}

/// Of the rows that a mask selects, keeps at most `most` of one instance: those that are preferred, and among equals
/// those whose random key is least. Rows whose instance is not known can't be told to share one; each is kept.
pub fn per_instance(
    frame: &Frame,
    mask: &[bool],
    most: u32,
    prefer: &[Preference],
    signs: &SignRules,
    seed: u64,
) -> Vec<bool> {
    let carried = Carried::new(frame, signs);
    let mut kept = mask.to_vec();
    let (mut rows, ends) = crowded(&carried, mask, most, prefer, seed);
    let mut begin = 0;
    for end in ends {
        let Some(rows) = rows.get_mut(begin..end) else {
            break;
        };
        begin = end;
        // Two rows never have the same random key, so that no order of arrival decides.
        rows.sort_unstable();
        for &(_, _, position) in rows.iter().skip(most as usize) {
            if let Some(kept) = kept.get_mut(position as usize) {
                *kept = false;
            }
        }
    }
    kept
}

/// A row's rank, random key and position: less is kept before.
type Ranked = (u128, u64, u32);

/// The selected rows of the instances that have more than `most` of them: all in one list, one instance after the other,
/// and where each instance ends in it.
fn crowded(
    carried: &Carried,
    mask: &[bool],
    most: u32,
    prefer: &[Preference],
    seed: u64,
) -> (Vec<Ranked>, Vec<usize>) {
    let frame = carried.frame();
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
    let mut rows = vec![(0, 0, 0); end];
    for (code, row, position) in selected() {
        if let Some(next) = counts.get_mut(code)
            && let Some(place) = rows.get_mut(*next)
        {
            *place = (
                rank(prefer, carried, position),
                random_key(seed, row),
                position,
            );
            *next += 1;
        }
    }
    (rows, ends)
}

/// The positions with the least random keys, at most so many, in no order.
pub(crate) fn least(mut keys: Vec<(u64, u32)>, most: usize) -> impl Iterator<Item = u32> {
    if most > 0 && most < keys.len() {
        keys.select_nth_unstable(most);
    }
    keys.into_iter().take(most).map(|(_, position)| position)
}

/// A row's random key: SplitMix64 (Steele, Lea and Flood, 2014) started at the mixed seed, at its `row`-th step.
pub(crate) fn random_key(seed: u64, row: u64) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    mix(mix(seed).wrapping_add(row.wrapping_add(1).wrapping_mul(STEP)))
}

/// SplitMix64's output function.
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
