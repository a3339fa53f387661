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
use tracesift::frame::Frame;
use tracesift::frame::facet::Facet;
use tracesift::frame::limit::{Amount, kept_by_part, lengths, saved};
use tracesift::measure::Measurements;
use tracesift::pack::{Packer, pack};
use tracesift::recipe::address::{parse, print};
use tracesift::tokens::TokenCounts;

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

proptest! {
    #[test]
    fn packing_is_that_of_the_book(
        lengths in prop::collection::vec(0_u64..120, 0..200),
        limit in 1_u64..100,
        step in 1_usize..50,
    ) {
        let packing = pack(lengths.clone(), limit);
        let fitting: Vec<u64> = lengths.iter().copied().filter(|&length| length <= limit).collect();
        prop_assert_eq!(packing.sequences, by_the_book(&fitting, limit));
        prop_assert_eq!((packing.rows, packing.tokens), (fitting.len() as u64, fitting.iter().sum()));
        prop_assert_eq!(packing.rows + packing.longer, lengths.len() as u64);
        prop_assert!((0.0..=1.0).contains(&packing.waste()));
        // In steps it is the same.
        let mut packer = Packer::new(lengths, limit);
        let in_steps = (0..).find_map(|_| packer.go_on(step));
        prop_assert_eq!(in_steps, Some(packing));
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
        let (all, parts) = kept_by_part(&frame, &mask, Facet::Language, &limits);
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
        prop_assert_eq!(all.whole, by_hand(None, u64::MAX));
        prop_assert_eq!(all.kept.len(), limits.len());
        for (kept, &limit) in all.kept.iter().zip(&limits) {
            prop_assert_eq!(*kept, by_hand(None, limit));
        }
        for part in &parts {
            prop_assert_eq!(part.whole, by_hand(Some(&part.name), u64::MAX));
            for (kept, &limit) in part.kept.iter().zip(&limits) {
                prop_assert_eq!(*kept, by_hand(Some(&part.name), limit));
            }
        }
        prop_assert_eq!(parts.iter().map(|part| part.whole.rows).sum::<u32>(), all.whole.rows);
        prop_assert_eq!(lengths(&frame, &mask).iter().sum::<u64>(), all.whole.tokens);
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
