//! Columns of numbers of which many are not known of any row: in a survey, most.
//! Those share one column of NaN; a column of its own is made when its first known number comes.

use super::{put, vec_bytes};

/// A number that may be not known.
pub(super) trait Unknown: Copy {
    /// What stands for a number that is not known.
    const UNKNOWN: Self;

    /// Whether the number is known.
    fn is_known(self) -> bool;
}

impl Unknown for f64 {
    const UNKNOWN: Self = f64::NAN;

    fn is_known(self) -> bool {
        !self.is_nan()
    }
}

impl Unknown for f32 {
    const UNKNOWN: Self = f32::NAN;

    fn is_known(self) -> bool {
        !self.is_nan()
    }
}

/// So many columns of numbers, each as long as there are rows.
#[derive(Debug)]
pub(super) struct Columns<T, const N: usize> {
    columns: [Column<T>; N],
    /// Read in place of every column that was not made.
    unknown: Vec<T>,
}

#[derive(Debug)]
struct Column<T> {
    /// By position; empty until a number is known.
    values: Vec<T>,
    /// How many are known.
    known: usize,
}

impl<T: Unknown, const N: usize> Default for Columns<T, N> {
    fn default() -> Self {
        Self {
            columns: std::array::from_fn(|_| Column {
                values: Vec::new(),
                known: 0,
            }),
            unknown: Vec::new(),
        }
    }
}

impl<T: Unknown, const N: usize> Columns<T, N> {
    /// Gives all columns one more row, of which nothing is known.
    pub(super) fn grow(&mut self) {
        let row = self.unknown.len();
        for column in &mut self.columns {
            if !column.values.is_empty() {
                put(&mut column.values, row, T::UNKNOWN);
            }
        }
        put(&mut self.unknown, row, T::UNKNOWN);
    }

    /// Writes the number of a row that there is.
    pub(super) fn set(&mut self, column: usize, position: usize, value: T) {
        let Some(column) = self.columns.get_mut(column) else {
            return;
        };
        if column.values.is_empty() && value.is_known() {
            column.values.reserve_exact(self.unknown.capacity());
            column.values.extend_from_slice(&self.unknown);
        }
        if let Some(old) = column.values.get_mut(position) {
            column.known += usize::from(value.is_known());
            column.known -= usize::from(old.is_known());
            *old = value;
        }
    }

    /// A column by position.
    pub(super) fn get(&self, column: usize) -> &[T] {
        match self.columns.get(column) {
            Some(column) if !column.values.is_empty() => &column.values,
            Some(_) => &self.unknown,
            None => &[],
        }
    }

    /// Of how many rows a column's number is known.
    pub(super) fn known(&self, column: usize) -> usize {
        self.columns.get(column).map_or(0, |column| column.known)
    }

    pub(super) fn bytes(&self) -> usize {
        let columns = self.columns.iter().map(|column| vec_bytes(&column.values));
        columns.sum::<usize>() + vec_bytes(&self.unknown)
    }
}
