//! What is said of a file before and after it is written.

use tracesift_core::export::Format;
use tracesift_core::export::check::Fault;
use tracesift_core::export::options::{Arguments, Mask, Options};
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::{Warning, of_options, of_rows};

use crate::export::shared::{named, options, sample, write_counted};

fn words(warnings: &[Warning]) -> String {
    warnings.iter().map(|w| w.to_string() + "\n").collect()
}

#[test]
fn a_mask_that_a_format_cannot_carry_is_never_silent() {
    for format in Format::all() {
        for (word, mask) in Mask::WORDS {
            let options = Options {
                mask,
                ..options(format)
            };
            let carried = mask.and(format.target().carries(&options)).is_set();
            let said = of_options(&options).iter().any(
                |w| matches!(w, Warning::Mask { masks, .. } if masks.as_slice() == [word.to_owned()]),
            );
            assert_eq!(said, !carried, "{format:?} {word}");
        }
        let none = of_options(&options(format));
        assert!(!none.iter().any(|w| matches!(w, Warning::Mask { .. })));
    }
}

#[test]
fn choices_without_effect_are_said() {
    let odd = Options {
        arguments: Arguments::Object,
        shard: Some(1),
        ..options(named("nemo"))
    };
    assert!(words(&of_options(&odd)).contains("the files are not divided"));
    let odd = Options {
        arguments: Arguments::Object,
        ..options(named("verl"))
    };
    assert!(words(&of_options(&odd)).contains("that choice has no effect"));
    let odd = Options {
        arguments: Arguments::Object,
        ..options(named("messages"))
    };
    assert!(words(&of_options(&odd)).contains("datasets 4.7"));
    assert!(words(&of_options(&options(named("swift")))).contains("has no field for reasoning"));
}

#[test]
fn a_trainer_that_cuts_long_rows_is_named_with_the_longest_row() {
    let tally = |longest| Tally {
        longest: Some(longest),
        ..Tally::default()
    };
    let said = words(&of_rows(&options(named("messages")), &tally(23_456)));
    assert!(
        said.contains(
            "TRL takes 1,024 tokens of a row by default, and longer rows lose their end, where the fix is \
             (those of which no turn of the assistant is left are dropped, and training stops if that is all). The longest \
             row has 23,456 tokens, and the chat template adds some: set max_length to 26,624 or more."
        ),
        "{said}"
    );
    let short = of_rows(&options(named("messages")), &tally(1024));
    assert!(!short.iter().any(|w| matches!(w, Warning::Length { .. })));
    for (format, setting) in [
        (named("prompt-completion"), "max_length"),
        (named("verl"), "max_length"),
        (named("llamafactory"), "cutoff_len"),
        (named("axolotl"), "sequence_len"),
    ] {
        assert!(words(&of_rows(&options(format), &tally(99_999))).contains(setting));
    }
}

#[test]
fn rows_tell_of_their_harnesses_and_faults() {
    let mut tally = Tally::default();
    let mut row = sample();
    row.messages.pop();
    let options = Options::default();
    for harness in ["openhands", "sweagent", "openhands"] {
        row.labels.harness = Some(harness.into());
        tally.add_line(write_counted(&row, &options)[0].as_ref().unwrap());
    }
    assert_eq!(tally.lines(), 3);
    assert_eq!(tally.odd, [(Fault::End, 3)].into());
    let said = words(&of_rows(&options, &tally));
    assert!(said.contains("(openhands, sweagent)"), "{said}");
    assert!(
        said.contains("Written though odd: 3 rows that do not end with the assistant's message."),
        "{said}"
    );
    let mut twice = tally.clone();
    twice += &tally;
    assert_eq!(twice.lines(), 6);
    assert_eq!(twice.tokens, tally.tokens.map(|tokens| 2 * tokens));
    assert_eq!(twice.longest, tally.longest);
}
