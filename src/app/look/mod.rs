//! What is in the rows: the main numbers, the charts, and what a choice does to the rows that are left.
//! Everything here is drawn from the frame and the selection; no row's text is needed.

pub mod budget; // context length and cost: what a token limit keeps
pub mod chart; // one figure, drawn and brushed
pub mod charts; // the figures beside the filters
pub mod compare; // why runs fail: two groups of rows compared
pub mod cost; // what training costs
pub mod explore; // a chart of a person's own
pub mod headline; // the main numbers in words
mod keep; // a chart as a file, a table, numbers to copy
pub mod limits; // the chart of what each token limit keeps
pub mod mix; // how filters changed the mix of languages, outcomes, repositories
mod pointing; // what a hand does on a chart: pointer, finger, keys
