//! Which rows are paired.

use std::borrow::Cow;

use proptest::prelude::*;
use tracesift_core::frame::Frame;
use tracesift_core::measure::Measurements;
use tracesift_core::recipe::pairs::{Pair, PairStyle, pairs};
use tracesift_core::recipe::signs::SignRules;
use tracesift_core::recipe::{PairRule, Pairing, Preference};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;

fn row(
    row: u64,
    task: Option<u32>,
    harness: &'static str,
    outcome: Outcome,
    turns: u32,
) -> Measurements {
    let mut measurements = Measurements {
        row,
        outcome,
        turns,
        ..Measurements::default()
    };
    measurements.labels.instance_id = task.map(|task| Cow::Owned(format!("task-{task}")));
    measurements.labels.harness = Some(Cow::Borrowed(harness));
    measurements
}

fn frame(rows: &[Measurements]) -> Frame {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame
}

/// Chosen and rejected rows.
fn paired(rows: &[Measurements], rule: &(PairRule, Vec<Preference>)) -> Vec<(u64, u64)> {
    let frame = frame(rows);
    let mask = vec![true; frame.len()];
    let (rule, prefer) = rule;
    indices(&pairs(
        &frame,
        &mask,
        *rule,
        prefer,
        &SignRules::default(),
        1,
    ))
}

fn indices(pairs: &[Pair]) -> Vec<(u64, u64)> {
    let pairs = pairs.iter().map(|pair| (pair.chosen, pair.rejected));
    pairs.collect()
}

fn rule(pairing: Pairing, most: u32, prefer: &[Preference]) -> (PairRule, Vec<Preference>) {
    let style = PairStyle::Any;
    (
        PairRule {
            pairing,
            most,
            style,
        },
        prefer.to_vec(),
    )
}

#[test]
fn a_success_is_paired_with_a_failure_of_the_same_task_and_harness() {
    use Outcome::{Failure, Partial, Success, Unknown};
    let rows = [
        row(0, Some(0), "a", Success, 9),
        row(1, Some(0), "a", Success, 5),
        row(2, Some(0), "a", Failure, 7),
        row(3, Some(0), "b", Failure, 3),
        row(4, Some(1), "a", Success, 1),
        row(5, Some(1), "a", Unknown, 1),
        row(6, Some(1), "a", Partial, 1),
        row(7, None, "a", Success, 1),
        row(8, None, "a", Failure, 1),
    ];
    assert_eq!(
        paired(&rows, &rule(Pairing::Verdict, 9, &[Preference::Shorter])),
        [(1, 2)]
    );
    // What is not known has no part in a verdict, but success is still better than it.
    assert_eq!(paired(&rows, &rule(Pairing::Best, 9, &[])).len(), 2);
    assert!(
        paired(&rows, &rule(Pairing::Best, 9, &[]))
            .iter()
            .any(|pair| pair.0 == 4)
    );
}

#[test]
fn runs_of_one_style_are_paired_where_that_is_wanted() {
    let thinking = |at: u64, outcome, reasoning: u32| {
        let tokens = TokenCounts {
            reasoning,
            ..TokenCounts::default()
        };
        Measurements {
            tokens: Some(tokens),
            ..row(at, Some(1), "a", outcome, 1)
        }
    };
    let rows = [
        thinking(0, Outcome::Success, 50),
        thinking(1, Outcome::Failure, 0),
        thinking(2, Outcome::Success, 0),
        thinking(3, Outcome::Failure, 9),
        thinking(4, Outcome::Failure, 0),
    ];
    let (mut rule, prefer) = rule(Pairing::Verdict, 9, &[]);
    rule.style = PairStyle::Same;
    let found = paired(&rows, &(rule, prefer.clone()));
    assert_eq!(found.len(), 2);
    assert!(found.contains(&(0, 3)));
    assert!(
        found
            .iter()
            .any(|pair| pair.0 == 2 && [1, 4].contains(&pair.1))
    );
    // Of rows that differ there is none.
    assert_eq!(paired(&rows[..2], &(rule, prefer.clone())), []);
    rule.style = PairStyle::Any;
    assert_eq!(paired(&rows[..2], &(rule, prefer)), [(0, 1)]);
}

#[test]
fn the_best_is_paired_with_the_worst_and_equals_are_no_pair() {
    let rows: Vec<Measurements> = [4, 1, 3, 2, 2]
        .into_iter()
        .zip(0..)
        .map(|(turns, at)| row(at, Some(0), "a", Outcome::Unknown, turns))
        .collect();
    let shorter = |most| rule(Pairing::Best, most, &[Preference::Shorter]);
    let all = paired(&rows, &shorter(9));
    assert!(all.contains(&(1, 0)), "{all:?}");
    assert!(all.contains(&(3, 2)) || all.contains(&(4, 2)), "{all:?}");
    assert_eq!(all.len(), 2);
    assert_eq!(paired(&rows, &shorter(1)), [(1, 0)]);
    assert_eq!(
        paired(&rows, &rule(Pairing::Best, 9, &[Preference::Success])),
        []
    );
}

proptest! {
    #[test]
    fn pairs_are_of_one_task_disjoint_and_the_same_in_any_order_of_arrival(
        rows in prop::collection::vec((prop::option::of(0_u32..4), 0_usize..2, 0_usize..4, 0_u32..5, any::<bool>()), 0..50),
        is_best in any::<bool>(),
        most in 1_u32..4,
        order in any::<u64>(),
        seed in any::<u64>(),
    ) {
        let pairing = if is_best { Pairing::Best } else { Pairing::Verdict };
        let rule = PairRule { pairing, most, style: PairStyle::Any };
        let prefer = [Preference::Success, Preference::Shorter];
        let measured: Vec<Measurements> = rows.iter().zip(0..).map(|(&(task, harness, outcome, turns, _), at)| {
            row(at, task, ["a", "b"][harness], Outcome::ALL[outcome], turns)
        }).collect();
        let found = |measured: &[Measurements]| {
            let frame = frame(measured);
            let mask: Vec<bool> = frame.rows().iter().map(|&row| rows[usize::try_from(row).unwrap()].4).collect();
            indices(&pairs(&frame, &mask, rule, &prefer, &SignRules::default(), seed))
        };
        let pairs = found(&measured);
        let mut shuffled = measured.clone();
        shuffled.sort_by_key(|row| (row.row ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        prop_assert_eq!(&pairs, &found(&shuffled));
        let mut used: Vec<u64> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(used.len(), 2 * pairs.len());
        for &(chosen, rejected) in &pairs {
            let of = |row: u64| &rows[usize::try_from(row).unwrap()];
            let (chosen, rejected) = (of(chosen), of(rejected));
            prop_assert!(chosen.4 && rejected.4 && chosen.0.is_some());
            prop_assert_eq!((chosen.0, chosen.1), (rejected.0, rejected.1));
            if !is_best {
                prop_assert_eq!((Outcome::ALL[chosen.2], Outcome::ALL[rejected.2]), (Outcome::Success, Outcome::Failure));
            }
        }
        // As many as there can be of verdicts.
        if !is_best {
            let mut expected = 0;
            for task in 0..4 {
                for harness in 0..2 {
                    let of = |outcome| rows.iter().filter(|row| row.4 && row.0 == Some(task) && row.1 == harness && Outcome::ALL[row.2] == outcome).count();
                    expected += of(Outcome::Success).min(of(Outcome::Failure)).min(most as usize);
                }
            }
            prop_assert_eq!(pairs.len(), expected);
        }
    }
}
