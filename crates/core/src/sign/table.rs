//! The signs, one line each: the order is that of the page, the docs and the downloaded table.
//! A sign's record names all that is said of it and the rule that finds it; it stands in the file that its line names.

use serde::{Deserialize, Serialize};

use super::record::SignRecord;
use super::*; // every line names a file of this folder
use crate::ground::table::table;

table! {
    /// A quality sign of a row.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Sign of SignRecord {
        LoopSame = loops::SAME,
        LoopError = loops::ERROR,
        PingPong = loops::PING_PONG,
        Monologue = loops::MONOLOGUE,
        Spin = loops::SPIN,
        ErrorRate = errors::RATE,
        ErrorRetry = errors::RETRY,
        BadArguments = calls::BAD_ARGUMENTS,
        UnknownTool = calls::UNKNOWN_TOOL,
        MissingArgument = calls::MISSING_ARGUMENT,
        Unpaired = calls::UNPAIRED,
        NoSubmit = ending::NO_SUBMIT,
        LimitExit = ending::LIMIT_EXIT,
        DanglingEnd = ending::DANGLING_END,
        GitHistory = leaks::GIT_HISTORY,
        FetchesFix = leaks::FETCHES_FIX,
        GitHack = leaks::GIT_HACK,
        EditsTests = patch::EDITS_TESTS,
        JunkFiles = patch::JUNK_FILES,
        BigPatch = patch::BIG_PATCH,
        MalformedPatch = patch::MALFORMED_PATCH,
        EmptyPatch = patch::EMPTY_PATCH,
        HeavyObservations = observations::HEAVY,
        NoReasoning = text::NO_REASONING,
        Secrets = text::SECRETS,
        PersonalData = text::PERSONAL_DATA,
        Repaired = repaired::REPAIRED,
        SamePatch = duplicates::SAME_PATCH,
        SameCalls = duplicates::SAME_CALLS,
        NearDuplicate = duplicates::NEAR_DUPLICATE,
        BenchmarkRepo = bench::REPO,
        BenchmarkTask = bench::TASK,
    }
}
