//! The columns of the frame: every number and label with its name, title and definition.
//! One table each, so that the table's head, the filters, the charts and the tooltips say the same.

mod label; // text, each value kept once
mod number; // counts and shares

pub(super) use label::Dictionary;
pub use label::{Label, TextColumn};
pub use number::Number;
