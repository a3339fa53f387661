//! The workers, which do all that takes long, and what the page and they say to each other.
//! The hub worker answers what needs no rows; the workers open files, and read, measure and encode pages of rows; the
//! frame's worker holds what they measured.

pub mod frame; // the worker that holds the frame and the selection
pub mod message; // a question, and its answer or why there is none
mod notes; // what the page notes of rows without holding them
pub mod page; // a page's text → its rows' measurements, view or export lines
pub mod share; // how many workers a machine gets
pub mod silence; // how long a worker may work without a word
pub mod turn; // which worker is asked next

#[cfg(target_arch = "wasm32")]
mod blobs; // bytes that the browser keeps
#[cfg(target_arch = "wasm32")]
mod files; // the files that an export writes
#[cfg(target_arch = "wasm32")]
pub mod hub; // what the hub worker does for each question
#[cfg(target_arch = "wasm32")]
pub mod job; // what a worker does with a page of rows
#[cfg(target_arch = "wasm32")]
mod model; // the tokenizer of a model, fetched
#[cfg(target_arch = "wasm32")]
mod open; // files and archives
#[cfg(target_arch = "wasm32")]
pub mod parquet; // what a worker does with Parquet files
#[cfg(target_arch = "wasm32")]
pub mod pool; // the page's side: workers, and one future a question
#[cfg(target_arch = "wasm32")]
pub mod publish; // puts files into a repository, for the hub worker
#[cfg(target_arch = "wasm32")]
mod raw; // the files of a repository, for the hub worker
#[cfg(target_arch = "wasm32")]
pub mod reader; // which part of a worker answers a question
#[cfg(target_arch = "wasm32")]
pub mod request; // one request to the Hub, and whether its answer is a good one
#[cfg(target_arch = "wasm32")]
pub mod serve; // the worker's side: listens, answers, says when it breaks
#[cfg(target_arch = "wasm32")]
pub mod signin; // the way to the Hub's sign-in and back, for the hub worker
#[cfg(target_arch = "wasm32")]
pub mod tally; // size and checksum of a file that the page writes by itself

pub use message::{Answer, CacheSize, End, Measured, Preview, RawFiles};
pub use message::{Begin, Counting, Depth, ModelAt, PageAt, Question, WorkerError};
pub use notes::{MappedRows, Notes};
