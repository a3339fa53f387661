//! TRL's preparation of conversations, with Qwen's and Llama's templates.

use std::ffi::OsStr;

use tracesift_core::export::Options;
use tracesift_core::export::options::Arguments;

use super::file::{Exported, export, options};
use super::python::tell;
use super::rows;
use super::turn::{Template, Told, compare, told};

fn loaded(file: &Exported, family: &str, loss: &str) -> Vec<Vec<Told>> {
    let path = file.path();
    let arguments = [OsStr::new(family), OsStr::new(loss), path.as_os_str()];
    told(tell("with_trl.py", &arguments))
}

#[test]
fn trl_learns_from_each_turn_of_the_assistant_by_qwens_template() {
    let file = export(&rows::all(), &options("messages"));
    assert_eq!(file.refused, [""; 0]);
    compare(
        &file.rows,
        &loaded(&file, "qwen", "assistant"),
        Template::Qwen,
    );
}

#[test]
fn trl_learns_from_each_turn_of_the_assistant_by_llamas_template() {
    let options = Options {
        arguments: Arguments::Object,
        ..options("messages")
    };
    let mut file = export(&rows::all(), &options);
    // Llama 3.1 refuses several calls at once.
    file.keep(|row| {
        row.trajectory
            .messages
            .iter()
            .all(|message| message.calls.len() < 2)
    });
    compare(
        &file.rows,
        &loaded(&file, "llama", "assistant"),
        Template::Llama,
    );
}

#[test]
fn trl_learns_from_each_turn_of_a_completion() {
    let file = export(&rows::few(), &options("prompt-completion"));
    assert_eq!(file.refused, [""; 0]);
    compare(
        &file.rows,
        &loaded(&file, "qwen", "assistant"),
        Template::Qwen,
    );
}
