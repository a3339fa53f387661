//! Megatron-Bridge's chat dataset and NeMo Automodel's agent dataset, on the same file.

use super::file::{Exported, export, options};
use super::python::tell;
use super::rows;
use super::turn::{Template, Told, compare, told};

fn loaded(file: &Exported, script: &str) -> Vec<Vec<Told>> {
    told(tell(script, &[file.path()]))
}

#[test]
fn megatron_bridge_learns_from_each_turn_of_the_assistant() {
    let file = export(&rows::few(), &options("nemo"));
    assert_eq!(file.refused, [""; 0]);
    assert_eq!(file.name, "training.jsonl");
    compare(
        &file.rows,
        &loaded(&file, "with_megatron_bridge.py"),
        Template::Qwen,
    );
}

#[test]
fn nemo_automodel_learns_from_each_turn_of_the_assistant() {
    let file = export(&rows::few(), &options("nemo"));
    assert_eq!(file.refused, [""; 0]);
    compare(
        &file.rows,
        &loaded(&file, "with_nemo_automodel.py"),
        Template::Qwen,
    );
}
