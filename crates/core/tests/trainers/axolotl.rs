//! Axolotl's `chat_template` strategy, configured by the YAML that goes beside the rows.

use tracesift_core::export::Options;
use tracesift_core::export::options::Mask;

use super::file::{Exported, export, options};
use super::python::tell;
use super::rows;
use super::turn::{Template, Told, compare, told};

fn loaded(file: &Exported) -> Vec<Vec<Told>> {
    let arguments = [file.beside("axolotl.yml"), file.path()];
    told(tell("with_axolotl.py", &arguments))
}

#[test]
fn axolotl_learns_from_each_turn_of_the_assistant() {
    let file = export(&rows::few(), &options("axolotl"));
    assert_eq!(file.refused, [""; 0]);
    compare(&file.rows, &loaded(&file), Template::Qwen);
}

#[test]
fn axolotl_does_not_learn_from_turns_that_are_masked() {
    let options = Options {
        mask: Mask {
            failed: true,
            ..Mask::NOTHING
        },
        ..options("axolotl")
    };
    let file = export(&rows::few(), &options);
    file.expect_masked_turns();
    compare(&file.rows, &loaded(&file), Template::Qwen);
}
