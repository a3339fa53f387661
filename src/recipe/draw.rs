//! The draw of at most k rows of one instance: decided by the seed, the row's index and nothing else.
//! The order in which rows arrived has no part in it, so that a shared link draws the same rows everywhere.

use crate::frame::{Frame, Label, TextColumn, order};

/// Of the rows that a mask selects, keeps at most `most` of one instance: those whose lot is least. Rows whose
/// instance is not known can't be told to share one; each is kept.
pub fn per_instance(frame: &Frame, mask: &[bool], most: u32, seed: u64) -> Vec<bool> {
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
        order::sort(&mut rows, &|a, b| lot_of(a).cmp(&lot_of(b)));
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
