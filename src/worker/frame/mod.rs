//! The worker that holds the frame and the selection: what the page asks of it, and how it is answered.
//! A question is plain data and knows the type of its answer, which the core's functions make; so all of it runs natively.

mod ask; // a question with its answer; all of them as one type
mod budget; // what token limits keep of the selection, and how it packs
mod chosen; // the rows that are chosen at one moment, for whatever leaves the page
mod compare; // two groups side by side, and their names
mod headline; // the main numbers, in words
mod held; // what is held: the frame, the rules, the selection
mod lists; // the values that rules offer, and their ends
mod look; // charts, the mix, the rows that one rule removes
mod one; // one row: what is known of it
mod rows; // what changes the rows or the rules
mod table; // windows of the table, and where a row stands in it

pub use ask::{Ask, Question};
pub use budget::{BudgetOf, BudgetReport};
pub use chosen::{
    ChosenRow, HeldRows, Hold, OneChosen, PairCount, PairsOf, Release, RowsOf, TableFile, TableOf,
};
pub use compare::{ComparedGroups, Comparing, GroupRows, PartNames};
pub use headline::{HeadlineOf, Learned, Main, Numbers, TokensTogether};
pub use held::{Held, Shown};
pub use lists::{Ends, SizesOf, Tallies, Value, ValuesOf};
pub use look::{Alone, ExploreOf, FigureOf, MixShown, MixesOf, RemovedAlone};
pub use one::{About, AboutRow, Duplicate};
pub use rows::{Clear, Expect, FindDuplicates, KeptRows, NoteFound, Push, Select};
pub use table::{PlaceOf, RunOfTask, RunsOf, Standing, TableRow, Window, WindowOf};

#[cfg(target_arch = "wasm32")]
mod answer; // what the worker does with a question

#[cfg(target_arch = "wasm32")]
pub use answer::answer;
