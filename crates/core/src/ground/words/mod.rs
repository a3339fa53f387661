//! Words and numbers for people: the one place where a number, a size, a span of time or a stranger's name becomes text.
//! Every other module writes by these.

mod label; // names and sentences of strangers, made harmless
mod list; // several names in one sentence
mod number; // numbers, shares, sizes, spans of time

pub use label::{LABEL, cut, label, plain};
pub use list::all_of;
pub use number::{
    bytes, count, duration, interval, percent, plural, points, share, short, thousands,
};
