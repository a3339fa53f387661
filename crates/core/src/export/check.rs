//! What is wrong with a prepared row: each fault in plain words with the message that has it. A format refuses some of
//! them; the others are counted and said beside the file.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::mask::Declared;
use super::prepare::Part;
use crate::calls::is_object;
use crate::tokens::template::TemplateError;
use crate::trace::{Message, Role};

/// A fault of a row. Messages are counted from 0, as the reader does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No assistant message.
    #[error("no message is the assistant's: there is nothing to learn from")]
    Empty,
    /// Every turn is masked.
    #[error("all of the assistant's messages are left out of learning by the mask")]
    AllMasked,
    /// Someone speaks where someone else must.
    #[error("message {message} is {found}'s, where the format wants {wanted}")]
    Order {
        /// The message.
        message: usize,
        /// Who speaks.
        found: String,
        /// Who should.
        wanted: String,
    },
    /// A call without a result of its own.
    #[error("message {message} calls “{tool}”, and no result answers the call")]
    Unanswered {
        /// The message.
        message: usize,
        /// The tool.
        tool: String,
    },
    /// A result without a call.
    #[error("message {message} is a tool's result, and no call asked for it")]
    Orphan {
        /// The message.
        message: usize,
    },
    /// A tool that the row does not declare.
    #[error("message {message} calls “{tool}”, which is not among the row's tools")]
    UnknownTool {
        /// The message.
        message: usize,
        /// The tool.
        tool: String,
    },
    /// Calls, but no tools at all.
    #[error("tools are called, but the row does not say which tools there are")]
    NoTools,
    /// Arguments that are not a JSON object.
    #[error("message {message} calls “{tool}” with arguments that are not a JSON object")]
    BadArguments {
        /// The message.
        message: usize,
        /// The tool.
        tool: String,
    },
    /// An assistant's message without text, reasoning and calls.
    #[error("message {message} of the assistant is empty")]
    Blank {
        /// The message.
        message: usize,
    },
    /// A text holds a tag by which the trainer finds calls.
    #[error("message {message} holds {tag} in its text, which the format would read as a call")]
    Tag {
        /// The message.
        message: usize,
        /// The tag.
        tag: String,
    },
    /// The last message is not the assistant's.
    #[error(
        "the last message, {message}, is {found}'s; “end at the last assistant message” mends this"
    )]
    End {
        /// The message.
        message: usize,
        /// Who speaks.
        found: String,
    },
    /// Longer than wanted.
    #[error("{tokens} tokens are more than {limit}")]
    TooLong {
        /// The row's tokens.
        tokens: u64,
        /// How many it may have.
        limit: u64,
    },
    /// A choice needs tokens, and they are not counted.
    #[error("a choice needs the row's tokens, and they were not counted")]
    NotCounted,
    /// The chat template that tokens are counted with does not take the row: a trainer that uses it can't, either.
    #[error("{0}")]
    Unrendered(TemplateError),
    /// The source leaves a turn out of learning, and the format has no place for that.
    #[error("the source says that nothing is learned from message {message}, and the format can't")]
    Weight {
        /// The message.
        message: usize,
    },
    /// Images and the like that the format leaves out.
    #[error(
        "message {message} is the first of those with images or other media, of which the format leaves out {left_out}"
    )]
    Media {
        /// The message.
        message: usize,
        /// How many media of the row are left out.
        left_out: usize,
    },
    /// A row that is to be cut begins with more than a part may have.
    #[error(
        "the task and the tools, with which every part begins, are {tokens} tokens, more than {limit}: no cut helps"
    )]
    LongTask {
        /// Tokens of the task and the tools.
        tokens: u64,
        /// How many a part may have.
        limit: u64,
    },
}

/// The kind of a fault: what a format refuses, and by what rejected rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// [`Reason::Empty`]
    Empty,
    /// [`Reason::AllMasked`]
    AllMasked,
    /// [`Reason::Order`]
    Order,
    /// [`Reason::Unanswered`]
    Unanswered,
    /// [`Reason::Orphan`]
    Orphan,
    /// [`Reason::UnknownTool`]
    UnknownTool,
    /// [`Reason::NoTools`]
    NoTools,
    /// [`Reason::BadArguments`]
    BadArguments,
    /// [`Reason::Blank`]
    Blank,
    /// [`Reason::Tag`]
    Tag,
    /// [`Reason::End`]
    End,
    /// [`Reason::TooLong`], [`Reason::LongTask`]
    TooLong,
    /// [`Reason::NotCounted`]
    NotCounted,
    /// [`Reason::Unrendered`]
    Unrendered,
    /// [`Reason::Weight`]
    Weight,
    /// [`Reason::Media`]
    Media,
}

impl Fault {
    /// What rows with this fault have in common, to follow “12 rows”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "without a message of the assistant",
            Self::AllMasked => "of which the mask leaves nothing to learn from",
            Self::Order => "whose speakers come in an order that the format does not take",
            Self::Unanswered => "with a tool call that no result answers",
            Self::Orphan => "with a tool's result that no call asked for",
            Self::UnknownTool => "that call a tool they do not declare",
            Self::NoTools => "that call tools and declare none",
            Self::BadArguments => "with a call whose arguments are not a JSON object",
            Self::Blank => "with an empty message of the assistant",
            Self::Tag => "with a tag in a text that the format would read as a call",
            Self::End => "that do not end with the assistant's message",
            Self::TooLong => "longer than the limit",
            Self::NotCounted => "whose tokens were not counted",
            Self::Unrendered => "that the chat template does not take",
            Self::Weight => {
                "with messages that their source leaves out of learning, for which the format has no place"
            }
            Self::Media => {
                "with images or other media that the format leaves out: a word in brackets stands in their place"
            }
        }
    }
}

impl Reason {
    /// Its kind.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Empty => Fault::Empty,
            Self::AllMasked => Fault::AllMasked,
            Self::Order { .. } => Fault::Order,
            Self::Unanswered { .. } => Fault::Unanswered,
            Self::Orphan { .. } => Fault::Orphan,
            Self::UnknownTool { .. } => Fault::UnknownTool,
            Self::NoTools => Fault::NoTools,
            Self::BadArguments { .. } => Fault::BadArguments,
            Self::Blank { .. } => Fault::Blank,
            Self::Tag { .. } => Fault::Tag,
            Self::End { .. } => Fault::End,
            Self::TooLong { .. } | Self::LongTask { .. } => Fault::TooLong,
            Self::NotCounted => Fault::NotCounted,
            Self::Unrendered(_) => Fault::Unrendered,
            Self::Weight { .. } => Fault::Weight,
            Self::Media { .. } => Fault::Media,
        }
    }
}

/// A row that is not written, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("row {row}: {}", .reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Rejected {
    /// Its index in the split.
    pub row: u64,
    /// The part of it, counted from 1.
    pub part: u32,
    /// Why; one reason per kind.
    pub reasons: Vec<Reason>,
}

/// Every kind of fault that a prepared row has by itself, the first of each kind. Who may speak after whom is the
/// format's own rule, and length and mask are the writer's.
pub(super) fn faults(part: &Part) -> Vec<Reason> {
    let mut found = Found::default();
    let messages = &part.trajectory.messages;
    let declared = Declared::of(&part.trajectory);
    if !messages
        .iter()
        .any(|message| message.role == Role::Assistant)
    {
        found.add(Reason::Empty);
    }
    for (at, message) in messages.iter().enumerate() {
        found.message(part, &declared, at, message);
    }
    let calls = || messages.iter().flat_map(|message| &message.calls);
    if part.trajectory.tools.is_empty() && calls().next().is_some() {
        found.add(Reason::NoTools);
    }
    if let Some(last) = messages.last().filter(|last| last.role != Role::Assistant) {
        found.add(Reason::End {
            message: part.from(messages.len() - 1),
            found: speaker(last.role).to_owned(),
        });
    }
    found.reasons
}

/// Who speaks, in words that `'s` can follow.
pub(super) fn speaker(role: Role) -> &'static str {
    match role {
        Role::System => "the system",
        Role::User => "the user",
        Role::Assistant => "the assistant",
        Role::Tool => "a tool",
    }
}

#[derive(Default)]
struct Found {
    reasons: Vec<Reason>,
    kinds: HashSet<Fault>,
}

impl Found {
    fn add(&mut self, reason: Reason) {
        if self.kinds.insert(reason.fault()) {
            self.reasons.push(reason);
        }
    }

    fn message(&mut self, part: &Part, declared: &Declared, at: usize, message: &Message) {
        let trajectory = &part.trajectory;
        let from = part.from(at);
        // The last turn's calls may stay open: that is where a run ends.
        let is_last = at + 1 == trajectory.messages.len();
        for call in &message.calls {
            let tool = || call.name.to_string();
            if call.answer.is_none() && !is_last {
                self.add(Reason::Unanswered {
                    message: from,
                    tool: tool(),
                });
            }
            if !is_object(&call.arguments) {
                self.add(Reason::BadArguments {
                    message: from,
                    tool: tool(),
                });
            }
            if !declared.has(&call.name) {
                self.add(Reason::UnknownTool {
                    message: from,
                    tool: tool(),
                });
            }
        }
        let is_silent = message.text.is_empty() && message.reasoning.is_empty();
        if message.role == Role::Assistant && is_silent && message.calls.is_empty() {
            self.add(Reason::Blank { message: from });
        }
        if message.role == Role::Tool && message.answers.is_none() {
            self.add(Reason::Orphan { message: from });
        }
    }
}
