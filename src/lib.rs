//! tracesift: agent trajectories on the Hugging Face Hub, read, measured, filtered and written as SFT data.
//! This file is the map: one line a module, in the order in which the data goes.
#![forbid(unsafe_code)]

pub mod chart; // drawings from the frame to any plotters backend
pub mod compare; // how two groups of rows differ, largest difference first
pub mod export; // the selected rows as a trainer's lines; the manifest; the table
pub mod frame; // columns of all rows: quantiles, histograms, groups
pub mod hub; // the Hub's two APIs: addresses, answers, errors, when to ask again
pub mod measure; // one Trajectory → one row of the frame
pub mod mix; // the audit of a choice: what rows are made of before and after it, and which rule moved it
pub mod pack; // rows packed into sequences of one length
pub mod patch; // unified diffs: read, counted, compared
pub mod recipe; // every choice a person makes: the address, the filters, the funnel
pub mod sign; // signs of quality: what of a row to look at, and the steps that show it
pub mod source; // where rows come from: the Hub, a local file, the demo; which pages to ask for
pub mod tokens; // how many tokens a text is, by the tokenizer chosen
pub mod trace; // one row → one Trajectory, whatever its dialect; what was mended on the way
pub mod view; // one Trajectory as the reader shows it
pub mod worker; // what the page and its workers say to each other

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod buffer; // bytes in the browser's memory, given back at once // the page's parts, one file each
