//! Levels and values of all wanted leaves → the JSON of one row after the other.
//! Repetition levels say where lists go on, definition levels how much of a path is there (Dremel's encoding).

use super::leaf::Levels;
use super::schema::{Kind, Node};
use super::text::{self, Full};
use super::value::{self, Form};
use super::{ParquetError, Result};

/// A leaf of which rows are written.
#[derive(Debug)]
pub struct Column {
    levels: Levels,
    form: Form,
    /// The highest definition level: the value is there.
    defined: i16,
    never_repeats: bool,
    /// The entry that comes next, and the value that comes next.
    entry: usize,
    value: usize,
}

impl Column {
    /// The levels and values of a leaf whose highest levels these are.
    pub fn new(levels: Levels, form: Form, defined: i16, repeats: i16) -> Self {
        Self {
            levels,
            form,
            defined,
            never_repeats: repeats == 0,
            entry: 0,
            value: 0,
        }
    }

    fn entries(&self) -> usize {
        if !self.levels.definition.is_empty() {
            self.levels.definition.len()
        } else if !self.levels.repetition.is_empty() {
            self.levels.repetition.len()
        } else {
            self.levels.values.len()
        }
    }

    /// How much of the next entry's path is there; `None` at the end.
    fn definition(&self) -> Option<i16> {
        if self.defined == 0 {
            return (self.entry < self.entries()).then_some(0);
        }
        self.levels.definition.get(self.entry).copied()
    }

    /// The level at which the next entry goes on; 0 begins a row, also at the end.
    fn repetition(&self) -> i16 {
        if self.never_repeats {
            return 0;
        }
        self.levels
            .repetition
            .get(self.entry)
            .copied()
            .unwrap_or_default()
    }

    fn pass(&mut self) {
        if self.definition() == Some(self.defined) {
            self.value += 1;
        }
        self.entry += 1;
    }
}

/// Writes rows one after the other.
#[derive(Debug)]
pub struct Writer<'s> {
    root: &'s Node,
    columns: Vec<Column>,
}

impl<'s> Writer<'s> {
    /// Rows of this shape, whose leaves are `columns`.
    pub fn new(root: &'s Node, columns: Vec<Column>) -> Self {
        Self { root, columns }
    }

    /// Adds the next row's JSON to `out`, which is to hold nothing else.
    ///
    /// # Errors
    /// [`ParquetError`] where the leaves do not fit together.
    pub fn row(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.node(self.root, out)?;
        // A leaf that goes on within the row has entries that another leaf lacks.
        match self.columns.iter().all(|column| column.repetition() == 0) {
            true => Ok(()),
            false => Err(disagree()),
        }
    }

    fn node(&mut self, node: &Node, out: &mut Vec<u8>) -> Result<()> {
        if node.leaves == 0 {
            out.extend_from_slice(b"{}");
            return Ok(());
        }
        let defined = self.column(node.first)?.definition().ok_or_else(disagree)?;
        if defined < node.defined {
            out.extend_from_slice(b"null");
            return self.pass(node);
        }
        match &node.kind {
            Kind::Leaf => {
                let column = self.column(node.first)?;
                let written = value::write(out, &column.levels.values, column.value, column.form);
                column.pass();
                match written {
                    Some(Ok(())) => Ok(()),
                    Some(Err(Full)) => Err(ParquetError::RowTooLarge(out.len() as u64)),
                    None => Err(disagree()),
                }
            }
            Kind::Struct(fields) => {
                let mut before = b'{';
                for (key, field) in fields {
                    if text::has_no_room(out, key.len()) {
                        return Err(ParquetError::RowTooLarge(out.len() as u64));
                    }
                    out.push(before);
                    out.extend_from_slice(key.as_bytes());
                    self.node(field, out)?;
                    before = b',';
                }
                out.push(b'}');
                Ok(())
            }
            Kind::List { filled, .. } if defined < *filled => {
                out.extend_from_slice(b"[]");
                self.pass(node)
            }
            Kind::List { repeats, item, .. } => {
                let mut before = b'[';
                loop {
                    out.push(before);
                    self.node(item, out)?;
                    before = b',';
                    if self.column(node.first)?.repetition() < *repeats {
                        break;
                    }
                }
                out.push(b']');
                Ok(())
            }
        }
    }

    /// Every leaf below a node that is not there has one entry that says so.
    fn pass(&mut self, node: &Node) -> Result<()> {
        let below = node.first..node.first + node.leaves;
        let columns = self.columns.get_mut(below).ok_or_else(disagree)?;
        columns.iter_mut().for_each(Column::pass);
        Ok(())
    }

    fn column(&mut self, leaf: usize) -> Result<&mut Column> {
        self.columns.get_mut(leaf).ok_or_else(disagree)
    }
}

fn disagree() -> ParquetError {
    ParquetError::corrupt("its columns do not fit together")
}
