//! tracesift's core: agent trajectories read, measured, filtered and written as SFT data. No I/O, no clock, no browser.
//! This file is the map: one line per module, in the order in which the data goes; a module uses only those above it.
#![forbid(unsafe_code)]

// Blank lines keep the order: without them rustfmt sorts by name.

pub mod ground; // what everyone names: source, range, sample, place; words and numbers for people

pub mod packed; // rows as values whose texts are borrowed: what Parquet files give

pub mod trace; // one row → one Trajectory, whatever its dialect; what was mended on the way

pub mod source; // rows without a network: the demo's, a local file's

pub mod patch; // unified diffs: read, counted, compared

pub mod tokens; // how many tokens a text has, by the chosen tokenizer

pub mod calls; // every call resolved: arguments, result, key

pub mod search; // what a person looks for in the texts of a run

pub mod sign; // quality signs: what to look at in a row, and the steps that show it

pub mod measure; // one Trajectory → one row of the frame

pub mod view; // one Trajectory as the reader shows it

pub mod frame; // columns of all rows: quantiles, histograms, groups

pub mod export; // the selected rows as a trainer's lines; the table

pub mod recipe; // every choice a person makes: the address, the filters, the funnel

pub mod mix; // what a selection does to the mix of the rows, and which filter caused it

pub mod compare; // how two groups of rows differ, largest difference first

pub mod pack; // rows packed into sequences of one length

pub mod manifest; // how a selection was made: the manifest, the pairs' manifest, the card

pub mod figure; // what charts say, as plain data
