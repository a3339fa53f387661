//! The columns of the frame: every number, label and sign with its name, title and definition.
//! One table each, so that the downloaded table, the filters, the charts and the tooltips say the same.

mod label; // what is known of a row by name: its task, repository, harness, …
mod number; // counts and shares
mod sign; // what a sign reads of a row
mod text; // the text of a label, each value kept once

pub use label::Label;
pub use number::Number;
pub(super) use text::Dictionary;
pub use text::TextColumn;

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
