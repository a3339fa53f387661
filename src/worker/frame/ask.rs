//! A question with its answer, and all questions as the one type that travels.
//! Whoever asks reads only the answers to its own questions, so no part of the page carries the code of all.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::*; // every line of the table is a question of this folder

/// What the page asks of the worker that holds the rows.
pub trait Ask: Into<Question> {
    /// What it answers.
    type Answer: Serialize + DeserializeOwned;

    /// Whether the answer changes with the rules, and not only with the rows.
    const IS_OF_SELECTION: bool = true;

    /// Answers it.
    fn answer(self, held: &mut Held) -> Self::Answer;
}

macro_rules! questions {
    ($($name:ident,)+) => {
        /// Any question.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Question {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )+
        }

        $(
            impl From<$name> for Question {
                fn from(question: $name) -> Self {
                    Self::$name(question)
                }
            }
        )+

        #[cfg(target_arch = "wasm32")]
        impl Question {
            /// The answer as it travels.
            pub(super) fn answered(self, held: &mut Held) -> js_sys::Uint8Array {
                match self {
                    $(Self::$name(question) => crate::worker::serve::answered(&held.ask(question)),)+
                }
            }
        }
    };
}

questions! {
    Push,
    Clear,
    Expect,
    Select,
    FindDuplicates,
    NoteFound,
    KeptRows,
    HeadlineOf,
    Learned,
    TokensTogether,
    FigureOf,
    ExploreOf,
    MixesOf,
    RemovedAlone,
    ValuesOf,
    Ends,
    SizesOf,
    Tallies,
    PartNames,
    Comparing,
    BudgetOf,
    WindowOf,
    About,
    PlaceOf,
    RunsOf,
    Hold,
    Release,
    RowsOf,
    OneChosen,
    TableOf,
    PairsOf,
    PairCount,
}
