use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift_core::frame::Frame;
use tracesift_core::frame::facet::Facet;
use tracesift_core::measure::Measurements;
use tracesift_core::recipe::address::parse;
use tracesift_core::recipe::balance::{balanced, sizes as count};
use tracesift_core::recipe::{Balance, Cap, Selection, select};
use tracesift_core::trace::Outcome;

const LANGUAGES: [&str; 4] = ["Python", "Go", "Rust", ""];

fn row(row: u64, language: &'static str) -> Measurements {
    let mut measurements = Measurements {
        row,
        outcome: if row.is_multiple_of(3) {
            Outcome::Failure
        } else {
            Outcome::Success
        },
        ..Measurements::default()
    };
    measurements.labels.language = (!language.is_empty()).then_some(Cow::Borrowed(language));
    measurements
}

/// So many rows of each language, in turns.
fn frame(sizes: [u64; 4]) -> Frame {
    let mut frame = Frame::default();
    let mut at = 0;
    for turn in 0..sizes.into_iter().max().unwrap_or_default() {
        for (language, size) in LANGUAGES.into_iter().zip(sizes) {
            if turn < size {
                frame.push(&row(at, language));
                at += 1;
            }
        }
    }
    frame
}

fn chosen(frame: &Frame, query: &str) -> Selection {
    let (recipe, notices) = parse(query);
    assert_eq!(notices, []);
    select(frame, &recipe.filters, recipe.reading.seed)
}

/// Rows left of each language.
fn left(frame: &Frame, query: &str) -> BTreeMap<String, u32> {
    let selection = chosen(frame, query);
    count(frame, &selection.mask, Facet::Language)
        .into_iter()
        .collect()
}

fn counts(of: &[(&str, u32)]) -> BTreeMap<String, u32> {
    of.iter().map(|&(name, n)| (name.to_owned(), n)).collect()
}

#[test]
fn shares_are_met_with_as_many_rows_as_the_scarcest_allows() {
    let frame = frame([600, 100, 200, 100]);
    // 100 Go are 20 % of 500; the rest, half of them, comes from all others.
    let of = left(&frame, "share=Python:0.3,Go:0.2");
    assert_eq!((of["Python"], of["Go"]), (150, 100));
    assert_eq!(of["Rust"] + of["none"], 250);
    assert_eq!(
        left(&frame, "share=Python:0.5,Go:0.5"),
        counts(&[("Python", 100), ("Go", 100)])
    );
    assert_eq!(
        left(&frame, "share=none:0.25,Rust:0.75"),
        counts(&[("none", 67), ("Rust", 200)])
    );
}

#[test]
fn a_value_that_no_row_has_leaves_its_share_to_the_others() {
    let frame = frame([100, 100, 0, 0]);
    assert_eq!(
        left(&frame, "share=Python:0.4,Go:0.4,Rust:0.2"),
        counts(&[("Python", 100), ("Go", 100)])
    );
    assert_eq!(
        left(&frame, "share=Python:0.25"),
        counts(&[("Python", 33), ("Go", 100)])
    );
    assert_eq!(left(&frame, "share=Python:0"), counts(&[("Go", 100)]));
}

#[test]
fn a_cap_is_a_number_of_rows_or_a_share_of_what_is_left() {
    let frame = frame([600, 100, 50, 20]);
    assert_eq!(
        left(&frame, "cap=80"),
        counts(&[("Python", 80), ("Go", 80), ("Rust", 50), ("none", 20)])
    );
    // 113 of 283 are just under 40 %.
    assert_eq!(
        left(&frame, "cap=0.4"),
        counts(&[("Python", 113), ("Go", 100), ("Rust", 50), ("none", 20)])
    );
    // Of four values none can be below a quarter.
    assert_eq!(
        left(&frame, "cap=0.1"),
        counts(&[("Python", 20), ("Go", 20), ("Rust", 20), ("none", 20)])
    );
    assert_eq!(left(&frame, "balance=language"), left(&frame, "cap=0.1"));
    assert_eq!(chosen(&frame, "balance=outcome").kept.len(), 514);
    assert_eq!(chosen(&frame, "balance=repo&cap=7").kept.len(), 7);
}

#[test]
fn a_cap_comes_before_the_shares() {
    let frame = frame([600, 300, 0, 0]);
    assert_eq!(
        left(&frame, "cap=100&share=Python:0.25"),
        counts(&[("Python", 33), ("Go", 100)])
    );
}

#[test]
fn the_balance_is_a_step_of_the_funnel_after_all_others() {
    let frame = frame([60, 10, 20, 10]);
    let selection = chosen(
        &frame,
        "outcome=success&per-instance=900&balance=language&cap=3",
    );
    let keys: Vec<&str> = selection.steps.iter().map(|step| &*step.key).collect();
    assert_eq!(keys, ["outcome", "per-instance", "balance"]);
    assert_eq!(selection.steps[2].words, "at most 3 rows of one language");
    assert_eq!((selection.steps[1].left, selection.steps[2].left), (66, 12));
    assert_eq!(selection.steps[2].alone, 54);
    let words = |query| chosen(&frame, query).steps[0].words.clone();
    assert_eq!(
        words("share=Python:0.3,Go:0.2"),
        "30\u{a0}% Python, 20\u{a0}% Go by language"
    );
    assert_eq!(
        words("balance=repo&cap=0.1"),
        "no repository above 10\u{a0}% of the rows"
    );
    assert_eq!(words("balance=harness"), "as many rows of every harness");
}

#[test]
fn shares_and_caps_that_mean_nothing_are_said() {
    for (query, why) in [
        ("share=Python", "“Python” is not a share; write value:0.3"),
        (
            "share=Python:1.5",
            "“Python:1.5” is not a share; write value:0.3",
        ),
        (
            "share=Python:NaN",
            "“Python:NaN” is not a share; write value:0.3",
        ),
        (
            "share=!Python:0.1",
            "“Python:0.1” is not a share; write value:0.3",
        ),
        (
            "share=Go:0.6,Python:0.5",
            "the shares add up to more than 1",
        ),
        ("share=Go:0.1,Go:0.2", "“Go” has two shares"),
        (
            "cap=0",
            "“0” is neither a number of rows nor a share below 1",
        ),
        (
            "cap=1.5",
            "“1.5” is neither a number of rows nor a share below 1",
        ),
    ] {
        let (recipe, notices) = parse(query);
        assert_eq!(notices.len(), 1, "{query}");
        assert_eq!(notices[0].why, why);
        assert!(!recipe.filters.balance.is_set());
    }
}

proptest! {
    #[test]
    fn shares_are_right_to_a_row_and_no_more_could_be_kept(
        sizes in prop::array::uniform4(0_u64..60),
        tenths in (0_u32..=5, 0_u32..=5),
        seed in any::<u64>(),
    ) {
        let frame = frame(sizes);
        let shares = vec![
            ("Python".to_owned(), f64::from(tenths.0) / 10.0),
            ("Go".to_owned(), f64::from(tenths.1) / 10.0),
        ];
        let balance = Balance { shares, ..Balance::default() };
        let kept = balanced(&frame, &vec![true; frame.len()], &balance, seed);
        let of: BTreeMap<String, u32> = count(&frame, &kept, Facet::Language).into_iter().collect();
        let of = |name: &str| u64::from(of.get(name).copied().unwrap_or_default());
        let strata = [
            (of("Python"), sizes[0], tenths.0),
            (of("Go"), sizes[1], tenths.1),
            (of("Rust") + of("none"), sizes[2] + sizes[3], 10 - tenths.0 - tenths.1),
        ];
        let there: Vec<_> = strata.iter().filter(|(_, size, tenths)| *size > 0 && *tenths > 0).collect();
        let whole: u32 = there.iter().map(|(_, _, tenths)| tenths).sum();
        let all: u64 = strata.iter().map(|(kept, ..)| kept).sum();
        for &&(kept, _, tenths) in &there {
            let wanted = all as f64 * f64::from(tenths) / f64::from(whole);
            prop_assert!((kept as f64 - wanted).abs() <= 1.5, "{kept} of {all}, wanted {wanted}");
        }
        prop_assert_eq!(all, there.iter().map(|(kept, ..)| kept).sum::<u64>());
        prop_assert!(there.is_empty() || there.iter().any(|(kept, size, _)| kept == size));
    }

    #[test]
    fn no_value_is_above_its_cap_and_one_row_more_would_be(
        sizes in prop::array::uniform4(0_u64..60),
        percent in 1_u32..100,
        seed in any::<u64>(),
    ) {
        let frame = frame(sizes);
        let share = f64::from(percent) / 100.0;
        let balance = Balance { cap: Some(Cap::Share(share)), ..Balance::default() };
        let kept = balanced(&frame, &vec![true; frame.len()], &balance, seed);
        let of: Vec<u64> = count(&frame, &kept, Facet::Language).iter().map(|(_, n)| u64::from(*n)).collect();
        let (all, most) = (of.iter().sum::<u64>(), of.first().copied().unwrap_or_default());
        let least = sizes.iter().copied().filter(|&n| n > 0).min().unwrap_or_default();
        let fits = |most: u64, all: u64| most as f64 <= share * all as f64 + 1e-9;
        prop_assert!(fits(most, all) || most == least, "{most} of {all}");
        let largest = sizes.iter().copied().max().unwrap_or_default();
        if most < largest && fits(most, all) {
            let more = most + 1;
            prop_assert!(!fits(more, sizes.iter().map(|&n| n.min(more)).sum()));
        }
    }

    #[test]
    fn the_seed_decides_and_not_the_order_of_arrival_and_a_wider_cap_keeps_what_was_kept(
        languages in prop::collection::vec(0_usize..4, 0..80),
        order in any::<u64>(),
        cap in 1_u32..12,
        seed in any::<u64>(),
    ) {
        let rows: Vec<Measurements> = languages.iter().zip(0..).map(|(&language, at)| row(at, LANGUAGES[language])).collect();
        let kept = |rows: &[Measurements], cap: u32| -> Vec<u64> {
            let mut frame = Frame::default();
            rows.iter().for_each(|row| frame.push(row));
            let balance = Balance { cap: Some(Cap::Rows(cap)), ..Balance::default() };
            let mask = balanced(&frame, &vec![true; frame.len()], &balance, seed);
            let mut kept: Vec<u64> = frame.rows().iter().zip(mask).filter(|(_, on)| *on).map(|(&row, _)| row).collect();
            kept.sort_unstable();
            kept
        };
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| (row.row ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let few = kept(&rows, cap);
        prop_assert_eq!(&few, &kept(&shuffled, cap));
        let more = kept(&rows, cap + 3);
        prop_assert!(few.iter().all(|row| more.contains(row)));
    }
}
