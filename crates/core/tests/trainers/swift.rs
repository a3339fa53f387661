//! ms-swift's preprocessor of rows, and its template of Qwen 3 with the agent format that it takes for it.

use tracesift_core::export::Options;
use tracesift_core::export::options::{Mask, Reasoning};

use super::file::{Exported, export, options};
use super::python::tell;
use super::rows;
use super::turn::{Template, Told, compare, told};

/// A user who speaks after a tool's result is not taken; the other rows are.
const REFUSED: [&str; 1] = ["row 1: message 6 is the user's, where the format wants the assistant"];

fn loaded(file: &Exported) -> Vec<Vec<Told>> {
    told(tell("with_swift.py", &[file.path()]))
}

#[test]
fn swift_learns_from_each_turn_of_the_assistant() {
    let file = export(&rows::all(), &options("swift"));
    assert_eq!(file.refused, REFUSED);
    compare(&file.rows, &loaded(&file), Template::Qwen);
}

#[test]
fn swift_does_not_learn_from_turns_that_are_masked() {
    let options = Options {
        mask: Mask {
            failed: true,
            ..Mask::NOTHING
        },
        ..options("swift")
    };
    let file = export(&rows::all(), &options);
    assert_eq!(file.refused, REFUSED);
    file.expect_masked_turns();
    compare(&file.rows, &loaded(&file), Template::Qwen);
}

#[test]
fn swift_does_not_learn_from_reasoning_that_is_masked() {
    let options = Options {
        reasoning: Reasoning::Inline,
        mask: Mask {
            reasoning: true,
            ..Mask::NOTHING
        },
        ..options("swift")
    };
    let file = export(&rows::few(), &options);
    assert_eq!(file.refused, REFUSED);
    compare(&file.rows, &loaded(&file), Template::Qwen);
}
