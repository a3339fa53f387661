//! The row's small columns: names, verdicts, patches, at the top or in `metadata`.
//! A cell is a scalar, or an object that wraps one (`model_patch: {patch: …}`, `teacher_model: {name: …}`).

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::column::{Column, ColumnName, Level, Use};
use super::json::{Text, visit_scalars};
use super::vocabulary::VOCABULARY;
use super::{Declared, FieldMap};

/// Bytes of a name at most.
const LONGEST_NAME: usize = 256;

/// What the user can map to a column of this kind, and the name under which the cell is kept then.
const MAPPED: [(&str, &str); 4] = [
    ("outcome", CHOSEN_OUTCOME),
    ("patch", CHOSEN_PATCH),
    ("reference", CHOSEN_REFERENCE),
    ("instance", CHOSEN_INSTANCE),
];
pub(super) const CHOSEN_OUTCOME: &str = "=outcome";
pub(super) const CHOSEN_PATCH: &str = "=patch";
pub(super) const CHOSEN_REFERENCE: &str = "=reference";
pub(super) const CHOSEN_INSTANCE: &str = "=instance";

/// What a field holds of an object that stands where others have a name or a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellField {
    /// The name.
    Name,
    /// The patch.
    Patch,
    /// How many files the patch touches, as the dataset declares.
    DeclaredFiles,
    /// How many lines the patch changes, as the dataset declares.
    DeclaredLines,
}

impl CellField {
    /// Whether it declares something of the patch beside it.
    pub fn is_declared(self) -> bool {
        matches!(self, CellField::DeclaredFiles | CellField::DeclaredLines)
    }
}

/// Whether the user said what that column of the row holds.
pub(super) fn is_mapped(column: &str, map: &FieldMap) -> bool {
    MAPPED.iter().any(|(what, _)| map.get(what) == Some(column))
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Cow<'a, str>),
    /// What an object wraps: a text, or what is declared of one.
    Wrapped(Option<Cow<'a, str>>, Declared),
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

    /// What is declared of the text, for patches.
    pub fn declared(&self) -> Option<Declared> {
        match self {
            Cell::Wrapped(_, declared) => {
                Some(*declared).filter(|declared| *declared != Declared::default())
            }
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

    /// The cell as a name, where it has a text that is not empty and short enough for one.
    pub fn as_name(&self) -> Option<Cow<'a, str>> {
        self.text()
            .filter(|text| !text.is_empty() && text.len() <= LONGEST_NAME)
    }

    fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Wrapped(text, declared) => {
                Cell::Wrapped(text.map(|text| Cow::Owned(text.into_owned())), declared)
            }
            Cell::Null => Cell::Null,
            Cell::Bool(value) => Cell::Bool(value),
            Cell::Number(number) => Cell::Number(number),
            Cell::Other => Cell::Other,
        }
    }
}

/// The cells of a row by their columns' names.
#[derive(Debug, Default)]
pub(super) struct Columns<'a> {
    cells: Vec<(Level, &'static str, Cell<'a>)>,
    /// What a dialect found elsewhere than in a column.
    found: Vec<(Column, Cell<'a>)>,
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
        let names = &VOCABULARY.columns;
        let name = match level {
            Level::Top => names.top.get(column).and_then(Use::as_cell),
            Level::Metadata => names.in_metadata.get(column),
        };
        if let Some(name) = name {
            self.cells.push((level, name, cell));
        }
    }

    /// Keeps what a dialect found elsewhere than in a column; it comes before what the columns hold.
    pub fn put(&mut self, column: Column, cell: Cell<'a>) {
        self.found.push((column.as_name(), cell));
    }

    /// Keeps a name that a dialect found elsewhere than in a column; an empty one says nothing.
    pub fn put_text(&mut self, column: Column, text: Cow<'a, str>) {
        if !text.is_empty() {
            self.put(column, Cell::Text(text));
        }
    }

    /// Adds the cells of others, which come after its own.
    pub fn append(&mut self, mut others: Columns<'a>) {
        self.cells.append(&mut others.cells);
        self.found.append(&mut others.found);
    }

    /// Takes out what a dialect found elsewhere than in a column.
    pub fn take_found(&mut self, column: Column) -> Option<Cell<'a>> {
        let index = self.found.iter().position(|(known, _)| *known == column)?;
        Some(self.found.swap_remove(index).1)
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

    /// The cell that the user chose, by its name in [`MAPPED`].
    pub fn chosen(&self, name: &str) -> Option<&Cell<'a>> {
        self.at(Level::Top, name)
    }

    /// The cells of the columns that hold this, the likeliest first.
    pub fn holding(&self, column: Column) -> impl Iterator<Item = &Cell<'a>> {
        let names = VOCABULARY.columns.holding(column);
        let found = self.found.iter().filter(move |(known, _)| *known == column);
        let found = found.map(|(_, cell)| cell);
        found.chain(names.iter().flat_map(|name| self.of_name(*name)))
    }

    /// The cells of that name, the row's own before the metadata's.
    fn of_name(&self, column: ColumnName) -> impl Iterator<Item = &Cell<'a>> {
        let levels = [Level::Top, Level::Metadata];
        let levels = levels
            .into_iter()
            .filter(move |level| column.stands_at(*level));
        levels.filter_map(move |level| self.at(level, column.name))
    }

    /// The first text of the columns that hold this which is not empty and short enough for a name: a task may be a
    /// whole issue.
    pub fn first_text(&self, column: Column) -> Option<Cow<'a, str>> {
        self.holding(column).find_map(Cell::as_name)
    }

    /// The first truth value in the columns that hold this: itself, a number that is not 0, or its word.
    pub fn first_bool(&self, column: Column) -> Option<bool> {
        self.holding(column).find_map(|cell| match cell {
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
        let (mut text, mut declared, mut is_null) = (None, Declared::default(), false);
        while let Some(key) = map.next_key::<Text>()? {
            match VOCABULARY.cell_fields.get(&key.0) {
                Some(CellField::DeclaredFiles) => {
                    set_number(&mut declared.files, &map.next_value()?);
                }
                Some(CellField::DeclaredLines) => {
                    set_number(&mut declared.lines, &map.next_value()?);
                }
                Some(CellField::Name | CellField::Patch) => match map.next_value::<Cell>()? {
                    Cell::Null => is_null = true,
                    cell => text = cell.into_text().or(text),
                },
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(match (&text, is_null) {
            (None, true) if declared == Declared::default() => Cell::Null,
            (None, false) if declared == Declared::default() => Cell::Other,
            _ => Cell::Wrapped(text, declared),
        })
    }
}

/// Takes a number of files or lines: a whole one, though a dataset may store it as any kind; a negative one says
/// nothing.
fn set_number(declared: &mut Option<u64>, cell: &Cell) {
    if let Cell::Number(number) = cell {
        let from_float = || number.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64);
        *declared = number.as_u64().or_else(from_float);
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
        deserializer.deserialize_any(self)
    }
}

impl<'a> Metadata<'_, 'a, '_> {
    /// A text that is not a JSON object says nothing.
    fn read_text(self, json: &str) {
        let mut own = Columns::default();
        let inner = Metadata {
            map: self.map,
            columns: &mut own,
        };
        let mut json = serde_json::Deserializer::from_str(json);
        if json.deserialize_map(inner).is_ok() {
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

    fn visit_str<E>(self, json: &str) -> Result<(), E> {
        self.read_text(json);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    visit_scalars!(_value => ());

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text>()? {
            let column = &*key.0;
            let chosen = MAPPED.iter().filter_map(|(what, _)| self.map.get(what));
            if VOCABULARY.columns.in_metadata.get(column).is_some()
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
