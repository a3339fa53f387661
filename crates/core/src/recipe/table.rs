//! The table of rows as a person arranged it: its columns, its order, and which rows are looked for in it.
//! All of it stands in the address: whoever opens a link sees the same table, and steps through it in the same order.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::value::shown;
use crate::frame::order::Direction;
use crate::frame::{Label, Number};
use crate::sign::{Family, Sign};
use crate::trace::Outcome;

/// A column that the table can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    /// The row's index.
    Row,
    /// What became of the task.
    Outcome,
    /// Text.
    Label(Label),
    /// A measure.
    Number(Number),
    /// The signs that the row carries.
    Signs,
    /// The number of one sign.
    Sign(Sign),
}

impl Column {
    /// The columns that are shown unless others are chosen.
    pub const FIRST: [Self; 12] = [
        Self::Row,
        Self::Label(Label::InstanceId),
        Self::Outcome,
        Self::Label(Label::Language),
        Self::Label(Label::Harness),
        Self::Label(Label::Teacher),
        Self::Number(Number::Turns),
        Self::Number(Number::Calls),
        Self::Number(Number::Errors),
        Self::Number(Number::Tokens),
        Self::Number(Number::PatchFiles),
        Self::Signs,
    ];

    /// Every column, group by group, in the order in which they are offered.
    pub fn groups() -> Vec<(&'static str, Vec<Self>)> {
        let labels = Label::ALL.into_iter().map(Self::Label);
        let run = [Self::Row, Self::Outcome].into_iter().chain(labels);
        let run = run.chain([Self::Signs]);
        let numbers = |is_of: fn(&str) -> bool| {
            let numbers = Number::ALL.into_iter();
            let numbers = numbers.filter(move |number| is_of(number.name()));
            numbers.map(Self::Number).collect::<Vec<_>>()
        };
        let mut groups = vec![
            ("Run", run.collect::<Vec<_>>()),
            (
                "Steps",
                numbers(|name| !is_of_patch(name) && !is_of_tokens(name)),
            ),
            ("Tokens", numbers(is_of_tokens)),
            ("Patch", numbers(is_of_patch)),
        ];
        for family in Family::ALL {
            let signs = Sign::ALL.into_iter().filter(|sign| sign.family() == family);
            groups.push((family.title(), signs.map(Self::Sign).collect()));
        }
        groups
    }

    /// Its word in the address: that of the downloaded table.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Row => "row".into(),
            Self::Outcome => "outcome".into(),
            Self::Label(label) => label.name().into(),
            Self::Number(number) => number.name().into(),
            Self::Signs => "signs".into(),
            Self::Sign(sign) => sign.column().into(),
        }
    }

    /// The column of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        let columns = Self::groups().into_iter().flat_map(|(_, columns)| columns);
        let mut columns = columns.filter(|column| column.name().eq_ignore_ascii_case(name.trim()));
        columns.next()
    }

    /// Its name for people; a sign's number has a flag, so that no two columns are called alike.
    pub fn title(self) -> Cow<'static, str> {
        match self {
            Self::Row => "Row".into(),
            Self::Outcome => "Outcome".into(),
            Self::Label(label) => label.title().into(),
            Self::Number(number) => number.title().into(),
            Self::Signs => "Signs".into(),
            Self::Sign(sign) => format!("⚑ {}", sign.title()).into(),
        }
    }

    /// What it is, in a sentence or two.
    pub fn definition(self) -> &'static str {
        match self {
            Self::Row => {
                "The row's index in its split, from 0; rows of several splits or datasets are counted on"
            }
            Self::Outcome => Outcome::DEFINITION,
            Self::Label(label) => label.definition(),
            Self::Number(number) => number.definition(),
            Self::Signs => "The quality signs that the row carries",
            Self::Sign(sign) => sign.definition(),
        }
    }

    /// Which end comes first where someone sorts by it: of what is counted, the most.
    pub fn first_direction(self) -> Direction {
        match self {
            Self::Row | Self::Outcome | Self::Label(_) => Direction::Ascending,
            Self::Number(_) | Self::Signs | Self::Sign(_) => Direction::Descending,
        }
    }
}

fn is_of_tokens(name: &str) -> bool {
    name.starts_with("tokens")
}

fn is_of_patch(name: &str) -> bool {
    let starts = ["patch_", "reference_", "overlap_", "declared_"];
    starts.iter().any(|start| name.starts_with(start))
}

/// How the table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sorting {
    /// By which column.
    pub column: Column,
    /// Which end comes first.
    pub direction: Direction,
}

impl Default for Sorting {
    fn default() -> Self {
        Self {
            column: Column::Row,
            direction: Direction::Ascending,
        }
    }
}

impl Sorting {
    /// Sorted by a column: the other way round where it is already.
    #[must_use]
    pub fn by(self, column: Column) -> Self {
        let direction = match self.direction {
            _ if self.column != column => column.first_direction(),
            Direction::Ascending => Direction::Descending,
            Direction::Descending => Direction::Ascending,
        };
        Self { column, direction }
    }
}

/// Which rows the table shows of those that are selected, and how they follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// How they are sorted.
    pub sorting: Sorting,
    /// What they are looked for by: a row's index, or a part of the name of a task or a trajectory; all where it is empty.
    pub find: String,
}

/// The table as it is arranged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its columns; at least one.
    pub columns: Vec<Column>,
    /// Its rows.
    pub order: Order,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            columns: Column::FIRST.to_vec(),
            order: Order::default(),
        }
    }
}

impl Table {
    /// Shows a column, or no longer; the last one stays.
    pub fn toggle(&mut self, column: Column) {
        if !self.columns.contains(&column) {
            self.columns.push(column);
        } else if self.columns.len() > 1 {
            self.columns.retain(|other| *other != column);
        }
    }
}

/// Reads `-tokens`: by tokens, the most first.
pub(super) fn read_sorting(text: &str) -> Result<Sorting, String> {
    let text = text.trim();
    let (name, direction) = match text.strip_prefix('-') {
        Some(name) => (name, Direction::Descending),
        None => (text, Direction::Ascending),
    };
    let column = column(name)?;
    Ok(Sorting { column, direction })
}

/// Writes how the table is sorted.
pub(super) fn write_sorting(sorting: Sorting) -> String {
    let name = sorting.column.name();
    match sorting.direction {
        Direction::Ascending => name.into_owned(),
        Direction::Descending => format!("-{name}"),
    }
}

/// Reads `row,outcome,tokens`, each once.
pub(super) fn read_columns(text: &str) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    for name in text.split(',').filter(|name| !name.trim().is_empty()) {
        let column = column(name)?;
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    match columns.is_empty() {
        true => Err("it names no column".to_owned()),
        false => Ok(columns),
    }
}

/// Writes columns.
pub(super) fn write_columns(columns: &[Column]) -> String {
    let names: Vec<_> = columns.iter().map(|column| column.name()).collect();
    names.join(",")
}

fn column(name: &str) -> Result<Column, String> {
    Column::from_name(name).ok_or_else(|| format!("the table has no column “{}”", shown(name)))
}
