//! The keys that say what is open on the page: the place, the table, the row, the chart of one's own.
//! One entry a key, in the order in which an address is written.

use super::{set, words, written};
use crate::recipe::PagePlace;
use crate::recipe::key::{Key, Takes, text};
use crate::recipe::table::{read_columns, read_sorting, write_columns, write_sorting};
use crate::recipe::value::{one_of, whole};

pub(super) const KEYS: &[Key] = &[
    text(
        "place",
        Takes::OneOf(|| words(&places())),
        "The place of the page that is open; where a row is open, that of the rows unless given.",
        "export",
        |recipe, text| set(&mut recipe.place, one_of(text, &places()).map(Some)),
        |recipe| {
            recipe
                .place
                .map_or_else(String::new, |place| place.name().to_owned())
        },
    ),
    text(
        "columns",
        Takes::Form("names of the downloaded table's columns, `signs`"),
        "The columns of the table of rows, in their order.",
        "row,outcome,tokens",
        |recipe, text| set(&mut recipe.table.columns, read_columns(text)),
        |recipe| write_columns(&recipe.table.columns),
    ),
    text(
        "sort",
        Takes::Form("a column's name, with `-` before it for the greatest first"),
        "How the table of rows is sorted; the reader steps from run to run in this order.",
        "-tokens",
        |recipe, text| set(&mut recipe.table.order.sorting, read_sorting(text)),
        |recipe| write_sorting(recipe.table.order.sorting),
    ),
    text(
        "find",
        Takes::Form("a text"),
        "Which of the selected rows the table shows: a row's index, or a part of the name of a task or a trajectory. It \
         changes nothing else: neither charts nor files.",
        "django",
        |recipe, text| set(&mut recipe.table.order.find, Ok(text.trim().to_owned())),
        |recipe| recipe.table.order.find.clone(),
    ),
    text(
        "row",
        Takes::Form("a number"),
        "The row that is open in the reader, by its index in the split; rows of several splits or datasets are counted \
         on.",
        "42",
        |recipe, text| set(&mut recipe.row, whole(text, 0..=u64::MAX).map(Some)),
        |recipe| written(recipe.row),
    ),
    text(
        "step",
        Takes::Form("a number"),
        "The message that the reader scrolls to, counted from 0.",
        "12",
        |recipe, text| set(&mut recipe.step, whole(text, 0..=u64::MAX).map(Some)),
        |recipe| written(recipe.step),
    ),
    text(
        "beside",
        Takes::Form("numbers"),
        "Rows that are shown beside that row, turn by turn: other runs of the same task.",
        "57,80",
        |recipe, text| set(&mut recipe.beside, read_beside(text)),
        |recipe| written_all(&recipe.beside),
    ),
    text(
        "run",
        Takes::Form("`1`"),
        "Start at once.",
        "1",
        |recipe, text| set(&mut recipe.run, whole(text, 0..=1).map(|one| one == 1)),
        |recipe| u8::from(recipe.run).to_string(),
    ),
];

fn places() -> [(&'static str, PagePlace); PagePlace::ALL.len()] {
    PagePlace::ALL.map(|place| (place.name(), place))
}

/// Rows that are shown at once beside another: more columns are too narrow to be read.
const BESIDE: usize = 3;

/// Rows, separated by commas, each once.
fn read_beside(text: &str) -> Result<Vec<u64>, String> {
    let mut rows = Vec::new();
    for number in text.split(',').filter(|number| !number.trim().is_empty()) {
        let row = whole(number, 0..=u64::MAX)?;
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    match rows.len() > BESIDE {
        true => Err(format!("it names more than {BESIDE} rows")),
        false => Ok(rows),
    }
}

fn written_all(rows: &[u64]) -> String {
    let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
    rows.join(",")
}
