//! The two patches of a row: the model's and the one that solved the task upstream.
//! Null means that there is no patch; an empty text is a patch that changes nothing.

use std::borrow::Cow;

use super::Declared;
use super::cell::{CHOSEN_PATCH, CHOSEN_REFERENCE, Cell, Columns};
use super::column::{Column, Level};
use super::vocabulary::VOCABULARY;

type Patch<'a> = Option<Cow<'a, str>>;

/// Takes the model's patch and the reference patch out of the row.
pub(super) fn take<'a>(columns: &mut Columns<'a>) -> (Patch<'a>, Patch<'a>) {
    (model(columns), reference(columns))
}

/// What the row declares of the model's patch and of the reference patch, read before they are taken.
pub(super) fn declared(columns: &Columns) -> (Option<Declared>, Option<Declared>) {
    let of = |column: Column| columns.holding(column).find_map(Cell::declared);
    (of(Column::ModelPatch), of(Column::ReferencePatch))
}

/// What the user chose, else the first column that has one.
fn model<'a>(columns: &mut Columns<'a>) -> Patch<'a> {
    if let Some(chosen) = columns.take(Level::Top, CHOSEN_PATCH) {
        return chosen.into_text();
    }
    if let Some(found) = columns.take_found(Column::ModelPatch) {
        return found.into_text();
    }
    let is_named = columns.holding(Column::ModelPatch).next().is_some();
    let named = first(columns, Column::ModelPatch, &BOTH);
    let unless_named = |columns: &mut Columns<'a>| match is_named {
        true => None,
        false => first(columns, Column::PatchUnlessNamed, &TOP),
    };
    named
        .or_else(|| unless_named(columns))
        .or_else(|| first(columns, Column::ModelPatchElse, &TOP))
        .or_else(|| inside(columns))
}

fn reference<'a>(columns: &mut Columns<'a>) -> Patch<'a> {
    if let Some(chosen) = columns.take(Level::Top, CHOSEN_REFERENCE) {
        return chosen.into_text();
    }
    if let Some(found) = columns.take_found(Column::ReferencePatch) {
        return found.into_text();
    }
    first(columns, Column::ReferencePatch, &BOTH)
}

/// The metadata's patch comes before the row's own.
const BOTH: [Level; 2] = [Level::Metadata, Level::Top];
const TOP: [Level; 1] = [Level::Top];

/// Takes the first text out of the columns that hold this.
fn first<'a>(columns: &mut Columns<'a>, column: Column, levels: &[Level]) -> Patch<'a> {
    let names = VOCABULARY.columns.holding(column).iter();
    names
        .flat_map(|name| levels.iter().map(move |level| (*level, name.name)))
        .find_map(|(level, name)| columns.take(level, name)?.into_text())
}

/// Takes the patch out of the first column that is an object around one.
fn inside<'a>(columns: &mut Columns<'a>) -> Patch<'a> {
    let mut names = VOCABULARY.columns.holding(Column::ModelPatchInside).iter();
    names.find_map(|name| match columns.take(Level::Top, name.name) {
        Some(Cell::Wrapped(patch, _)) => patch,
        _ => None,
    })
}
