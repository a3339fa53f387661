//! LLaMA-Factory's reading of `dataset_info.json`, its converter, and its templates of Qwen 3 and Llama 3.

use std::ffi::OsStr;

use serde_json::{Value, json};

use super::file::{Exported, export, options};
use super::python::tell;
use super::rows;
use super::turn::{Template, Told, compare, told};

/// A user who speaks after a tool's result is not taken; the other rows are.
const REFUSED: [&str; 1] = ["row 1: message 6 is the user's, where the format wants the assistant"];

fn loaded(file: &Exported, template: &str) -> Vec<Vec<Told>> {
    let folder = file.beside("");
    let arguments = [template.as_ref(), folder.as_os_str(), OsStr::new("rows")];
    told(tell("with_llamafactory.py", &arguments))
}

#[test]
fn llamafactory_learns_from_each_turn_of_the_assistant() {
    let file = export(&rows::all(), &options("llamafactory"));
    assert_eq!(file.refused, REFUSED);
    compare(&file.rows, &loaded(&file, "qwen3"), Template::Qwen);
}

#[test]
fn what_is_shipped_trains_on_every_row_as_it_is() {
    let file = export(&rows::all(), &options("llamafactory"));
    let answer: Value = tell("with_llamafactory_yaml.py", &[file.beside("")]);
    assert_eq!(answer["unknown"], json!([]));
    let learned = answer["rows"].as_array().expect("rows");
    assert_eq!(
        learned.len(),
        file.rows.len(),
        "rows in and rows trained on"
    );
    assert!(
        learned.iter().all(|tokens| tokens.as_u64() > Some(0)),
        "{answer}"
    );
}
