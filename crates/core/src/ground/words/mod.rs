//! Words and numbers for people: the one place where a number, a size, a span of time or a stranger's name becomes text.
//! Every other module writes by these.

mod label; // names and sentences of strangers, made harmless
mod language; // programming languages as they are written
mod list; // several names in one sentence
mod number; // numbers, shares, sizes, spans of time

pub use label::{LABEL, cut, label, plain};
pub use language::language;
pub use list::all_of;
pub use number::{
    bytes, count, duration, interval, percent, plural, points, power, share, short, signed,
    thousands,
};
