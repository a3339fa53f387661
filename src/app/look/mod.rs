//! What is in the rows: the main numbers, the charts, and what a choice does to the rows that are left.
//! Everything here is drawn from the frame and the selection; no row's text is needed.

pub mod budget; // what a token limit keeps
pub mod chart; // one figure, drawn and brushed
pub mod charts; // the figures beside the filters
pub mod compare; // two groups of rows side by side
pub mod cost; // what training costs
pub mod headline; // the main numbers in words
pub mod limits; // the chart of what each token limit keeps
pub mod mix; // what the filters did to the mix of languages, outcomes, repositories
