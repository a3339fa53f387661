//! The table that is downloaded, as Parquet: the columns of the CSV, each with a type that no reader has to guess, null
//! where not known. It is written one row group at a time, so that no more than that is in memory.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};
use tracesift_core::export::table::{columns, name};
use tracesift_core::frame::{Column, Frame};
use tracesift_core::manifest::App;

use super::chunk::Values;

/// So many rows make a good row group: enough for readers to gain from columns, few enough to be held once more.
pub const GROUP_ROWS: usize = 20_000;

/// Where the file says which link leads to its rows.
const RECIPE: &str = "tracesift.recipe";

/// The table could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the table could not be written: {0}")]
pub struct TableError(#[from] ParquetError);

/// What can be said in one result.
type Result<T> = std::result::Result<T, TableError>;

/// A file that is being written. The same rows in the same groups give the same bytes.
#[derive(Debug)]
pub struct TableWriter {
    file: SerializedFileWriter<Vec<u8>>,
}

impl TableWriter {
    /// A file without rows yet; `recipe` is the link to its rows.
    ///
    /// # Errors
    /// [`TableError`]; memory takes everything, so it would be a fault of ours.
    pub fn new(recipe: &str) -> Result<Self> {
        let App { app, version } = App::this();
        let properties = WriterProperties::builder()
            .set_created_by(format!("{app} version {version}"))
            .set_key_value_metadata(Some(vec![KeyValue::new(
                RECIPE.to_owned(),
                recipe.to_owned(),
            )]))
            .set_offset_index_disabled(true)
            .build();
        let file = SerializedFileWriter::new(Vec::new(), schema()?, Arc::new(properties))?;
        Ok(Self { file })
    }

    /// The next piece of the file: a row group of the rows at these positions of the frame, in this order. A position
    /// without a row is passed over.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn rows(&mut self, frame: &Frame, positions: &[u32]) -> Result<Vec<u8>> {
        let at = positions.iter().filter_map(|&p| usize::try_from(p).ok());
        let at: Vec<usize> = at.filter(|&at| at < frame.len()).collect();
        if !at.is_empty() {
            self.group(frame, &at)?;
            self.file.flush().map_err(ParquetError::from)?;
        }
        Ok(std::mem::take(self.file.inner_mut()))
    }

    fn group(&mut self, frame: &Frame, at: &[usize]) -> Result<()> {
        let leaves = self.file.schema_descr().columns().to_vec();
        let mut group = self.file.next_row_group()?;
        for (column, leaf) in columns().zip(leaves) {
            let (bytes, chunk) = values(frame, column, at).write(leaf)?;
            group.append_column(&bytes, chunk)?;
        }
        group.close()?;
        Ok(())
    }

    /// The last piece of the file.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn end(self) -> Result<Vec<u8>> {
        Ok(self.file.into_inner()?)
    }
}

fn schema() -> Result<TypePtr> {
    let leaves: Result<Vec<TypePtr>> = columns().map(leaf).collect();
    let schema = Type::group_type_builder("schema").with_fields(leaves?);
    Ok(Arc::new(schema.build()?))
}

/// A column's type. Numbers are of one type, counts as well: what is not known would turn them into it in most readers.
fn leaf(column: Column) -> Result<TypePtr> {
    let (physical, logical, repetition) = match column {
        Column::Row => (Physical::INT64, None, Repetition::REQUIRED),
        Column::Label(_) | Column::Outcome => (
            Physical::BYTE_ARRAY,
            Some(LogicalType::String),
            Repetition::OPTIONAL,
        ),
        Column::Number(_) | Column::Sign(_) => (Physical::DOUBLE, None, Repetition::OPTIONAL),
    };
    let name = name(column);
    let leaf = Type::primitive_type_builder(&name, physical);
    let leaf = leaf.with_logical_type(logical).with_repetition(repetition);
    Ok(Arc::new(leaf.build()?))
}

/// What a column says of the rows at these positions, of which each is one.
fn values(frame: &Frame, column: Column, at: &[usize]) -> Values {
    let at = at.iter().copied();
    let mut values = Values::default();
    match column {
        Column::Row => {
            let rows = at.map(|at| frame.rows().get(at).map(|row| row.to_le_bytes()));
            rows.for_each(|row| values.push_number(row));
        }
        Column::Label(label) => {
            let texts = frame.label(label);
            at.for_each(|at| values.push_text(texts.get(at)));
        }
        Column::Outcome => {
            let names = at.map(|at| frame.outcomes().get(at).map(|outcome| outcome.name()));
            names.for_each(|name| values.push_text(name));
        }
        Column::Number(number) => {
            let numbers = at.map(|at| frame.number_at(at, number));
            numbers.for_each(|number| values.push_number(known(number)));
        }
        Column::Sign(sign) => {
            let numbers = at.map(|at| as_written(frame.sign_at(at, sign)));
            numbers.for_each(|number| values.push_number(known(number)));
        }
    }
    values
}

fn known(number: f64) -> Option<[u8; 8]> {
    (!number.is_nan()).then(|| number.to_le_bytes())
}

/// A sign's number as the CSV writes it: 1.1, and not the 1.100000023841858 that its 32 bits stand for.
fn as_written(number: f32) -> f64 {
    /// Below it, every whole number is written with all its digits.
    const WHOLE: f32 = 16_777_216.0;
    if number.is_nan() || number.fract() == 0.0 && number.abs() < WHOLE {
        return number.into();
    }
    let digits = number.to_string();
    digits.parse().unwrap_or(number.into())
}
