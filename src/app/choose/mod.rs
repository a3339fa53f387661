//! Which rows are kept: the filters, with what each of them costs.
//! Every choice is a key of the address, so that a link keeps the same rows.

pub mod balance; // shares of the selection, and how much of it one value may be
pub mod filters; // lists and ranges beside the charts
pub mod funnel; // rows left after each filter
pub mod presets; // choices of others, one click each
pub mod signs; // the quality signs: how often, how runs with them fare, which are wanted
pub mod text; // what the texts hold
pub mod undo; // the way back from a change of the filters
