//! Columns of numbers of which many are not known of any row, or of few: in a survey, most.
//! Those of which nothing is known share one column of NaN. What is known of few rows among many is kept by itself until
//! the column is read: else the first row whose texts are read would make dozens of columns at once.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{make_room, map_bytes, put, vec_bytes};

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
#[derive(Debug, Clone)]
pub(super) struct Columns<T, const N: usize> {
    columns: [StoredColumn<T>; N],
    /// Read in place of every column of which nothing is known.
    unknown: Vec<T>,
    /// By position: where the numbers of a row stand in the columns that were not made.
    places: HashMap<u32, u32>,
}

#[derive(Debug, Clone)]
struct StoredColumn<T> {
    /// By position; made when it is read, or when much is known of it.
    made: OnceLock<Vec<T>>,
    /// What is known before that, by place.
    few: Vec<T>,
    /// How many are known.
    known: usize,
}

/// Among so many rows a column is made with its first number: that takes no time.
const SOON: usize = 8192;

/// Of the rows, one in so many is few.
const FEW: usize = 8;

/// Rows that come between the making of one column and of the next, where all are known of the same rows.
const APART: usize = 64;

impl<T: Unknown, const N: usize> Default for Columns<T, N> {
    fn default() -> Self {
        Self {
            columns: std::array::from_fn(|_| StoredColumn {
                made: OnceLock::new(),
                few: Vec::new(),
                known: 0,
            }),
            unknown: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T: Unknown, const N: usize> Columns<T, N> {
    /// Makes place for one more row, of which every column is [`set`](Self::set) next.
    pub(super) fn grow(&mut self) {
        let row = self.unknown.len();
        put(&mut self.unknown, row, T::UNKNOWN);
    }

    /// Makes room for so many rows in all.
    pub(super) fn expect(&mut self, rows: usize) {
        make_room(&mut self.unknown, rows);
        let made = self.columns.iter_mut();
        made.filter_map(|column| column.made.get_mut())
            .for_each(|values| make_room(values, rows));
    }

    /// Writes the number of a row that there is.
    pub(super) fn set(&mut self, column: usize, position: usize, value: T) {
        let Some(of) = self.columns.get_mut(column) else {
            return;
        };
        let rows = self.unknown.len();
        if position >= rows {
            return;
        }
        // The next number of a column that there is: nearly all are.
        if let Some(values) = of.made.get_mut().filter(|values| values.len() == position) {
            of.few = Vec::new();
            of.known += usize::from(value.is_known());
            put(values, position, value);
            return;
        }
        let is_nothing = of.known == 0 && !value.is_known();
        if is_nothing && of.made.get().is_none() {
            return;
        }
        let is_many = rows <= SOON || of.few.len() > rows / FEW + column * APART;
        if is_many {
            of.made(&self.unknown, &self.places);
        }
        let old = match of.made.get_mut() {
            Some(values) => {
                of.few = Vec::new();
                values.get_mut(position)
            }
            None => {
                let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                let key = u32::try_from(position).unwrap_or(u32::MAX);
                let place = *self.places.entry(key).or_insert(next) as usize;
                while of.few.len() <= place {
                    let end = of.few.len();
                    put(&mut of.few, end, T::UNKNOWN);
                }
                of.few.get_mut(place)
            }
        };
        if let Some(old) = old {
            of.known += usize::from(value.is_known());
            of.known -= usize::from(old.is_known());
            *old = value;
        }
    }

    /// A column by position.
    pub(super) fn get(&self, column: usize) -> &[T] {
        match self.columns.get(column) {
            Some(column) if column.known > 0 => column.made(&self.unknown, &self.places),
            Some(_) => &self.unknown,
            None => &[],
        }
    }

    /// One number, without making its column.
    pub(super) fn at(&self, column: usize, position: usize) -> T {
        let number = self.columns.get(column).and_then(|column| {
            let (values, place) = match column.made.get() {
                Some(values) => (values, position),
                None => {
                    let place = self.places.get(&u32::try_from(position).ok()?)?;
                    (&column.few, *place as usize)
                }
            };
            values.get(place).copied()
        });
        number.unwrap_or(T::UNKNOWN)
    }

    /// Of how many rows a column's number is known.
    pub(super) fn known(&self, column: usize) -> usize {
        self.columns.get(column).map_or(0, |column| column.known)
    }

    pub(super) fn bytes(&self) -> usize {
        let bytes = |column: &StoredColumn<T>| {
            column.made.get().map_or(0, vec_bytes) + vec_bytes(&column.few)
        };
        let columns = self.columns.iter().map(bytes);
        columns.sum::<usize>() + vec_bytes(&self.unknown) + map_bytes(&self.places)
    }
}

impl<T: Unknown> StoredColumn<T> {
    /// The whole column, which is made where it was not.
    fn made(&self, unknown: &Vec<T>, places: &HashMap<u32, u32>) -> &[T] {
        self.made.get_or_init(|| {
            let mut values = Vec::with_capacity(unknown.capacity());
            values.extend_from_slice(unknown);
            for (position, place) in places {
                let value = self.few.get(*place as usize);
                if let Some((old, value)) = values.get_mut(*position as usize).zip(value) {
                    *old = *value;
                }
            }
            values
        })
    }
}
