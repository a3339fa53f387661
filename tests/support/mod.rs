//! What several of the tests' crates share: PyArrow, and the Parquet files that it makes.
//! The other side of a comparison is never the code under test.

pub mod parquet; // Parquet files of JSON rows, and what PyArrow sees in them
pub mod pyarrow; // a Python with PyArrow, installed once
pub mod venv; // a virtual environment in the target folder

mod tests; // the makers do what their options say
