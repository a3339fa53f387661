use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift::frame::{Frame, Label};
use tracesift::measure::Measurements;
use tracesift::recipe::draw::per_instance;

fn row(row: u64, instance: Option<u32>) -> Measurements {
    let mut measurements = Measurements {
        row,
        ..Measurements::default()
    };
    measurements.labels.instance_id = instance.map(|i| Cow::Owned(format!("task-{i}")));
    measurements
}

/// The row indices that are drawn from rows that arrive in this order.
fn drawn(rows: &[(u64, Option<u32>)], most: u32, seed: u64) -> Vec<u64> {
    let mut frame = Frame::default();
    rows.iter()
        .for_each(|&(index, instance)| frame.push(&row(index, instance)));
    let mask = vec![true; frame.len()];
    let kept = per_instance(&frame, &mask, most, seed);
    let mut indices: Vec<u64> = (0..frame.len())
        .filter(|&p| kept[p])
        .map(|p| frame.rows()[p])
        .collect();
    indices.sort_unstable();
    indices
}

#[test]
fn the_seed_decides_which_rows_are_drawn() {
    let rows: Vec<_> = (0..100).map(|i| (i, Some(0))).collect();
    let first = drawn(&rows, 10, 1);
    assert_eq!(first, drawn(&rows, 10, 1));
    assert_ne!(first, drawn(&rows, 10, 2));
    assert_eq!(first.len(), 10);
}

#[test]
fn each_row_of_an_instance_is_drawn_about_as_often() {
    let rows: Vec<_> = (0..4).map(|i| (i, Some(0))).collect();
    let mut times = [0; 4];
    for seed in 0..4000 {
        times[usize::try_from(drawn(&rows, 1, seed)[0]).unwrap()] += 1;
    }
    // 1000 each, with a standard deviation of 27.
    assert!(times.iter().all(|&n| (850..1150).contains(&n)), "{times:?}");
}

#[test]
fn the_draw_stays_the_same_from_version_to_version() {
    // A link that was shared must draw the same rows tomorrow.
    let rows: Vec<_> = (0..30).map(|i| (i, Some(0))).collect();
    // The five least of SplitMix64's first 30 numbers from the mixed seed, as a few lines of Python give them.
    assert_eq!(drawn(&rows, 5, 1), [14, 16, 20, 24, 29]);
}

#[test]
fn rows_whose_instance_is_not_known_are_all_kept() {
    let rows: Vec<_> = (0..9).map(|i| (i, (i % 3 != 0).then_some(0))).collect();
    let kept = drawn(&rows, 1, 1);
    assert_eq!(kept.len(), 4);
    assert!([0, 3, 6].iter().all(|row| kept.contains(row)));
}

proptest! {
    #[test]
    fn at_most_k_rows_of_each_instance_are_kept_whatever_came_first(
        rows in prop::collection::btree_map(0_u64..500, prop::option::of(0_u32..8), 0..80),
        order in any::<u64>(),
        most in 1_u32..5,
        seed in any::<u64>(),
    ) {
        let rows: Vec<(u64, Option<u32>)> = rows.into_iter().collect();
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|(row, _)| (row ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let kept = drawn(&rows, most, seed);
        prop_assert_eq!(&kept, &drawn(&shuffled, most, seed));
        let instances: BTreeMap<u64, Option<u32>> = rows.iter().copied().collect();
        for instance in 0..8 {
            let all = rows.iter().filter(|(_, i)| *i == Some(instance)).count();
            let left = kept.iter().filter(|row| instances[row] == Some(instance)).count();
            prop_assert_eq!(left, all.min(most as usize));
        }
    }

    #[test]
    fn rows_that_are_not_selected_take_no_place(
        rows in prop::collection::vec((0_u32..4, any::<bool>()), 0..60),
        most in 1_u32..4,
    ) {
        let mut frame = Frame::default();
        rows.iter().zip(0..).for_each(|(&(instance, _), index)| frame.push(&row(index, Some(instance))));
        let mask: Vec<bool> = rows.iter().map(|&(_, on)| on).collect();
        let kept = per_instance(&frame, &mask, most, 3);
        let column = frame.label(Label::InstanceId);
        for code in 0..u32::try_from(column.values.len()).unwrap() {
            let of = |mask: &[bool]| (0..rows.len()).filter(|&p| mask[p] && column.codes[p] == code).count();
            prop_assert_eq!(of(&kept), of(&mask).min(most as usize));
        }
    }
}
