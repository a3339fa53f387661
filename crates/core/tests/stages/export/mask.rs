//! What is learned from, and how many tokens that is.

use tracesift_core::export::Format;
use tracesift_core::export::check::Rejected;
use tracesift_core::export::mask::learned;
use tracesift_core::export::options::{Mask, Options, Reasoning};
use tracesift_core::export::writer::Line;

use crate::export::shared::{call, counter, named, options, sample, write_counted};

const FAILED: Mask = Mask {
    failed: true,
    ..Mask::NOTHING
};
const MALFORMED: Mask = Mask {
    malformed: true,
    ..Mask::NOTHING
};
const REASONING: Mask = Mask {
    reasoning: true,
    ..Mask::NOTHING
};

fn turns(mask: Mask) -> Vec<usize> {
    let all = learned(&sample(), mask).into_iter().enumerate();
    all.filter(|(_, learned)| *learned)
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn only_the_assistants_turns_are_learned_from_and_not_those_that_are_masked() {
    assert_eq!(turns(Mask::NOTHING), [2, 5, 7]);
    assert_eq!(turns(FAILED), [2, 7]);
    assert_eq!(turns(MALFORMED), [2, 5, 7]);
    assert_eq!(turns(REASONING), [2, 5, 7]);
}

#[test]
fn a_call_is_malformed_by_its_arguments_or_by_its_tool() {
    let mut row = sample();
    row.messages[2].calls[1].arguments = "{".into();
    row.messages[7].calls.push(call("c9", "fly", "{}"));
    assert_eq!(
        learned(&row, MALFORMED),
        [false, false, false, false, false, true, false, false]
    );
    row.tools.clear();
    assert!(learned(&row, MALFORMED)[7], "no tools are declared");
}

#[test]
fn a_turn_is_masked_by_what_its_result_said_before_it_was_shortened() {
    let mut row = sample();
    row.messages[6].text = format!("ERROR: {}", "no ".repeat(500)).into();
    let short = Options {
        mask: FAILED,
        observations: Some(32),
        ..options(named("axolotl"))
    };
    let line = write_counted(&row, &short).remove(0).unwrap();
    let row: serde_json::Value = serde_json::from_str(&line.text).unwrap();
    assert_eq!(row["messages"][5]["train"], false);
}

fn trainable(options: &Options) -> u64 {
    write_counted(&sample(), options)[0]
        .as_ref()
        .unwrap()
        .trainable
        .unwrap()
}

#[test]
fn trainable_tokens_are_those_that_the_trainer_will_learn_from() {
    let row = counter().row(&sample());
    let count = |text: &str| u64::from(counter().count(text));
    assert_eq!(trainable(&options(named("axolotl"))), row.trainable());
    let failed = count("bash") + count(r#"{"command":"rm"}"#);
    let with = |format, mask| Options {
        mask,
        ..options(format)
    };
    assert_eq!(
        trainable(&with(named("axolotl"), FAILED)),
        row.trainable() - failed
    );
    // Axolotl can't mask reasoning; ms-swift can, in the text.
    assert_eq!(
        trainable(&with(named("axolotl"), REASONING)),
        row.trainable()
    );
    let inline = Options {
        reasoning: Reasoning::Inline,
        ..with(named("swift"), REASONING)
    };
    let said = row.trainable() - count("look first");
    assert!(
        trainable(&inline).abs_diff(said) <= 1,
        "{} {said}",
        trainable(&inline)
    );
    // TRL carries no mask: it will learn from all.
    assert_eq!(
        trainable(&with(named("messages"), Mask::ALL)),
        row.trainable()
    );
    let drop = Options {
        reasoning: Reasoning::Drop,
        ..options(named("messages"))
    };
    assert_eq!(trainable(&drop), row.trainable() - count("look first"));
}

#[test]
fn tokens_are_not_counted_without_a_counter() {
    let line = crate::export::shared::write(&sample(), &Options::default())
        .remove(0)
        .unwrap();
    assert_eq!((line.tokens, line.trainable), (None, None));
    let line = write_counted(&sample(), &Options::default())
        .remove(0)
        .unwrap();
    assert_eq!(line.tokens, Some(counter().row(&sample()).total()));
}

#[test]
fn a_line_is_the_same_whoever_counts() {
    for format in Format::all() {
        let drop = Options {
            reasoning: Reasoning::Drop,
            ..options(format)
        };
        let text = |lines: Vec<Result<Line, Rejected>>| -> Vec<String> {
            let text = |line: Result<Line, Rejected>| match line {
                Ok(line) => line.text,
                Err(rejected) => rejected.to_string(),
            };
            lines.into_iter().map(text).collect()
        };
        assert_eq!(
            text(crate::export::shared::write(&sample(), &drop)),
            text(write_counted(&sample(), &drop)),
            "{}",
            format.name()
        );
    }
}
