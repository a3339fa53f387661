//! What the page and its workers say to each other: a question, then one answer with the same number.
//! Only types: they cross the border between threads as postcard.

mod answer; // what a worker answers
mod error; // why there is no answer
mod question; // what the page asks
mod raw; // what the repository of a dataset holds

pub use answer::{Answer, CacheSize, End, Measured, Preview};
pub use error::WorkerError;
pub use question::{Begin, Counting, Depth, ModelAt, PageAt, Question, RowGroup};
pub use raw::RawFiles;
