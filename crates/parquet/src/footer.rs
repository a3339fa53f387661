//! A footer, checked before the `parquet` crate reads it: what it would make room for, how deep it would go.
//! The crate takes a field for what its number says, and room for as many items as a count says.

use super::thrift::{Fault, Reader, Shape, Wire};
use super::{ParquetError, Result};

/// Columns, and parts of columns, of a file at most.
const MOST_COLUMNS: usize = 20_000;
/// Columns inside of columns at most; a list is two.
const DEEPEST: usize = 70;
/// Leaves of all row groups at most; a footer has no room for as many.
const MOST_CHUNKS: usize = 300_000;

const EMPTY: Shape = Shape::Struct(&[]);
const TIME: Shape = Shape::Struct(&[
    (1, Shape::Bool),
    (2, Shape::Struct(&[(1, EMPTY), (2, EMPTY), (3, EMPTY)])),
]);
const LOGICAL_TYPE: Shape = Shape::Struct(&[
    (1, EMPTY),
    (2, EMPTY),
    (3, EMPTY),
    (4, EMPTY),
    (5, Shape::Struct(&[(1, Shape::Int), (2, Shape::Int)])),
    (6, EMPTY),
    (7, TIME),
    (8, TIME),
    (10, Shape::Struct(&[(1, Shape::Byte), (2, Shape::Bool)])),
    (11, EMPTY),
    (12, EMPTY),
    (13, EMPTY),
    (14, EMPTY),
    (15, EMPTY),
    (16, Shape::Struct(&[(1, Shape::Byte)])),
    (17, Shape::Struct(&[(1, Shape::Bytes)])),
    (18, Shape::Struct(&[(1, Shape::Bytes), (2, Shape::Int)])),
    (19, EMPTY),
]);
const SCHEMA_ELEMENT: Shape = Shape::Struct(&[
    (1, Shape::Int),
    (2, Shape::Int),
    (3, Shape::Int),
    (4, Shape::Bytes),
    (5, Shape::Int),
    (6, Shape::Int),
    (7, Shape::Int),
    (8, Shape::Int),
    (9, Shape::Int),
    (10, LOGICAL_TYPE),
]);
const COLUMN: Shape = Shape::Struct(&[
    (1, Shape::Int),
    (2, Shape::List(1, &Shape::Int)),
    (3, Shape::List(1, &Shape::Bytes)),
    (4, Shape::Int),
    (5, Shape::Int),
    (6, Shape::Int),
    (7, Shape::Int),
    (9, Shape::Int),
    (10, Shape::Int),
    (11, Shape::Int),
    (14, Shape::Int),
    (15, Shape::Int),
    (
        17,
        Shape::Struct(&[(1, BOX), (2, Shape::List(1, &Shape::Int))]),
    ),
]);
const BOX: Shape = Shape::Struct(&[
    (1, Shape::Double),
    (2, Shape::Double),
    (3, Shape::Double),
    (4, Shape::Double),
    (5, Shape::Double),
    (6, Shape::Double),
    (7, Shape::Double),
    (8, Shape::Double),
]);
const CHUNK: Shape = Shape::Struct(&[
    (1, Shape::Bytes),
    (2, Shape::Int),
    (3, COLUMN),
    (4, Shape::Int),
    (5, Shape::Int),
    (6, Shape::Int),
    (7, Shape::Int),
]);
const SORTED_BY: Shape = Shape::Struct(&[(1, Shape::Int), (2, Shape::Bool), (3, Shape::Bool)]);
const ROW_GROUP: Shape = Shape::Struct(&[
    (1, Shape::List(20, &CHUNK)),
    (2, Shape::Int),
    (3, Shape::Int),
    (4, Shape::List(5, &SORTED_BY)),
    (5, Shape::Int),
    (7, Shape::Int),
]);
const KEY_VALUE: Shape = Shape::Struct(&[(1, Shape::Bytes), (2, Shape::Bytes)]);
const COLUMN_ORDER: Shape = Shape::Struct(&[(1, EMPTY), (2, EMPTY), (3, EMPTY)]);
const FILE: Shape = Shape::Struct(&[
    (1, Shape::Int),
    (2, Shape::List(3, &SCHEMA_ELEMENT)),
    (3, Shape::Int),
    (4, Shape::List(7, &ROW_GROUP)),
    (5, Shape::List(3, &KEY_VALUE)),
    (6, Shape::Bytes),
    (7, Shape::List(3, &COLUMN_ORDER)),
]);

/// Whether a footer can be given to the `parquet` crate.
///
/// # Errors
/// [`ParquetError`] where it is not a footer, or one that would take more room than any real one.
pub fn check(footer: &[u8]) -> Result<()> {
    let unread = |fault| match fault {
        Fault::Short => ParquetError::corrupt("its description ends too early"),
        Fault::Damaged => ParquetError::corrupt("its description can't be read"),
    };
    Reader::new(footer)
        .walk(Wire::Struct, &FILE)
        .map_err(unread)?;
    let counts = counts(footer).map_err(unread)?;
    if counts.columns.len() > MOST_COLUMNS {
        return Err(ParquetError::corrupt("it has more columns than are read"));
    }
    if !is_tree(&counts.columns) {
        return Err(ParquetError::corrupt("its columns are not a tree"));
    }
    let leaves = counts.columns.iter().filter(|children| **children == 0);
    if leaves.count().saturating_mul(counts.groups) > MOST_CHUNKS {
        return Err(ParquetError::corrupt("it has more parts than are read"));
    }
    Ok(())
}

/// What a footer states of its size.
#[derive(Debug, Default)]
struct Counts {
    /// How many children each column has, in the order of the file's list.
    columns: Vec<i64>,
    groups: usize,
}

fn counts(footer: &[u8]) -> std::result::Result<Counts, Fault> {
    let mut counts = Counts::default();
    let mut reader = Reader::new(footer);
    let mut last = 0;
    while let Some((id, wire)) = reader.field(&mut last)? {
        match (id, wire) {
            (2, Wire::List) => {
                let (items, _) = reader.list()?;
                counts.columns.clear();
                for _ in 0..items {
                    counts.columns.push(children(&mut reader)?);
                }
            }
            (4, Wire::List) => {
                counts.groups = counts.groups.max(reader.clone().list()?.0);
                reader.skip(wire)?;
            }
            _ => reader.skip(wire)?,
        }
    }
    Ok(counts)
}

fn children(reader: &mut Reader) -> std::result::Result<i64, Fault> {
    let mut children = 0;
    let mut last = 0;
    while let Some((id, wire)) = reader.field(&mut last)? {
        match (id, wire) {
            (5, Wire::Int) => children = reader.int()?,
            _ => reader.skip(wire)?,
        }
    }
    Ok(children)
}

/// Whether a list of columns, each followed by as many children as it states, is one tree of bounded depth.
fn is_tree(children_of_all: &[i64]) -> bool {
    // How many columns are still to come at each depth.
    let mut open: Vec<usize> = vec![1];
    for children in children_of_all {
        while open.last() == Some(&0) {
            open.pop();
        }
        match open.last_mut() {
            Some(rest) => *rest -= 1,
            None => return false,
        }
        let stated = usize::try_from(*children).ok();
        match stated.filter(|stated| *stated <= children_of_all.len()) {
            Some(0) => {}
            Some(stated) => open.push(stated),
            None => return false,
        }
        if open.len() > DEEPEST {
            return false;
        }
    }
    open.iter().all(|rest| *rest == 0)
}
