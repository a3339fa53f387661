//! The rows themselves: the table of their numbers, and the reader, which shows one of them turn by turn.
//! A row's text is asked of the workers when it is looked at, and not kept.

pub mod alike; // which row it is that the open one is like
pub mod diff; // a patch in the reader
pub mod preview; // the open row as an export writes it
pub mod reader; // one trajectory, turn by turn
pub mod table; // the table of rows
pub mod turn; // one message in the reader
