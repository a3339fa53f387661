use std::collections::BTreeSet;

use tracesift_core::frame::order::Direction;
use tracesift_core::frame::{Column, Frame, Label, Number};
use tracesift_core::measure::{Measurements, Overlap, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::sign::{Sign, Thresholds};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::{Outcome, Repair};

use super::frame;

#[test]
fn every_column_stands_at_its_own_place_with_a_name_of_its_own() {
    let numbers: BTreeSet<_> = Number::ALL.iter().map(|n| n.name()).collect();
    let labels: BTreeSet<_> = Label::ALL.iter().map(|l| l.name()).collect();
    let flags: BTreeSet<_> = Sign::ALL.iter().map(|s| s.name()).collect();
    assert_eq!(numbers.len(), Number::COUNT);
    assert_eq!(labels.len(), Label::COUNT);
    assert_eq!(flags.len(), Sign::COUNT);
    assert!(
        Number::ALL
            .iter()
            .enumerate()
            .all(|(i, &n)| n as usize == i)
    );
    assert!(Label::ALL.iter().enumerate().all(|(i, &l)| l as usize == i));
    assert!(Sign::ALL.iter().enumerate().all(|(i, &f)| f as usize == i));
}

#[test]
fn the_names_of_numbers_are_those_of_the_table_in_its_order() {
    let table = "messages turns calls errors first_error nonzero_exits unanswered orphans bad_arguments distinct_tools \
                 patch_files patch_added patch_deleted patch_modified patch_hunks patch_test_files reference_files \
                 reference_added reference_deleted overlap_files overlap_lines tokens tokens_system tokens_user \
                 tokens_assistant tokens_reasoning tokens_calls tokens_observations tokens_tools tokens_template bytes repairs";
    let only_here = [
        Number::PatchComplexity,
        Number::PatchDeepestIndent,
        Number::PatchControlKeywords,
        Number::DeclaredLines,
    ];
    let names: Vec<&str> = Number::ALL
        .into_iter()
        .filter(|number| !only_here.contains(number))
        .map(Number::name)
        .collect();
    assert_eq!(names, table.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn each_number_reads_its_own_measure() {
    let row = Measurements {
        messages: 1,
        turns: 2,
        calls: 3,
        errors: 4,
        first_error: Some(44),
        nonzero_exits: 5,
        unanswered: 6,
        orphans: 7,
        bad_arguments: 8,
        tools: vec![
            ToolUse {
                name: "bash".into(),
                calls: 1,
                errors: 0
            };
            9
        ],
        patch: Some(PatchCounts {
            files: 10,
            added: 11,
            deleted: 12,
            modified: 13,
            hunks: 14,
            test_files: 15,
            deepest_indent: 17,
            control_keywords: 18,
            ..PatchCounts::default()
        }),
        reference: Some(PatchCounts {
            files: 19,
            added: 20,
            deleted: 21,
            ..PatchCounts::default()
        }),
        overlap: Some(Overlap {
            files: 0.22,
            lines: 0.23,
        }),
        tokens: Some(TokenCounts {
            system: 25,
            user: 26,
            assistant: 27,
            reasoning: 28,
            calls: 29,
            observations: 30,
            tools: 31,
            template: Some(-1),
            ..TokenCounts::default()
        }),
        bytes: 32,
        repairs: {
            let mut repairs = tracesift_core::trace::Repairs::default();
            repairs.add(Repair::CallFromXml, 33);
            repairs
        },
        ..Measurements::default()
    };
    let read: Vec<f64> = Number::ALL.iter().map(|number| number.of(&row)).collect();
    let expected = [
        1.0, 2.0, 3.0, 4.0, 44.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0,
        140.0, 17.0, 18.0, 19.0, 20.0, 21.0, 0.22, 0.23, 195.0, 25.0, 26.0, 27.0, 28.0, 29.0, 30.0,
        31.0, -1.0, 32.0, 33.0,
    ];
    assert_eq!(read[..35], expected);
    assert!(
        read[35].is_nan(),
        "what is stated gives way to what is counted"
    );
}

#[test]
fn what_is_not_known_is_nan_and_never_zero() {
    let frame = frame(&[Measurements::default()]);
    for number in Number::ALL {
        let unknown = number.name().starts_with("patch")
            || number.name().starts_with("reference")
            || number.name().starts_with("overlap")
            || number.name().starts_with("tokens")
            || number.name().starts_with("stated")
            || number == Number::FirstError;
        assert_eq!(frame.number(number)[0].is_nan(), unknown, "{number:?}");
    }
    assert!(
        Label::ALL
            .iter()
            .all(|&label| frame.label(label).get(0).is_none())
    );
}

#[test]
fn a_flag_follows_its_definition() {
    let flags = |row: Measurements| -> Vec<&str> {
        let frame = frame(&[row]);
        let thresholds = Thresholds::default();
        let on = Sign::ALL
            .into_iter()
            .filter(|&sign| frame.carries(0, sign, &thresholds));
        on.map(Sign::name).collect()
    };
    let patched = || Measurements {
        patch: Some(PatchCounts {
            files: 1,
            ..PatchCounts::default()
        }),
        ..Measurements::default()
    };
    let nothing: Vec<&str> = Vec::new();
    assert_eq!(flags(patched()), nothing);
    assert_eq!(flags(Measurements::default()), ["empty-patch"]);
    let empty = Some(PatchCounts::default());
    assert_eq!(
        flags(Measurements {
            patch: empty,
            ..patched()
        }),
        ["empty-patch"]
    );
    let tests = Some(PatchCounts {
        files: 2,
        test_files: 1,
        ..PatchCounts::default()
    });
    assert_eq!(
        flags(Measurements {
            patch: tests,
            ..patched()
        }),
        ["edits-tests"]
    );
    assert_eq!(
        flags(Measurements {
            bad_arguments: 1,
            ..patched()
        }),
        ["bad-arguments"]
    );
    assert_eq!(
        flags(Measurements {
            unanswered: 1,
            ..patched()
        }),
        nothing
    );
    assert_eq!(
        flags(Measurements {
            unanswered: 2,
            ..patched()
        }),
        ["unpaired"]
    );
    assert_eq!(
        flags(Measurements {
            orphans: 1,
            ..patched()
        }),
        ["unpaired"]
    );
    let mut repaired = patched();
    repaired.repairs.add(Repair::RoleRenamed, 1);
    assert_eq!(flags(repaired.clone()), [""; 0]);
    repaired.repairs.add(Repair::RoleUnknown, 1);
    assert_eq!(flags(repaired), ["repaired"]);
}

#[test]
fn what_is_not_known_is_last_in_either_direction() {
    let mut frame = Frame::default();
    for (row, patch, outcome, language) in [
        (0, None, Outcome::Unknown, None),
        (1, Some(5), Outcome::Failure, Some("go")),
        (2, None, Outcome::Success, None),
        (3, Some(2), Outcome::Unknown, Some("c")),
        (4, Some(5), Outcome::Success, Some("rust")),
    ] {
        let mut measured = Measurements {
            row,
            outcome,
            patch: patch.map(|files| PatchCounts {
                files,
                ..PatchCounts::default()
            }),
            ..Measurements::default()
        };
        measured.labels.language = language.map(Into::into);
        if let Some(files) = patch {
            measured
                .signs
                .numbers
                .set(Sign::NearDuplicate, files as f32);
        }
        frame.push(&measured);
    }
    let sorted = |column, direction| {
        let mut positions = frame.order();
        frame.sort(&mut positions, column, direction);
        positions
    };
    let (up, down) = (Direction::Ascending, Direction::Descending);
    for column in [
        Column::Number(Number::PatchFiles),
        Column::Sign(Sign::NearDuplicate),
    ] {
        assert_eq!(sorted(column, up), [3, 1, 4, 0, 2]);
        assert_eq!(sorted(column, down), [1, 4, 3, 0, 2]);
    }
    let language = Column::Label(Label::Language);
    assert_eq!(sorted(language, up), [3, 1, 4, 0, 2]);
    assert_eq!(sorted(language, down), [4, 1, 3, 0, 2]);
    assert_eq!(sorted(Column::Outcome, up), [2, 4, 1, 0, 3]);
    assert_eq!(sorted(Column::Outcome, down), [1, 2, 4, 0, 3]);
    assert_eq!(sorted(Column::Row, down), [4, 3, 2, 1, 0]);
}
