//! Levels and values of all wanted leaves → one row after the other.
//! Repetition levels say where lists go on, definition levels how much of a path is there (Dremel's encoding).

use parquet::data_type::ByteArray;
use tracesift_core::packed::Writer;

use super::leaf::{Levels, Values};
use super::schema::{Columns, Kind, Node};
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
    words: Words,
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
            words: Words::default(),
        }
    }

    /// Bytes of its texts.
    pub fn text_bytes(&self) -> usize {
        match (&self.levels.values, self.form) {
            (Values::Bytes(values), Form::Text) => values.iter().map(ByteArray::len).sum(),
            _ => 0,
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

/// Short texts of a column that come again and again: a file's dictionary holds each once, at an address of its own.
#[derive(Debug, Default)]
struct Words(Vec<Word>);

#[derive(Debug)]
struct Word {
    address: usize,
    length: usize,
    /// Its place among the words of the rows.
    place: usize,
}

impl Words {
    /// So many are known by their addresses.
    const MOST: usize = 8;
    /// Longer texts are not worth it.
    const LONGEST: usize = 32;

    /// The place of a text among the words of the rows; `None` where it is to be written as it is.
    fn place(&mut self, bytes: &[u8], out: &mut Writer) -> Option<usize> {
        if bytes.len() > Self::LONGEST {
            return None;
        }
        let (address, length) = (bytes.as_ptr().addr(), bytes.len());
        let is_it = |word: &&Word| word.address == address && word.length == length;
        if let Some(word) = self.0.iter().find(is_it) {
            return Some(word.place);
        }
        if self.0.len() >= Self::MOST {
            return None;
        }
        let place = out.place(std::str::from_utf8(bytes).ok()?);
        self.0.push(Word {
            address,
            length,
            place,
        });
        Some(place)
    }
}

/// Writes rows one after the other.
#[derive(Debug)]
pub struct RowWriter<'w> {
    root: &'w Node,
    columns: Vec<Column>,
    out: &'w mut Writer,
    /// The places of the fields' names.
    places: Vec<usize>,
}

impl<'w> RowWriter<'w> {
    /// Rows of these columns, whose leaves are `leaves`.
    pub fn new(columns: &'w Columns, leaves: Vec<Column>, out: &'w mut Writer) -> Self {
        let places = columns.names.iter().map(|name| out.place(name)).collect();
        Self {
            root: &columns.root,
            columns: leaves,
            out,
            places,
        }
    }

    /// Writes the next row, of this number.
    ///
    /// # Errors
    /// [`ParquetError`] where the leaves do not fit together; then it is not written.
    pub fn row(&mut self, number: u64) -> Result<()> {
        self.out.begin(number);
        let written = self.node(self.root).and_then(|()| {
            // A leaf that goes on within the row has entries that another leaf lacks.
            match self.columns.iter().all(|column| column.repetition() == 0) {
                true => Ok(()),
                false => Err(disagree()),
            }
        });
        match &written {
            Ok(()) => self.out.end(),
            Err(_) => self.out.give_up(),
        }
        written
    }

    fn node(&mut self, node: &Node) -> Result<()> {
        if node.leaves == 0 {
            self.out.open_object();
            self.out.close();
            return Ok(());
        }
        let defined = self.column(node.first)?.definition().ok_or_else(disagree)?;
        if defined < node.defined {
            self.out.null();
            return self.pass(node);
        }
        match &node.kind {
            Kind::Leaf => self.value(node),
            Kind::Struct(fields) => {
                self.check_room()?;
                self.out.open_object();
                for (name, field) in fields {
                    let place = self.places.get(*name).copied();
                    self.out.key(place.ok_or_else(disagree)?);
                    self.node(field)?;
                }
                self.out.close();
                Ok(())
            }
            Kind::List { filled, .. } if defined < *filled => {
                self.out.open_list();
                self.out.close();
                self.pass(node)
            }
            Kind::List { repeats, item, .. } => {
                self.out.open_list();
                loop {
                    self.check_room()?;
                    self.out.item();
                    self.node(item)?;
                    if self.column(node.first)?.repetition() < *repeats {
                        break;
                    }
                }
                self.out.close();
                Ok(())
            }
        }
    }

    fn value(&mut self, node: &Node) -> Result<()> {
        let column = self.columns.get_mut(node.first).ok_or_else(disagree)?;
        if let (Form::Text, Values::Bytes(values)) = (column.form, &column.levels.values)
            && let Some(text) = values.get(column.value)
            && let Some(place) = column.words.place(text.data(), self.out)
        {
            self.out.word(place);
            column.pass();
            return Ok(());
        }
        let written = value::write(self.out, &column.levels.values, column.value, column.form);
        column.pass();
        match written {
            Some(Ok(())) => Ok(()),
            Some(Err(Full)) => Err(self.too_large()),
            None => Err(disagree()),
        }
    }

    fn check_room(&self) -> Result<()> {
        text::check_room(self.out, 0).map_err(|Full| self.too_large())
    }

    fn too_large(&self) -> ParquetError {
        ParquetError::RowTooLarge(self.out.row_bytes())
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
