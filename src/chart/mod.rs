//! Charts: from the frame to a [`Figure`] (what is to be said), from a figure to any plotters backend (how it looks).
//! A figure is plain data with its words, so that a table and a screen reader get the same message as the eye.

pub mod draw; // layout, colours, and the way to a backend; what lies under the pointer
pub mod figure; // what each chart says: numbers, caption, text alternative, table
pub mod kind; // the charts of the page, listed once
pub mod words; // numbers and labels as people read them

pub use draw::{ChartError, Hit, Plot, Theme, draw, draw_alone, height, height_alone, svg};
pub use figure::{Count, Figure, Ground, Rule};
pub use kind::{Kind, Sets};
