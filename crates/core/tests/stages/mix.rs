//! The audit of a selection against counting by hand: shares before and after, and the rule that moved them.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift_core::frame::Frame;
use tracesift_core::frame::facet::Facet;
use tracesift_core::measure::Measurements;
use tracesift_core::mix::{Fates, Mix, Part};
use tracesift_core::recipe::{Selection, address, select};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;

fn row(row: u64, language: &'static str, outcome: Outcome, tokens: u32) -> Measurements {
    let mut measurements = Measurements {
        row,
        outcome,
        tokens: Some(TokenCounts {
            user: tokens,
            ..TokenCounts::default()
        }),
        ..Measurements::default()
    };
    measurements.labels.language = (!language.is_empty()).then_some(Cow::Borrowed(language));
    measurements
}

fn frame(rows: &[Measurements]) -> Frame {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame
}

fn selection(frame: &Frame, query: &str) -> Selection {
    let (recipe, notices) = address::parse(query);
    assert_eq!(notices, []);
    select(frame, &recipe.filters, recipe.reading.seed)
}

/// 8 Rust rows of which most are long, 92 Python rows of which few are; half of all succeed.
fn rust_and_python() -> Frame {
    let rows: Vec<Measurements> = (0..100)
        .map(|at| {
            let is_rust = at < 8;
            let is_long = if is_rust { at >= 2 } else { at % 10 == 0 };
            let outcome = [Outcome::Success, Outcome::Failure][usize::try_from(at).unwrap() % 2];
            let tokens = if is_long { 50_000 } else { 1_000 };
            row(at, if is_rust { "Rust" } else { "Python" }, outcome, tokens)
        })
        .collect();
    frame(&rows)
}

#[test]
fn the_rule_that_moved_a_share_is_named_and_not_the_one_that_took_most_rows() {
    let frame = rust_and_python();
    // The outcome takes half of the rows, of both languages alike.
    let selection = selection(&frame, "outcome=success&tokens=..32768");
    let mix = Mix::of(&frame, Facet::Language, &Fates::of(&selection));
    assert_eq!(
        (mix.source, mix.selected),
        (100, u32::try_from(selection.kept.len()).unwrap())
    );
    let rust = mix.parts.iter().find(|part| part.name == "Rust").unwrap();
    assert_eq!((rust.source, rust.selected), (8, 1));
    assert_eq!(
        rust.words(Facet::Language),
        "Rust fell from 8\u{a0}% to 3\u{a0}%, mainly due to “tokens at most 32,768”"
    );
    // Of 4 that succeed, 3 are too long.
    assert_eq!(rust.cause.as_ref().unwrap().lost, 3);
    let words = mix.words(5);
    assert_eq!(words.len(), 2);
    assert!(
        words
            .iter()
            .any(|words| words.starts_with("Python rose from 92\u{a0}% to "))
    );
}

#[test]
fn nothing_is_said_where_nothing_moved_or_nothing_is_left() {
    let frame = rust_and_python();
    let all = Mix::of(&frame, Facet::Language, &Fates::of(&selection(&frame, "")));
    assert!(all.words(9).is_empty());
    assert!(
        all.parts
            .iter()
            .all(|part| part.shift() == 0.0 && part.cause.is_none())
    );
    let none = selection(&frame, "turns=1000..");
    assert!(
        Mix::of(&frame, Facet::Language, &Fates::of(&none))
            .words(9)
            .is_empty()
    );
}

#[test]
fn a_shift_of_less_than_two_hundredths_is_not_said() {
    let frame = rust_and_python();
    let chosen = selection(&frame, "tokens=..32768");
    let mut mix = Mix::of(&frame, Facet::Language, &Fates::of(&chosen));
    // Both languages move by six hundredths.
    assert_eq!(mix.words(9).len(), 2);
    let part = &mut mix.parts[0];
    part.after = part.before + 0.019;
    assert_eq!(mix.words(9).len(), 1);
}

#[test]
fn a_limit_is_audited_among_the_rows_that_are_selected() {
    let frame = rust_and_python();
    let chosen = selection(&frame, "language=Rust,Python&outcome=success");
    let fates = Fates::of_limit(&frame, &chosen.mask, 32_768, "the limit".to_owned());
    let mix = Mix::of(&frame, Facet::Language, &fates);
    // 1 of 4 Rust rows and 37 of 46 Python rows.
    assert_eq!((mix.source, mix.selected), (50, 38));
    let mix = Mix::of(&frame, Facet::Outcome, &fates);
    assert_eq!(mix.parts.len(), 1);
}

#[test]
fn rows_without_a_label_are_a_part_of_their_own() {
    let rows = [
        row(0, "", Outcome::Success, 1),
        row(1, "Go", Outcome::Failure, 1),
    ];
    let frame = frame(&rows);
    let mix = Mix::of(
        &frame,
        Facet::Language,
        &Fates::of(&selection(&frame, "language=Go")),
    );
    let none = mix.parts.iter().find(|part| part.name == "none").unwrap();
    assert_eq!((none.before, none.after), (0.5, 0.0));
    assert_eq!(
        none.words(Facet::Language),
        "No language fell from 50\u{a0}% to 0\u{a0}%, mainly due to “language is Go”"
    );
}

proptest! {
    #[test]
    fn parts_are_those_counted_by_hand_and_turns_add_up_to_the_shift(
        rows in prop::collection::vec((0_usize..4, 0_usize..4, 0_u32..6, 0_u32..6), 1..120),
        low in 0_u32..6, high in 0_u32..6,
    ) {
        let rows: Vec<Measurements> = rows.into_iter().zip(0..).map(|((language, outcome, tokens, turns), at)| Measurements {
            turns,
            ..row(at, ["", "Go", "Rust", "Python"][language], Outcome::ALL[outcome], tokens)
        }).collect();
        let frame = frame(&rows);
        let selection = selection(&frame, &format!("outcome=success,failure&tokens=..{high}&turns={low}.."));
        let mix = Mix::of(&frame, Facet::Language, &Fates::of(&selection));
        prop_assert_eq!(mix.selected as usize, selection.kept.len());
        let mut by_hand: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            let name = row.labels.language.as_deref().unwrap_or("none").to_owned();
            let counts = by_hand.entry(name).or_default();
            counts.0 += 1;
            counts.1 += u32::from(selection.mask[at]);
        }
        let ours: BTreeMap<String, (u32, u32)> =
            mix.parts.iter().map(|part| (part.name.clone(), (part.source, part.selected))).collect();
        prop_assert_eq!(&ours, &by_hand);
        let sum = |of: fn(&Part) -> f64| mix.parts.iter().map(of).sum::<f64>();
        prop_assert!((sum(|part| part.before) - 1.0).abs() < 1e-9);
        prop_assert!((sum(|part| part.after) - f64::from(u8::from(mix.selected > 0))).abs() < 1e-9);
        for part in &mix.parts {
            if let Some(cause) = &part.cause {
                // It goes with the shift, and no other rule would do more of it than all three can.
                prop_assert!(cause.shift * part.shift() > 0.0 && cause.shift.abs() * 3.0 >= part.shift().abs() - 1e-9);
                prop_assert!(selection.steps.iter().any(|step| step.words == cause.rule));
            } else {
                prop_assert!(part.shift().abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_row_that_is_lost_names_the_rules_it_fails_and_one_alone_is_listed(
        rows in prop::collection::vec((0_usize..4, 0_u32..6, 0_u32..6), 0..80),
    ) {
        let rows: Vec<Measurements> = rows.into_iter().zip(0..).map(|((outcome, tokens, turns), at)| Measurements {
            turns,
            ..row(at, "Go", Outcome::ALL[outcome], tokens)
        }).collect();
        let frame = frame(&rows);
        let selection = selection(&frame, "outcome=success&tokens=..3&turns=2..");
        for (at, row) in rows.iter().enumerate() {
            let fails = [row.outcome != Outcome::Success, row.tokens.unwrap().user > 3, row.turns < 2];
            let expected: Vec<&str> = ["outcome", "tokens", "turns"].into_iter().zip(fails)
                .filter_map(|(key, fails)| fails.then_some(key)).collect();
            let ours: Vec<&str> = selection.failed_by(at).iter().map(|step| &*step.key).collect();
            prop_assert_eq!(ours, expected);
        }
        for (at, step) in selection.steps.iter().enumerate() {
            let alone = selection.removed_alone(&frame, at);
            prop_assert_eq!(alone.len(), step.alone);
            for position in alone {
                prop_assert_eq!(selection.failed_by(position as usize), vec![step]);
            }
        }
    }
}
