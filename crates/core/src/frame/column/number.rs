//! The numeric columns: what each is called, what it counts, and how it is read off a row's measurements.
//! A number that is not known is NaN here and empty in the downloaded table.

use crate::measure::{Measurements, StatedPatches};
use crate::patch::PatchCounts;
use crate::tokens::TokenCounts;

/// A numeric column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number {
    /// All messages.
    Messages,
    /// Assistant messages.
    Turns,
    /// Tool calls.
    Calls,
    /// Calls that ended in an error.
    Errors,
    /// Test runs with a non-zero exit code.
    NonzeroExits,
    /// Calls without an observation.
    Unanswered,
    /// Observations without a call.
    Orphans,
    /// Calls whose arguments are no JSON object.
    BadArguments,
    /// Different tools used.
    DistinctTools,
    /// Files the model's patch touches.
    PatchFiles,
    /// Lines it adds.
    PatchAdded,
    /// Lines it deletes.
    PatchDeleted,
    /// Lines it changes in place.
    PatchModified,
    /// Its hunks.
    PatchHunks,
    /// Test files among its files.
    PatchTestFiles,
    /// Hunks times files.
    PatchComplexity,
    /// Deepest indentation among its added lines.
    PatchDeepestIndent,
    /// Control-flow keywords among its added lines.
    PatchControlKeywords,
    /// Files the reference patch touches.
    ReferenceFiles,
    /// Lines it adds.
    ReferenceAdded,
    /// Lines it deletes.
    ReferenceDeleted,
    /// Jaccard index of the two patches' files.
    OverlapFiles,
    /// Share of the reference's lines that are among the model's.
    OverlapLines,
    /// All tokens.
    Tokens,
    /// Tokens of system prompts.
    TokensSystem,
    /// Tokens of user messages.
    TokensUser,
    /// Tokens of assistant text.
    TokensAssistant,
    /// Tokens of reasoning.
    TokensReasoning,
    /// Tokens of tool calls.
    TokensCalls,
    /// Tokens of observations.
    TokensObservations,
    /// Tokens of tool schemas.
    TokensTools,
    /// What a chat template adds.
    TokensTemplate,
    /// Bytes of the row.
    Bytes,
    /// How often anything was mended.
    Repairs,
    /// Changed lines as the data set states them, of rows whose texts were not read.
    StatedLines,
}

/// What the page says of a column.
struct About {
    name: &'static str,
    title: &'static str,
    unit: &'static str,
    definition: &'static str,
}

impl Number {
    /// How many numeric columns there are.
    pub const COUNT: usize = Number::StatedLines as usize + 1;

    /// Every numeric column, in the order of the table.
    pub const ALL: [Number; Number::COUNT] = [
        Number::Messages,
        Number::Turns,
        Number::Calls,
        Number::Errors,
        Number::NonzeroExits,
        Number::Unanswered,
        Number::Orphans,
        Number::BadArguments,
        Number::DistinctTools,
        Number::PatchFiles,
        Number::PatchAdded,
        Number::PatchDeleted,
        Number::PatchModified,
        Number::PatchHunks,
        Number::PatchTestFiles,
        Number::PatchComplexity,
        Number::PatchDeepestIndent,
        Number::PatchControlKeywords,
        Number::ReferenceFiles,
        Number::ReferenceAdded,
        Number::ReferenceDeleted,
        Number::OverlapFiles,
        Number::OverlapLines,
        Number::Tokens,
        Number::TokensSystem,
        Number::TokensUser,
        Number::TokensAssistant,
        Number::TokensReasoning,
        Number::TokensCalls,
        Number::TokensObservations,
        Number::TokensTools,
        Number::TokensTemplate,
        Number::Bytes,
        Number::Repairs,
        Number::StatedLines,
    ];

    /// The column's name in the downloaded table.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The column's name for people.
    pub fn title(self) -> &'static str {
        self.about().title
    }

    /// What is counted, in the plural: the axis' unit.
    pub fn unit(self) -> &'static str {
        self.about().unit
    }

    /// What the number is, in a sentence or two.
    pub fn definition(self) -> &'static str {
        self.about().definition
    }

    /// The number of one row; NaN where it is not known.
    pub fn of(self, row: &Measurements) -> f64 {
        if let Some(stated) = &row.stated {
            return self.of_survey(row, stated);
        }
        let tokens = |count: fn(&TokenCounts) -> u32| known(row.tokens.as_ref().map(count));
        match self {
            Number::Messages => f64::from(row.messages),
            Number::Turns => f64::from(row.turns),
            Number::Calls => f64::from(row.calls),
            Number::Errors => f64::from(row.errors),
            Number::NonzeroExits => f64::from(row.nonzero_exits),
            Number::Unanswered => f64::from(row.unanswered),
            Number::Orphans => f64::from(row.orphans),
            Number::BadArguments => f64::from(row.bad_arguments),
            Number::DistinctTools => row.tools.len() as f64,
            Number::Tokens => row
                .tokens
                .map_or(f64::NAN, |t| t.total_with_template() as f64),
            Number::TokensSystem => tokens(|t| t.system),
            Number::TokensUser => tokens(|t| t.user),
            Number::TokensAssistant => tokens(|t| t.assistant),
            Number::TokensReasoning => tokens(|t| t.reasoning),
            Number::TokensCalls => tokens(|t| t.calls),
            Number::TokensObservations => tokens(|t| t.observations),
            Number::TokensTools => tokens(|t| t.tools),
            Number::TokensTemplate => {
                let added = row.tokens.and_then(|t| t.template);
                added.map_or(f64::NAN, f64::from)
            }
            Number::Bytes => row.bytes as f64,
            Number::Repairs => f64::from(row.repairs.total()),
            Number::StatedLines => f64::NAN,
            _ => self.of_patches(row),
        }
    }

    /// A number of the row's patches.
    fn of_patches(self, row: &Measurements) -> f64 {
        let patch = |count: fn(&PatchCounts) -> u32| known(row.patch.as_ref().map(count));
        let reference = |count: fn(&PatchCounts) -> u32| known(row.reference.as_ref().map(count));
        match self {
            Number::PatchFiles => patch(|p| p.files),
            Number::PatchAdded => patch(|p| p.added),
            Number::PatchDeleted => patch(|p| p.deleted),
            Number::PatchModified => patch(|p| p.modified),
            Number::PatchHunks => patch(|p| p.hunks),
            Number::PatchTestFiles => patch(|p| p.test_files),
            Number::PatchComplexity => patch(|p| p.hunks) * patch(|p| p.files),
            Number::PatchDeepestIndent => patch(|p| p.deepest_indent),
            Number::PatchControlKeywords => patch(|p| p.control_keywords),
            Number::ReferenceFiles => reference(|p| p.files),
            Number::ReferenceAdded => reference(|p| p.added),
            Number::ReferenceDeleted => reference(|p| p.deleted),
            Number::OverlapFiles => row.overlap.map_or(f64::NAN, |o| o.files),
            Number::OverlapLines => row.overlap.map_or(f64::NAN, |o| o.lines),
            _ => f64::NAN,
        }
    }

    /// The number of a row whose texts were not read: what a text decides is not known.
    fn of_survey(self, row: &Measurements, stated: &StatedPatches) -> f64 {
        let known = |count: Option<u64>| count.map_or(f64::NAN, |count| count as f64);
        match self {
            Number::Messages => f64::from(row.messages),
            Number::Turns => f64::from(row.turns),
            Number::Calls => f64::from(row.calls),
            Number::DistinctTools => row.tools.len() as f64,
            Number::PatchFiles if row.patch.is_none() => known(stated.model.files),
            Number::ReferenceFiles if row.reference.is_none() => known(stated.reference.files),
            Number::StatedLines => known(stated.model.lines),
            // A survey may have read the patches after all, where a rule needed them.
            _ => self.of_patches(row),
        }
    }

    /// The one table of the numeric columns.
    fn about(self) -> About {
        let (name, title, unit, definition) = match self {
            Number::Messages => (
                "messages",
                "Messages",
                "messages",
                "All messages of the trajectory, whoever speaks.",
            ),
            Number::Turns => (
                "turns",
                "Turns",
                "turns",
                "Assistant messages: how often the agent spoke or acted.",
            ),
            Number::Calls => (
                "calls",
                "Tool calls",
                "calls",
                "Tool calls, in a field of their own or written in the text (XML, fenced).",
            ),
            Number::Errors => (
                "errors",
                "Failed calls",
                "calls",
                "Calls that failed by the harness's own words: an error, a traceback of the tool itself, a time-out. \
                 A failing test run is a non-zero exit and is not among them.",
            ),
            Number::NonzeroExits => (
                "nonzero_exits",
                "Non-zero exits",
                "calls",
                "Test runs that ended with an exit code other than 0. They are counted beside the failed calls, \
                 not among them.",
            ),
            Number::Unanswered => (
                "unanswered",
                "Unanswered calls",
                "calls",
                "Calls without an observation. The last call of a run normally has none.",
            ),
            Number::Orphans => (
                "orphans",
                "Orphaned observations",
                "observations",
                "Observations that answer no call.",
            ),
            Number::BadArguments => (
                "bad_arguments",
                "Bad arguments",
                "calls",
                "Calls whose arguments are no JSON object.",
            ),
            Number::DistinctTools => (
                "distinct_tools",
                "Different tools",
                "tools",
                "Different tools that were called. A tool with verbs counts once a verb \
                 (str_replace_editor:view, str_replace_editor:create).",
            ),
            Number::PatchFiles => (
                "patch_files",
                "Files touched",
                "files",
                "Files that the model's patch touches.",
            ),
            Number::PatchAdded => (
                "patch_added",
                "Lines added",
                "lines",
                "Lines that the model's patch adds, as git apply --numstat counts them.",
            ),
            Number::PatchDeleted => (
                "patch_deleted",
                "Lines deleted",
                "lines",
                "Lines that the model's patch deletes, as git apply --numstat counts them.",
            ),
            Number::PatchModified => (
                "patch_modified",
                "Lines modified",
                "lines",
                "Lines changed in place: where k deleted lines are directly followed by m added ones, \
                 the smaller of the two.",
            ),
            Number::PatchHunks => (
                "patch_hunks",
                "Hunks",
                "hunks",
                "Places that the model's patch changes (its @@ sections).",
            ),
            Number::PatchTestFiles => (
                "patch_test_files",
                "Test files touched",
                "files",
                "Files of the model's patch that are tests by their path (test, tests, __tests__, spec, _test., .test., …).",
            ),
            Number::PatchComplexity => (
                "patch_complexity",
                "Patch complexity",
                "hunks × files",
                "Hunks of the model's patch times the files it touches: how far the change is spread.",
            ),
            Number::PatchDeepestIndent => (
                "patch_deepest_indent",
                "Deepest indentation",
                "columns",
                "The deepest indentation among the lines that the model's patch adds, in columns; a tab is four.",
            ),
            Number::PatchControlKeywords => (
                "patch_control_keywords",
                "Control-flow keywords",
                "keywords",
                "Control-flow keywords (if, for, while, match, switch, try, …) among the lines that the model's \
                 patch adds.",
            ),
            Number::ReferenceFiles => (
                "reference_files",
                "Files of the reference",
                "files",
                "Files that the reference patch touches: the one that solved the task upstream.",
            ),
            Number::ReferenceAdded => (
                "reference_added",
                "Lines the reference adds",
                "lines",
                "Lines that the reference patch adds, as git apply --numstat counts them.",
            ),
            Number::ReferenceDeleted => (
                "reference_deleted",
                "Lines the reference deletes",
                "lines",
                "Lines that the reference patch deletes, as git apply --numstat counts them.",
            ),
            Number::OverlapFiles => (
                "overlap_files",
                "Overlap of files",
                "share",
                "Files touched by both the model's patch and the reference patch, as a share of the files that either \
                 touches (Jaccard index, 0 to 1).",
            ),
            Number::OverlapLines => (
                "overlap_lines",
                "Overlap of lines",
                "share",
                "The share of the reference's added and deleted lines that are among the model's (0 to 1).",
            ),
            Number::Tokens => (
                "tokens",
                "Tokens",
                "tokens",
                "All tokens of the row by the tokenizer chosen. Each text is counted by itself and the counts are \
                 added; where a chat template is chosen, what it adds is in them, too.",
            ),
            Number::TokensSystem => (
                "tokens_system",
                "System tokens",
                "tokens",
                "Tokens of the system prompts.",
            ),
            Number::TokensUser => (
                "tokens_user",
                "User tokens",
                "tokens",
                "Tokens of user messages that are no observations.",
            ),
            Number::TokensAssistant => (
                "tokens_assistant",
                "Assistant tokens",
                "tokens",
                "Tokens of the assistant's text, without its reasoning and its calls.",
            ),
            Number::TokensReasoning => (
                "tokens_reasoning",
                "Reasoning tokens",
                "tokens",
                "Tokens of the assistant's reasoning.",
            ),
            Number::TokensCalls => (
                "tokens_calls",
                "Call tokens",
                "tokens",
                "Tokens of tool calls: each name and each arguments text.",
            ),
            Number::TokensObservations => (
                "tokens_observations",
                "Observation tokens",
                "tokens",
                "Tokens of what the tools gave back.",
            ),
            Number::TokensTools => (
                "tokens_tools",
                "Schema tokens",
                "tokens",
                "Tokens of the tools' schemas, each as it stands in the row.",
            ),
            Number::TokensTemplate => (
                "tokens_template",
                "Template tokens",
                "tokens",
                "Tokens that the chat template adds to the texts: who speaks, where a turn ends, how tools are told. \
                 Less than nothing where it leaves texts out, such as earlier reasoning. Known only where a chat \
                 template is chosen and takes the row.",
            ),
            Number::Bytes => ("bytes", "Bytes", "bytes", "The size of the row's JSON."),
            Number::Repairs => (
                "repairs",
                "Repairs",
                "repairs",
                "How often anything of the row was put into the one form that all rows are read in, guesses among them.",
            ),
            Number::StatedLines => (
                "stated_lines",
                "Changed lines (stated)",
                "lines",
                "Lines that the model's patch changes, as the data set states them; known only while the patch itself \
                 was not read.",
            ),
        };
        About {
            name,
            title,
            unit,
            definition,
        }
    }
}

fn known(count: Option<u32>) -> f64 {
    count.map_or(f64::NAN, f64::from)
}
