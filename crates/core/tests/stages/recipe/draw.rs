use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift_core::frame::{Frame, Label};
use tracesift_core::measure::Measurements;
use tracesift_core::recipe::address::parse;
use tracesift_core::recipe::difficulty::difficulties;
use tracesift_core::recipe::draw::per_instance;
use tracesift_core::recipe::signs::SignRules;
use tracesift_core::recipe::{Difficulty, Preference, select};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;
use tracesift_core::trace::{Repair, Repairs};

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
    let kept = per_instance(&frame, &mask, most, &[], &SignRules::default(), seed);
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

/// A row of instance 0 with an outcome, tokens, turns and failed calls.
/// A run with more signs the more went wrong: bad arguments from 2 on, an orphan from 3 on, a guess from 4 on.
fn run(index: u64, outcome: Outcome, tokens: Option<u32>, turns: u32, wrong: u32) -> Measurements {
    let mut repairs = Repairs::default();
    repairs.add(Repair::RoleUnknown, u32::from(wrong >= 4));
    Measurements {
        outcome,
        turns,
        bad_arguments: u32::from(wrong >= 2),
        orphans: u32::from(wrong >= 3),
        repairs,
        tokens: tokens.map(|user| TokenCounts {
            user,
            ..TokenCounts::default()
        }),
        ..row(index, Some(0))
    }
}

fn preferred(rows: &[Measurements], most: u32, prefer: &[Preference]) -> Vec<u64> {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    let kept = per_instance(
        &frame,
        &vec![true; frame.len()],
        most,
        prefer,
        &SignRules::default(),
        1,
    );
    (0..frame.len())
        .filter(|&p| kept[p])
        .map(|p| frame.rows()[p])
        .collect()
}

#[test]
fn what_is_preferred_is_kept_before_the_seed_decides() {
    use Outcome::{Failure, Partial, Success, Unknown};
    use Preference::{FewerSigns, Shorter};
    let rows = [
        run(0, Failure, Some(10), 1, 0),
        run(1, Success, Some(900), 9, 3),
        run(2, Unknown, None, 2, 2),
        run(3, Partial, Some(500), 5, 4),
        run(4, Success, Some(300), 3, 5),
        run(5, Failure, None, 1, 9),
    ];
    let of = |most, prefer: &[Preference]| preferred(&rows, most, prefer);
    assert_eq!(of(2, &[Preference::Success]), [1, 4]);
    assert_eq!(of(3, &[Preference::Success]), [1, 3, 4]);
    assert_eq!(of(1, &[Preference::Success, Shorter]), [4]);
    assert_eq!(of(1, &[Preference::Success, FewerSigns]), [1]);
    // Fewest tokens first; where they are not counted, after all others, fewest turns first.
    assert_eq!(of(2, &[Shorter]), [0, 4]);
    assert_eq!(of(5, &[Shorter]), [0, 1, 3, 4, 5]);
    assert_eq!(of(3, &[FewerSigns]), [0, 1, 2]);
}

proptest! {
    #[test]
    fn no_row_that_is_left_out_is_preferred_to_one_that_is_kept(
        runs in prop::collection::vec((0_usize..4, prop::option::of(0_u32..5), 0_u32..4, 0_u32..4), 0..40),
        most in 1_u32..6,
        prefer in prop::sample::subsequence(Preference::ALL.to_vec(), 0..=3).prop_shuffle(),
    ) {
        let rows: Vec<Measurements> = runs.iter().zip(0..).map(|(&(outcome, tokens, turns, errors), at)| {
            run(at, Outcome::ALL[outcome], tokens, turns, errors)
        }).collect();
        let kept = preferred(&rows, most, &prefer);
        prop_assert_eq!(kept.len(), rows.len().min(most as usize));
        // Each preference as a number of its own: less is better.
        let rank = |row: &Measurements| -> Vec<u64> {
            prefer.iter().flat_map(|prefer| match prefer {
                Preference::Success => vec![match row.outcome { Outcome::Success => 0, Outcome::Partial => 1, _ => 2 }],
                Preference::Shorter => vec![row.tokens.map_or(u64::MAX, |t| t.total()), u64::from(row.turns)],
                Preference::FewerSigns => vec![u64::from(row.bad_arguments + row.orphans)],
            }).collect()
        };
        let (inside, outside): (Vec<_>, Vec<_>) = rows.iter().partition(|row| kept.contains(&row.row));
        for left_out in outside {
            prop_assert!(inside.iter().all(|kept| rank(kept) <= rank(left_out)));
        }
    }

    #[test]
    fn an_instance_is_as_hard_as_its_verdicts_say(
        runs in prop::collection::vec((0_usize..4, prop::option::of(0_u32..6)), 0..60),
    ) {
        let rows: Vec<Measurements> = runs.iter().zip(0..).map(|(&(outcome, instance), at)| Measurements {
            outcome: Outcome::ALL[outcome],
            ..row(at, instance)
        }).collect();
        let mut frame = Frame::default();
        rows.iter().for_each(|row| frame.push(row));
        let found = difficulties(&frame);
        for (at, &(_, instance)) in runs.iter().enumerate() {
            let verdicts: Vec<bool> = runs.iter()
                .filter(|(outcome, other)| *other == instance && instance.is_some() && Outcome::ALL[*outcome] != Outcome::Unknown)
                .map(|(outcome, _)| Outcome::ALL[*outcome] == Outcome::Success)
                .collect();
            let expected = match (verdicts.contains(&true), verdicts.contains(&false)) {
                (true, true) => Difficulty::Sometimes,
                (true, false) => Difficulty::Always,
                (false, true) => Difficulty::Never,
                (false, false) => Difficulty::Unknown,
            };
            prop_assert_eq!(found[at], expected);
        }
        // As a rule of the funnel.
        for difficulty in Difficulty::ALL {
            let (recipe, _) = parse(&format!("difficulty={}", difficulty.name()));
            let selection = select(&frame, &recipe.filters, 1);
            let expected: Vec<bool> = found.iter().map(|&of| of == difficulty).collect();
            prop_assert_eq!(selection.mask, expected);
        }
    }

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
        let kept = per_instance(&frame, &mask, most, &[], &SignRules::default(), 3);
        let column = frame.label(Label::InstanceId);
        for code in 0..u32::try_from(column.values.len()).unwrap() {
            let of = |mask: &[bool]| (0..rows.len()).filter(|&p| mask[p] && column.codes[p] == code).count();
            prop_assert_eq!(of(&kept), of(&mask).min(most as usize));
        }
    }
}
