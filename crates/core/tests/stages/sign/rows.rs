//! The signs of whole rows, as a reader finds them in the rows' texts: rows made by hand in three datasets' dialects, and
//! the datasets' own where `TRACESIFT_TRACES` names their folder.

use std::path::Path;

use tracesift_core::measure::measure;
use tracesift_core::sign::{Points, Sign, Step, steps};
use tracesift_core::trace::{RowContext, Trajectory, read};

use super::counter;

use Sign::{
    BadArguments, BigPatch, DanglingEnd, EmptyPatch, ErrorRate, ErrorRetry, GitHistory,
    HeavyObservations, JunkFiles, LimitExit, LoopError, LoopSame, NoSubmit,
};

/// A file of rows and the signs that each row carries at its usual threshold.
struct Rows {
    name: &'static str,
    text: String,
    carried: &'static [&'static [Sign]],
}

/// Rows made by hand.
const MADE: [(&str, &str, &[&[Sign]]); 3] = [
    (
        "nebius-swe-agent made",
        include_str!("../../fixtures/rows/nebius-swe-agent.jsonl"),
        &[
            &[],
            &[
                LoopError,
                ErrorRate,
                ErrorRetry,
                NoSubmit,
                LimitExit,
                DanglingEnd,
                EmptyPatch,
            ],
        ],
    ),
    (
        "swe-gym-openhands made",
        include_str!("../../fixtures/rows/swe-gym-openhands.jsonl"),
        &[
            &[JunkFiles],
            &[LoopSame, BadArguments, NoSubmit, DanglingEnd, BigPatch],
        ],
    ),
    (
        "swe-smith-xml made",
        include_str!("../../fixtures/rows/swe-smith-xml.jsonl"),
        &[&[HeavyObservations], &[GitHistory, EmptyPatch]],
    ),
];

/// Real rows.
const REAL: [(&str, &[&[Sign]]); 3] = [
    ("nebius-swe-agent", &[&[], &[], &[], &[], &[LoopError]]),
    (
        "swe-gym-openhands",
        &[
            &[JunkFiles, BigPatch],
            &[JunkFiles, HeavyObservations],
            &[JunkFiles, HeavyObservations],
            &[LoopSame, JunkFiles, BigPatch, HeavyObservations],
            &[NoSubmit, DanglingEnd, JunkFiles],
        ],
    ),
    (
        "swe-smith-xml",
        &[
            &[BigPatch, HeavyObservations],
            &[],
            &[BigPatch, HeavyObservations],
            &[EmptyPatch],
            &[EmptyPatch, HeavyObservations],
        ],
    ),
];

/// All rows that there are.
fn files() -> Vec<Rows> {
    let made = MADE.map(|(name, text, carried)| Rows {
        name,
        text: text.to_owned(),
        carried,
    });
    let folder = std::env::var_os("TRACESIFT_TRACES");
    let real = folder.iter().flat_map(|folder| {
        REAL.map(|(name, carried)| Rows {
            name,
            text: std::fs::read_to_string(Path::new(folder).join(format!("{name}.jsonl"))).unwrap(),
            carried,
        })
    });
    made.into_iter().chain(real).collect()
}

fn trajectory(row: &str) -> Trajectory<'_> {
    read(row, &RowContext::default()).unwrap()
}

#[test]
fn whole_rows_carry_the_signs_that_a_reader_finds() {
    let counter = counter();
    for Rows {
        name,
        text,
        carried,
    } in files()
    {
        assert_eq!(text.lines().count(), carried.len(), "{name}");
        for (index, (row, expected)) in text.lines().zip(carried).enumerate() {
            let measured = measure(0, 0, &trajectory(row), Some(&counter));
            let mut signs = Sign::ALL.to_vec();
            signs.retain(|sign| sign.carries(sign.of(&measured), sign.default_threshold()));
            assert_eq!(signs, *expected, "{name} {index}");
        }
    }
}

/// The steps of a sign: file, row, sign, message and weight of each.
type Steps = (&'static str, usize, Sign, &'static [(usize, u32)]);

const STEPS: [Steps; 6] = [
    // The agent repeats an edit that is refused three times in the same words, then gives up.
    (
        "nebius-swe-agent made",
        1,
        LoopError,
        &[(6, 3), (8, 3), (10, 3)],
    ),
    // The agent views the same folder four times.
    (
        "swe-gym-openhands made",
        1,
        LoopSame,
        &[(2, 4), (4, 4), (6, 4), (8, 4)],
    ),
    // The run stops at an open call of the editor.
    ("swe-gym-openhands made", 1, NoSubmit, &[(12, 1)]),
    // The same three things in real rows.
    (
        "nebius-swe-agent",
        4,
        LoopError,
        &[(12, 3), (14, 3), (16, 3)],
    ),
    (
        "swe-gym-openhands",
        3,
        LoopSame,
        &[(2, 4), (4, 4), (6, 4), (8, 4)],
    ),
    ("swe-gym-openhands", 4, NoSubmit, &[(60, 1)]),
];

#[test]
fn loops_and_ends_stand_where_the_rows_have_them() {
    let mut looked = 0;
    for Rows { name, text, .. } in files() {
        for (_, row, sign, expected) in STEPS.iter().filter(|(file, ..)| *file == name) {
            let steps = steps(&trajectory(text.lines().nth(*row).unwrap()));
            let of_sign = steps.into_iter().filter(|step| step.sign == *sign);
            let found: Vec<_> = of_sign
                .map(
                    |Step {
                         message, weight, ..
                     }| (message, weight),
                )
                .collect();
            assert_eq!(found, *expected, "{name} {row} {sign:?}");
            looked += 1;
        }
    }
    assert!(looked >= 3, "{looked}");
}

#[test]
fn steps_of_whole_rows_lie_within_them() {
    let mut seen = 0;
    for Rows { text, .. } in files() {
        for row in text.lines() {
            let trajectory = trajectory(row);
            for step in steps(&trajectory) {
                assert!(step.message < trajectory.messages.len());
                assert_ne!(step.sign.points(), Points::Row);
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}
