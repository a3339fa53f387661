//! Pairs of runs for preference training: which rows are paired, and the line of two rows.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift::export::check::Fault;
use tracesift::export::options::{Arguments, Group, Shares};
use tracesift::export::preference::{
    Pair, PairFault, PairLine, PairManifest, PairRule, PairWriter, Pairing, pairs,
};
use tracesift::export::{Options, Origin};
use tracesift::frame::Frame;
use tracesift::measure::Measurements;
use tracesift::recipe::Preference;
use tracesift::recipe::signs::SignRules;
use tracesift::trace::{Outcome, Role, Trajectory};

use crate::shared::{assistant, call, counter, message, run, sample};

fn row(
    row: u64,
    task: Option<u32>,
    harness: &'static str,
    outcome: Outcome,
    turns: u32,
) -> Measurements {
    let mut measurements = Measurements {
        row,
        outcome,
        turns,
        ..Measurements::default()
    };
    measurements.labels.instance_id = task.map(|task| Cow::Owned(format!("task-{task}")));
    measurements.labels.harness = Some(Cow::Borrowed(harness));
    measurements
}

fn frame(rows: &[Measurements]) -> Frame {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame
}

/// Chosen and rejected rows.
fn paired(rows: &[Measurements], rule: &PairRule) -> Vec<(u64, u64)> {
    let frame = frame(rows);
    let pairs = pairs(
        &frame,
        &vec![true; frame.len()],
        rule,
        &SignRules::default(),
        1,
    );
    PairManifest::of(&frame, &pairs, rule, 1).pairs
}

fn rule(pairing: Pairing, most: u32, prefer: &[Preference]) -> PairRule {
    PairRule {
        pairing,
        most,
        prefer: prefer.to_vec(),
    }
}

#[test]
fn a_success_is_paired_with_a_failure_of_the_same_task_and_harness() {
    use Outcome::{Failure, Partial, Success, Unknown};
    let rows = [
        row(0, Some(0), "a", Success, 9),
        row(1, Some(0), "a", Success, 5),
        row(2, Some(0), "a", Failure, 7),
        row(3, Some(0), "b", Failure, 3),
        row(4, Some(1), "a", Success, 1),
        row(5, Some(1), "a", Unknown, 1),
        row(6, Some(1), "a", Partial, 1),
        row(7, None, "a", Success, 1),
        row(8, None, "a", Failure, 1),
    ];
    assert_eq!(
        paired(&rows, &rule(Pairing::Verdict, 9, &[Preference::Shorter])),
        [(1, 2)]
    );
    // What is not known has no part in a verdict, but success is still better than it.
    assert_eq!(paired(&rows, &rule(Pairing::Best, 9, &[])).len(), 2);
    assert!(
        paired(&rows, &rule(Pairing::Best, 9, &[]))
            .iter()
            .any(|pair| pair.0 == 4)
    );
}

#[test]
fn the_best_is_paired_with_the_worst_and_equals_are_no_pair() {
    let rows: Vec<Measurements> = [4, 1, 3, 2, 2]
        .into_iter()
        .zip(0..)
        .map(|(turns, at)| row(at, Some(0), "a", Outcome::Unknown, turns))
        .collect();
    let shorter = |most| rule(Pairing::Best, most, &[Preference::Shorter]);
    let all = paired(&rows, &shorter(9));
    assert!(all.contains(&(1, 0)), "{all:?}");
    assert!(all.contains(&(3, 2)) || all.contains(&(4, 2)), "{all:?}");
    assert_eq!(all.len(), 2);
    assert_eq!(paired(&rows, &shorter(1)), [(1, 0)]);
    assert_eq!(
        paired(&rows, &rule(Pairing::Best, 9, &[Preference::Success])),
        []
    );
}

#[test]
fn a_manifest_says_which_rows_were_paired_and_why() {
    let rows = [
        row(3, Some(0), "a", Outcome::Success, 1),
        row(7, Some(0), "a", Outcome::Failure, 1),
    ];
    let frame = frame(&rows);
    let rule = rule(Pairing::Verdict, 2, &[Preference::Shorter]);
    let manifest = PairManifest::of(
        &frame,
        &[Pair {
            chosen: 0,
            rejected: 1,
        }],
        &rule,
        5,
    );
    assert_eq!(
        serde_json::to_value(&manifest).unwrap(),
        json!({"pairing": "verdict", "most": 2, "prefer": ["shorter"], "seed": 5, "pairs": [[3, 7]]})
    );
}

/// A run of the sample's task that goes another way.
fn other() -> Trajectory<'static> {
    let mut other = sample();
    other.messages.truncate(2);
    other.messages.push(assistant("I give up.", "", Vec::new()));
    other.outcome = Outcome::Failure;
    other
}

fn write(
    chosen: &Trajectory,
    rejected: &Trajectory,
    options: &Options,
) -> Result<PairLine, PairFault> {
    let origin = |row| Origin {
        row,
        ..Origin::default()
    };
    let writer = PairWriter {
        options,
        seed: 1,
        counter: None,
    };
    writer.write((chosen, &origin(3)), (rejected, &origin(7)))
}

#[test]
fn a_pair_is_the_prompt_and_what_each_run_does() {
    let line = write(&sample(), &other(), &Options::default()).unwrap();
    let value: Value = serde_json::from_str(&line.text).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["prompt", "chosen", "rejected", "tools", "metadata"]);
    assert_eq!(
        value["prompt"],
        json!([{"role": "system", "content": "be brief"}, {"role": "user", "content": "fix it"}])
    );
    assert_eq!(
        value["rejected"],
        json!([{"role": "assistant", "content": "I give up."}])
    );
    let chosen = value["chosen"].as_array().unwrap();
    assert_eq!(chosen.len(), 6);
    assert_eq!(chosen[0]["reasoning_content"], "look first");
    assert_eq!(
        chosen[0]["tool_calls"][0]["function"]["arguments"],
        r#"{"command":"ls"}"#
    );
    assert_eq!(chosen[5]["content"], "done");
    let tools: Value = serde_json::from_str(value["tools"].as_str().unwrap()).unwrap();
    assert_eq!(tools.as_array().unwrap().len(), 2);
    assert_eq!(
        (
            &value["metadata"]["chosen"]["row"],
            &value["metadata"]["rejected"]["row"]
        ),
        (&json!(3), &json!(7))
    );
    assert_eq!(value["metadata"]["rejected"]["outcome"], "failure");
    let objects = Options {
        arguments: Arguments::Object,
        drop_system: true,
        ..Options::default()
    };
    let line = write(&sample(), &other(), &objects).unwrap();
    let value: Value = serde_json::from_str(&line.text).unwrap();
    assert_eq!(
        value["prompt"],
        json!([{"role": "user", "content": "fix it"}])
    );
    assert_eq!(
        value["chosen"][0]["tool_calls"][0]["function"]["arguments"],
        json!({"command": "ls"})
    );
}

#[test]
fn rows_that_are_no_pair_are_refused_with_the_reason() {
    let default = Options::default();
    let rows = |fault: PairFault| fault.to_string();
    let mut elsewhere = other();
    elsewhere.messages[1].text = "fix that".into();
    assert_eq!(
        rows(write(&sample(), &elsewhere, &default).unwrap_err()),
        "rows 3 and 7 begin with different prompts"
    );
    let mut with_less = other();
    with_less.tools.pop();
    assert_eq!(
        rows(write(&sample(), &with_less, &default).unwrap_err()),
        "rows 3 and 7 have different tools"
    );
    assert_eq!(
        rows(write(&sample(), &sample(), &default).unwrap_err()),
        "rows 3 and 7 are the same run"
    );
    let reason = |fault: PairFault| match fault {
        PairFault::Row { row, reason } => (row, reason.fault()),
        other => panic!("{other}"),
    };
    let silent = run(vec![message(Role::User, "fix it")]);
    assert_eq!(
        reason(write(&sample(), &silent, &default).unwrap_err()),
        (7, Fault::Empty)
    );
    let promptless = run(vec![assistant("hello", "", Vec::new())]);
    assert_eq!(
        reason(write(&promptless, &other(), &default).unwrap_err()),
        (3, Fault::Order)
    );
    let mut malformed = other();
    malformed.messages[2].calls.push(call("c9", "bash", "ls"));
    assert!(write(&sample(), &malformed, &default).is_ok());
    let objects = Options {
        arguments: Arguments::Object,
        ..Options::default()
    };
    assert_eq!(
        reason(write(&sample(), &malformed, &objects).unwrap_err()),
        (7, Fault::BadArguments)
    );
    let limited = Options {
        limit: Some(40),
        ..Options::default()
    };
    assert_eq!(
        reason(write(&sample(), &other(), &limited).unwrap_err()),
        (3, Fault::NotCounted)
    );
    let counted = PairWriter {
        options: &limited,
        seed: 1,
        counter: Some(counter()),
    };
    let origin = Origin::default();
    let refused = counted
        .write((&sample(), &origin), (&other(), &origin))
        .unwrap_err();
    assert_eq!(reason(refused), (0, Fault::TooLong));
}

#[test]
fn a_pair_is_whole_whatever_is_cut_and_goes_to_the_side_of_its_task() {
    let shares = Shares {
        validation: 50,
        test: 0,
        group: Group::Instance,
    };
    let options = Options {
        cut: Some(32),
        shares,
        ..Options::default()
    };
    let counted = PairWriter {
        options: &options,
        seed: 1,
        counter: Some(counter()),
    };
    let origin = Origin::default();
    let line = counted
        .write((&sample(), &origin), (&other(), &origin))
        .unwrap();
    let back = counted
        .write((&other(), &origin), (&sample(), &origin))
        .unwrap();
    assert_eq!(line.side, back.side);
    let (chosen, rejected) = line.tokens.unwrap();
    assert_eq!(
        (chosen, rejected),
        (
            counter().row(&sample()).total(),
            counter().row(&other()).total()
        )
    );
}

proptest! {
    #[test]
    fn pairs_are_of_one_task_disjoint_and_the_same_in_any_order_of_arrival(
        rows in prop::collection::vec((prop::option::of(0_u32..4), 0_usize..2, 0_usize..4, 0_u32..5, any::<bool>()), 0..50),
        is_best in any::<bool>(),
        most in 1_u32..4,
        order in any::<u64>(),
        seed in any::<u64>(),
    ) {
        let pairing = if is_best { Pairing::Best } else { Pairing::Verdict };
        let rule = rule(pairing, most, &[Preference::Success, Preference::Shorter]);
        let measured: Vec<Measurements> = rows.iter().zip(0..).map(|(&(task, harness, outcome, turns, _), at)| {
            row(at, task, ["a", "b"][harness], Outcome::ALL[outcome], turns)
        }).collect();
        let found = |measured: &[Measurements]| {
            let frame = frame(measured);
            let mask: Vec<bool> = frame.rows().iter().map(|&row| rows[usize::try_from(row).unwrap()].4).collect();
            PairManifest::of(&frame, &pairs(&frame, &mask, &rule, &SignRules::default(), seed), &rule, seed).pairs
        };
        let pairs = found(&measured);
        let mut shuffled = measured.clone();
        shuffled.sort_by_key(|row| (row.row ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        prop_assert_eq!(&pairs, &found(&shuffled));
        let mut used: Vec<u64> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(used.len(), 2 * pairs.len());
        for &(chosen, rejected) in &pairs {
            let of = |row: u64| &rows[usize::try_from(row).unwrap()];
            let (chosen, rejected) = (of(chosen), of(rejected));
            prop_assert!(chosen.4 && rejected.4 && chosen.0.is_some());
            prop_assert_eq!((chosen.0, chosen.1), (rejected.0, rejected.1));
            if !is_best {
                prop_assert_eq!((Outcome::ALL[chosen.2], Outcome::ALL[rejected.2]), (Outcome::Success, Outcome::Failure));
            }
        }
        // As many as there can be of verdicts.
        if !is_best {
            let mut expected = 0;
            for task in 0..4 {
                for harness in 0..2 {
                    let of = |outcome| rows.iter().filter(|row| row.4 && row.0 == Some(task) && row.1 == harness && Outcome::ALL[row.2] == outcome).count();
                    expected += of(Outcome::Success).min(of(Outcome::Failure)).min(most as usize);
                }
            }
            prop_assert_eq!(pairs.len(), expected);
        }
    }
}
