//! What is said of a file before and after it is written.

use tracesift_core::export::Format;
use tracesift_core::export::check::Fault;
use tracesift_core::export::format::warnings;
use tracesift_core::export::options::{Arguments, Mask, Options};
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::{Warning, of_rows};

use crate::export::shared::{options, sample, write_counted};

fn words(warnings: &[Warning]) -> String {
    warnings.iter().map(|w| w.to_string() + "\n").collect()
}

#[test]
fn a_mask_that_a_format_cannot_carry_is_never_silent() {
    for format in Format::ALL {
        for (word, mask) in Mask::WORDS {
            let options = Options {
                mask,
                ..options(format)
            };
            let carried = mask.and(format.target().carries(&options)).is_set();
            let said = warnings(&options).iter().any(
                |w| matches!(w, Warning::Mask { masks, .. } if masks.as_slice() == [word.to_owned()]),
            );
            assert_eq!(said, !carried, "{format:?} {word}");
        }
        let none = warnings(&options(format));
        assert!(!none.iter().any(|w| matches!(w, Warning::Mask { .. })));
    }
}

#[test]
fn choices_without_effect_are_said() {
    let odd = Options {
        arguments: Arguments::Object,
        shard: Some(1),
        ..options(Format::Nemo)
    };
    assert!(words(&warnings(&odd)).contains("the files are not divided"));
    let odd = Options {
        arguments: Arguments::Object,
        ..options(Format::Verl)
    };
    assert!(words(&warnings(&odd)).contains("that choice has no effect"));
    let odd = Options {
        arguments: Arguments::Object,
        ..options(Format::Messages)
    };
    assert!(words(&warnings(&odd)).contains("datasets 4.7"));
    assert!(words(&warnings(&options(Format::Swift))).contains("has no field for reasoning"));
}

#[test]
fn a_trainer_that_cuts_long_rows_is_named_with_the_longest_row() {
    let tally = |longest| Tally {
        longest: Some(longest),
        ..Tally::default()
    };
    let said = words(&of_rows(&options(Format::Messages), &tally(23_456)));
    assert!(
        said.contains(
            "TRL takes 1,024 tokens of a row by default, and longer rows lose their end, where the fix is. The longest \
             row has 23,456 tokens, and the chat template adds some: set max_length above that."
        ),
        "{said}"
    );
    let short = of_rows(&options(Format::Messages), &tally(1024));
    assert!(!short.iter().any(|w| matches!(w, Warning::Length { .. })));
    for (format, setting) in [
        (Format::PromptCompletion, "max_length"),
        (Format::Verl, "max_length"),
        (Format::LlamaFactory, "cutoff_len"),
        (Format::Axolotl, "sequence_len"),
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
