//! The rows themselves: the table of their numbers, and beside it the reader, which shows one of them turn by turn.
//! A row's text is asked of the workers when it is looked at, and not kept.

pub mod alike; // which row it is that the open one is like
pub mod beside; // runs of one task beside each other
pub mod chips; // the signs of the open row: through the messages that show them
pub mod columns; // the choice of the table's columns
pub mod diff; // a patch in the reader
pub mod find; // the search over the table
pub mod head; // the reader's head: which run, what came of it, the way to the next
pub mod marked; // a text with its code coloured and its matches marked
pub mod messages; // what all parts of the reader know of the messages: which are shown, which is in sight
pub mod opened; // what is shown of the open row
pub mod outline; // all messages as one strip
pub mod preview; // the open row as an export writes it
pub mod reader; // one trajectory, turn by turn
pub mod search; // the search in the open row
pub mod table; // the table of rows
pub mod turn; // one message in the reader
pub mod workbench; // table and reader side by side
