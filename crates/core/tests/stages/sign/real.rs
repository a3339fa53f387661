use std::path::Path;

use tracesift_core::measure::measure;
use tracesift_core::sign::{Points, Sign, Step, steps};
use tracesift_core::trace::{RowContext, Trajectory, read};

use super::counter;

/// The signs that a real row carries at their usual thresholds, checked by hand against the rows' texts.
const CARRIED: [(&str, [&[Sign]; 5]); 3] = {
    use Sign::{
        BigPatch, DanglingEnd, EmptyPatch, HeavyObservations, JunkFiles, LoopError, LoopSame,
        NoSubmit,
    };
    [
        ("nebius-swe-agent.jsonl", [&[], &[], &[], &[], &[LoopError]]),
        (
            "swe-gym-openhands.jsonl",
            [
                &[JunkFiles, BigPatch],
                &[JunkFiles, HeavyObservations],
                &[JunkFiles, HeavyObservations],
                &[LoopSame, JunkFiles, BigPatch, HeavyObservations],
                &[NoSubmit, DanglingEnd, JunkFiles],
            ],
        ),
        (
            "swe-smith-xml.jsonl",
            [
                &[BigPatch, HeavyObservations],
                &[],
                &[BigPatch, HeavyObservations],
                &[EmptyPatch],
                &[EmptyPatch, HeavyObservations],
            ],
        ),
    ]
};

fn rows(file: &str) -> Option<String> {
    let folder = std::env::var_os("TRACESIFT_TRACES")?;
    Some(std::fs::read_to_string(Path::new(&folder).join(file)).unwrap())
}

fn trajectory(row: &str) -> Trajectory<'_> {
    read(row, &RowContext::default()).unwrap()
}

#[test]
fn real_rows_carry_the_signs_that_a_reader_finds() {
    let counter = counter();
    for (file, carried) in CARRIED {
        let Some(text) = rows(file) else { continue };
        for (index, (row, expected)) in text.lines().zip(carried).enumerate() {
            let measured = measure(0, 0, &trajectory(row), Some(&counter));
            let mut signs = Sign::ALL.to_vec();
            signs.retain(|sign| sign.carries(sign.of(&measured), sign.default_threshold()));
            assert_eq!(signs, expected, "{file} {index}");
        }
    }
}

#[test]
fn real_loops_stand_where_the_rows_have_them() {
    let looped = |file: &str, row: usize, sign: Sign| -> Option<Vec<(usize, u32)>> {
        let text = rows(file)?;
        let steps = steps(&trajectory(text.lines().nth(row).unwrap()));
        let of_sign = steps.into_iter().filter(|step| step.sign == sign);
        Some(
            of_sign
                .map(
                    |Step {
                         message, weight, ..
                     }| (message, weight),
                )
                .collect(),
        )
    };
    // The agent repeats an edit that is refused three times in the same words, then changes it.
    if let Some(steps) = looped("nebius-swe-agent.jsonl", 4, Sign::LoopError) {
        assert_eq!(steps, [(12, 3), (14, 3), (16, 3)]);
    }
    // The agent views the same folder four times.
    if let Some(steps) = looped("swe-gym-openhands.jsonl", 3, Sign::LoopSame) {
        assert_eq!(steps, [(2, 4), (4, 4), (6, 4), (8, 4)]);
    }
    // The run stops at an open call of the editor.
    if let Some(steps) = looped("swe-gym-openhands.jsonl", 4, Sign::NoSubmit) {
        assert_eq!(steps, [(60, 1)]);
    }
}

#[test]
fn steps_of_real_rows_lie_within_them() {
    for (file, _) in CARRIED {
        let Some(text) = rows(file) else { continue };
        for row in text.lines() {
            let trajectory = trajectory(row);
            for step in steps(&trajectory) {
                assert!(step.message < trajectory.messages.len());
                assert_ne!(step.sign.points(), Points::Row);
            }
        }
    }
}
