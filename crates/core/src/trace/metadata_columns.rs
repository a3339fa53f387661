//! Which columns of a file a survey reads: names, kinds and verdicts, who speaks, which tools are called, but no text.
//! Judged by the words that the dialects give to columns and fields.

use super::cell::CellField;
use super::column::{Column, Use};
use super::message::Field;
use super::structured::CallField;
use super::vocabulary::VOCABULARY;

/// Whether the leaf column at this path, from the row's column down, says something without being text.
pub fn is_metadata_column(path: &[&str]) -> bool {
    match path {
        [column] => is_cell(column) && !is_text(column),
        [metadata, column] if is_metadata(metadata) => {
            is_cell_of_metadata(column) && !is_text(column)
        }
        [metadata, cell, field] if is_metadata(metadata) => is_inside_cell(cell, field),
        [conversation, inside @ ..] if is_conversation(conversation) => is_inside_message(inside),
        [cell, field] => is_inside_cell(cell, field),
        _ => false,
    }
}

/// Whether the leaf column at this path is a patch's text.
pub fn is_patch_text(path: &[&str]) -> bool {
    match path {
        [column] => is_patch(column),
        [metadata, column] if is_metadata(metadata) => is_patch(column),
        [metadata, column, field] if is_metadata(metadata) => {
            is_patch(column) && holds_patch(field)
        }
        [column, field] => is_patch(column) && holds_patch(field),
        _ => false,
    }
}

fn use_of(column: &str) -> Option<Use> {
    VOCABULARY.columns.top.get(column)
}

fn is_metadata(column: &str) -> bool {
    use_of(column) == Some(Use::Metadata)
}

fn is_conversation(column: &str) -> bool {
    matches!(use_of(column), Some(Use::Conversation(_)))
}

fn is_cell(column: &str) -> bool {
    matches!(use_of(column), Some(Use::Cell(_)))
}

fn is_cell_of_metadata(column: &str) -> bool {
    VOCABULARY.columns.in_metadata.get(column).is_some()
}

/// Whether it may be a text longer than a name.
fn is_text(column: &str) -> bool {
    VOCABULARY.columns.texts.get(column).is_some()
}

fn is_patch(column: &str) -> bool {
    let text = VOCABULARY.columns.texts.get(column);
    text.is_some_and(Column::is_patch)
}

/// The field of an object in a cell: the teacher's name, or what is declared of a patch.
fn is_inside_cell(column: &str, field: &str) -> bool {
    match VOCABULARY.cell_fields.get(field) {
        Some(CellField::Name) => VOCABULARY.columns.is_held(Column::Teacher, column),
        Some(field) => field.is_declared() && is_text(column),
        None => false,
    }
}

fn holds_patch(field: &str) -> bool {
    VOCABULARY.cell_fields.get(field) == Some(CellField::Patch)
}

/// Who speaks, and the names of the tools that are called.
fn is_inside_message(path: &[&str]) -> bool {
    let field = |name: &str| VOCABULARY.fields.get(name);
    let call_field = |name: &str| VOCABULARY.call_fields.get(name);
    match path {
        [role] => field(role) == Some(Field::Role),
        [calls, name] => {
            matches!(field(calls), Some(Field::Calls | Field::FunctionCall))
                && call_field(name) == Some(CallField::Name)
        }
        [calls, function, name] => {
            field(calls) == Some(Field::Calls)
                && call_field(function) == Some(CallField::Function)
                && call_field(name) == Some(CallField::Name)
        }
        _ => false,
    }
}
