//! The dialects in which trajectories are written: one file each, and one line in [`TABLE`].
//! A file says what tells its dialect from others and what its words mean; the steps of `trace` do the reading.

mod agent_trace;
mod agent_trove;
mod ai_sdk;
mod amp;
mod anthropic;
mod atif;
pub(crate) mod atif_own;
mod chat;
mod claude_code;
mod claude_web;
mod cline;
mod code_act;
mod coder_forge;
mod codex;
mod codex_exec;
mod codex_items;
mod common;
mod completion_log;
mod copilot_cli;
mod cursor;
mod deepseek;
mod droid;
mod function_tags;
mod gemini;
mod gemini_cli;
mod glm;
pub(super) mod harbor;
pub(super) mod harmony;
mod hermes;
mod hermes_session;
mod inspect;
mod invoke;
mod json_tags;
mod json_text;
mod kimi;
mod letta;
mod llama;
mod llamafactory;
mod message_list;
mod mini_coder;
mod minisweagent;
mod minisweagent_traj;
mod mistral;
mod nebius;
mod nemotron;
mod olmo;
mod omp;
mod open_swe_traces;
mod openclaw;
mod opencode;
mod openhands;
mod openhands_events;
mod openhands_sdk;
mod pi;
pub(crate) mod plain;
mod preference;
mod prompt_completion;
mod python_list;
mod query_response;
mod r2e_gym;
mod react;
mod responses;
mod sharegpt;
mod sts;
mod swe_chat;
mod swe_gym;
mod swe_smith;
mod swe_zero;
mod sweagent;
mod sweagent_traj;
mod swift;
mod tau;
mod terminus2;
mod verifiers;

use std::sync::LazyLock;

use super::cell::CellField;
use super::column::Column;
use super::draft::Draft;
use super::fenced::Fences;
use super::harness::Evidence;
use super::message::{Field, ReadItem};
use super::part::{PartField, PartKind};
use super::row::Row;
use super::session::Session;
use super::speaker::Speaker;
use super::structured::CallField;
use super::tagged::ReadTag;
use super::written::Written;
use super::{Outcome, Repairs, Tool, Trajectory};

/// Every dialect that is read. Where two have different words for one thing and a row has both, the first one's counts;
/// a new dialect that stands at the end changes no reading of the others.
pub(super) const TABLE: &[&Dialect] = &[
    &plain::DIALECT,
    &chat::DIALECT,
    &open_swe_traces::DIALECT,
    &swe_smith::DIALECT,
    &nebius::DIALECT,
    &openhands::DIALECT,
    &sharegpt::DIALECT,
    &sweagent::DIALECT,
    &minisweagent::DIALECT,
    &swe_gym::DIALECT,
    &mini_coder::DIALECT,
    &coder_forge::DIALECT,
    &nemotron::DIALECT,
    &anthropic::DIALECT,
    &responses::DIALECT,
    &gemini::DIALECT,
    &function_tags::DIALECT,
    &hermes::DIALECT,
    &agent_trace::DIALECT,
    &verifiers::DIALECT,
    &agent_trove::DIALECT,
    &r2e_gym::DIALECT,
    &common::DIALECT,
    &claude_code::DIALECT,
    &codex::DIALECT,
    &codex_exec::DIALECT,
    &openclaw::DIALECT,
    &omp::DIALECT,
    &sts::DIALECT,
    &pi::DIALECT,
    &droid::DIALECT,
    &cursor::DIALECT,
    &gemini_cli::DIALECT,
    &copilot_cli::DIALECT,
    &opencode::DIALECT,
    &letta::DIALECT,
    &hermes_session::DIALECT,
    &amp::DIALECT,
    &claude_web::DIALECT,
    &harbor::DIALECT,
    &atif::DIALECT,
    &openhands_events::DIALECT,
    &openhands_sdk::DIALECT,
    &sweagent_traj::DIALECT,
    &minisweagent_traj::DIALECT,
    &completion_log::DIALECT,
    &tau::DIALECT,
    &inspect::DIALECT,
    &swe_chat::DIALECT,
    &swe_zero::DIALECT,
    &terminus2::DIALECT,
    &message_list::DIALECT,
    &prompt_completion::DIALECT,
    &preference::DIALECT,
    &query_response::DIALECT,
    &llamafactory::DIALECT,
    &swift::DIALECT,
    &olmo::DIALECT,
    &ai_sdk::DIALECT,
    &harmony::DIALECT,
    &glm::DIALECT,
    &invoke::DIALECT,
    &kimi::DIALECT,
    &deepseek::DIALECT,
    &mistral::DIALECT,
    &llama::DIALECT,
    &json_tags::DIALECT,
    &code_act::DIALECT,
    &react::DIALECT,
    &cline::DIALECT,
    &python_list::DIALECT,
    &json_text::DIALECT,
];

/// Words and what they mean.
pub(super) type Words<T> = &'static [(&'static str, T)];

/// Moves calls out of the texts of a conversation, and declares the tools that its harness describes in words only.
pub(super) type TakeCalls = fn(&mut [Draft], &mut Vec<Tool>, &mut Repairs);

/// What a file says of its dialect. Whatever it leaves out of [`Dialect::new`] it has in common with all others.
pub(super) struct Dialect {
    /// Its name, which is its file's; for a harness, the name by which rows are labelled.
    pub name: &'static str,
    /// Reads a whole row by itself, where the dialect can be told by the row's first bytes and has little in common with
    /// others; `None` where the row is not of the dialect.
    pub row: Option<for<'a> fn(&'a str) -> Option<Trajectory<'a>>>,
    /// Columns that rows of this dialect have and few others: where there is one, [`read`](Self::read) is asked.
    pub told_by: &'static [&'static str],
    /// Reads a row that its columns' names alone don't explain, such as a run of events; `None` where the row is not of
    /// the dialect after all.
    pub read: Option<for<'a> fn(&'a str, &mut Repairs) -> Option<Row<'a>>>,
    /// Whether [`read`](Self::read) is also asked where the row has messages whose first one has a `role` and a `content`.
    pub reads_plain: bool,
    /// Runs that are lists of events.
    pub session: Option<&'static Session>,
    /// The row's columns.
    pub columns: Words<Column>,
    /// The fields of an object that stands in a column instead of a name or a patch.
    pub cell_fields: Words<CellField>,
    /// What a split's name says of the outcome of all its rows.
    pub split: Option<fn(&str) -> Option<Outcome>>,
    /// The fields of a message.
    pub fields: Words<Field>,
    /// Who speaks, in lower case, letters and digits only: `tool_call` is `toolcall`.
    pub roles: Words<Speaker>,
    /// Kinds of items in the place of messages, spelled as roles are, that need more than their fields' names to be read.
    pub items: Words<ReadItem>,
    /// The fields of a call that stands in a field of its own.
    pub call_fields: Words<CallField>,
    /// The kinds of a message's parts, spelled as roles are.
    pub parts: Words<PartKind>,
    /// The fields of a part.
    pub part_fields: Words<PartField>,
    /// Calls that are written between tags in the text: how they open, and who reads on from there.
    pub tags: Words<ReadTag>,
    /// Calls that are written in a form which prose may look like.
    pub written: Option<&'static Written>,
    /// Calls that are written as the last fenced block of a text.
    pub fences: Fences,
    /// Finds the calls of a whole conversation, where neither tags nor fences tell them. It must cost other datasets next
    /// to nothing.
    pub take_calls: Option<TakeCalls>,
    /// How observations begin, where they are written as a user's messages.
    pub observation_starts: &'static [&'static str],
    /// Whether this harness ran the agent, as far as tools, calls and observations tell. `None`: not a harness.
    pub is_harness: Option<fn(&Evidence) -> bool>,
    /// What the harness says of a failed call.
    pub results: ResultWords,
}

impl Dialect {
    /// A dialect that has nothing of its own yet.
    const fn new(name: &'static str) -> Self {
        Dialect {
            name,
            row: None,
            told_by: &[],
            read: None,
            reads_plain: true,
            session: None,
            columns: &[],
            cell_fields: &[],
            split: None,
            fields: &[],
            roles: &[],
            items: &[],
            call_fields: &[],
            parts: &[],
            part_fields: &[],
            tags: &[],
            written: None,
            fences: Fences::NONE,
            take_calls: None,
            observation_starts: &[],
            is_harness: None,
            results: ResultWords::NONE,
        }
    }
}

/// What a harness writes into an observation beside the tool's own words, and by which words it says that a call failed.
pub(crate) struct ResultWords {
    /// What stands before an observation and only says that it is one.
    pub labels: &'static [&'static str],
    /// The observation without what the harness writes before the tool's words.
    pub without_header: Option<fn(&str) -> &str>,
    /// The exit code, where the harness puts it first.
    pub exit_code: Option<fn(&str) -> Option<i64>>,
    /// What a line in brackets at the end says.
    pub end_mark: Option<fn(&str) -> Option<EndMark>>,
    /// Words at the start that say so whatever the tool.
    pub failed: &'static [&'static str],
    /// Words at the start that say so unless the tool is a shell, in which a program may have printed them.
    pub failed_beside_shell: &'static [&'static str],
    /// Words at the start, and words that follow after the command that is quoted between them.
    pub failed_quoting: &'static [(&'static str, &'static str)],
}

impl ResultWords {
    /// Nothing of its own.
    const NONE: ResultWords = ResultWords {
        labels: &[],
        without_header: None,
        exit_code: None,
        end_mark: None,
        failed: &[],
        failed_beside_shell: &[],
        failed_quoting: &[],
    };

    fn are_any(&self) -> bool {
        self.without_header.is_some()
            || self.exit_code.is_some()
            || self.end_mark.is_some()
            || !(self.labels.is_empty()
                && self.failed.is_empty()
                && self.failed_beside_shell.is_empty()
                && self.failed_quoting.is_empty())
    }
}

/// What a line in brackets at an observation's end says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndMark {
    /// The command ended with this code.
    ExitCode(i64),
    /// The command did not end, or was not run.
    Failed,
}

/// The dialects that are to be asked of a row: of those by which it is told, by their places in the table, which rise.
/// `is_plain`: its first message has a `role` and a `content`.
pub(super) fn to_ask(told: &[usize], is_plain: bool) -> impl Iterator<Item = &'static Dialect> {
    let dialects = told.iter().filter_map(|at| TABLE.get(*at).copied());
    dialects.filter(move |dialect| !is_plain || dialect.reads_plain)
}

/// What the first of the dialects reads of a row.
pub(super) fn read_told<'a>(
    row: &'a str,
    dialects: impl Iterator<Item = &'static Dialect>,
    repairs: &mut Repairs,
) -> Option<Row<'a>> {
    let mut readers = dialects.filter_map(|dialect| dialect.read);
    readers.find_map(|read| {
        let mut own = Repairs::default();
        let row = read(row, &mut own)?;
        repairs.add_all(&own);
        Some(row)
    })
}

/// Lets each dialect find the calls that are written in a way of its own.
pub(super) fn take_calls(drafts: &mut [Draft], tools: &mut Vec<Tool>, repairs: &mut Repairs) {
    for take in TABLE.iter().filter_map(|dialect| dialect.take_calls) {
        take(drafts, tools, repairs);
    }
}

/// The trajectory of a row that one dialect reads whole.
pub(super) fn read_whole(row: &str) -> Option<Trajectory<'_>> {
    let readers = TABLE.iter().filter_map(|dialect| dialect.row);
    readers.into_iter().find_map(|read| read(row))
}

/// The names of all dialects that are read.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|dialect| dialect.name)
}

/// What the harnesses say of failed calls, in the table's order.
pub(crate) fn result_words() -> impl Iterator<Item = &'static ResultWords> {
    // Few dialects have such words, and every observation is asked for them.
    static SOME: LazyLock<Vec<&ResultWords>> = LazyLock::new(|| {
        let all = TABLE.iter().map(|dialect| &dialect.results);
        all.filter(|words| words.are_any()).collect()
    });
    SOME.iter().copied()
}
