//! verl's `MultiTurnSFTDataset`, on the Parquet file that the script beside the rows makes.

use super::file::{Exported, export, options};
use super::python::tell;
use super::rows;
use super::turn::{Template, Told, compare, told};

fn loaded(file: &Exported) -> Vec<Vec<Told>> {
    let arguments = [file.beside("to_parquet.py"), file.path()];
    told(tell("with_verl.py", &arguments))
}

#[test]
fn verl_learns_from_each_turn_of_the_assistant() {
    let file = export(&rows::few(), &options("verl"));
    assert_eq!(file.refused, [""; 0]);
    compare(&file.rows, &loaded(&file), Template::QwenOneResult);
}
