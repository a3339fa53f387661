use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift_core::frame::budget::{kept_at, kept_by_budget};
use tracesift_core::frame::group::{by_label, by_tool};
use tracesift_core::frame::{Label, Number};
use tracesift_core::measure::Measurements;

use super::{frame, realistic, rows_and_mask};

proptest! {
    #[test]
    fn groups_by_label_are_those_of_brute_force((rows, mask) in rows_and_mask()) {
        let frame = frame(&rows);
        let mut expected: BTreeMap<Option<String>, [[u32; 4]; 2]> = BTreeMap::new();
        for position in 0..frame.len() {
            let value = frame.label(Label::Language).get(position).map(str::to_owned);
            let outcome = frame.outcomes()[position] as usize;
            let counts = expected.entry(value).or_default();
            counts[0][outcome] += 1;
            counts[1][outcome] += u32::from(mask.get(position).copied().unwrap_or(false));
        }
        let groups = by_label(&frame, &mask, Label::Language);
        prop_assert_eq!(groups.len(), expected.len());
        for group in &groups {
            let [all, selected] = expected[&group.value];
            prop_assert_eq!(group.all.by_outcome, all);
            prop_assert_eq!(group.selected.by_outcome, selected);
            prop_assert_eq!(group.all.rows, all.iter().sum::<u32>());
            prop_assert_eq!(group.selected.rows, selected.iter().sum::<u32>());
        }
        let named = groups.iter().filter(|g| g.value.is_some());
        prop_assert!(named.map(|g| g.all.rows).is_sorted_by(|a, b| a >= b));
        prop_assert!(groups.iter().rev().skip(1).all(|g| g.value.is_some()));
    }

    #[test]
    fn groups_by_tool_are_those_of_brute_force((rows, mask) in rows_and_mask()) {
        let frame = frame(&rows);
        // The last row of an index is the one that counts.
        let last: BTreeMap<u64, &Measurements> = rows.iter().map(|row| (row.row, row)).collect();
        let mut expected: BTreeMap<&str, [(u64, u64, u32); 2]> = BTreeMap::new();
        for (row, measurements) in last {
            let on = mask.get(frame.position(row).unwrap()).copied().unwrap_or(false);
            for tool in &measurements.tools {
                let sums = expected.entry(&tool.name).or_default();
                for sum in &mut sums[..=usize::from(on)] {
                    sum.0 += u64::from(tool.calls);
                    sum.1 += u64::from(tool.errors);
                    sum.2 += 1;
                }
            }
        }
        let groups = by_tool(&frame, &mask);
        prop_assert_eq!(groups.len(), expected.len());
        for group in groups {
            let [all, selected] = expected[group.name.as_str()];
            prop_assert_eq!((group.all.calls, group.all.errors, group.all.rows), all);
            prop_assert_eq!((group.selected.calls, group.selected.errors, group.selected.rows), selected);
        }
    }

    #[test]
    fn the_budget_curve_is_that_of_brute_force((rows, mask) in rows_and_mask()) {
        let frame = frame(&rows);
        let tokens = frame.number(Number::Tokens);
        let curve = kept_by_budget(&frame, &mask);
        let known: Vec<usize> = (0..frame.len()).filter(|&p| !tokens[p].is_nan()).collect();
        prop_assert_eq!(curve.is_empty(), known.is_empty());
        prop_assert!(curve.is_sorted_by(|a, b| a.budget < b.budget));
        for kept in &curve {
            let fit: Vec<usize> =
                known.iter().copied().filter(|&p| tokens[p] <= kept.budget as f64).collect();
            let selected: Vec<usize> =
                fit.iter().copied().filter(|&p| mask.get(p).copied().unwrap_or(false)).collect();
            let sum = |rows: &[usize]| rows.iter().map(|&p| tokens[p] as u64).sum::<u64>();
            prop_assert_eq!((kept.all.rows as usize, kept.all.tokens), (fit.len(), sum(&fit)));
            prop_assert_eq!((kept.selected.rows as usize, kept.selected.tokens), (selected.len(), sum(&selected)));
            prop_assert_eq!(*kept, kept_at(&frame, &mask, kept.budget));
        }
        if let Some(last) = curve.last() {
            prop_assert_eq!(last.all.rows as usize, known.len());
        }
    }
}

#[test]
fn budgets_hold_every_power_of_two_between_the_least_and_the_greatest() {
    let rows: Vec<_> = (0..500).map(realistic).collect();
    let budgets: Vec<u64> = kept_by_budget(&frame(&rows), &[])
        .iter()
        .map(|k| k.budget)
        .collect();
    for power in 1..=14 {
        assert!(budgets.contains(&(1 << power)), "{power}");
    }
}
