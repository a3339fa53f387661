use proptest::prelude::*;
use tracesift_core::frame::histogram::{Bins, Scale};

#[test]
fn bins_of_counts_have_round_whole_edges() {
    let values: Vec<f64> = (0..=97).map(f64::from).collect();
    let bins = Bins::choose(&values, Scale::Linear, 10).unwrap();
    assert_eq!(
        bins.edges(),
        [
            0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0
        ]
    );
    assert_eq!(bins.words(0), "0 to 9");
    let few = Bins::choose(&[2.0, 3.0, 5.0], Scale::Linear, 40).unwrap();
    assert_eq!(few.edges(), [2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(few.words(3), "5");
}

#[test]
fn bins_of_shares_end_at_one() {
    let values = [0.0, 0.3, 0.55, 1.0];
    let bins = Bins::choose(&values, Scale::Linear, 10).unwrap();
    assert_eq!(
        bins.edges(),
        [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    );
    assert_eq!(bins.index(0.3), Some(3));
    assert_eq!(bins.index(1.0), Some(9));
    assert_eq!(bins.words(9), "0.9 to 1");
}

#[test]
fn one_outlier_goes_to_an_overflow_bin_that_says_so() {
    let mut values: Vec<f64> = (0..1000).map(|i| f64::from(i % 200)).collect();
    values.push(34_209_809.0);
    let bins = Bins::choose(&values, Scale::Linear, 20).unwrap();
    assert!(bins.len() <= 22, "{} bins", bins.len());
    let last = bins.len() - 1;
    assert!(bins.bin(last).unwrap().overflow);
    assert_eq!(bins.words(last), "200 and more, up to 34,209,809");
    assert_eq!(bins.index(34_209_809.0), Some(last));
    assert_eq!(bins.count(&values, &[]).all[last], 1);
}

#[test]
fn logarithmic_bins_keep_zero_apart_and_have_no_gaps_between_whole_numbers() {
    let values = [0.0, 0.0, 1.0, 3.0, 40.0, 34_209_809.0];
    let bins = Bins::choose(&values, Scale::Log, 24).unwrap();
    assert_eq!(bins.edges()[..6], [0.0, 1.0, 2.0, 3.0, 4.0, 7.0]);
    assert_eq!(bins.words(0), "0");
    assert_eq!(bins.words(1), "1");
    assert_eq!(bins.words(4), "4 to 6");
    assert_eq!(bins.count(&values, &[]).all[0], 2);
    assert!(bins.edges().iter().all(|edge| edge.fract() == 0.0));
}

#[test]
fn a_logarithmic_axis_starts_near_the_least_value() {
    let bins = Bins::choose(&[9_000.0, 130_000.0], Scale::Log, 20).unwrap();
    assert_eq!(bins.edges().first(), Some(&9_000.0));
    assert_eq!(bins.edges().last(), Some(&140_000.0));
}

#[test]
fn nothing_known_has_no_bins() {
    assert_eq!(Bins::choose(&[], Scale::Linear, 10), None);
    assert_eq!(Bins::choose(&[f64::NAN], Scale::Log, 10), None);
}

/// A count, a share or nothing, as measures are.
pub fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => Just(f64::NAN),
        2 => Just(0.0),
        5 => (0_u32..500).prop_map(f64::from),
        2 => (0_u32..50_000_000).prop_map(f64::from),
    ]
}

fn column() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        prop::collection::vec(value(), 0..200),
        prop::collection::vec(0.0..=1.0, 0..200),
        prop::collection::vec(prop::num::f64::ANY, 0..50),
    ]
}

proptest! {
    #[test]
    fn every_value_is_counted_once_in_the_bin_that_holds_it(
        values in column(),
        mask in prop::collection::vec(any::<bool>(), 0..200),
        log in any::<bool>(),
        wanted in 1_usize..60,
    ) {
        let scale = if log { Scale::Log } else { Scale::Linear };
        let Some(bins) = Bins::choose(&values, scale, wanted) else {
            prop_assert!(!values.iter().any(|v| v.abs() < 9e15));
            return Ok(());
        };
        prop_assert!(bins.edges().is_sorted_by(|a, b| a < b), "{:?}", bins.edges());
        prop_assert!(!bins.is_empty());
        let counts = bins.count(&values, &mask);
        let on = |position: usize| mask.get(position).copied().unwrap_or(false);
        let known = values.iter().filter(|v| !v.is_nan()).count();
        prop_assert_eq!(counts.all.iter().sum::<u32>() as usize, known);
        prop_assert_eq!(counts.unknown as usize, values.len() - known);
        for index in 0..bins.len() {
            let here: Vec<usize> =
                (0..values.len()).filter(|&p| bins.index(values[p]) == Some(index)).collect();
            prop_assert_eq!(counts.all[index] as usize, here.len());
            let selected = here.iter().filter(|&&p| on(p)).count();
            prop_assert_eq!(counts.selected[index] as usize, selected);
        }
    }

    #[test]
    fn counts_fall_between_their_bins_edges(values in prop::collection::vec(value(), 1..200), log in any::<bool>()) {
        let scale = if log { Scale::Log } else { Scale::Linear };
        if let Some(bins) = Bins::choose(&values, scale, 30) {
            prop_assert!(bins.len() <= 62, "{} bins", bins.len());
            for &value in values.iter().filter(|v| !v.is_nan()) {
                let bin = bins.bin(bins.index(value).unwrap()).unwrap();
                prop_assert!(bin.low <= value && (value < bin.high || bin.overflow && value <= bin.high));
            }
        }
    }
}
