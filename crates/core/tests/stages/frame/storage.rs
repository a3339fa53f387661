use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift_core::frame::{Frame, Label, Number};
use tracesift_core::measure::{DeclaredPatches, Measurements, ToolUse};
use tracesift_core::sign::{Sign, Signs};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;

use super::{frame, realistic, row};

#[test]
fn a_row_takes_less_than_a_kilobyte_at_any_length() {
    let mut frame = Frame::default();
    for row in 0..20_000 {
        frame.push(&realistic(row));
        if row >= 500 && row % 97 == 0 {
            let len = frame.len();
            assert!(
                frame.bytes() <= len * 1024,
                "{} bytes for {len} rows",
                frame.bytes()
            );
        }
    }
    println!("{} bytes per row", frame.bytes() / frame.len());
    assert!(
        frame.bytes() > 20_000 * 300,
        "{} bytes can't hold the numbers",
        frame.bytes()
    );
}

#[test]
fn a_frame_that_expects_its_rows_holds_the_same_without_growing() {
    let fill = |frame: &mut Frame, rows: std::ops::Range<u64>| {
        for row in rows {
            frame.push(&realistic(row));
        }
    };
    let (mut told, mut untold) = (Frame::default(), Frame::default());
    fill(&mut told, 0..10);
    fill(&mut untold, 0..10);
    told.expect(10_000);
    fill(&mut told, 10..200);
    let soon = told.bytes();
    fill(&mut told, 200..10_000);
    fill(&mut untold, 10..10_000);
    for number in Number::ALL {
        let bits = |frame: &Frame| -> Vec<u64> {
            frame.number(number).iter().map(|n| n.to_bits()).collect()
        };
        assert_eq!(bits(&told), bits(&untold), "{number:?}");
    }
    for label in Label::ALL {
        assert_eq!(told.label(label).values, untold.label(label).values);
        assert_eq!(told.label(label).codes, untold.label(label).codes);
    }
    assert_eq!(told.outcomes(), untold.outcomes());
    // The columns of numbers are whole from the beginning; texts, tools and signatures still come.
    assert!(soon * 3 > told.bytes(), "{soon} of {}", told.bytes());
    assert!(told.bytes() <= untold.bytes() + untold.bytes() / 10);
}

#[test]
fn a_row_that_was_only_surveyed_takes_no_room_for_what_its_texts_tell() {
    let bytes = |is_survey: bool| {
        let mut frame = Frame::default();
        for row in 0..5_000 {
            let mut row = realistic(row);
            if is_survey {
                row.signs = Default::default();
            }
            frame.push(&row);
        }
        frame.bytes()
    };
    let (whole, surveyed) = (bytes(false), bytes(true));
    // A signature of 64 bytes, and two hashes.
    assert!(
        whole - surveyed >= 5_000 * (64 + 16),
        "{whole} against {surveyed}"
    );
}

#[test]
fn columns_of_which_nothing_is_known_take_no_room_and_read_as_unknown() {
    let surveyed = |row: u64| Measurements {
        declared: Some(DeclaredPatches::default()),
        patch: None,
        tokens: None,
        signs: Signs::default(),
        ..realistic(row)
    };
    let mut frame = frame(&(0..5_000).map(surveyed).collect::<Vec<_>>());
    let before = frame.bytes();
    println!("{} bytes a surveyed row", before / frame.len());
    // Four numbers are known, and two columns of NaN stand for the 64 others.
    assert!(before < 5_000 * 500, "{before} bytes");
    for number in Number::ALL {
        assert_eq!(frame.number(number).len(), 5_000, "{number:?}");
    }
    assert!(!frame.knows_number(Number::Errors));
    assert!(
        frame
            .sign(Sign::ErrorRate)
            .iter()
            .all(|number| number.is_nan())
    );
    frame.push(&Measurements {
        errors: 3,
        ..realistic(4_000)
    });
    assert!(frame.knows_number(Number::Errors) && !frame.knows_number(Number::OverlapLines));
    let known = frame.number(Number::Errors).iter().enumerate();
    let known: Vec<_> = known.filter(|(_, number)| !number.is_nan()).collect();
    assert_eq!(known, [(4_000, &3.0)]);
    assert!(frame.bytes() > before + 20 * 5_000 * 8);
}

#[test]
fn a_measured_row_among_many_surveyed_ones_makes_no_column_until_one_is_read() {
    let surveyed = |row: u64| Measurements {
        declared: Some(DeclaredPatches::default()),
        patch: None,
        tokens: None,
        signs: Signs::default(),
        ..realistic(row)
    };
    let rows = 20_000;
    let mut frame = frame(&(0..rows).map(surveyed).collect::<Vec<_>>());
    let mut whole = Frame::default();
    let before = frame.bytes();
    // From everywhere, some of them twice, and in between rows that the survey did not have.
    let measured: Vec<Measurements> = (0..rows + 2_000)
        .map(|at| at * 7_919 % rows + at % 5 * 1_000)
        .map(|row| Measurements {
            errors: row as u32 % 9,
            tokens: realistic(row).tokens.filter(|_| row % 3 > 0),
            ..realistic(row)
        })
        .collect();
    frame.push(&measured[0]);
    assert!(frame.knows_number(Number::Errors) && frame.knows(Sign::Repaired));
    assert!(frame.bytes() < before + 20_000, "{} bytes", frame.bytes());
    let is_same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
    for (at, row) in measured.iter().enumerate() {
        frame.push(row);
        whole.push(row);
        // One column is read early, the others late or never.
        let early = frame.number(Number::Errors);
        if at % 1_000 == 0 {
            assert_eq!(early.len(), frame.len());
            let known = early.iter().filter(|number| !number.is_nan()).count();
            assert_eq!(known, whole.len());
        }
    }
    assert!(frame.len() > rows as usize && frame.measured() == whole.len());
    for (at, &row) in whole.rows().iter().enumerate() {
        let here = frame.position(row).unwrap();
        for number in Number::ALL {
            let (one, other) = (frame.number_at(here, number), whole.number_at(at, number));
            assert!(is_same(one, other), "{number:?} of {row}: {one}, {other}");
        }
        for sign in Sign::ALL {
            let (one, other) = (frame.sign_at(here, sign), whole.sign_at(at, sign));
            assert!(is_same(one.into(), other.into()), "{sign:?} of {row}");
        }
    }
    // As a whole and one by one columns tell the same.
    for number in Number::ALL {
        let column = frame.number(number);
        assert_eq!(column.len(), frame.len());
        for (at, value) in column.iter().enumerate() {
            assert!(
                is_same(*value, frame.number_at(at, number)),
                "{number:?} {at}"
            );
        }
    }
    assert!(frame.number_at(frame.len(), Number::Errors).is_nan());
}

#[test]
fn what_is_beyond_a_limit_is_kept_of_its_row_alone() {
    let beyond = |row: u64, more: u32| {
        let mut row = realistic(row);
        row.tokens = row.tokens.map(|tokens| TokenCounts {
            beyond: [more, 0, 0, 0, 0, 0],
            ..tokens
        });
        row
    };
    let first = |frame: &Frame| -> Vec<u32> { frame.beyond().iter().map(|b| b[0]).collect() };
    let mut frame = frame(&[beyond(0, 0), beyond(1, 0)]);
    assert_eq!(first(&frame), [0; 0]);
    frame.push(&beyond(2, 7));
    frame.push(&beyond(3, 0));
    assert_eq!(first(&frame), [0, 0, 7]);
    frame.push(&beyond(1, 5));
    frame.push(&beyond(2, 0));
    assert_eq!(first(&frame), [0, 5, 0]);
}

#[test]
fn a_row_of_hostile_labels_stays_small() {
    let mut row = realistic(1);
    let long = "ä".repeat(1_000_000);
    row.labels.repo = Some(Cow::Owned(long.clone()));
    row.tools = (0..100_000)
        .map(|tool| ToolUse {
            name: format!("{tool}{long:.500}"),
            calls: 1,
            errors: 0,
        })
        .collect();
    let frame = frame(&[row]);
    assert!(frame.bytes() < 200_000, "{} bytes", frame.bytes());
    let kept = frame.label(Label::Repo).get(0).unwrap();
    assert!(kept.ends_with("ä…") && kept.len() <= 203);
    assert_eq!(frame.number(Number::DistinctTools)[0], 100_000.0);
}

#[test]
fn a_row_that_comes_again_takes_its_old_place() {
    let mut frame = frame(&(0..50).map(realistic).collect::<Vec<_>>());
    let mut again = realistic(20);
    again.messages = 7777;
    again.outcome = Outcome::Partial;
    again.labels.language = None;
    again.labels.repo = Some(Cow::Borrowed("new/one"));
    again.tools = (0..12)
        .map(|tool| ToolUse {
            name: format!("new{tool}"),
            calls: 2,
            errors: 1,
        })
        .collect();
    frame.push(&again);
    assert_eq!(frame.len(), 50);
    assert_eq!(frame.position(20), Some(20));
    assert_eq!(frame.number(Number::Messages)[20], 7777.0);
    assert_eq!(frame.outcomes()[20], Outcome::Partial);
    assert_eq!(frame.label(Label::Language).get(20), None);
    assert_eq!(frame.label(Label::Repo).get(20), Some("new/one"));
    assert_eq!(frame.tools(20).len(), 12);
    assert_eq!(frame.tools(19).len(), 8);
    assert_eq!(frame.tools(21).len(), 8);
}

#[test]
fn recounting_every_row_does_not_grow_the_frame() {
    let rows: Vec<_> = (0..1000).map(realistic).collect();
    let mut frame = frame(&rows);
    let before = frame.bytes();
    rows.iter().for_each(|row| frame.push(row));
    assert_eq!(frame.bytes(), before);
}

#[test]
fn order_is_by_row_whatever_came_first() {
    let mut frame = Frame::default();
    for row in [7, 3, 900, 0, 4] {
        frame.push(&realistic(row));
        assert_eq!(frame.order().len(), frame.len());
    }
    let rows: Vec<u64> = frame
        .order()
        .iter()
        .map(|&p| frame.rows()[p as usize])
        .collect();
    assert_eq!(rows, [0, 3, 4, 7, 900]);
    assert_eq!(frame.position(900), Some(2));
    assert_eq!(frame.position(1), None);
}
proptest! {
    #[test]
    fn the_frame_keeps_the_last_of_each_row(rows in prop::collection::vec(row(), 0..150)) {
        let frame = frame(&rows);
        let last: BTreeMap<u64, &Measurements> = rows.iter().map(|row| (row.row, row)).collect();
        prop_assert_eq!(frame.len(), last.len());
        let order: Vec<u64> = frame.order().iter().map(|&p| frame.rows()[p as usize]).collect();
        prop_assert!(order.iter().eq(last.keys()));
        for (row, measurements) in last {
            let position = frame.position(row).unwrap();
            prop_assert_eq!(frame.label(Label::Language).get(position), measurements.labels.language.as_deref());
            let tools: Vec<(&str, u32, u32)> = frame
                .tools(position)
                .iter()
                .map(|&(code, calls, errors)| (frame.tool_names()[code as usize].as_str(), calls, errors))
                .collect();
            let expected: Vec<(&str, u32, u32)> =
                measurements.tools.iter().map(|t| (t.name.as_str(), t.calls, t.errors)).collect();
            prop_assert_eq!(tools, expected);
            let is_same = |kept: f64, of: f64| kept == of || (kept.is_nan() && of.is_nan());
            for number in Number::ALL {
                let kept = frame.number(number)[position];
                prop_assert!(is_same(kept, number.of(measurements)), "{:?}", number);
            }
            for sign in Sign::ALL {
                let (kept, of) = (frame.sign(sign)[position], sign.of(measurements));
                prop_assert!(is_same(f64::from(kept), f64::from(of)), "{:?}", sign);
            }
        }
    }
}
