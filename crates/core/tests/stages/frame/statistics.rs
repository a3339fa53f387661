use proptest::prelude::*;
use serde::Deserialize;
use tracesift_core::frame::group::{rate, tally};
use tracesift_core::frame::quantile::{Summary, quantile};

use super::bins::value;
use super::{frame, realistic};

#[derive(Deserialize)]
struct Fixture {
    columns: Vec<ColumnAnswer>,
    rates: Vec<RateAnswer>,
}

#[derive(Deserialize)]
struct ColumnAnswer {
    values: Vec<Option<f64>>,
    n: usize,
    known: usize,
    mean: f64,
    min: f64,
    p25: f64,
    median: f64,
    p75: f64,
    p90: f64,
    p99: f64,
    max: f64,
}

#[derive(Deserialize)]
struct RateAnswer {
    successes: u32,
    known: u32,
    low: f64,
    high: f64,
}

/// What pandas and statsmodels answer; `fixtures/statistics.py` asked them.
fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../fixtures/statistics.json")).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1.0)
}

#[test]
fn summaries_are_those_of_pandas() {
    for answer in fixture().columns {
        let values = || answer.values.iter().map(|v| v.unwrap_or(f64::NAN));
        let ours = Summary::of(values());
        assert_eq!((ours.n, ours.known), (answer.n, answer.known));
        let pairs = [
            (ours.mean, answer.mean),
            (ours.min, answer.min),
            (ours.p25, answer.p25),
            (ours.median, answer.median),
            (ours.p75, answer.p75),
            (ours.p90, answer.p90),
            (ours.p99, answer.p99),
            (ours.max, answer.max),
        ];
        for (ours, pandas) in pairs {
            assert!(
                close(ours, pandas),
                "{ours} and pandas {pandas}: {:?}",
                answer.values
            );
        }
        let column: Vec<f64> = values().collect();
        assert!(close(quantile(&column, 0.9).unwrap(), answer.p90));
    }
}

#[test]
fn a_column_without_known_values_has_no_summary() {
    let summary = Summary::of([f64::NAN, f64::NAN]);
    assert_eq!((summary.n, summary.known), (2, 0));
    assert!(summary.mean.is_nan() && summary.min.is_nan() && summary.max.is_nan());
    assert_eq!(quantile(&[f64::NAN], 0.5), None);
    assert_eq!(quantile(&[], 0.5), None);
}

#[test]
fn intervals_are_those_of_statsmodels() {
    for answer in fixture().rates {
        let ours = rate(answer.successes, answer.known).unwrap();
        assert!(
            close(ours.low, answer.low) && close(ours.high, answer.high),
            "{ours:?}"
        );
        assert!(close(
            ours.share,
            f64::from(answer.successes) / f64::from(answer.known)
        ));
    }
    assert_eq!(rate(0, 0), None);
}

#[test]
fn a_rate_leaves_the_unknown_out_and_counts_partial_as_no_success() {
    let rows: Vec<_> = (0..8).map(realistic).collect();
    let (all, _) = tally(&frame(&rows), &[]);
    let rate = all.rate().unwrap();
    assert_eq!((rate.successes, rate.known), (2, 6));
}

proptest! {
    #[test]
    fn quantiles_by_selection_are_those_by_sorting(values in prop::collection::vec(value(), 0..100), q in 0.0..=1.0) {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let expected = sorted.len().checked_sub(1).map(|last| {
            let rank: f64 = q * last as f64;
            let (low, high) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
            low + (high - low) * rank.fract()
        });
        prop_assert_eq!(quantile(&values, q), expected);
    }
}
