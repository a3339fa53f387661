//! Quality signs on a row, each derived from its measures by one plain rule.
//! A flag says what to look at; none of them removes a row unless a filter asks for it.

use crate::measure::Measurements;

/// A quality sign on a row, derived from its measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// The model's patch is missing or empty.
    EmptyPatch,
    /// The patch touches test files.
    EditsTests,
    /// A call's arguments are no JSON object.
    BadArguments,
    /// A call is unanswered (other than the last turn's) or an observation has no call.
    Unpaired,
    /// An assistant message calls a tool without a word of text or reasoning, all along.
    NoReasoning,
    /// The row had to be mended.
    Repaired,
}

impl Flag {
    /// How many flags there are.
    pub const COUNT: usize = Flag::Repaired as usize + 1;

    /// Every flag.
    pub const ALL: [Flag; Flag::COUNT] = [
        Flag::EmptyPatch,
        Flag::EditsTests,
        Flag::BadArguments,
        Flag::Unpaired,
        Flag::NoReasoning,
        Flag::Repaired,
    ];

    /// The flag of a word of the address, in small or capital letters.
    pub fn from_name(name: &str) -> Option<Self> {
        Flag::ALL
            .into_iter()
            .find(|flag| flag.name().eq_ignore_ascii_case(name))
    }

    /// The flag's word in the address.
    pub fn name(self) -> &'static str {
        self.about().0
    }

    /// The flag's name for people.
    pub fn title(self) -> &'static str {
        self.about().1
    }

    /// When a row carries the flag, in a sentence or two.
    pub fn definition(self) -> &'static str {
        self.about().2
    }

    /// Whether one row carries the flag.
    pub fn of(self, row: &Measurements) -> bool {
        if let Some(stated) = &row.stated {
            // Without the row's texts there is no sign of anything but what the row states.
            return self == Flag::EmptyPatch && stated.model.files == Some(0);
        }
        match self {
            Flag::EmptyPatch => row.patch.as_ref().is_none_or(|p| p.files == 0),
            Flag::EditsTests => row.patch.as_ref().is_some_and(|p| p.test_files > 0),
            Flag::BadArguments => row.bad_arguments > 0,
            // The last call of a run normally has no observation: the run ends with it.
            Flag::Unpaired => row.unanswered > 1 || row.orphans > 0,
            Flag::NoReasoning => row
                .tokens
                .is_some_and(|t| t.assistant == 0 && t.reasoning == 0),
            Flag::Repaired => row.repairs.total() > 0,
        }
    }

    /// The flag's bit in a row's set of flags.
    pub(in crate::frame) const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The one table of the flags: name, title, definition.
    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Flag::EmptyPatch => (
                "empty-patch",
                "Empty patch",
                "The row has no patch of the model, or one that touches no file.",
            ),
            Flag::EditsTests => (
                "edits-tests",
                "Edits tests",
                "The model's patch touches at least one test file.",
            ),
            Flag::BadArguments => (
                "bad-arguments",
                "Bad arguments",
                "At least one call's arguments are no JSON object.",
            ),
            Flag::Unpaired => (
                "unpaired",
                "Unpaired",
                "More than one call has no observation, or an observation answers no call. One unanswered call is \
                 normal: a run ends with it.",
            ),
            Flag::NoReasoning => (
                "no-reasoning",
                "No reasoning",
                "The agent only calls tools: not one token of text or reasoning. Known only where tokens were counted.",
            ),
            Flag::Repaired => (
                "repaired",
                "Repaired",
                "Something of the row had to be mended before it could be read.",
            ),
        }
    }
}
