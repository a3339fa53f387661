//! The table of the selected rows: its columns, its order, and the rows in sight as texts.
//! The whole order is kept while neither rows nor rules change; only windows of it travel.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::frame::order::{self, Direction};
use tracesift_core::frame::{self, Frame, Label, Number};
use tracesift_core::ground::words;
use tracesift_core::recipe::Selection;
use tracesift_core::recipe::signs::Carried;
use tracesift_core::sign::Sign;
use tracesift_core::trace::Outcome;

/// A column that can be shown.
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
    /// Every column, in the order in which they are offered.
    pub fn all() -> Vec<Column> {
        let labels = Label::ALL.into_iter().map(Column::Label);
        let numbers = Number::ALL.into_iter().map(Column::Number);
        [Column::Row, Column::Outcome]
            .into_iter()
            .chain(labels)
            .chain(numbers)
            .chain([Column::Signs])
            .chain(Sign::ALL.into_iter().map(Column::Sign))
            .collect()
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Column::Row => "Row",
            Column::Outcome => "Outcome",
            Column::Label(label) => label.title(),
            Column::Number(number) => number.title(),
            Column::Signs => "Signs",
            Column::Sign(sign) => sign.title(),
        }
    }

    /// What it is, in a sentence or two.
    pub fn definition(self) -> &'static str {
        match self {
            Column::Row => {
                "The row's index in its split, from 0; rows of several splits or data sets are counted on"
            }
            Column::Outcome => Outcome::DEFINITION,
            Column::Label(label) => label.definition(),
            Column::Number(number) => number.definition(),
            Column::Signs => "The quality signs that the row carries",
            Column::Sign(sign) => sign.definition(),
        }
    }

    /// A row's cell; the signs that a row carries are no text.
    fn text(self, frame: &Frame, at: usize) -> String {
        match self {
            Column::Row => frame.rows().get(at).map(u64::to_string).unwrap_or_default(),
            Column::Outcome => {
                let outcome = frame.outcomes().get(at);
                outcome.map(|o| o.name().to_owned()).unwrap_or_default()
            }
            Column::Label(label) => {
                let text = frame.label(label).get(at);
                text.map(|text| words::cut(text, 60)).unwrap_or_default()
            }
            Column::Number(number) => known(frame.number_at(at, number)),
            // Three digits behind the point: a share is not known better.
            Column::Sign(sign) => {
                known((f64::from(frame.sign_at(at, sign)) * 1000.0).round() / 1000.0)
            }
            Column::Signs => String::new(),
        }
    }
}

fn known(value: f64) -> String {
    match value.is_nan() {
        true => String::new(),
        false => words::thousands(value),
    }
}

/// How the table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sorting {
    /// By which column.
    pub column: Column,
    /// Which end comes first.
    pub direction: Direction,
}

impl Sorting {
    /// The selected rows in this order.
    pub(super) fn order(self, frame: &Frame, selection: &Selection) -> Vec<u32> {
        let mut order = selection.kept.clone();
        let column = match self.column {
            Column::Row => frame::Column::Row,
            Column::Outcome => frame::Column::Outcome,
            Column::Label(label) => frame::Column::Label(label),
            Column::Number(number) => frame::Column::Number(number),
            Column::Sign(sign) => frame::Column::Sign(sign),
            Column::Signs => {
                let carried = Carried::new(frame, &selection.signs);
                let count = |at| carried.count(at as usize);
                order::sort(&mut order, &|a, b| {
                    self.direction.of(count(a).cmp(&count(b)))
                });
                return order;
            }
        };
        frame.sort(&mut order, column, self.direction);
        order
    }
}

/// Some of the table's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowOf {
    /// How the table is sorted.
    pub sorting: Sorting,
    /// The columns that are shown.
    pub columns: Vec<Column>,
    /// How many rows come before them.
    pub from: usize,
    /// How many are wanted.
    pub most: usize,
}

/// Some of the table's rows, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Rows of the whole table.
    pub len: usize,
    /// How many come before these.
    pub from: usize,
    /// The columns of the cells.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TableRow {
    /// Its index.
    pub row: u64,
    /// A text for each column.
    pub cells: Vec<String>,
    /// The signs that it carries, where their column is shown.
    pub signs: Vec<Sign>,
}

impl Ask for WindowOf {
    type Answer = Window;

    fn answer(self, held: &mut Held) -> Window {
        let order = held.order(self.sorting);
        let (frame, selection) = held.now();
        let carried = Carried::new(&frame, &selection.signs);
        let has_signs = self.columns.contains(&Column::Signs);
        let row = |&at: &u32| {
            let at = at as usize;
            let cells = self.columns.iter().map(|column| column.text(&frame, at));
            Some(TableRow {
                row: *frame.rows().get(at)?,
                cells: cells.collect(),
                signs: match has_signs {
                    true => carried.of(at),
                    false => Vec::new(),
                },
            })
        };
        let rows = order.iter().skip(self.from).take(self.most);
        Window {
            len: order.len(),
            from: self.from,
            rows: rows.filter_map(row).collect(),
            columns: self.columns,
        }
    }
}
