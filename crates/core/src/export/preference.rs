//! TRL's preference form: two runs of one task on one line, the one that a model should prefer and the other.
//! `prompt` is what both begin with, `chosen` and `rejected` what each does from its first turn on.
//! <https://huggingface.co/docs/trl/dataset_formats>, TRL at f2cd57710.
//!
//! [`crate::recipe::pairs`] says which rows are paired; [`PairWriter`] writes the line of two rows that were read.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::chat::{self, refuses_objects};
use super::check::{Fault, Reason, faults, speaker};
use super::format::{Format, json};
use super::options::Options;
use super::origin::{Metadata, Origin};
use super::prepare::{Part, prepare_whole};
use super::schema;
use super::split::{Split, split_of};
use crate::tokens::Counter;
use crate::trace::{Message, Role, Trajectory, borrow};

/// Why two rows are not written as a pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PairFault {
    /// One of the rows could not be written by itself either.
    #[error("row {row}: {reason}")]
    Row {
        /// Its index.
        row: u64,
        /// Why.
        reason: Reason,
    },
    /// They begin with different prompts.
    #[error("rows {chosen} and {rejected} begin with different prompts")]
    Prompts {
        /// The chosen row.
        chosen: u64,
        /// The rejected row.
        rejected: u64,
    },
    /// They have different tools.
    #[error("rows {chosen} and {rejected} have different tools")]
    Tools {
        /// The chosen row.
        chosen: u64,
        /// The rejected row.
        rejected: u64,
    },
    /// They do the same: there is nothing to prefer.
    #[error("rows {chosen} and {rejected} are the same run")]
    Same {
        /// The chosen row.
        chosen: u64,
        /// The rejected row.
        rejected: u64,
    },
}

/// A line of a file of pairs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairLine {
    /// The line, without its line break.
    pub text: String,
    /// The split that it goes to: both rows are of one task, hence of one split.
    pub split: Split,
    /// Tokens of the chosen and of the rejected run with the prompt, where counted.
    pub tokens: Option<(u64, u64)>,
}

/// One row of a pair, ready to be joined with the other: the two may lie in different pages, and are read apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairSide {
    row: u64,
    /// JSON of the messages before the first turn.
    prompt: String,
    /// JSON of the rest.
    turns: String,
    /// JSON of the tools' text.
    tools: String,
    metadata: String,
    /// Of what the run does, without the ids of its calls.
    likeness: u64,
    split: Split,
    tokens: Option<u64>,
}

impl PairSide {
    /// The same side, by the number that its row has among all rows that are read: people look a row up by it.
    #[must_use]
    pub fn numbered(self, row: u64) -> Self {
        Self { row, ..self }
    }

    /// The line of two rows.
    ///
    /// # Errors
    /// Why they are not a pair.
    pub fn join(self, rejected: PairSide) -> Result<PairLine, PairFault> {
        let (chosen, other) = (self, rejected);
        let rows = (chosen.row, other.row);
        if chosen.prompt != other.prompt {
            return Err(PairFault::Prompts {
                chosen: rows.0,
                rejected: rows.1,
            });
        }
        if chosen.tools != other.tools {
            return Err(PairFault::Tools {
                chosen: rows.0,
                rejected: rows.1,
            });
        }
        if chosen.likeness == other.likeness {
            return Err(PairFault::Same {
                chosen: rows.0,
                rejected: rows.1,
            });
        }
        let parts = [
            r#"{"prompt":"#,
            &chosen.prompt,
            r#","chosen":"#,
            &chosen.turns,
            r#","rejected":"#,
            &other.turns,
            r#","tools":"#,
            &chosen.tools,
            r#","metadata":{"chosen":"#,
            &chosen.metadata,
            r#","rejected":"#,
            &other.metadata,
            "}}",
        ];
        Ok(PairLine {
            text: parts.concat(),
            split: chosen.split,
            tokens: chosen.tokens.zip(other.tokens),
        })
    }
}

/// Writes pairs by one set of options. Runs are never cut, since the parts of two runs do not make pairs; masks have
/// no place in this form.
#[derive(Debug, Clone, Copy)]
pub struct PairWriter<'o> {
    /// How.
    pub options: &'o Options,
    /// The seed of the splits.
    pub seed: u64,
    /// What counts.
    pub counter: Option<&'o Counter>,
}

impl PairWriter<'_> {
    /// The line of two rows.
    ///
    /// # Errors
    /// Why they are not a pair.
    pub fn write(
        &self,
        chosen: (&Trajectory, &Origin),
        rejected: (&Trajectory, &Origin),
    ) -> Result<PairLine, PairFault> {
        let side = |(trajectory, origin)| self.side(trajectory, origin);
        side(chosen)?.join(side(rejected)?)
    }

    /// One row of a pair.
    ///
    /// # Errors
    /// Why it can be in none.
    pub fn side(&self, trajectory: &Trajectory, origin: &Origin) -> Result<PairSide, PairFault> {
        let (part, tokens) = self.prepared(trajectory, origin)?;
        let trajectory = &part.trajectory;
        let messages = &trajectory.messages;
        let first = messages
            .iter()
            .position(|message| message.role == Role::Assistant);
        let mut prompt = chat::of(trajectory, self.options.arguments);
        let turns = prompt.split_off(first.unwrap_or(messages.len()).min(prompt.len()));
        Ok(PairSide {
            row: origin.row,
            prompt: json(&prompt),
            turns: json(&turns),
            tools: json(&schema::list_or_null(&trajectory.tools)),
            metadata: json(&Metadata::of_whole(&part, origin, self.options)),
            likeness: likeness(messages.iter().skip(first.unwrap_or_default())),
            split: split_of(self.options.shares, self.seed, &trajectory.labels, origin),
            tokens,
        })
    }

    /// A row as the options want it, whole, and its tokens; why it can't be written, where it can't.
    fn prepared<'a>(
        &self,
        trajectory: &'a Trajectory,
        origin: &Origin,
    ) -> Result<(Part<'a>, Option<u64>), PairFault> {
        let refuse = |reason| PairFault::Row {
            row: origin.row,
            reason,
        };
        let options = Options {
            format: Format::default(),
            // What comes after the last turn is no part of an answer.
            end_at_assistant: true,
            ..self.options.clone()
        };
        let view = borrow::trajectory(trajectory);
        let part = prepare_whole(view, &options, self.counter).map_err(refuse)?;
        let tokens = self
            .counter
            .map(|counter| counter.row(&part.trajectory).total());
        let first = part.trajectory.messages.first();
        let no_prompt = first.filter(|first| first.role == Role::Assistant);
        let no_prompt = no_prompt.map(|first| Reason::Order {
            message: part.from(0),
            found: speaker(first.role).to_owned(),
            wanted: "the system or the user".to_owned(),
        });
        let length = options.limit.and_then(|limit| match tokens {
            None => Some(Reason::NotCounted),
            Some(tokens) if tokens > limit => Some(Reason::TooLong { tokens, limit }),
            Some(_) => None,
        });
        let is_refused = |reason: &Reason| match reason.fault() {
            Fault::Empty => true,
            fault => refuses_objects(fault, &options),
        };
        let mut reasons = faults(&part)
            .into_iter()
            .filter(is_refused)
            .chain(no_prompt)
            .chain(length);
        match reasons.next() {
            Some(reason) => Err(refuse(reason)),
            None => Ok((part, tokens)),
        }
    }
}

/// What is said and called, as a number. Ids of calls are drawn anew in each run and have no part in it.
fn likeness<'m, 'a: 'm>(messages: impl Iterator<Item = &'m Message<'a>>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for message in messages {
        (message.role.name(), &message.text, &message.reasoning).hash(&mut hasher);
        for call in &message.calls {
            (&call.name, &call.arguments).hash(&mut hasher);
        }
        message.calls.len().hash(&mut hasher);
    }
    hasher.finish()
}
