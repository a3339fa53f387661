//! The analytical frame: one typed column per measure, all rows, dictionary-coded text, under 1 KB per row.
//! Unknown numbers are NaN and unknown labels have code [`TextColumn::NONE`]; both are empty in the table.

pub mod budget; // rows and tokens kept as a function of the token budget
pub mod column; // the kinds of columns: every number and label, its name, title and definition
pub mod duplicates; // which rows are alike
pub mod facet; // what rows are told apart by: the outcome or a label
mod fingerprints; // what tells rows that are alike: hashes, signatures
mod found; // which rows hold what is looked for in the texts
pub mod group; // counts by a label or a tool: outcomes, rates with their intervals
pub mod histogram; // counts by a number's bins, linear or logarithmic
pub mod limit; // what token limits keep, by outcome, language and so on
pub mod order; // sorting, compiled once
mod positions; // where each row stands
pub mod quantile; // quantiles as pandas computes them
mod sparse; // columns of numbers, made when they are read or much is known of them

pub use column::{Column, Label, Number, TextColumn};

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::measure::{Measurements, ToolUse};
use crate::sign::{Counts, Sign, Thresholds};
use crate::tokens::OBSERVATION_LIMITS;
use crate::trace::Outcome;
use column::Dictionary;
use fingerprints::Fingerprints;
pub use found::{Found, Holds};

use positions::Positions;
use sparse::Columns;

/// The tools of one row that are kept, most used first; `distinct_tools` still counts all.
/// A row of the frame must stay small whatever its calls are named.
const MOST_TOOLS: usize = 128;

/// All rows that were measured.
///
/// Rows are kept in the order in which they arrived; [`Frame::order`] gives them by row index. A *position* is an
/// index into the columns; a *row* is the index in the split. A row that comes again (counted anew with another
/// tokenizer, say) takes the place of its former self, so positions never change.
#[derive(Debug, Clone)]
pub struct Frame {
    rows: Vec<u64>,
    positions: Positions,
    order: OnceLock<Vec<u32>>,
    numbers: Columns<f64, { Number::COUNT }>,
    labels: [(TextColumn, Dictionary); Label::COUNT],
    outcomes: Vec<Outcome>,
    signs: Columns<f32, { Sign::COUNT }>,
    fingerprints: Fingerprints,
    tools: ToolColumn,
    /// Empty until an observation is beyond a limit, and then as far as the last such row.
    beyond: Vec<[u32; OBSERVATION_LIMITS.len()]>,
    /// Rows whose texts were not read.
    surveyed: Vec<bool>,
    measured: usize,
}

/// The tools of all rows in one list; a row has a span of it.
#[derive(Debug, Clone, Default)]
struct ToolColumn {
    names: Vec<String>,
    dictionary: Dictionary,
    uses: Vec<(u32, u32, u32)>,
    spans: Vec<(u32, u32)>,
    sets: Vec<ToolSet>,
}

/// Tools as one number, so that a rule need not go through the tools of each row: a bit for each of the first 63 tools of
/// the frame by their codes, and one for all others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToolSet(u64);

impl ToolSet {
    const OTHERS: u32 = u64::BITS - 1;

    /// Adds a tool.
    pub fn insert(&mut self, code: u32) {
        self.0 |= 1 << code.min(Self::OTHERS);
    }

    /// Whether it lists no tool.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether two sets may share a tool; where [`ToolSet::has_others`] is not so of one of them, whether they do.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there are tools that have no bit of their own.
    pub fn has_others(self) -> bool {
        self.0 >> Self::OTHERS != 0
    }
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            positions: Positions::default(),
            order: OnceLock::new(),
            numbers: Columns::default(),
            labels: std::array::from_fn(|_| Default::default()),
            outcomes: Vec::new(),
            signs: Columns::default(),
            fingerprints: Fingerprints::default(),
            tools: ToolColumn::default(),
            beyond: Vec::new(),
            surveyed: Vec::new(),
            measured: 0,
        }
    }
}

impl Frame {
    /// Makes room for so many rows in all: columns that grow by and by are copied again and again. More rows may come.
    pub fn expect(&mut self, rows: usize) {
        make_room(&mut self.rows, rows);
        self.numbers.expect(rows);
        for (column, _) in &mut self.labels {
            make_room(&mut column.codes, rows);
        }
        self.signs.expect(rows);
        self.fingerprints.expect(rows);
        make_room(&mut self.outcomes, rows);
        make_room(&mut self.surveyed, rows);
        make_room(&mut self.tools.sets, rows);
        make_room(&mut self.tools.spans, rows);
    }

    /// Adds a row, or replaces the one with the same row index.
    pub fn push(&mut self, row: &Measurements) {
        let position = match self.position(row.row) {
            Some(position) => position,
            None => self.add(row.row),
        };
        for number in Number::ALL {
            self.numbers.set(number as usize, position, number.of(row));
        }
        for (label, (column, dictionary)) in Label::ALL.into_iter().zip(&mut self.labels) {
            let text = label.of(&row.labels).unwrap_or_default();
            let code = dictionary.code(&mut column.values, text);
            put(&mut column.codes, position, code);
        }
        let counts = Counts::from(row);
        for sign in Sign::ALL {
            let number = sign.number(&counts, &row.signs.numbers);
            self.signs.set(sign as usize, position, number);
        }
        self.fingerprints.put(position, &row.signs);
        put(&mut self.outcomes, position, row.outcome);
        let was_measured = self.surveyed.get(position) == Some(&false);
        self.measured += usize::from(!row.is_survey());
        self.measured -= usize::from(was_measured);
        put(&mut self.surveyed, position, row.is_survey());
        self.tools.put(position, &row.tools);
        let beyond = row.tokens.map(|tokens| tokens.beyond);
        self.put_beyond(position, beyond.unwrap_or_default());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Row indices by position.
    pub fn rows(&self) -> &[u64] {
        &self.rows
    }

    /// The position of a row index.
    pub fn position(&self, row: u64) -> Option<usize> {
        self.positions.get(row)
    }

    /// Positions in the order of their row index.
    pub fn order(&self) -> Vec<u32> {
        self.order
            .get_or_init(|| {
                let mut order: Vec<u32> = (0..).take(self.len()).collect();
                let row = |position: u32| self.rows.get(position as usize);
                order::sort(&mut order, &|a, b| row(a).cmp(&row(b)));
                order
            })
            .clone()
    }

    /// A numeric column by position; NaN where not known.
    pub fn number(&self, number: Number) -> &[f64] {
        self.numbers.get(number as usize)
    }

    /// A number of one row; NaN where not known. Of a column that no one reads as a whole this is the cheaper way: a
    /// column is made when [`Self::number`] first gives it.
    pub fn number_at(&self, position: usize, number: Number) -> f64 {
        self.numbers.at(number as usize, position)
    }

    /// Whether a number is known of any row.
    pub fn knows_number(&self, number: Number) -> bool {
        self.numbers.known(number as usize) > 0
    }

    /// A column of labels by position.
    pub fn label(&self, label: Label) -> &TextColumn {
        self.labels
            .get(label as usize)
            .map_or(const { &TextColumn::empty() }, |(column, _)| column)
    }

    /// The outcomes by position.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The dictionary of tool names; a tool's code is its index.
    pub fn tool_names(&self) -> &[String] {
        &self.tools.names
    }

    /// The tools of one row: `(code, calls, errors)`.
    pub fn tools(&self, position: usize) -> &[(u32, u32, u32)] {
        self.tools.get(position).unwrap_or_default()
    }

    /// By position, which tools a row has.
    pub fn tool_sets(&self) -> &[ToolSet] {
        &self.tools.sets
    }

    /// By position and limit, tokens of the observations that are beyond so many of each one; 0 where not counted, and
    /// of the positions behind the last.
    pub fn beyond(&self) -> &[[u32; OBSERVATION_LIMITS.len()]] {
        &self.beyond
    }

    /// The numbers of a sign by position; NaN where not known.
    pub fn sign(&self, sign: Sign) -> &[f32] {
        self.signs.get(sign as usize)
    }

    /// The number of a sign of one row; NaN where not known. See [`Self::number_at`].
    pub fn sign_at(&self, position: usize, sign: Sign) -> f32 {
        self.signs.at(sign as usize, position)
    }

    /// Whether a sign's number is known of any row.
    pub fn knows(&self, sign: Sign) -> bool {
        self.signs.known(sign as usize) > 0
    }

    /// Whether a row carries a sign; not where its number is not known.
    pub fn carries(&self, position: usize, sign: Sign, thresholds: &Thresholds) -> bool {
        thresholds.carry(sign, self.sign_at(position, sign))
    }

    /// The row of another task that is most like this one, where one was found that is alike at all.
    pub fn nearest(&self, position: usize) -> Option<u64> {
        let nearest = self.fingerprints.nearest.get(position)?;
        self.rows.get(*nearest as usize).copied()
    }

    /// Whether a row's texts were read; of the others only what a survey tells is known.
    pub fn is_measured(&self, position: usize) -> bool {
        self.surveyed.get(position) == Some(&false)
    }

    /// How many rows' texts were read.
    pub fn measured(&self) -> usize {
        self.measured
    }

    /// Whether there are rows and no row's texts were read.
    pub fn is_survey(&self) -> bool {
        self.measured == 0 && !self.is_empty()
    }

    /// Bytes that the columns hold.
    pub fn bytes(&self) -> usize {
        let labels: usize = self
            .labels
            .iter()
            .map(|(column, dictionary)| {
                vec_bytes(&column.codes) + vec_bytes(&column.values) + dictionary.bytes()
            })
            .sum();
        let order = self.order.get().map_or(0, vec_bytes);
        let index = vec_bytes(&self.rows) + self.positions.bytes() + order;
        let kinds = vec_bytes(&self.beyond) + vec_bytes(&self.outcomes) + vec_bytes(&self.surveyed);
        let numbers = self.numbers.bytes() + self.signs.bytes();
        numbers + labels + index + kinds + self.fingerprints.bytes() + self.tools.bytes()
    }

    fn put_beyond(&mut self, position: usize, beyond: [u32; OBSERVATION_LIMITS.len()]) {
        let none = [0; OBSERVATION_LIMITS.len()];
        if beyond != none {
            for row in self.beyond.len()..position {
                put(&mut self.beyond, row, none);
            }
            put(&mut self.beyond, position, beyond);
        } else if let Some(old) = self.beyond.get_mut(position) {
            *old = none;
        }
    }

    /// Gives a new row the next position.
    fn add(&mut self, row: u64) -> usize {
        let position = self.len();
        self.rows.push(row);
        self.positions
            .add(row, u32::try_from(position).unwrap_or(u32::MAX));
        self.order.take();
        self.numbers.grow();
        self.signs.grow();
        position
    }
}

impl ToolColumn {
    /// Writes a row's tools. A row that comes again with as many tools or fewer is written in place.
    fn put(&mut self, position: usize, tools: &[ToolUse]) {
        let uses = self.coded(tools);
        let mut set = ToolSet::default();
        uses.iter().for_each(|(code, ..)| set.insert(*code));
        put(&mut self.sets, position, set);
        let len = u32::try_from(uses.len()).unwrap_or(u32::MAX);
        let (start, room) = self.spans.get(position).copied().unwrap_or_default();
        let place = start as usize..start as usize + uses.len();
        match self.uses.get_mut(place) {
            Some(old) if len <= room => {
                old.copy_from_slice(&uses);
                put(&mut self.spans, position, (start, len));
            }
            _ => {
                let start = u32::try_from(self.uses.len()).unwrap_or(u32::MAX);
                self.uses.extend(uses);
                put(&mut self.spans, position, (start, len));
            }
        }
    }

    /// One entry a name.
    fn coded(&mut self, tools: &[ToolUse]) -> Vec<(u32, u32, u32)> {
        let mut uses: Vec<(u32, u32, u32)> = Vec::with_capacity(tools.len().min(MOST_TOOLS));
        for tool in tools.iter().take(MOST_TOOLS) {
            let code = self.dictionary.code(&mut self.names, &tool.name);
            match uses.iter_mut().find(|(known, ..)| *known == code) {
                Some((_, calls, errors)) => {
                    *calls = calls.saturating_add(tool.calls);
                    *errors = errors.saturating_add(tool.errors);
                }
                None if code == TextColumn::NONE => {}
                None => uses.push((code, tool.calls, tool.errors)),
            }
        }
        uses
    }

    fn get(&self, position: usize) -> Option<&[(u32, u32, u32)]> {
        let &(start, len) = self.spans.get(position)?;
        let start = start as usize;
        self.uses.get(start..start.checked_add(len as usize)?)
    }

    fn bytes(&self) -> usize {
        vec_bytes(&self.names)
            + self.dictionary.bytes()
            + vec_bytes(&self.uses)
            + vec_bytes(&self.spans)
            + vec_bytes(&self.sets)
    }
}

/// Writes the value of a position: the next one, or one that is there already.
///
/// A column grows by an eighth, not by doubling: what is reserved and not used counts against a row's kilobyte.
/// Columns that are full grow by one in so many of their values: to double them would waste memory, and less would copy them
/// too often.
const GROWTH: usize = 5;

/// Makes room for so many values in all, where there is so much.
fn make_room<T>(column: &mut Vec<T>, values: usize) {
    let more = values.saturating_sub(column.len());
    let _ = column.try_reserve_exact(more);
}

fn put<T>(column: &mut Vec<T>, position: usize, value: T) {
    match column.get_mut(position) {
        Some(old) => *old = value,
        None => {
            if column.len() == column.capacity() {
                column.reserve_exact(column.len() / GROWTH + 64);
            }
            column.push(value);
        }
    }
}

fn vec_bytes<T>(values: &Vec<T>) -> usize {
    values.capacity() * size_of::<T>()
}

/// What a hash map holds: one pair and one byte of its state a slot, 8 slots for 7 pairs.
fn map_bytes<K, V>(map: &HashMap<K, V>) -> usize {
    map.capacity() * 8 / 7 * (size_of::<(K, V)>() + 1)
}
