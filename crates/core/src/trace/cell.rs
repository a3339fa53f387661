//! The row's small columns: names, verdicts, patches, at the top or in `metadata`.
//! A cell is a scalar, or an object that wraps one (`model_patch: {patch: …}`, `teacher_model: {name: …}`).

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::json::{self, Text};
use super::{FieldMap, Stated};

/// Columns that say something of the trajectory. `labels`, `outcome` and `patches` say what.
const KNOWN: [&str; 37] = [
    "instance_id",
    "task",
    "task_id",
    "trajectory_id",
    "traj_id",
    "run_id",
    "uuid",
    "session_id",
    "trial_name",
    "id",
    "repo",
    "repo_name",
    "license",
    "language",
    "category",
    "harness",
    "teacher_model",
    "model",
    "model_name",
    "original_teacher",
    "resolved",
    "target",
    "verified",
    "reward",
    "result",
    "success",
    "model_patch",
    "generated_patch",
    "patch",
    "submission",
    "test_result",
    "git_patch",
    "reference_patch",
    "gold_patch",
    "exit_status",
    "exit_reason",
    "git_hack_attempted",
];

/// Bytes of a name at most.
const LONGEST_NAME: usize = 256;

/// What the user can map to a column of this kind, and the name under which the cell is kept then.
const MAPPED: [(&str, &str); 4] = [
    ("outcome", "=outcome"),
    ("patch", "=patch"),
    ("reference", "=reference"),
    ("instance", "=instance"),
];

/// Whether a column is worth reading.
pub(super) fn is_known(column: &str, map: &FieldMap) -> bool {
    KNOWN.contains(&column) || MAPPED.iter().any(|(what, _)| map.get(what) == Some(column))
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Cow<'a, str>),
    /// What an object wraps: a text, or what is stated of one.
    Wrapped(Option<Cow<'a, str>>, Stated),
    /// A list, or an object that wraps nothing.
    Other,
}

impl<'a> Cell<'a> {
    /// The text itself, for patches.
    pub fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::Wrapped(text, _) => text,
            _ => None,
        }
    }

    /// What is stated of the text, for patches.
    pub fn stated(&self) -> Option<Stated> {
        match self {
            Cell::Wrapped(_, stated) => Some(*stated).filter(|stated| *stated != Stated::default()),
            _ => None,
        }
    }

    /// The cell as a text, where it has one: a number's digits too.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Cell::Text(text) => Some(text.clone()),
            Cell::Wrapped(text, _) => text.clone(),
            Cell::Number(number) => Some(Cow::Owned(number.to_string())),
            Cell::Null | Cell::Bool(_) | Cell::Other => None,
        }
    }

    fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Wrapped(text, stated) => {
                Cell::Wrapped(text.map(|text| Cow::Owned(text.into_owned())), stated)
            }
            Cell::Null => Cell::Null,
            Cell::Bool(value) => Cell::Bool(value),
            Cell::Number(number) => Cell::Number(number),
            Cell::Other => Cell::Other,
        }
    }
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Top,
    Metadata,
}

/// The cells of a row by their columns' names.
#[derive(Debug, Default)]
pub(super) struct Columns<'a> {
    cells: Vec<(Level, &'static str, Cell<'a>)>,
}

impl<'a> Columns<'a> {
    /// Keeps a cell of the row, under its own name and under what the user said it holds.
    pub fn add(&mut self, column: &str, cell: Cell<'a>, map: &FieldMap) {
        self.add_at(Level::Top, column, cell, map);
    }

    fn add_at(&mut self, level: Level, column: &str, cell: Cell<'a>, map: &FieldMap) {
        for (what, name) in MAPPED {
            if map
                .get(what)
                .is_some_and(|chosen| is_chosen(chosen, level, column))
            {
                self.cells.push((Level::Top, name, cell.clone()));
            }
        }
        if let Some(name) = KNOWN.into_iter().find(|name| *name == column) {
            self.cells.push((level, name, cell));
        }
    }

    /// The cell of that column at that level.
    pub fn at(&self, level: Level, column: &str) -> Option<&Cell<'a>> {
        let cell = |(l, name, _): &&(Level, &str, Cell)| *l == level && *name == column;
        self.cells.iter().find(cell).map(|(_, _, cell)| cell)
    }

    /// Takes the cell of that column at that level out: patches are large.
    pub fn take(&mut self, level: Level, column: &str) -> Option<Cell<'a>> {
        let index = self
            .cells
            .iter()
            .position(|(l, name, _)| *l == level && *name == column)?;
        Some(self.cells.swap_remove(index).2)
    }

    /// The cells of that column, the row's own before the metadata's.
    pub fn both(&self, column: &str) -> impl Iterator<Item = &Cell<'a>> {
        [
            self.at(Level::Top, column),
            self.at(Level::Metadata, column),
        ]
        .into_iter()
        .flatten()
    }

    /// The first text of these columns that is not empty and short enough for a name: a `task` may be a whole issue.
    pub fn first_text(&self, columns: &[&str]) -> Option<Cow<'a, str>> {
        let mut texts = columns
            .iter()
            .flat_map(|column| self.both(column))
            .filter_map(Cell::text);
        texts.find(|text| !text.is_empty() && text.len() <= LONGEST_NAME)
    }

    /// The first truth value in that column: itself, a number that is not 0, or its word.
    pub fn first_bool(&self, column: &str) -> Option<bool> {
        self.both(column).find_map(|cell| match cell {
            Cell::Bool(value) => Some(*value),
            Cell::Number(number) => Some(number.as_f64()? != 0.0),
            Cell::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Cell::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }
}

fn is_chosen(chosen: &str, level: Level, column: &str) -> bool {
    match level {
        Level::Top => chosen == column,
        Level::Metadata => chosen.strip_prefix("metadata.").unwrap_or_default() == column,
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a cell")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cell::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cell::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cell::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Cell::Null, Cell::Number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }

    /// An object is worth what it wraps.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut text, mut stated, mut is_null) = (None, Stated::default(), false);
        while let Some(key) = map.next_key::<Text>()? {
            let key = &*key.0;
            if is_stated(key) {
                stated.set(key, &map.next_value::<Cell>()?);
            } else if matches!(key, "patch" | "git_patch" | "name" | "model_name") {
                match map.next_value::<Cell>()? {
                    Cell::Null => is_null = true,
                    cell => text = cell.into_text().or(text),
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(match (&text, is_null) {
            (None, true) if stated == Stated::default() => Cell::Null,
            (None, false) if stated == Stated::default() => Cell::Other,
            _ => Cell::Wrapped(text, stated),
        })
    }
}

/// What the data set itself states of a patch.
const STATED: [&str; 2] = ["num_modified_files", "num_modified_lines"];

/// Whether a field states something of the patch beside it.
pub(super) fn is_stated(field: &str) -> bool {
    STATED.contains(&field)
}

impl Stated {
    fn set(&mut self, field: &str, cell: &Cell) {
        let Cell::Number(number) = cell else { return };
        // Whole numbers, though a data set may store them as any kind; a negative one says nothing.
        let number = number
            .as_u64()
            .or_else(|| number.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64));
        match field {
            "num_modified_files" => self.files = number,
            _ => self.lines = number,
        }
    }
}

/// Reads `metadata`: an object, or the JSON text of one; anything else has no columns.
pub(super) struct Metadata<'c, 'a, 'm> {
    pub map: &'m FieldMap,
    pub columns: &'c mut Columns<'a>,
}

impl<'de> DeserializeSeed<'de> for Metadata<'_, 'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.starts_with('{') {
            self.read(raw).map_err(D::Error::custom)
        } else {
            if raw.starts_with('"') {
                self.read_text(&json::raw_text(raw));
            }
            Ok(())
        }
    }
}

impl<'a> Metadata<'_, 'a, '_> {
    fn read(self, json: &'a str) -> serde_json::Result<()> {
        serde_json::Deserializer::from_str(json).deserialize_map(self)
    }

    /// A text that is no JSON object says nothing.
    fn read_text(self, json: &str) {
        let mut own = Columns::default();
        let inner = Metadata {
            map: self.map,
            columns: &mut own,
        };
        if inner.read(json).is_ok() {
            let cells = own.cells.into_iter();
            self.columns
                .cells
                .extend(cells.map(|(level, name, cell)| (level, name, cell.into_owned())));
        }
    }
}

impl<'de> Visitor<'de> for Metadata<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("metadata")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text>()? {
            let column = &*key.0;
            let chosen = MAPPED.iter().filter_map(|(what, _)| self.map.get(what));
            if KNOWN.contains(&column)
                || chosen
                    .into_iter()
                    .any(|chosen| is_chosen(chosen, Level::Metadata, column))
            {
                let cell: Cell = map.next_value()?;
                self.columns.add_at(Level::Metadata, column, cell, self.map);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
