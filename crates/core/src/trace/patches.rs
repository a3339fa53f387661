//! The two patches of a row: the model's and the one that solved the task upstream.
//! Null is no patch; an empty text is a patch that changes nothing.

use std::borrow::Cow;

use super::Stated;
use super::cell::{Cell, Columns, Level};

type Patch<'a> = Option<Cow<'a, str>>;

/// Takes the model's patch and the reference patch out of the row.
pub(super) fn take<'a>(columns: &mut Columns<'a>) -> (Patch<'a>, Patch<'a>) {
    (model(columns), reference(columns))
}

/// What the row states of the model's patch and of the reference patch, read before they are taken.
pub(super) fn stated(columns: &Columns) -> (Option<Stated>, Option<Stated>) {
    let of = |column: &str| columns.both(column).find_map(Cell::stated);
    (
        of("model_patch").or_else(|| of("generated_patch")),
        of("reference_patch").or_else(|| of("gold_patch")),
    )
}

/// What the user chose, else the first column that has one. Beside a `model_patch` or `generated_patch`, even a null
/// one, the column `patch` is not the model's.
fn model<'a>(columns: &mut Columns<'a>) -> Patch<'a> {
    if let Some(chosen) = columns.take(Level::Top, "=patch") {
        return chosen.into_text();
    }
    let mut named = false;
    for column in ["model_patch", "generated_patch"] {
        for level in [Level::Metadata, Level::Top] {
            let Some(cell) = columns.take(level, column) else {
                continue;
            };
            named = true;
            if let Some(patch) = cell.into_text() {
                return Some(patch);
            }
        }
    }
    for column in ["patch", "submission", "git_patch"] {
        if named && column == "patch" {
            continue;
        }
        if let Some(patch) = columns.take(Level::Top, column).and_then(Cell::into_text) {
            return Some(patch);
        }
    }
    match columns.take(Level::Top, "test_result") {
        Some(Cell::Wrapped(patch, _)) => patch,
        _ => None,
    }
}

fn reference<'a>(columns: &mut Columns<'a>) -> Patch<'a> {
    if let Some(chosen) = columns.take(Level::Top, "=reference") {
        return chosen.into_text();
    }
    for column in ["reference_patch", "gold_patch"] {
        for level in [Level::Metadata, Level::Top] {
            if let Some(patch) = columns.take(level, column).and_then(Cell::into_text) {
                return Some(patch);
            }
        }
    }
    None
}
