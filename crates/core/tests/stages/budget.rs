//! Token limits against adding up by hand, packing against brute force, costs against the sums that they are.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::borrow::Cow;

use proptest::prelude::*;
use tracesift_core::frame::Frame;
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::limit::{Amount, Curves, PartKept, lengths, observed, saved};
use tracesift_core::measure::Measurements;
use tracesift_core::pack::pack;
use tracesift_core::recipe::address::{parse, print};
use tracesift_core::recipe::limits::{Measure, limits};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;

fn row(row: u64, language: &'static str, tokens: Option<(u32, u32, u32, u32)>) -> Measurements {
    let mut measurements = Measurements {
        row,
        tokens: tokens.map(|(observations, assistant, reasoning, calls)| TokenCounts {
            observations,
            assistant,
            reasoning,
            calls,
            ..TokenCounts::default()
        }),
        ..Measurements::default()
    };
    measurements.labels.language = (!language.is_empty()).then_some(Cow::Borrowed(language));
    measurements
}

/// The fewest sequences that hold all rows, by trying every way.
fn fewest(lengths: &[u64], limit: u64) -> u64 {
    fn go(rest: &[u64], rooms: &mut Vec<u64>, limit: u64, best: &mut u64) {
        let Some((&length, rest)) = rest.split_first() else {
            *best = (*best).min(rooms.len() as u64);
            return;
        };
        for at in 0..rooms.len() {
            if rooms[at] >= length {
                rooms[at] -= length;
                go(rest, rooms, limit, best);
                rooms[at] += length;
            }
        }
        rooms.push(limit - length);
        go(rest, rooms, limit, best);
        rooms.pop();
    }
    let mut best = u64::MAX;
    go(lengths, &mut Vec::new(), limit, &mut best);
    best
}

/// Best fit, longest first, as it is written in books: every sequence is looked at for every row.
fn by_the_book(lengths: &[u64], limit: u64) -> u64 {
    let mut lengths = lengths.to_vec();
    lengths.sort_by(|a, b| b.cmp(a));
    let mut rooms: Vec<u64> = Vec::new();
    for length in lengths {
        let fits = rooms.iter_mut().filter(|room| **room >= length);
        match fits.min_by_key(|room| **room) {
            Some(room) => *room -= length,
            None => rooms.push(limit - length),
        }
    }
    rooms.len() as u64
}

#[test]
fn a_row_that_fills_a_sequence_wastes_nothing_and_a_longer_one_is_left_out() {
    let packing = pack(vec![6, 4, 10, 11, 3, 7], 10);
    assert_eq!(
        (
            packing.sequences,
            packing.rows,
            packing.tokens,
            packing.longer
        ),
        (3, 5, 30, 1)
    );
    assert_eq!(packing.waste(), 0.0);
    assert!((packing.waste_unpacked() - 0.4).abs() < 1e-12);
    let none = pack(vec![], 10);
    assert_eq!((none.sequences, none.waste()), (0, 0.0));
    assert_eq!(pack(vec![5], 0).longer, 1);
}

#[test]
fn a_cost_is_tokens_times_rounds_times_price_and_by_speed() {
    let (recipe, notices) = parse("epochs=3&price=0.5&speed=2000");
    assert_eq!(notices, []);
    assert_eq!(recipe.cost.tokens(2_000_000), 6e6);
    assert_eq!(recipe.cost.money(2_000_000), Some(3.0));
    assert_eq!(recipe.cost.seconds(2_000_000), Some(3000.0));
    assert_eq!(print(&recipe), "epochs=3&price=0.5&speed=2000");
    assert_eq!(print(&recipe.bare()), "");
    assert_eq!(parse("").0.cost.money(1), None);
    for query in [
        "price=-1",
        "price=NaN",
        "price=0",
        "speed=inf",
        "epochs=0",
        "speed=x",
    ] {
        assert_eq!(parse(query).1.len(), 1, "{query}");
    }
}

/// A frame of rows in Go, each with so many tokens.
fn framed(lengths: &[Option<u32>]) -> Frame {
    let mut frame = Frame::default();
    for (length, at) in lengths.iter().zip(0..) {
        frame.push(&row(at, "Go", length.map(|length| (length, 0, 0, 0))));
    }
    frame
}

fn rows_at(curves: &Curves, part: &PartKept, limit: u64) -> Option<u32> {
    curves.at(part, limit).map(|kept| kept.rows)
}

#[test]
fn a_curve_of_one_row_of_equal_rows_and_of_none() {
    let one = framed(&[Some(9_000)]);
    let curves = Curves::of(&one, &[true], &[8_192, 16_384], &[], 0);
    assert_eq!(curves.limits, [8_192, 8_999, 9_000, 16_384]);
    let kept: Vec<u32> = curves.all.kept.iter().map(|kept| kept.rows).collect();
    assert_eq!(kept, [0, 0, 1, 1]);
    let equal = framed(&[Some(5); 40]);
    let curves = Curves::of(&equal, &[true; 40], &[], &[Facet::Outcome], 5);
    assert_eq!(curves.limits, [4, 5]);
    let parts = curves.parts(Facet::Outcome);
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].name, Outcome::Unknown.name());
    assert_eq!(rows_at(&curves, &parts[0], 4), Some(0));
    assert_eq!(rows_at(&curves, &parts[0], 5), Some(40));
    assert_eq!(curves.parts(Facet::Language), []);
    // No row, none selected, none known: the marks are there and keep nothing.
    let unknown = framed(&[None, None]);
    for (frame, mask, unknown) in [
        (&Frame::default(), &[][..], 0),
        (&one, &[false], 0),
        (&one, &[], 0),
        (&unknown, &[true, true], 2),
    ] {
        let curves = Curves::of(frame, mask, &[8_192], &[Facet::Language], 5);
        assert_eq!(curves.limits, [8_192]);
        assert_eq!(curves.all.kept, [Amount::default()]);
        assert_eq!(
            (curves.all.whole, curves.unknown),
            (Amount::default(), unknown)
        );
        assert_eq!(curves.parts(Facet::Language), []);
    }
}

#[test]
fn a_share_of_nothing_is_none() {
    let part = |tokens, trainable| PartKept {
        whole: Amount {
            rows: 2,
            tokens,
            trainable,
        },
        ..PartKept::default()
    };
    let kept = Amount {
        rows: 1,
        tokens: 30,
        trainable: 0,
    };
    assert_eq!(Measure::Rows.share(kept, &part(0, 0)), Some(0.5));
    assert_eq!(Measure::Tokens.share(kept, &part(40, 0)), Some(0.75));
    assert_eq!(Measure::Trainable.share(kept, &part(40, 0)), None);
}

#[test]
fn limits_that_are_worth_a_look_are_there_once_with_who_takes_them() {
    for budget in [1, 512, 3_000, 32_768, u64::MAX] {
        let limits = limits(budget);
        assert!(limits.is_sorted_by(|a, b| a.tokens < b.tokens));
        let marked: Vec<u64> = limits
            .iter()
            .filter(|limit| limit.is_budget)
            .map(|limit| limit.tokens)
            .collect();
        assert_eq!(marked, [budget]);
        let windows: Vec<&str> = limits.iter().filter_map(|limit| limit.window).collect();
        assert_eq!(windows, ["8k", "16k", "32k", "64k", "128k", "256k", "1M"]);
        let trl = limits.iter().find(|limit| limit.trainers.contains(&"TRL"));
        let trl = trl.unwrap();
        assert_eq!(trl.tokens, 1_024);
        assert!(trl.default_words().ends_with("by default"));
        let mut trainers: Vec<&str> = limits.iter().flat_map(|l| l.trainers.clone()).collect();
        let all = trainers.len();
        trainers.sort_unstable();
        trainers.dedup();
        assert_eq!(trainers.len(), all);
    }
}

proptest! {
    #[test]
    fn packing_is_that_of_the_book(
        lengths in prop::collection::vec(0_u64..120, 0..200),
        limit in 1_u64..100,
    ) {
        let packing = pack(lengths.clone(), limit);
        let fitting: Vec<u64> = lengths.iter().copied().filter(|&length| length <= limit).collect();
        prop_assert_eq!(packing.sequences, by_the_book(&fitting, limit));
        prop_assert_eq!((packing.rows, packing.tokens), (fitting.len() as u64, fitting.iter().sum()));
        prop_assert_eq!(packing.rows + packing.longer, lengths.len() as u64);
        prop_assert!((0.0..=1.0).contains(&packing.waste()));
    }

    #[test]
    fn packing_is_near_the_fewest_sequences_possible(lengths in prop::collection::vec(1_u64..=20, 1..9)) {
        let fewest = fewest(&lengths, 20);
        let ours = pack(lengths, 20).sequences;
        prop_assert!(ours >= fewest && ours as f64 <= 11.0 / 9.0 * fewest as f64 + 2.0 / 3.0, "{ours} and {fewest}");
    }

    #[test]
    fn what_limits_keep_is_added_up_by_hand(
        rows in prop::collection::vec((0_usize..3, prop::option::of((0_u32..9, 0_u32..9, 0_u32..9, 0_u32..9)), any::<bool>()), 0..80),
        limits in prop::collection::btree_set(0_u64..40, 0..5),
    ) {
        let measured: Vec<Measurements> = rows.iter().zip(0..).map(|(&(language, tokens, _), at)| row(at, ["Go", "Rust", ""][language], tokens)).collect();
        let mut frame = Frame::default();
        measured.iter().for_each(|row| frame.push(row));
        let mask: Vec<bool> = rows.iter().map(|row| row.2).collect();
        let limits: Vec<u64> = limits.into_iter().collect();
        let curves = Curves::of(&frame, &mask, &limits, &[Facet::Language], usize::MAX);
        let parts = curves.parts(Facet::Language);
        let by_hand = |name: Option<&str>, limit: u64| {
            let mut sum = Amount::default();
            for (row, &is_on) in measured.iter().zip(&mask) {
                let is_of = name.is_none_or(|name| row.labels.language.as_deref().unwrap_or("none") == name);
                if let Some(tokens) = row.tokens.filter(|tokens| is_on && is_of && tokens.total() <= limit) {
                    sum.rows += 1;
                    sum.tokens += tokens.total();
                    sum.trainable += tokens.trainable();
                }
            }
            sum
        };
        // Exact at each of its limits, and the marks are among them.
        let all = &curves.all;
        prop_assert!(curves.limits.is_sorted_by(|a, b| a < b));
        for &limit in &limits {
            prop_assert_eq!(curves.at(all, limit), Some(by_hand(None, limit)));
        }
        let lines = parts.iter().map(|part| (Some(part.name.as_str()), part));
        for (name, part) in lines.chain([(None, all)]) {
            prop_assert_eq!(part.whole, by_hand(name, u64::MAX));
            prop_assert_eq!(part.kept.len(), curves.limits.len());
            for (kept, &limit) in part.kept.iter().zip(&curves.limits) {
                prop_assert_eq!(*kept, by_hand(name, limit));
            }
        }
        // Of fewer parts the largest.
        let two = Curves::of(&frame, &mask, &limits, &[Facet::Language], 2);
        prop_assert_eq!(&two.all, all);
        prop_assert_eq!(two.parts(Facet::Language), &parts[..parts.len().min(2)]);
        prop_assert!(parts.is_sorted_by(|a, b| a.whole.rows >= b.whole.rows));
        let lengths = lengths(&frame, &mask);
        let selected = mask.iter().filter(|on| **on).count();
        prop_assert_eq!(selected, lengths.len() + curves.unknown as usize);
        // It goes from nothing to all: from below the shortest row to the longest.
        if let (Some(least), Some(most)) = (lengths.iter().min(), lengths.iter().max()) {
            prop_assert!(*least == 0 || curves.at(all, least - 1).is_some_and(|kept| kept.rows == 0));
            prop_assert_eq!(curves.at(all, *most), Some(all.whole));
        }
        prop_assert_eq!(parts.iter().map(|part| part.whole.rows).sum::<u32>(), all.whole.rows);
        prop_assert_eq!(lengths.iter().sum::<u64>(), all.whole.tokens);
        let observed_by_hand = rows.iter().filter(|row| row.2).filter_map(|row| Some(u64::from(row.1?.0)));
        prop_assert_eq!(observed(&frame, &mask), observed_by_hand.sum::<u64>());
    }

    #[test]
    fn a_curve_is_as_close_as_its_steps_say(lengths in prop::collection::vec(1_u32..3_000_000, 1..200)) {
        let mut frame = Frame::default();
        for (&length, at) in lengths.iter().zip(0..) {
            frame.push(&row(at, "Go", Some((length, 0, 0, 0))));
        }
        let curves = Curves::of(&frame, &vec![true; frame.len()], &[], &[], 0);
        prop_assert!(curves.limits.len() <= 100);
        let (least, most) = (*lengths.iter().min().unwrap(), *lengths.iter().max().unwrap());
        let ratio = (f64::from(most) / f64::from(least)).powf(1.0 / 96.0);
        // Beside the step below the least row, which is one token before it.
        for pair in curves.limits.windows(2).skip(1) {
            // Both are rounded to whole tokens.
            prop_assert!(pair[1] as f64 <= pair[0] as f64 * ratio + 0.5 + 0.5 * ratio, "{pair:?} by {ratio}");
        }
    }

    #[test]
    fn what_shortening_saves_is_added_up_over_the_selected_rows(
        rows in prop::collection::vec((prop::array::uniform6(0_u32..9), any::<bool>()), 0..40),
    ) {
        let mut frame = Frame::default();
        for (&(beyond, _), at) in rows.iter().zip(0..) {
            let mut row = row(at, "Go", Some((1, 1, 1, 1)));
            row.tokens.as_mut().unwrap().beyond = beyond;
            frame.push(&row);
        }
        let mask: Vec<bool> = rows.iter().map(|row| row.1).collect();
        for (at, (_, tokens, changed)) in saved(&frame, &mask).into_iter().enumerate() {
            let of = || rows.iter().filter(|row| row.1).map(|row| row.0[at]);
            prop_assert_eq!(tokens, of().map(u64::from).sum::<u64>());
            prop_assert_eq!(changed as usize, of().filter(|&n| n > 0).count());
        }
    }
}
