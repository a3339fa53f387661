//! The words of all dialects together, in tables that are made once: a row may mix dialects, and most do, so each word
//! is looked up in one table whichever dialect it comes from.

use std::sync::LazyLock;

use super::cell::CellField;
use super::column::ColumnNames;
use super::dialect::{Dialect, TABLE, Words};
use super::fenced::Protocol;
use super::message::{Field, ReadItem};
use super::part::{PartField, PartKind};
use super::speaker::Speaker;
use super::structured::CallField;
use super::tagged::Tags;
use super::written::Written;

/// The words of every dialect of the table.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::of(TABLE));

/// What every dialect's words mean. Where two dialects give one word two meanings, the first of the table counts.
pub(super) struct Vocabulary {
    pub columns: ColumnNames,
    pub cell_fields: Lookup<CellField>,
    pub fields: Lookup<Field>,
    pub roles: Lookup<Speaker>,
    pub items: Lookup<ReadItem>,
    pub call_fields: Lookup<CallField>,
    pub parts: Lookup<PartKind>,
    pub part_fields: Lookup<PartField>,
    pub tags: Tags,
    /// Forms of calls that prose may look like.
    pub written: Vec<&'static Written>,
    pub fences: Protocol,
    /// How observations begin that are written as a user's messages.
    pub observation_starts: Vec<&'static str>,
    /// Columns by which dialects are told, and the dialects' places in the table.
    pub told_by: Lookup<&'static [usize]>,
}

impl Vocabulary {
    fn of(table: &[&Dialect]) -> Self {
        fn words<T: Copy>(table: &[&Dialect], of: fn(&Dialect) -> Words<T>) -> Lookup<T> {
            Lookup::of(table.iter().flat_map(|dialect| of(dialect)).copied())
        }
        let starts = table.iter().flat_map(|dialect| dialect.observation_starts);
        Vocabulary {
            columns: ColumnNames::of(table),
            cell_fields: words(table, |dialect| dialect.cell_fields),
            fields: words(table, |dialect| dialect.fields),
            roles: words(table, |dialect| dialect.roles),
            items: words(table, |dialect| dialect.items),
            call_fields: words(table, |dialect| dialect.call_fields),
            parts: words(table, |dialect| dialect.parts),
            part_fields: words(table, |dialect| dialect.part_fields),
            tags: Tags::of(table),
            written: table.iter().filter_map(|dialect| dialect.written).collect(),
            fences: Protocol::of(table),
            observation_starts: starts.copied().collect(),
            told_by: told_by(table),
        }
    }
}

/// For each column by which dialects are told, all of them.
fn told_by(table: &[&Dialect]) -> Lookup<&'static [usize]> {
    let mut told: Vec<(&'static str, Vec<usize>)> = Vec::new();
    for (at, dialect) in table.iter().enumerate() {
        for column in dialect.told_by {
            match told.iter_mut().find(|(known, _)| known == column) {
                Some((_, dialects)) => dialects.push(at),
                None => told.push((column, vec![at])),
            }
        }
    }
    // Made once for the whole program.
    Lookup::of(
        told.into_iter()
            .map(|(column, dialects)| (column, &*dialects.leak())),
    )
}

/// A table of words. They are kept by their length, so that a look-up compares the few that are as long.
#[derive(Debug)]
pub(super) struct Lookup<T> {
    by_length: Vec<Vec<(&'static str, T)>>,
}

impl<T: Copy> Lookup<T> {
    /// The table of these words; of a word that comes twice the first counts.
    pub fn of(words: impl Iterator<Item = (&'static str, T)>) -> Self {
        let mut table = Lookup {
            by_length: Vec::new(),
        };
        for (word, meaning) in words {
            if table.get(word).is_some() {
                continue;
            }
            let longest = table.by_length.len().max(word.len() + 1);
            table.by_length.resize_with(longest, Vec::new);
            if let Some(words) = table.by_length.get_mut(word.len()) {
                words.push((word, meaning));
            }
        }
        table
    }

    /// What the word means; `None` where no dialect has it.
    pub fn get(&self, word: &str) -> Option<T> {
        let words = self.by_length.get(word.len())?;
        let found = words.iter().find(|(known, _)| *known == word);
        found.map(|(_, meaning)| *meaning)
    }
}
