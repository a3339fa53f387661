//! The columns of the frame: every number, label and sign with its name, title and definition.
//! One table each, so that the downloaded table, the filters, the charts and the tooltips say the same.

mod label; // text, each value kept once
mod number; // counts and shares
mod sign; // what a sign reads of a row

pub(super) use label::Dictionary;
pub use label::{Label, TextColumn};
pub use number::Number;

use crate::sign::Sign;

/// A column of the frame, of whatever kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The rows' indices.
    Row,
    /// What became of the tasks.
    Outcome,
    /// Text.
    Label(Label),
    /// A measure.
    Number(Number),
    /// The number of a quality sign.
    Sign(Sign),
}
