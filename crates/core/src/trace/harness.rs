//! Which harness ran the agent: by its name where the row or its config has one, else by the tools that were given or
//! called and by how observations begin.

use super::dialect::TABLE;
use super::speaker::Plain;
use super::{Call, CallForm, Message, Role, Tool};

/// The usual spelling of a harness's name; `None` where it is not known.
pub(super) fn of_name(name: &str) -> Option<&'static str> {
    let plain = Plain::of(name);
    let harnesses = TABLE.iter().filter(|dialect| dialect.is_harness.is_some());
    let known = harnesses.map(|dialect| dialect.name);
    known.into_iter().find(|known| *known == plain.as_str())
}

/// Harnesses by the names that their dialects write: those of the table, and agents whose sessions are read. Apart from the
/// table, so that the page, which spells the names of its links, carries no reader.
const NAMES: &[&str] = &[
    "amp",
    "claude-code",
    "claude.ai",
    "codex",
    "copilot-cli",
    "cursor",
    "droid",
    "gemini-cli",
    "hermes",
    "letta",
    "letta-code",
    "minisweagent",
    "omp",
    "openclaw",
    "opencode",
    "openhands",
    "pi",
    "qwen-code",
    "sweagent",
    "terminus2",
];

/// The usual spelling of the name that a row or an address gives a harness, by which rows are labelled: `claude_code` is
/// `claude-code`. `None` where it is not known.
pub fn spelled(name: &str) -> Option<&'static str> {
    let plain = Plain::of(name);
    let mut names = NAMES.iter().copied();
    names.find(|known| Plain::of(known).as_str() == plain.as_str())
}

/// The first harness of the table that fits what the run shows.
pub(super) fn of_evidence(evidence: &Evidence) -> Option<&'static str> {
    let fits = |is_harness: fn(&Evidence) -> bool| is_harness(evidence);
    let found = TABLE
        .iter()
        .find(|dialect| dialect.is_harness.is_some_and(fits));
    found.map(|dialect| dialect.name)
}

/// What a run shows of its harness.
pub(super) struct Evidence<'r, 'a> {
    pub messages: &'r [Message<'a>],
    pub tools: &'r [Tool<'a>],
}

impl Evidence<'_, '_> {
    /// Whether a tool of that name was given, or called otherwise than in a fence.
    pub fn has_tool(&self, name: &str) -> bool {
        self.tool_names().any(|known| known == name)
    }

    /// The names of all tools that were given, or called otherwise than in a fence.
    pub fn tool_names(&self) -> impl Iterator<Item = &str> {
        let given = self.tools.iter().map(|tool| &*tool.name);
        let called = self.calls().filter(|call| call.form != CallForm::Fenced);
        given.chain(called.map(|call| &*call.name))
    }

    /// Whether a call was written in a fence.
    pub fn has_fenced_calls(&self) -> bool {
        self.calls().any(|call| call.form == CallForm::Fenced)
    }

    /// The first observations, enough to tell how the harness begins them.
    pub fn first_observations(&self) -> impl Iterator<Item = &str> {
        let observations = self
            .messages
            .iter()
            .filter(|message| message.role == Role::Tool);
        observations.take(4).map(|message| &*message.text)
    }

    fn calls(&self) -> impl Iterator<Item = &Call<'_>> {
        self.messages.iter().flat_map(|message| &message.calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_harness_of_the_table_has_its_spelling() {
        let harnesses = TABLE.iter().filter(|dialect| dialect.is_harness.is_some());
        for dialect in harnesses {
            assert_eq!(spelled(dialect.name), Some(dialect.name));
        }
    }
}
