//! The table of the selected rows: its order, and the rows in sight as texts.
//! The whole order is kept while neither rows nor rules change; only windows of it travel.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::frame::order;
use tracesift_core::frame::{self, Frame, Label, TextColumn};
use tracesift_core::ground::words;
use tracesift_core::recipe::Selection;
use tracesift_core::recipe::signs::Carried;
use tracesift_core::recipe::table::{Column, Order, Sorting};
use tracesift_core::sign::Sign;

/// A row's cell; the signs that a row carries are no text.
fn text(column: Column, frame: &Frame, at: usize) -> String {
    match column {
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
        Column::Sign(sign) => known((f64::from(frame.sign_at(at, sign)) * 1000.0).round() / 1000.0),
        Column::Signs => String::new(),
    }
}

fn known(value: f64) -> String {
    match value.is_nan() {
        true => String::new(),
        false => words::thousands(value),
    }
}

/// The rows of the table, as positions in the frame.
pub(super) fn in_order(order: &Order, frame: &Frame, selection: &Selection) -> Vec<u32> {
    let mut positions = selection.kept.clone();
    if !order.find.is_empty() {
        let wanted = Wanted::new(&order.find);
        positions.retain(|&at| wanted.is_met(frame, at as usize));
    }
    sort(order.sorting, frame, selection, &mut positions);
    positions
}

/// Sorts positions as the table does.
pub(super) fn sort(sorting: Sorting, frame: &Frame, selection: &Selection, positions: &mut [u32]) {
    let column = match sorting.column {
        Column::Row => frame::Column::Row,
        Column::Outcome => frame::Column::Outcome,
        Column::Label(label) => frame::Column::Label(label),
        Column::Number(number) => frame::Column::Number(number),
        Column::Sign(sign) => frame::Column::Sign(sign),
        Column::Signs => {
            let carried = Carried::new(frame, &selection.signs);
            let count = |at| carried.count(at as usize);
            order::sort(positions, &|a, b| {
                sorting.direction.of(count(a).cmp(&count(b)))
            });
            return;
        }
    };
    frame.sort(positions, column, sorting.direction);
}

/// What rows are looked for by.
enum Wanted {
    /// A number: a row's index, or a number in a name.
    Number(u64, String),
    /// A part of a name, in small letters.
    Part(String),
}

impl Wanted {
    /// Names in which is looked.
    const NAMES: [Label; 2] = [Label::InstanceId, Label::TrajectoryId];

    fn new(find: &str) -> Self {
        match find.trim_start_matches('#').parse() {
            Ok(number) => Self::Number(number, number.to_string()),
            Err(_) => Self::Part(find.to_ascii_lowercase()),
        }
    }

    fn is_met(&self, frame: &Frame, at: usize) -> bool {
        let mut names = Self::NAMES
            .iter()
            .filter_map(|label| frame.label(*label).get(at));
        match self {
            Self::Number(row, digits) => {
                let is_number = |name: &str| {
                    name.split(|c: char| !c.is_ascii_digit())
                        .any(|n| n == digits)
                };
                frame.rows().get(at) == Some(row) || names.any(is_number)
            }
            Self::Part(part) => names.any(|name| name.to_ascii_lowercase().contains(part)),
        }
    }
}

/// Some of the table's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowOf {
    /// Which rows the table has, and in which order.
    pub order: Order,
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
    /// Runs of its task, selected or not; 1 where it is the only one or its task is not known.
    pub runs: u32,
}

impl Ask for WindowOf {
    type Answer = Window;

    fn answer(self, held: &mut Held) -> Window {
        let order = held.order(&self.order);
        let (frame, selection) = held.now();
        let carried = Carried::new(&frame, &selection.signs);
        let has_signs = self.columns.contains(&Column::Signs);
        let tasks = frame.label(Label::InstanceId);
        let runs = runs_by_task(tasks);
        let row = |&at: &u32| {
            let at = at as usize;
            let cells = self.columns.iter().map(|column| text(*column, &frame, at));
            let task = tasks.codes.get(at).copied();
            let runs = task.and_then(|task| runs.get(task as usize)).copied();
            Some(TableRow {
                row: *frame.rows().get(at)?,
                cells: cells.collect(),
                signs: match has_signs {
                    true => carried.of(at),
                    false => Vec::new(),
                },
                runs: runs.unwrap_or(1),
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

/// How many runs each task has, by its code.
fn runs_by_task(tasks: &TextColumn) -> Vec<u32> {
    let mut runs = vec![0; tasks.values.len()];
    for &task in &tasks.codes {
        if let Some(runs) = runs.get_mut(task as usize) {
            *runs += 1;
        }
    }
    runs
}

/// Where a row stands in the table, and the rows before and after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOf {
    /// The row's index; the table need not have it.
    pub row: u64,
    /// Which rows the table has, and in which order.
    pub order: Order,
}

/// Where a row stands in the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How many rows come before it; `None` where the table has it not.
    pub at: Option<usize>,
    /// Rows of the table.
    pub len: usize,
    /// The row before it, or before the place that it would have.
    pub before: Option<u64>,
    /// The row after it.
    pub after: Option<u64>,
}

impl Ask for PlaceOf {
    type Answer = Standing;

    fn answer(self, held: &mut Held) -> Standing {
        let order = held.order(&self.order);
        let (frame, selection) = held.now();
        let len = order.len();
        let index = |at: usize| {
            let position = *order.get(at)?;
            frame.rows().get(position as usize).copied()
        };
        let Some(position) = frame
            .position(self.row)
            .and_then(|at| u32::try_from(at).ok())
        else {
            return Standing {
                len,
                ..Standing::default()
            };
        };
        let at = order.iter().position(|&of| of == position);
        // A row that the table has not lies where it would be sorted in.
        let before = |at: usize| at.checked_sub(1).and_then(index);
        match at {
            Some(at) => Standing {
                at: Some(at),
                len,
                before: before(at),
                after: index(at + 1),
            },
            None => {
                let mut with: Vec<u32> = order.iter().copied().chain([position]).collect();
                with.sort_unstable();
                sort(self.order.sorting, &frame, &selection, &mut with);
                let at = with.iter().position(|&of| of == position).unwrap_or(len);
                Standing {
                    at: None,
                    len,
                    before: before(at),
                    after: index(at),
                }
            }
        }
    }
}

/// The other runs of a row's task; first those that ended otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsOf {
    /// The row's index.
    pub row: u64,
}

/// A run of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOfTask {
    /// Its row.
    pub row: u64,
    /// What tells it from the others: its outcome, its harness, its teacher.
    pub words: String,
    /// Whether it passes all filters.
    pub is_selected: bool,
}

impl RunsOf {
    /// More runs of one task than anyone compares.
    const MOST: usize = 50;
}

impl Ask for RunsOf {
    type Answer = Vec<RunOfTask>;

    fn answer(self, held: &mut Held) -> Vec<RunOfTask> {
        let (frame, selection) = held.now();
        let tasks = frame.label(Label::InstanceId);
        let task = frame.position(self.row).and_then(|at| tasks.codes.get(at));
        let Some(&task) = task.filter(|task| **task != TextColumn::NONE) else {
            return Vec::new();
        };
        let runs = tasks.codes.iter().zip(frame.rows()).enumerate();
        let runs = runs.filter(|(_, (of, row))| **of == task && **row != self.row);
        let outcome = |at: usize| frame.outcomes().get(at);
        let own = frame.position(self.row).and_then(outcome);
        let run = |(at, (_, row)): (usize, (&u32, &u64))| {
            let told = [
                Column::Outcome,
                Column::Label(Label::Harness),
                Column::Label(Label::Teacher),
            ];
            let told = told.iter().map(|column| text(*column, &frame, at));
            let told: Vec<String> = told.filter(|text| !text.is_empty()).collect();
            RunOfTask {
                row: *row,
                words: told.join(" · "),
                is_selected: selection.mask.get(at).copied().unwrap_or_default(),
            }
        };
        let (other, same): (Vec<_>, Vec<_>) = runs.partition(|(at, _)| outcome(*at) != own);
        let runs = other.into_iter().chain(same).take(Self::MOST);
        runs.map(run).collect()
    }
}
