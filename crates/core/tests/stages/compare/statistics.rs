use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use tracesift_core::compare::delta::delta;
use tracesift_core::compare::rates::difference;
use tracesift_core::frame::quantile::sorted_quantile;
use tracesift_testing::python;

#[derive(Serialize)]
struct Asked {
    samples: Vec<(Vec<f64>, Vec<f64>)>,
    rates: Vec<(u32, u32, u32, u32)>,
}

#[derive(Deserialize)]
struct Answers {
    samples: Vec<SampleAnswer>,
    rates: Vec<RateAnswer>,
}

#[derive(Deserialize)]
struct SampleAnswer {
    u: f64,
    delta: f64,
    low: f64,
    high: f64,
    quartiles: [f64; 3],
}

#[derive(Deserialize)]
struct RateAnswer {
    low: f64,
    high: f64,
}

fn ask(asked: &Asked) -> Answers {
    let folder = tempfile::tempdir_in(python::kept()).unwrap();
    let file = folder.path().join("asked.json");
    fs::write(&file, serde_json::to_string(asked).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages/compare/statistics.py");
    python::tell(&script, &[file])
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// Samples with few and many ties, apart and overlapping, small and large.
fn samples() -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut random = Pcg32::seed_from_u64(7);
    let mut draw = |n: usize, most: u32, plus: f64| -> Vec<f64> {
        (0..n)
            .map(|_| f64::from(random.next_u32() % most) + plus)
            .collect()
    };
    let mut samples = Vec::new();
    for (n, m) in [(2, 2), (10, 11), (30, 300), (200, 150)] {
        for (most, plus) in [
            (2, 0.0),
            (10, 3.0),
            (1000, -250.0),
            (1_000_000, 0.5),
            (50, 1000.0),
            (50, -1000.0),
        ] {
            samples.push((sorted(draw(n, most, plus)), sorted(draw(m, most, 0.0))));
        }
    }
    samples.push((vec![4.0; 12], vec![4.0; 15]));
    samples
}

fn close(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0)
}

#[test]
fn sizes_and_intervals_are_those_of_scipy_numpy_and_statsmodels() {
    let rates = vec![
        (0, 10, 10, 10),
        (5, 10, 5, 10),
        (56, 70, 48, 80),
        (9, 10, 3, 10),
        (1, 900, 3, 1000),
        (400, 1000, 300, 1000),
    ];
    let asked = Asked {
        samples: samples(),
        rates,
    };
    let answers = ask(&asked);
    assert_eq!(
        (answers.samples.len(), answers.rates.len()),
        (asked.samples.len(), asked.rates.len())
    );
    for ((first, second), answer) in asked.samples.iter().zip(&answers.samples) {
        let ours = delta(first, second).unwrap();
        let pairs = [
            (ours.u, answer.u),
            (ours.delta, answer.delta),
            (ours.low, answer.low),
            (ours.high, answer.high),
        ];
        assert!(
            pairs.iter().all(|&(ours, theirs)| close(ours, theirs)),
            "{pairs:?} of {first:?} and {second:?}"
        );
        let quartiles = [0.25, 0.5, 0.75].map(|q| sorted_quantile(first, q));
        assert!(
            quartiles
                .iter()
                .zip(answer.quartiles)
                .all(|(&ours, theirs)| close(ours, theirs))
        );
    }
    for (&(yes, n, other, m), answer) in asked.rates.iter().zip(&answers.rates) {
        let ours = difference((yes, n), (other, m)).unwrap();
        assert!(
            close(ours.low, answer.low) && close(ours.high, answer.high),
            "{ours:?} of {yes} {n} {other} {m}"
        );
    }
}

#[test]
fn the_interval_holds_the_true_size_about_19_times_of_20() {
    // Whole numbers below 20 and the same plus 4: of 400 pairs, those above less those below are known.
    let population: Vec<f64> = (0..20).map(f64::from).collect();
    let above: Vec<f64> = population.iter().map(|value| value + 4.0).collect();
    let pairs = above.iter().flat_map(|a| {
        population
            .iter()
            .map(move |b| (a - b).signum() * f64::from(u8::from(a != b)))
    });
    let truth = pairs.sum::<f64>() / 400.0;
    let mut random = Pcg32::seed_from_u64(11);
    let mut draw = |from: &[f64]| {
        sorted(
            (0..40)
                .map(|_| from[random.next_u32() as usize % 20])
                .collect(),
        )
    };
    let held = (0..2000).filter(|_| {
        let (first, second) = (draw(&above), draw(&population));
        let ours = delta(&first, &second).unwrap();
        ours.low <= truth && truth <= ours.high
    });
    // 1900 of 2000, with a standard deviation of 10.
    let held = held.count();
    assert!((1840..1960).contains(&held), "{held} of 2000");
}

#[test]
fn fewer_than_two_values_have_no_size() {
    assert_eq!(delta(&[1.0], &[1.0, 2.0]), None);
    assert_eq!(delta(&[], &[]), None);
    assert_eq!(difference((0, 0), (1, 2)), None);
}

proptest! {
    #[test]
    fn of_yes_and_no_the_delta_is_the_difference_of_the_shares(
        first in prop::collection::vec(any::<bool>(), 2..60),
        second in prop::collection::vec(any::<bool>(), 2..60),
    ) {
        let numbers = |of: &[bool]| sorted(of.iter().map(|&yes| f64::from(u8::from(yes))).collect());
        let ours = delta(&numbers(&first), &numbers(&second)).unwrap();
        let yes = |of: &[bool]| u32::try_from(of.iter().filter(|&&yes| yes).count()).unwrap();
        let n = |of: &[bool]| u32::try_from(of.len()).unwrap();
        let shares = difference((yes(&first), n(&first)), (yes(&second), n(&second))).unwrap();
        prop_assert!((ours.delta - shares.difference).abs() < 1e-12);
        prop_assert!(ours.low <= ours.delta && ours.delta <= ours.high);
        prop_assert!(shares.low <= shares.difference && shares.difference <= shares.high);
    }

    #[test]
    fn two_groups_changed_over_have_the_same_size_the_other_way(
        first in prop::collection::vec(0_u32..30, 2..60),
        second in prop::collection::vec(0_u32..30, 2..60),
    ) {
        let numbers = |of: &[u32]| sorted(of.iter().map(|&n| f64::from(n)).collect());
        let (first, second) = (numbers(&first), numbers(&second));
        let (there, back) = (delta(&first, &second).unwrap(), delta(&second, &first).unwrap());
        prop_assert!((there.delta + back.delta).abs() < 1e-12);
        prop_assert!((there.low + back.high).abs() < 1e-9 && (there.high + back.low).abs() < 1e-9);
        prop_assert!(there.low <= there.delta && there.delta <= there.high);
    }
}
