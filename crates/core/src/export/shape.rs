//! What of a row decides which keys its line has. A format leaves out a key that would be empty, so that rows of one file
//! differ in their keys, and a loader has to know all of them: [`super::features`].

use std::ops::BitOrAssign;

use serde::{Deserialize, Serialize};

use super::chat;
use super::format::Row;
use crate::trace::{Message, Role, Trajectory};

/// What occurs in a row, or in any of several. The default is of no row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineShape {
    /// In the messages before the assistant's first one.
    pub prompt: MessageShape,
    /// In that one and all after it.
    pub turns: MessageShape,
    /// A tool is declared.
    pub tools: bool,
    /// Its line tells how many tokens it has.
    pub tokens: bool,
    /// Its source says of a turn how much is learned from it.
    pub weighed: bool,
    /// It shows an image, in a format in which a trainer finds it.
    pub images: bool,
}

/// What occurs in messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageShape {
    /// A message.
    pub messages: bool,
    /// Reasoning.
    pub reasoning: bool,
    /// A tool call.
    pub calls: bool,
    /// A tool's result.
    pub results: bool,
    /// A tool's result of which the tool's name is known.
    pub names: bool,
}

impl LineShape {
    /// What occurs in a prepared row.
    pub fn of(row: &Row) -> Self {
        let trajectory = &row.part.trajectory;
        let mut shape = Self {
            tools: !trajectory.tools.is_empty(),
            tokens: row.told_tokens().is_some(),
            weighed: row.is_weighed(),
            ..Self::default()
        };
        let mut is_prompt = true;
        for message in &trajectory.messages {
            is_prompt &= message.role != Role::Assistant;
            let kinds = MessageShape::of(trajectory, message);
            match is_prompt {
                true => shape.prompt |= kinds,
                false => shape.turns |= kinds,
            }
        }
        shape
    }
}

impl MessageShape {
    fn of(trajectory: &Trajectory, message: &Message) -> Self {
        Self {
            messages: true,
            reasoning: !message.reasoning.is_empty(),
            calls: !message.calls.is_empty(),
            results: message.role == Role::Tool,
            names: chat::tool_name(trajectory, message).is_some(),
        }
    }
}

impl BitOrAssign for LineShape {
    fn bitor_assign(&mut self, more: Self) {
        self.prompt |= more.prompt;
        self.turns |= more.turns;
        self.tools |= more.tools;
        self.tokens |= more.tokens;
        self.weighed |= more.weighed;
        self.images |= more.images;
    }
}

impl BitOrAssign for MessageShape {
    fn bitor_assign(&mut self, more: Self) {
        self.messages |= more.messages;
        self.reasoning |= more.reasoning;
        self.calls |= more.calls;
        self.results |= more.results;
        self.names |= more.names;
    }
}
