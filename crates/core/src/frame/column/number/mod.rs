//! The numeric columns, one line each: what each is called, what it counts, and how it is read off a row's measurements.
//! A number that is not known is NaN here and empty in the downloaded table.

mod calls; // of the calls and their results
mod patch; // of the two patches
mod row; // of the row as a whole
mod tokens; // of tokens, by role

use serde::{Deserialize, Serialize};

use crate::ground::table::table;
use crate::measure::Measurements;

table! {
    /// A numeric column. The order is that of the page and of the downloaded table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum Number of NumberRecord {
        Messages = row::MESSAGES,
        Turns = row::TURNS,
        Calls = calls::CALLS,
        Errors = calls::ERRORS,
        FirstError = calls::FIRST_ERROR,
        NonzeroExits = calls::NONZERO_EXITS,
        Unanswered = calls::UNANSWERED,
        Orphans = calls::ORPHANS,
        BadArguments = calls::BAD_ARGUMENTS,
        DistinctTools = calls::DISTINCT_TOOLS,
        PatchFiles = patch::FILES,
        PatchAdded = patch::ADDED,
        PatchDeleted = patch::DELETED,
        PatchModified = patch::MODIFIED,
        PatchHunks = patch::HUNKS,
        PatchTestFiles = patch::TEST_FILES,
        PatchComplexity = patch::COMPLEXITY,
        PatchDeepestIndent = patch::DEEPEST_INDENT,
        PatchControlKeywords = patch::CONTROL_KEYWORDS,
        ReferenceFiles = patch::REFERENCE_FILES,
        ReferenceAdded = patch::REFERENCE_ADDED,
        ReferenceDeleted = patch::REFERENCE_DELETED,
        OverlapFiles = patch::OVERLAP_FILES,
        OverlapLines = patch::OVERLAP_LINES,
        Tokens = tokens::ALL,
        TokensSystem = tokens::SYSTEM,
        TokensUser = tokens::USER,
        TokensAssistant = tokens::ASSISTANT,
        TokensReasoning = tokens::REASONING,
        TokensCalls = tokens::CALLS,
        TokensObservations = tokens::OBSERVATIONS,
        TokensTools = tokens::TOOLS,
        TokensTemplate = tokens::TEMPLATE,
        Bytes = row::BYTES,
        Repairs = row::REPAIRS,
        DeclaredLines = patch::DECLARED_LINES,
    }
}

/// All that is said of a column, and how it is read.
#[derive(Debug)]
pub(super) struct NumberRecord {
    /// Its name in the downloaded table.
    name: &'static str,
    /// Its name for people.
    title: &'static str,
    /// What is counted, in the plural: the axis' unit.
    unit: &'static str,
    /// What the number is, in a sentence or two.
    definition: &'static str,
    /// The number of one row; `None` where it is not known.
    of: fn(&Measurements) -> Option<f64>,
    /// Whether it is known only where the row's texts were read.
    needs_texts: bool,
    /// Whether the downloaded table has it.
    in_table: bool,
}

impl NumberRecord {
    /// What most numbers have: they need the row's texts and stand in the downloaded table.
    const DEFAULT: Self = Self {
        name: "",
        title: "",
        unit: "",
        definition: "",
        of: |_| None,
        needs_texts: true,
        in_table: true,
    };
}

impl Number {
    /// The column's name in the downloaded table.
    pub fn name(self) -> &'static str {
        self.record().name
    }

    /// The column's name for people.
    pub fn title(self) -> &'static str {
        self.record().title
    }

    /// What is counted, in the plural: the axis' unit.
    pub fn unit(self) -> &'static str {
        self.record().unit
    }

    /// What the number is, in a sentence or two.
    pub fn definition(self) -> &'static str {
        self.record().definition
    }

    /// Whether the downloaded table has the column.
    pub fn is_in_table(self) -> bool {
        self.record().in_table
    }

    /// The number of one row; NaN where it is not known.
    pub fn of(self, row: &Measurements) -> f64 {
        let record = self.record();
        if record.needs_texts && row.is_survey() {
            return f64::NAN;
        }
        (record.of)(row).unwrap_or(f64::NAN)
    }
}
